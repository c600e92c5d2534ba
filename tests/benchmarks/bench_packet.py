"""Packets: the whole PDF beside WeasyPrint and a bare Typst compile, and 500 copies.

The whole packet is composed, drawn and typeset in a warm process from a map not drawn before; the
bare compile starts a process of its own, reads the same drawn maps, and writes the same PDF.
"""

import importlib
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from plans.packets.drawings import PaperDrawings, draw_paper
from plans.packets.html import render
from plans.packets.printed import printed
from plans.packets.stamp import Stamper, prepare_base
from plans.packets.tree import PacketTree
from plans.packets.typeset import typeset, typeset_drawn
from tests.plans.packets.campus import campus_map, composed, tree

ROUNDS = 3
COPIES = 500


def run() -> list[dict[str, Any]]:
    """Return the rows: seconds, ours beside the peer's on the same packet."""
    drawn = draw_paper(tree())
    whole = timed(lambda: typeset(_fresh()))
    ours = timed(lambda: typeset_drawn(tree(), drawn))
    bare = timed(_bare_compile(drawn))
    base, _pages = prepare_base(typeset(tree()))
    copies = timed(lambda: _copies(base))
    return [
        _weasyprint(whole),
        _row(
            "packet typeset alone, from drawn maps, beside a bare cold compile", ours, bare, "≤ 1.5"
        ),
        _row("whole packet of a fresh map beside that bare cold compile", whole, bare, "≤ 1.5"),
        _row(f"{COPIES} personal copies beside one first compile", copies, bare, "< 1"),
    ]


def _fresh() -> PacketTree:
    """Return the packet composed anew, of a map that nothing was drawn from before."""
    return composed(map_document=replace(campus_map()))


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
        return {"name": name, "skipped": "the Python package weasyprint is not installed here"}
    try:
        weasyprint = importlib.import_module("weasyprint")
    except OSError as lacking:  # it is there, but not Pango and its kin
        return {"name": name, "skipped": f"WeasyPrint lacks a library of the system: {lacking}"}

    page = render(tree()).page
    peer = timed(lambda: weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"))
    return _row(name, ours, peer, "< 1")


if __name__ == "__main__":
    for row in run():
        print(row)
