"""The real capture server, in a process of its own on a free port of loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notifications.capture_server import CaptureServer, start_capture, stop


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[CaptureServer]:
    server = start_capture(tmp_path / "mail")
    yield server
    if server.process.poll() is None:
        assert stop(server) == (0, "")
