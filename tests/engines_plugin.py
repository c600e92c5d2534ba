"""Real engines for every test run: started once, in a folder of their own, removed after it.

A plugin, not a conftest: Django's settings are read before any conftest is.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from backend import engines

_started: list[Any] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start PostgreSQL and Redis in the controller; workers of xdist inherit their address."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    for name in [
        name for name in os.environ if name.startswith("MUSTER_") and "REQUIRE" not in name
    ]:
        if name not in {"MUSTER_SHARED_DATA", "MUSTER_CHROMIUM"}:
            del os.environ[name]
    data = Path(tempfile.mkdtemp(prefix="muster-test-"))
    (data / "static").mkdir()
    running = engines.running(data, durable=False)
    started = running.__enter__()
    _started.extend((running, data))
    os.environ.update(started.environment())
    del os.environ["DATABASE_URL"]  # as on a fresh machine: the data folder says where


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if _started:
        running, data = _started
        running.__exit__(None, None, None)
        shutil.rmtree(data, ignore_errors=True)
        _started.clear()
