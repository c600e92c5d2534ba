"""`muster up` over real processes: one clear sentence for each thing that can be wrong."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        kept.pop(name, None)
    return {**kept, "MUSTER_DATA": str(data), "MUSTER_PORT": str(port), **more}


def muster(
    *words: str, env: dict[str, str], seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *words],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


@contextmanager
def up(data: Path, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "up"],
        cwd=PROJECT,
        env=environment(data, port, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert answers(port, process), process.stdout.read() if process.stdout else ""
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def answers(port: int, process: subprocess.Popen[str], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def processes_of(data: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"MUSTER_DATA={data}".encode() in words or str(data) in command:
            found.append(command)
    return found


def gone(data: Path, seconds: float = 30) -> list[str]:
    end = time.monotonic() + seconds
    while (left := processes_of(data)) and time.monotonic() < end:
        time.sleep(0.2)
    return left


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that was set up once; each test starts from it."""
    data = tmp_path_factory.mktemp("muster") / "data"
    done = muster("setup", "--json", env=environment(data, free_port()))
    assert done.returncode == 0, done.stderr
    return data


def test_ctrl_c_stops_everything(prepared: Path) -> None:
    with up(prepared, free_port()) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert gone(prepared) == []


def test_a_lost_terminal_stops_everything(prepared: Path) -> None:
    with up(prepared, free_port()) as process:
        process.send_signal(signal.SIGHUP)
        process.wait(60)
    assert gone(prepared) == []


def test_a_killed_supervisor_takes_everything_along(prepared: Path) -> None:
    with up(prepared, free_port()) as process:
        process.kill()
        process.wait(10)
        assert gone(prepared) == []


def test_a_second_copy_on_the_same_data_is_refused_in_one_sentence(prepared: Path) -> None:
    with up(prepared, free_port()):
        refused = muster("up", env=environment(prepared, free_port()))
    assert refused.returncode == 1
    assert "Another copy of Muster" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_two_copies_with_their_own_data_and_port_run_beside_each_other(
    prepared: Path, tmp_path: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "second", ignore=shutil.ignore_patterns("run", "lock"))
    with up(prepared, free_port()), up(tmp_path / "second", free_port()):
        pass


def test_a_port_in_use_is_named(prepared: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = muster("up", "--json", env=environment(prepared, port))
    assert refused.returncode == 1
    error = json.loads(refused.stdout)["error"]
    assert error["code"] == "port_in_use"
    assert str(port) in error["message"]


def test_a_data_folder_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    refused = muster("up", env=environment(tmp_path, free_port()))
    assert refused.returncode == 1
    assert "of another version" in refused.stderr
    assert "PostgreSQL 16" in refused.stderr


def test_an_engine_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    refused = muster(
        "up", env=environment(tmp_path, free_port(), MUSTER_REDIS_SERVER="/nowhere/redis")
    )
    assert refused.returncode == 1
    assert "/nowhere/redis" in refused.stderr


def test_a_bad_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    refused = muster("up", env={**environment(tmp_path, 1), "MUSTER_PORT": "eighty"})
    assert refused.returncode == 1
    assert "MUSTER_PORT is “eighty”" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MUSTER_SMTP_URL", "http://relay"),
        ("MUSTER_SMTP_URL", "smtp://name:secret@relay:587"),
        ("MUSTER_PUBLIC_URL", "muster"),
        ("REDIS_URL", "banana"),
    ],
)
def test_a_bad_address_stops_the_start_and_is_not_repeated(
    tmp_path: Path, name: str, value: str
) -> None:
    refused = muster("setup", env=environment(tmp_path, free_port(), **{name: value}))
    assert refused.returncode == 1
    assert name in refused.stderr
    assert "secret" not in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    script = f"mount -t tmpfs -o size=8m none {tmp_path} && exec {sys.executable} -m backend.cli up"
    refused = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script],
        cwd=PROJECT,
        env=environment(tmp_path, free_port()),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "Operation not permitted" in refused.stderr or "denied" in refused.stderr:
        pytest.skip("this machine forbids mounting in a user namespace")
    assert refused.returncode == 1
    assert "is full" in refused.stderr


def test_it_starts_in_a_folder_that_only_its_owner_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with up(closed / "data", free_port()):
        pass


def test_a_second_start_is_up_within_five_seconds(prepared: Path) -> None:
    with up(prepared, free_port()):
        pass
    started = time.monotonic()
    with up(prepared, free_port()):
        assert time.monotonic() - started < 5 * patience()


def patience() -> float:
    """Return how many times slower than a quiet machine this one is, at least 1."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return max(1.0, load)
