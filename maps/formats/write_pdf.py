"""Writing a PDF with a page for each level and for the site, as they are drawn for the packet."""

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path

import typst

from maps.document import Finding, MapDocument
from maps.formats.export import Export, Site
from maps.formats.write_svg import pictures

_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SOURCE = """
#let sheets = json("sheets.json")
#set document(title: sheets.title, date: none)
#set text(lang: "en")
#for sheet in sheets.pages {
  page(width: sheet.width * 1pt, height: sheet.height * 1pt, margin: 0pt,
    image(sheet.file, width: 100%, alt: sheet.alt))
}
"""


def write_pdf(document: MapDocument, *, site: Site) -> Export:
    """Return a tagged PDF (PDF/UA-1) with a page a level, lowest first, and one of the site.

    Each page is as large as its drawing. What cannot be drawn without dropping something is left
    out, and a note says why. Raises RuntimeError with what Typst said.
    """
    notes: list[Finding] = []
    drawn = list(pictures(document, site, notes))
    with tempfile.TemporaryDirectory(prefix="muster-map-") as folder:
        root = Path(folder)
        sheets = []
        for picture in drawn:
            root.joinpath(picture.file).write_bytes(picture.svg)
            size = _SIZE.search(picture.svg[:400].decode(errors="replace"))
            if size is None:
                raise RuntimeError(f"{picture.file} states no size")
            width, height = float(size[1]), float(size[2])
            sheets.append({"file": picture.file, "width": width, "height": height,
                           "alt": f"{site.name}, {picture.title}"})  # fmt: skip
        root.joinpath("sheets.json").write_text(json.dumps({"title": site.name, "pages": sheets}))
        root.joinpath("sheets.typ").write_text(_SOURCE)
        try:
            made = typst.compile(
                str(root / "sheets.typ"),
                root=folder,
                font_paths=[str(files("backend").joinpath("web", "fonts"))],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as refusal:
            raise RuntimeError(f"The map could not be set: {refusal}") from refusal
    return Export(bytes(made), ".pdf", "application/pdf", tuple(notes))
