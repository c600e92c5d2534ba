"""`muster up`: engines, mail capture, worker, scheduler and web as one process tree.

Each child has a session of its own, so the terminal's Ctrl-C reaches the supervisor alone, which
stops them in order. A lost terminal or a killed supervisor takes all of them along.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from backend import cli, engines, env
from backend.problems import EngineUnavailable, Problem

READY_SECONDS = 120.0
SLOW_SECONDS = 15.0
PATIENCE_SECONDS = 20.0
RESEND_SECONDS = 2.0
LOG_TAIL = 15


class PortInUse(Problem):
    """Another program listens where Muster should."""

    code = "port_in_use"


class ChildEnded(Problem):
    """A part of Muster ended by itself."""

    code = "child_ended"


@dataclass
class Child:
    """One process of the tree."""

    name: str
    command: list[str]
    ready: Callable[[], bool] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    def start(self, logs: Path) -> None:
        """Start it with its output in a log of its own."""
        with (logs / f"{self.name}.log").open("wb") as stream:
            self.process = subprocess.Popen(  # noqa: S603 — our own words
                self.command,
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=env.PROJECT,
                start_new_session=True,
                preexec_fn=engines.die_with_parent,  # noqa: PLW1509 — no threads run yet
            )

    @property
    def ended(self) -> bool:
        """Return whether it is over."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to finish; after its patience, end its whole group."""
        if self.process is None or self.process.poll() is not None:
            return
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            # Sent again: a child that was only starting may have taken the first one for nothing.
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(RESEND_SECONDS)
                return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def register(subparsers: Any) -> None:
    """Add `muster up`."""
    up = subparsers.add_parser("up", help="start everything; Ctrl-C stops it")
    up.add_argument(
        "--demonstration",
        action="store_true",
        help="fill an empty database with the demonstration district",
    )
    up.set_defaults(handler=run, needs_database=False, text=lambda _: "")
    setup = subparsers.add_parser("setup", help="make or bring up the database, then exit")
    setup.set_defaults(handler=bring_up, text=lambda _: "The database is ready.")


def bring_up(_: argparse.Namespace) -> dict[str, Any]:
    """Bring the database of one's own or of the data folder up to this version."""
    cli.migrate()
    return {"ok": True}


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Start everything and wait for Ctrl-C, SIGTERM, a lost terminal or the end of a child."""
    port = env.port()
    refuse_taken_port(port)
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        data = env.data_folder()
        if env.text("DATABASE_URL", ""):
            running = None
            data.mkdir(parents=True, exist_ok=True)
        else:
            stack.enter_context(engines.locked(data))
            running = stack.enter_context(engines.running(data))
        logs = data / "log"
        logs.mkdir(exist_ok=True)
        children = tree(data, port)
        if running is not None and not env.text("MUSTER_SMTP_URL", ""):
            capture = capture_child(data, port)
            stack.callback(capture.stop)
            capture.start(logs)  # the demonstration's history sends real mail
            children.insert(0, capture)
        prepare(demonstration=given.demonstration)
        greeting = _greeting(port)
        return asyncio.run(_watch(children, logs, greeting, started))


def refuse_taken_port(port: int) -> None:
    """Raise PortInUse when something already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.text("MUSTER_HOST", "127.0.0.1"), port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} cannot be used ({error.strerror}).",
                where="MUSTER_PORT",
                mend=f"Stop what uses it, or choose another: MUSTER_PORT={port % 65535 + 1}.",
            ) from error


def prepare(*, demonstration: bool) -> None:
    """Bring up the database, the static files and, where asked and empty, the demonstration."""
    _say("Bringing up the database …")
    cli.set_up_django()
    cli.migrate()
    from backend.web import collect  # noqa: PLC0415 — after django.setup()

    collect.collect_if_changed()
    if demonstration:
        from backend.demo import walk  # noqa: PLC0415 — after django.setup()

        walk.start_if_empty(lambda: _say("Making the demonstration district and its history …"))
    cli.close_connections()


def capture_child(data: Path, port: int) -> Child:
    """Return the mail capture of a trial, and write down where it listens for all who send."""
    number, folder = _beside(port), data / "inbox"
    known = {
        "url": f"http://localhost:{port}",
        "smtp": f"smtp://127.0.0.1:{number}",
        "inbox": str(folder),
    }
    (data / "running.json").write_text(json.dumps(known))
    words = [sys.executable, "-m", "backend.capture", "--port", str(number)]
    return Child("mail capture", [*words, "--folder", str(folder)], ready=lambda: _listens(number))


