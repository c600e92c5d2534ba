"""What every writer of a map is given and returns."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from maps.document import Finding

ExportFormat = Literal["imdf", "geojson", "kml", "kmz", "svg", "pdf", "tak"]
EXPORT_FORMATS: Final[tuple[ExportFormat, ...]] = (
    "imdf",
    "geojson",
    "kml",
    "kmz",
    "svg",
    "pdf",
    "tak",
)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same map gives the same bytes


@dataclass(frozen=True, slots=True)
class Site:
    """What a map is called and where its campus is; IMDF wants an address."""

    name: str
    address: str = ""
    locality: str = ""
    province: str = ""
    country: str = "US"
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """A written map; `notes` say what the format cannot hold and what stands in its place."""

    content: bytes
    suffix: str
    content_type: str
    notes: tuple[Finding, ...] = ()


def packed(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of entries in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(
                zipfile.ZipInfo(name, _ZIP_DATE), content, compress_type=zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def kind_in_words(kind: str) -> str:
    """Return a kind as people write it: `utility_shut_off` is a utility shut-off."""
    special = {"aed": "AED", "utility_shut_off": "Utility shut-off"}
    return special.get(kind, kind.replace("_", " ").capitalize())
