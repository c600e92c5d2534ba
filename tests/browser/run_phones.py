"""What the tests of run mode hold in their hands: drills made beside the copy, wires, phones."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.conftest import (
    DESK,
    PHONE,
    PROJECT,
    QUIET,
    TELL_OF_REFUSALS,
    Person,
    Running,
    browser_executable,
    take_screen,
)
from tests.flows.test_up import environment, free_port


@dataclass
class Office:
    """Somebody beside the running copy, who makes drills and reads what became of them."""

    process: subprocess.Popen[str]

    def ask(self, *words: str) -> dict[str, Any]:
        """Give one command of run_drills.py and return its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "run_drills.py broke down: its reason stands above"
        found: dict[str, Any] = json.loads(answer)
        return found

    def drill(self, how: str) -> str:
        """Make a drill, `asked` or `cleared`, and return its id."""
        return str(self.ask("make", how)["id"])

    def state_of(self, drill: str) -> str:
        """Return the state of a drill as it stands in the database."""
        return str(self.ask("read", drill)["state"])

    def entries_of(self, drill: str, kind: str) -> list[dict[str, Any]]:
        """Return the entries of a kind as they stand in the database."""
        return [one for one in self.ask("read", drill)["entries"] if one["kind"] == kind]


@contextmanager
def office_beside(running: Running) -> Iterator[Office]:
    """Open an office beside a running copy, and close it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.run_drills"],
        cwd=PROJECT,
        env=environment(running.data, int(running.url.rsplit(":", 1)[1])),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Office(process)
    process.communicate(timeout=30)


@dataclass
class Wire:
    """A relay between a phone and the copy: cut, it is a server that is not there."""

    target: int
    port: int = field(default_factory=free_port)
    loses_answers: bool = False
    lost: int = 0
    _listening: socket.socket | None = None
    _open: set[socket.socket] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Return the address that the phone opens."""
        return f"http://127.0.0.1:{self.port}"

    def join(self) -> None:
        """Let everything through again."""
        self._listening = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Refuse and break every connection."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        for one in list(self._open):
            self._close(one)

    def _close(self, one: socket.socket) -> None:
        self._open.discard(one)
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                phone, _address = listening.accept()
                copy = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self._open |= {phone, copy}
            asked: list[bytes] = []
            for source, sink, keeps in ((phone, copy, asked), (copy, phone, None)):
                threading.Thread(
                    target=self._pump, args=(source, sink, keeps, asked), daemon=True
                ).start()

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        keeps: list[bytes] | None,
        asked: list[bytes],
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if keeps is not None:
                    if data.startswith((b"GET ", b"POST ")):
                        keeps[:] = [data.split(b"\r\n", 1)[0]]
                elif self.loses_answers and asked and b"/entries/" in asked[0]:
                    self.lost += 1
                    break
                sink.sendall(data)
        self._close(source)
        self._close(sink)


@dataclass
class Killable:
    """A browser with a profile on disk, that can be killed and started again."""

    chromium: Any
    profile: Path
    url: str
    context: Any = None

    def start(self) -> Any:
        """Start it and return its page."""
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.profile, executable_path=browser_executable(), args=QUIET, viewport=PHONE,
            has_touch=True,
        )  # fmt: skip
        self.context.add_init_script(TELL_OF_REFUSALS)
        return self.context.pages[0]

    def kill(self) -> None:
        """Kill every process of it at once, as an empty battery does."""
        mark = f"--user-data-dir={self.profile}"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    if mark in (entry / "cmdline").read_text().split("\0"):
                        os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Exception):
            self.context.close()


def open_run(found: Person, drill: str) -> None:
    """Open run mode and wait until the phone has drawn it."""
    found.go(f"/drills/{drill}/run/")
    found.page.wait_for_selector("body[data-offline]")


def ready_offline(found: Person) -> None:
    """Wait until the page opens without network."""
    found.page.wait_for_selector("body[data-offline=ready]", timeout=30_000)


def press_next(found: Person, name: str) -> None:
    """Press the one next big button, and count it."""
    button = found.page.locator("#run-next", has_text=name)
    button.click()
    found.presses += 1


def rooms(found: Person) -> Any:
    """Return the buttons of all rooms."""
    return found.page.locator(".run-room__tap")


def sent(found: Person) -> bool:
    """Return whether nothing waits on the phone."""
    return bool(found.page.locator("body").get_attribute("data-waiting") == "0")


def check_whole(found: Person) -> None:
    """Hold the whole page against all rules, in a window so tall that nothing lies on anything.

    A row that the bar half covers until one scrolls counts as too small a target otherwise.
    """
    size = found.page.viewport_size
    tall = found.page.evaluate("document.documentElement.scrollHeight")
    found.page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
    found.check()
    found.page.set_viewport_size(size)


def look(found: Person, name: str) -> None:
    """Hold the page against all rules on the phone and at a desk, by day and by night."""
    for width, size in (("phone", PHONE), ("desk", DESK)):
        found.page.set_viewport_size(size)
        found.page.emulate_media(color_scheme="light")
        take_screen(found, f"run-{name}-{width}-day")
        check_whole(found)
        found.page.emulate_media(color_scheme="dark")
        take_screen(found, f"run-{name}-{width}-night")
        found.check_colors()
    found.page.set_viewport_size(PHONE)
    found.page.emulate_media(color_scheme="light")
