"""`make bench`: each capability beside its peer on the same work in the same run.

A job is a module `bench_*.py` with `run() -> list[dict]`: name, ours, peer, ratio, goal, unit; or
name and `skipped` with the reason. Prints one line a job and writes the same as JSON.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from backend import cli, env

HERE = Path(__file__).parent


def main(chosen: list[str]) -> int:
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    wanted = [name for name in names if not chosen or any(word in name for word in chosen)]
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        os.environ["MUSTER_DATA"] = folder
        (Path(folder) / "static").mkdir()
        os.environ["MUSTER_SMTP_URL"] = "smtp://127.0.0.1:1"  # a job that sends has its own sink
        rows = measured(wanted)
    target = env.PROJECT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1, default=str) + "\n")
    return 0


def measured(wanted: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    with cli.database():
        for name in wanted:
            for row in importlib.import_module(f"tests.benchmarks.{name}").run():
                rows.append(row)
                print(line(row), flush=True)
    return rows


def line(row: dict[str, Any]) -> str:
    if reason := row.get("skipped"):
        return f"{row['name']:<58} skipped: {reason}"
    unit = row.get("unit", "")
    return (
        f"{row['name']:<58} ours {number(row['ours'])} {unit}  peer {number(row['peer'])} {unit}"
        f"  ratio {number(row['ratio'])}  goal {row['goal']}"
    )


def number(value: Any) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
