"""Compile one folder to packet.pdf: what `typeset` starts as a child process."""

import sys
from importlib.resources import files
from pathlib import Path

import typst


def main(folder: Path) -> int:
    """Write packet.pdf beside packet.typ; return 1 and say why when Typst refuses."""
    fonts = str(files("backend").joinpath("web", "fonts"))
    try:
        typst.compile(
            str(folder / "packet.typ"),
            output=str(folder / "packet.pdf"),
            root=str(folder),
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as refusal:
        sys.stderr.write(" ".join(f"{refusal} {getattr(refusal, 'hints', '')}".split()) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
