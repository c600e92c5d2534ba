"""Packets: the whole PDF beside WeasyPrint and a bare Typst compile, and 500 copies."""

import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from plans.packets.drawings import PaperDrawings, draw_paper
from plans.packets.html import render
from plans.packets.printed import printed
from plans.packets.stamp import Stamper, prepare_base
from plans.packets.typeset import typeset, typeset_drawn
from tests.plans.packets.campus import tree

ROUNDS = 3
COPIES = 500


def run() -> list[dict[str, Any]]:
    """Return the rows: seconds, ours beside the peer's on the same packet."""
    drawn = draw_paper(tree())
    whole = timed(lambda: typeset(tree()))
    ours = timed(lambda: typeset_drawn(tree(), drawn))
    bare = timed(_bare_compile(drawn))
    base, _pages = prepare_base(typeset(tree()))
    copies = timed(lambda: _copies(base))
    return [
        _weasyprint(whole),
        _row("packet typeset from its drawn maps beside a bare cold compile", ours, bare, "≤ 1.5"),
        _row("whole packet, maps drawn too, beside that bare compile", whole, bare, "shown"),
        _row(f"{COPIES} personal copies beside one first compile", copies, bare, "< 1"),
    ]


def _row(name: str, ours: float, peer: float, goal: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal,
            "unit": "s"}  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Return the median of three rounds in seconds."""
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _copies(base: bytes) -> int:
    stamper = Stamper(base)
    return sum(len(stamper.copy([f"For reader {n}", "Copy 7KQ2M9XD"])) for n in range(COPIES))


def _bare_compile(drawn: PaperDrawings) -> Callable[[], object]:
    """Return one compile of the same packet, its maps drawn before, in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bench-packet-"))
    data, pictures = printed(tree(), drawn)
    folder.joinpath("packet.json").write_text(json.dumps(data))
    for name, svg in pictures.items():
        folder.joinpath(name).write_text(svg)
    template = files("plans.packets").joinpath("packet.typ").read_bytes()
    folder.joinpath("packet.typ").write_bytes(template)
    fonts = files("backend").joinpath("web", "fonts")
    code = (
        f"import typst; typst.compile({str(folder / 'packet.typ')!r}, "
        f"output={str(folder / 'bare.pdf')!r}, root={str(folder)!r}, "
        f"font_paths=[{str(fonts)!r}], ignore_system_fonts=True, pdf_standards=['ua-1'])"
    )
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def _weasyprint(ours: float) -> dict[str, Any]:
    name = "packet PDF beside WeasyPrint on the HTML packet"
    if importlib.util.find_spec("weasyprint") is None:
        return {"name": name, "skipped": "WeasyPrint cannot be imported here"}
    import weasyprint

    page = render(tree()).page
    peer = timed(lambda: weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"))
    return _row(name, ours, peer, "< 1")


if __name__ == "__main__":
    for row in run():
        print(row)
