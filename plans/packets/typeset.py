"""The printed packet: a tagged PDF (PDF/UA-1) typeset by Typst in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from plans.packets.drawings import PaperDrawings, Report, draw_paper, quiet
from plans.packets.printed import printed
from plans.packets.tree import PacketTree

LONGEST_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]


class TypesettingFailed(RuntimeError):
    """Typst refused the packet or took too long; the text says what it said."""


def typeset(
    tree: PacketTree,
    *,
    tabloid: bool = False,
    report: Report = quiet,
    longest_seconds: float = LONGEST_SECONDS,
) -> bytes:
    """Return the PDF of a packet; the same tree gives the same bytes.

    Typst runs in a child process: its memory goes back when that ends. Raises TypesettingFailed.
    """
    drawings = draw_paper(tree, tabloid=tabloid, report=report)
    report(75, "Typesetting")
    return typeset_drawn(tree, drawings, longest_seconds=longest_seconds)


def typeset_drawn(
    tree: PacketTree, drawings: PaperDrawings, *, longest_seconds: float = LONGEST_SECONDS
) -> bytes:
    """Return the PDF of a packet whose maps are drawn. Raises TypesettingFailed."""
    data, pictures = printed(tree, drawings)
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        folder = Path(name)
        folder.joinpath("packet.json").write_text(json.dumps(data), encoding="utf-8")
        for file, svg in pictures.items():
            folder.joinpath(file).write_text(svg, encoding="utf-8")
        template = files("plans.packets").joinpath("packet.typ").read_bytes()
        folder.joinpath("packet.typ").write_bytes(template)
        return _compile(folder, longest_seconds)


def _compile(folder: Path, longest_seconds: float) -> bytes:
    command = [sys.executable, "-m", "plans.packets.compile_folder", str(folder)]
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path, "HOME": str(folder)}
    try:
        done = subprocess.run(  # noqa: S603 — our own module on a folder made here
            command, env=environment, capture_output=True, timeout=longest_seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise TypesettingFailed(
            f"Typesetting took longer than {longest_seconds:.0f} seconds and was stopped"
        ) from late
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise TypesettingFailed(said[-1] if said else "Typst ended without a word")
    return folder.joinpath("packet.pdf").read_bytes()
