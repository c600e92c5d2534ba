"""The evidence page on paper: a tagged PDF (PDF/UA-1) set by Typst. Pure: words in, bytes out."""

import json
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from plans.packets.typeface import Fitting


def typeset(page: Mapping[str, Any]) -> bytes:
    """Return the PDF of an evidence page; the same words give the same bytes.

    Raises RuntimeError with what Typst said.
    """
    source = Path(str(files("drills").joinpath("evidence.typ"))).read_text()
    fonts = str(files("backend").joinpath("web", "fonts"))
    with tempfile.TemporaryDirectory(prefix="muster-evidence-") as folder:
        root = Path(folder)
        (root / "evidence.json").write_text(json.dumps(Fitting().all(page)))
        (root / "evidence.typ").write_text(source)
        try:
            made = typst.compile(
                str(root / "evidence.typ"),
                root=folder,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                sys_inputs={"file": "evidence.json"},
            )
        except typst.TypstError as refusal:
            raise RuntimeError(f"The evidence page could not be set: {refusal}") from refusal
    return bytes(made)
