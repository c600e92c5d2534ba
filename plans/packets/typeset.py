"""The printed packet: a tagged PDF (PDF/UA-1) typeset by Typst in a process of its own."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from maps.collector import collector_off
from plans.packets.drawings import PaperDrawings, Report, draw_paper, quiet, undrawn
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

    Typst runs in a child process: its memory goes back when that ends. While the maps are drawn
    here, it sets the words there, and remembers them. Raises TypesettingFailed.
    """
    with _typesetter() as typesetter:
        typesetter.ahead(tree)
        with collector_off():
            drawings = draw_paper(tree, tabloid=tabloid, report=report)
        report(75, "Typesetting")
        return typesetter.finish(tree, drawings, longest_seconds)


def typeset_drawn(
    tree: PacketTree, drawings: PaperDrawings, *, longest_seconds: float = LONGEST_SECONDS
) -> bytes:
    """Return the PDF of a packet whose maps are drawn. Raises TypesettingFailed."""
    with _typesetter() as typesetter:
        return typesetter.finish(tree, drawings, longest_seconds)


class _Typesetter:
    """A running child process and the folder in which it finds what to compile."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.folder = folder
        self.process = process

    def ahead(self, tree: PacketTree) -> None:
        """Have the words of a packet set before its maps are there; nobody sees the result."""
        self._put(tree, undrawn(tree), "ahead")
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # `finish` says why it ended
                self.process.stdin.write(b"ahead\n")
                self.process.stdin.flush()

    def finish(self, tree: PacketTree, drawings: PaperDrawings, longest_seconds: float) -> bytes:
        """Return the PDF, at most so many seconds after this call. Raises TypesettingFailed."""
        self._put(tree, drawings, "whole")
        try:
            _, said = self.process.communicate(b"whole/packet.pdf\n", timeout=longest_seconds)
        except subprocess.TimeoutExpired as late:
            raise TypesettingFailed(
                f"Typesetting took longer than {longest_seconds:.0f} seconds and was stopped"
            ) from late
        if self.process.returncode != 0:
            lines = said.decode(errors="replace").strip().splitlines()
            raise TypesettingFailed(lines[-1] if lines else "Typst ended without a word")
        return self.folder.joinpath("whole", "packet.pdf").read_bytes()

    def _put(self, tree: PacketTree, drawings: PaperDrawings, name: str) -> None:
        data, pictures = printed(tree, drawings)
        folder = self.folder / name
        folder.mkdir()
        folder.joinpath("packet.json").write_text(json.dumps(data), encoding="utf-8")
        for file, svg in pictures.items():
            folder.joinpath(file).write_text(svg, encoding="utf-8")
        template = files("plans.packets").joinpath("packet.typ").read_bytes()
        folder.joinpath("packet.typ").write_bytes(template)


@contextmanager
def _typesetter() -> Iterator[_Typesetter]:
    """Start the child process; it is over when the block is left, however it is left."""
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        command = [sys.executable, "-m", "plans.packets.compile_folder", name]
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path, "HOME": name}
        with subprocess.Popen(  # noqa: S603 — our own module on a folder made here
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                yield _Typesetter(Path(name), process)
            finally:
                process.kill()
