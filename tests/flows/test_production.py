"""The production files: compose parses, the script of the image builds, the topology runs."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend import engines
from tests.flows.test_up import environment, free_port

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def settings_of(started: engines.Engines, port: int, data: Path) -> dict[str, str]:
    from cryptography.fernet import Fernet

    return environment(
        data,
        port,
        **{k: v for k, v in started.environment().items() if k != "MUSTER_DATA"},
        MUSTER_SECRET_KEY="a secret for a test only, fifty letters long, or so",
        MUSTER_FIELD_KEYS=Fernet.generate_key().decode(),
        MUSTER_PUBLIC_URL=f"http://127.0.0.1:{port}",
        MUSTER_STATIC=str(data / "static"),
    )


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engines]:
    """Return a PostgreSQL and a Redis that stand for servers of one's own."""
    with engines.running(tmp_path_factory.mktemp("own"), durable=False) as started:
        yield started


def run(words: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=PROJECT, env=settings, capture_output=True, text=True, timeout=250
    )


def test_compose_accepts_the_file(tmp_path: Path) -> None:
    program = shutil.which("docker-compose")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("docker-compose is not installed")
        pytest.skip("no docker-compose is here to parse the file")
    shutil.copy(PROJECT / "docker-compose.yml", tmp_path)
    shutil.copy(PROJECT / ".env.example", tmp_path / ".env")
    secrets = {"POSTGRES_PASSWORD": "a", "MUSTER_OWNER_PASSWORD": "b", "MUSTER_APP_PASSWORD": "c"}
    parsed = subprocess.run(
        [program, "config"],
        cwd=tmp_path,
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert parsed.returncode == 0, parsed.stderr
    for service in ("postgres", "redis", "migrate", "web", "worker", "scheduler"):
        assert re.search(rf"^  {service}:", parsed.stdout, re.MULTILINE)


def test_every_setting_that_is_read_stands_in_the_example() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    for_trials = {"MUSTER_CAPTURE", "MUSTER_REDIS_SERVER"}
    read = set()
    for file in (PROJECT / "backend").glob("*.py"):
        read |= set(
            re.findall(
                r'\b(?:text|flag|integer|choice|words|address)\(\s*"([A-Z_]+)"', file.read_text()
            )
        )
    assert read - for_trials == named


@pytest.mark.parametrize("name", ["MUSTER_SECRET_KEY", "MUSTER_FIELD_KEYS"])
def test_a_missing_secret_stops_the_start_with_its_name(
    servers: engines.Engines, tmp_path: Path, name: str
) -> None:
    settings = settings_of(servers, free_port(), tmp_path)
    del settings[name]
    refused = run([sys.executable, "-m", "backend.cli", "setup"], settings)
    assert refused.returncode == 1
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_topology_runs_without_docker(servers: engines.Engines, tmp_path: Path) -> None:
    port = free_port()
    settings = settings_of(servers, port, tmp_path)
    done = run([sys.executable, "-m", "backend.cli", "setup"], settings)
    assert done.returncode == 0, done.stderr
    made = run(
        [
            sys.executable, "-m", "backend.cli", "district", "create", "North Shore Schools",
            "--administrator", "lee@example.org", "--json",
        ],
        settings,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    settings.pop("MIGRATION_DATABASE_URL")  # only set-up holds the owner's password
    celery = [sys.executable, "-m", "celery", "-A", "backend.celery"]
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
        "--workers", "1", "--no-ws", "backend.wsgi:application",
    ]  # fmt: skip
    worker = [*celery, "worker", "--pool", "threads", "-c", "2", "-Q", "wake", "-l", "WARNING"]
    children: list[subprocess.Popen[Any]] = []
    try:
        children.append(_spawn(web, settings))
        for number in (1, 2):
            children.append(_spawn([*worker, "-n", f"w{number}@%h"], settings))
            schedule = ["-s", str(tmp_path / f"beat{number}"), "--pidfile", ""]
            children.append(_spawn([*celery, "beat", *schedule], settings))
        assert _answers(f"http://127.0.0.1:{port}/healthz")
        assert _ticks_are_done(servers, settings)
        assert all(child.poll() is None for child in children)
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait(60)


def _spawn(words: list[str], settings: dict[str, str]) -> subprocess.Popen[Any]:
    return subprocess.Popen(
        words, cwd=PROJECT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _answers(address: str) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.2)
    return False


def _ticks_are_done(servers: engines.Engines, settings: dict[str, str]) -> bool:
    """Return whether each schedule ran, once for its moment, with two of everything."""
    import psycopg

    from backend.schedule import TICKS

    end = time.monotonic() + 60
    while time.monotonic() < end:
        with psycopg.connect(servers.migration_database_url) as connection:
            rows = connection.execute(
                "SELECT schedule, due, count(*), count(done_at) FROM jobs_tick GROUP BY 1, 2"
            ).fetchall()
        assert all(count == 1 for _, _, count, _ in rows)
        if {name for name, _, _, done in rows if done} == set(TICKS):
            return True
        time.sleep(0.5)
    return False


def test_the_images_script_builds_a_tree_that_starts(
    servers: engines.Engines, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True
    ).stdout.split(b"\0")
    for name in filter(None, tracked):
        file = PROJECT / os.fsdecode(name)
        if file.exists() and not os.fsdecode(name).startswith("tests/"):
            target = source / os.fsdecode(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
    built = subprocess.run(
        ["sh", str(source / "docs/recipes/image.sh"), str(tmp_path / "srv")],
        env={**environment(tmp_path / "none", 1), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert built.returncode == 0, built.stderr[-2000:]
    assert (tmp_path / "srv/static/staticfiles.json").exists()
    settings = settings_of(servers, free_port(), tmp_path)
    ready = subprocess.run(
        [str(tmp_path / "srv/venv/bin/muster"), "setup", "--json"],
        cwd=tmp_path,
        env=settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ready.returncode == 0, ready.stderr
