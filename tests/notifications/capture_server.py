"""The real capture server, in a process of its own on a free port of loopback."""

import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STALL_SECONDS = 1.5


@dataclass(frozen=True)
class CaptureServer:
    port: int
    folder: Path
    process: subprocess.Popen[str]


def start_capture(folder: Path, port: int = 0) -> CaptureServer:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "backend.capture", f"--port={port}", f"--folder={folder}"),
            f"--stall-seconds={STALL_SECONDS}",
        ],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    heard = re.search(r":(\d+) into", process.stdout.readline())
    assert heard, process.communicate()[1]
    return CaptureServer(int(heard.group(1)), folder, process)


def stop(server: CaptureServer) -> tuple[int, str]:
    """Return the exit status and what was said on standard error."""
    server.process.send_signal(signal.SIGTERM)
    said = server.process.communicate(timeout=10)[1]
    return server.process.returncode, said