def _beside(port: int) -> int:
    """Return a free port for the capture server, near the web server's."""
    for number in (port + 25, port + 26, port - 25, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", number if 0 < number < 65536 else 0))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortInUse("No port is free for the mail capture.", where="MUSTER_PORT")


def tree(data: Path, port: int) -> list[Child]:
    """Return web, worker and scheduler in the order in which they start."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "backend.celery"]
    host = env.text("MUSTER_HOST", "127.0.0.1")
    return [
        Child(
            "web",
            [
                *python, "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
                "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
                "backend.wsgi:application",
            ],
            ready=lambda: _answers(f"http://{_reachable(host)}:{port}/healthz"),
        ),
        Child(
            "worker",
            [
                *celery, "worker", "--pool", "threads", "--concurrency", "4", "-Q", "wake",
                "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
            ],
        ),
        Child(
            "scheduler",
            [*celery, "beat", "-s", str(data / "beat"), "--pidfile", "", "--loglevel", "WARNING"],
        ),
    ]  # fmt: skip


async def _watch(
    children: list[Child], logs: Path, greeting: str, started: float
) -> dict[str, Any]:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked.set)
    try:
        answering = [child for child in children if child.ready]
        # Those that must answer start alone: four imports at once on two cores delay them all.
        _start(answering, logs)
        await _until_ready(answering, logs, asked)
        if not asked.is_set():
            _start(children, logs)
        if not asked.is_set():
            _say(f"\nMuster is up after {time.monotonic() - started:.1f} s:  {greeting}")
        while not asked.is_set():
            _refuse_ended(children, logs)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked.wait(), 0.5)
        _say("Stopping …")
        return {"stopped": True}
    finally:
        for child in reversed(children):
            await asyncio.to_thread(child.stop)


def _start(children: list[Child], logs: Path) -> None:
    for child in children:
        if child.process is None:
            child.start(logs)


async def _until_ready(children: list[Child], logs: Path, asked: asyncio.Event) -> None:
    end = time.monotonic() + READY_SECONDS
    told = time.monotonic() + SLOW_SECONDS
    waiting = [child for child in children if child.ready]
    while waiting and not asked.is_set():
        _refuse_ended(children, logs)
        waiting = [c for c in waiting if c.ready and not await asyncio.to_thread(c.ready)]
        if waiting and time.monotonic() > told:
            _say(f"Still starting: {', '.join(child.name for child in waiting)} …")
            told += SLOW_SECONDS
        if waiting and time.monotonic() > end:
            raise EngineUnavailable(
                f"{waiting[0].name} did not answer within {READY_SECONDS:.0f} seconds.",
                where=str(logs / f"{waiting[0].name}.log"),
                mend="If that file names no cause, the machine is too busy: start again later.",
            )
        await asyncio.sleep(0.05)


def _refuse_ended(children: list[Child], logs: Path) -> None:
    for child in children:
        if child.ended:
            log = logs / f"{child.name}.log"
            lines = log.read_text(errors="replace").strip().splitlines()[-LOG_TAIL:]
            print("\n".join(lines), file=sys.stderr)  # noqa: T201
            raise ChildEnded(
                f"{child.name} ended by itself; everything was stopped.",
                where=str(log),
                mend="The lines above are the end of its log. Mend what they name, start again.",
            )


def _greeting(port: int) -> str:
    from backend.directory.demonstration import is_demonstration  # noqa: PLC0415 — after set-up

    how = (
        "Sign in: the page offers the people of the demonstration, one press each."
        if is_demonstration()
        else "Sign in with your account. A new district: muster district create --help"
    )
    cli.close_connections()
    return (
        f"http://localhost:{port}/\n"
        "This is a trial on your own machine, not production (see docs/how-to/deploy.md).\n"
        f"{how}\n"
        "Mail that Muster sends is captured: see /inbox/. Ctrl-C stops everything.\n"
    )


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone; the stop goes on
        print(text, flush=True)  # noqa: T201


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 — compared, not bound


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 — loopback
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
