"""Writing a map in the forms that responders' software reads."""

import json
from datetime import datetime

from maps.document import MapDocument, to_json
from maps.formats.export import EXPORT_FORMATS, Export, ExportFormat, Site
from maps.formats.write_imdf import write_imdf
from maps.formats.write_kml import write_kml, write_kmz
from maps.formats.write_svg import write_svg
from maps.formats.write_tak import write_tak

__all__ = ["EXPORT_FORMATS", "Export", "ExportFormat", "Site", "write_map"]


def write_map(document: MapDocument, form: str, *, site: Site, at: datetime) -> Export:
    """Return a map in a format; `at` (with a zone) is when it was written.

    Features, levels and geometry are read back by `read_map` as they were, positions within 0.1 mm;
    from a TAK package without notes on access, from SVG not at all. Raises ValueError for another
    format.
    """
    if form == "geojson":
        return Export(_geojson(document), ".geojson", "application/geo+json")
    if form == "imdf":
        return write_imdf(document, site=site, at=at)
    if form == "kml":
        return write_kml(document, site=site)
    if form == "kmz":
        return write_kmz(document, site=site)
    if form == "tak":
        return write_tak(document, site=site, at=at)
    if form == "svg":
        return write_svg(document, site=site)
    raise ValueError(f"{form!r} is none of {', '.join(EXPORT_FORMATS)}")


def _geojson(document: MapDocument) -> bytes:
    return json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":")).encode()
