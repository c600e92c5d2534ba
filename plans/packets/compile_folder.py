"""Compile a packet's folder to packet.pdf: what `typeset` starts as a child process."""

import os
import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst


def main(folder: Path, names: Iterable[str]) -> int:
    """Write each PDF named, from the packet.typ beside it; a folder named is only set.

    Typst remembers what it has set: what a folder shares with one before takes no time again.
    Returns 1 and says why when Typst refuses the last, or when there is none.
    """
    refusal = "Nothing was named"
    for name in names:
        refusal = _set(folder / name.strip())
    if refusal:
        sys.stderr.write(refusal + "\n")
        return 1
    return 0


def _set(path: Path) -> str:
    """Write a PDF, or only set the packet of a folder; return why not, or ""."""
    folder = path.parent if path.suffix == ".pdf" else path
    source, fonts = str(folder / "packet.typ"), str(files("backend").joinpath("web", "fonts"))
    given: dict[str, Any] = {
        "root": str(folder), "font_paths": [fonts], "ignore_system_fonts": True
    }  # fmt: skip
    try:
        if path == folder:
            typst.query(source, "<changes>", **given)
        else:
            typst.compile(source, output=str(path), pdf_standards=["ua-1"], **given)
    except typst.TypstError as refusal:
        return " ".join(f"{refusal} {getattr(refusal, 'hints', '')}".split())
    return ""


if __name__ == "__main__":
    status = main(Path(sys.argv[1]), sys.stdin)
    sys.stderr.flush()
    os._exit(status)  # at once: taking apart what Typst remembers would only take time
