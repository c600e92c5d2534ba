"""Writing a map in the forms that responders' software reads."""

import json
from collections.abc import Callable
from datetime import datetime

from maps.document import MapDocument, to_json
from maps.formats.export import EXPORT_FORMATS, Export, ExportFormat, Site
from maps.formats.write_imdf import write_imdf
from maps.formats.write_kml import write_kml, write_kmz
from maps.formats.write_pdf import write_pdf
from maps.formats.write_svg import write_svg
from maps.formats.write_tak import write_tak

__all__ = ["EXPORT_FORMATS", "Export", "ExportFormat", "Site", "write_map"]


def write_map(document: MapDocument, form: str, *, site: Site, at: datetime) -> Export:
    """Return a map in a format; `at` (with a zone) is when it was written.

    Features, levels and geometry are read back by `read_map` as they were, positions within 0.1 mm;
    from a TAK package without notes on access, from SVG and PDF not at all. Raises ValueError for
    another format.
    """
    writers: dict[str, Callable[[], Export]] = {
        "geojson": lambda: Export(_geojson(document), ".geojson", "application/geo+json"),
        "imdf": lambda: write_imdf(document, site=site, at=at),
        "kml": lambda: write_kml(document, site=site),
        "kmz": lambda: write_kmz(document, site=site),
        "tak": lambda: write_tak(document, site=site, at=at),
        "svg": lambda: write_svg(document, site=site),
        "pdf": lambda: write_pdf(document, site=site),
    }
    if form not in writers:
        raise ValueError(f"{form!r} is none of {', '.join(EXPORT_FORMATS)}")
    return writers[form]()


def _geojson(document: MapDocument) -> bytes:
    return json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":")).encode()
