"""`muster demo`: walk the demonstration once and exit."""

import argparse
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit


def register(subparsers: Any) -> None:
    """Add `muster demo`."""
    demo = subparsers.add_parser("demo", help="walk the demonstration district once")
    demo.set_defaults(handler=_walk, needs_database=True, text=_as_lines)


def _walk(given: argparse.Namespace) -> dict[str, Any]:
    from backend.demo import walk  # noqa: PLC0415 — after django.setup()

    with _capturing():
        return walk.walk()


@contextlib.contextmanager
def _capturing() -> Iterator[None]:
    """Run the mail capture for the time of the walk where no running copy has one."""
    from django.conf import settings  # noqa: PLC0415 — after django.setup()

    address = urlsplit(settings.SMTP_URL)
    if _listens(address.hostname, address.port):
        yield
        return
    folder = settings.CAPTURE_FOLDER or str(settings.DATA_FOLDER / "inbox")
    words = ["-m", "backend.capture", "--port", str(address.port), "--folder", folder]
    process = subprocess.Popen(  # noqa: S603 — our own words
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 10
        while not _listens(address.hostname, address.port) and time.monotonic() < end:
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _listens(host: str | None, port: int | None) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host or "127.0.0.1", port or 25)) == 0


def _as_lines(result: dict[str, Any]) -> str:
    lines = []
    for number, step in enumerate(result["steps"], start=1):
        made = {key: value for key, value in step.items() if key not in {"name", "ok"}}
        words = "; ".join(f"{key}: {_short(value)}" for key, value in made.items())
        lines.append(f"{number}. {step['name']}: {words}")
    lines.append(f"packet: {result['packet']['pdf']}")
    lines.append(f"        {result['packet']['html']}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item.get("text", item) if isinstance(item, dict) else item)
                         for item in value) or "none"  # fmt: skip
    return str(value)
