"""Map formats: reading the largest GeoJSON beside geopandas, and memory at the size limit.

Both read the same file in turn, in one process; ours gives features of known kinds with
levels, mended shapes and findings, the peer a table. Memory is that of a process of its own which
reads and checks a file of the limit, made of copies of the same building.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from maps.formats.json_text import MOST_BYTES
from maps.formats.reading import read_map_file
from maps.formats.report import all_findings

ROUNDS, RUNS = 4, 8
MOST_MEGABYTES = 400
COPY_STEP = 0.002  # degrees between copies of the building: some 150 m
_MEASURE = """
import resource, sys
from pathlib import Path
from maps.formats.reading import read_map_file
from maps.formats.report import report_of
report = report_of(read_map_file(Path(sys.argv[1])))
assert report["features"]["total"] > 1000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_PEER = """
import resource, sys
import geopandas
assert len(geopandas.read_file(sys.argv[1])) > 1000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run() -> list[dict[str, Any]]:
    """Return the rows: seconds and megabytes, ours beside the peer's on the same file."""
    largest = _largest()
    if largest is None:
        name = "reading the largest GeoJSON beside geopandas"
        return [{"name": name, "skipped": "the reference data is not laid beside the project"}]
    return [*_speed(largest), _memory(largest)]


def _largest() -> Path | None:
    folder = os.environ.get("MUSTER_SHARED_DATA")
    shared = Path(folder) if folder else Path(__file__).resolve().parents[3] / "shared" / "data"
    found = sorted(shared.glob("maps/*.geojson"), key=lambda path: path.stat().st_size)
    return found[-1] if found else None


def _speed(path: Path) -> list[dict[str, Any]]:
    name = f"reading {path.name} beside geopandas"
    if importlib.util.find_spec("geopandas") is None:
        return [{"name": name, "skipped": "geopandas is not installed"}]
    import geopandas

    ours, whole, peer = _best_in_turn(
        lambda: read_map_file(path),
        lambda: all_findings(read_map_file(path)),
        lambda: geopandas.read_file(path),
    )
    return [
        _row(name, ours, peer, "≤ 0.33", "s"),
        _row("the same with all checks beside geopandas reading", whole, peer, "≤ 1", "s"),
    ]


def _best_in_turn(*jobs: Callable[[], Any]) -> list[float]:
    """Return the best time of each job; blocks of runs take turns, so a busy moment hits all."""
    best = [float("inf")] * len(jobs)
    for _ in range(ROUNDS):
        for number, job in enumerate(jobs):
            for _ in range(RUNS):
                began = time.perf_counter()
                job()
                best[number] = min(best[number], time.perf_counter() - began)
    return best


def _memory(path: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "limit.geojson"
        target.write_bytes(copies_of(json.loads(path.read_bytes()), MOST_BYTES))
        ours = _megabytes(_MEASURE, target)
        peer = _megabytes(_PEER, target) if importlib.util.find_spec("geopandas") else float("nan")
    name = f"memory of a check at the limit of {MOST_BYTES >> 20} MB beside geopandas reading"
    return _row(name, ours, peer, f"< {MOST_MEGABYTES} MB of ours", "MB")


def copies_of(collection: dict[str, Any], size: int) -> bytes:
    """Return a FeatureCollection of copies of the features side by side, just below a size."""
    parts: list[str] = []
    left = size - 100
    number = 0
    while True:
        for feature in collection["features"]:
            geometry = feature["geometry"]
            moved = _moved(geometry["coordinates"], number)
            copy = {**feature, "id": f"{feature['id']}-{number}",
                    "geometry": {**geometry, "coordinates": moved}}  # fmt: skip
            text = json.dumps(copy, ensure_ascii=False, separators=(",", ":"))
            left -= len(text.encode()) + 1
            if left < 0:
                return f'{{"type":"FeatureCollection","features":[{",".join(parts)}]}}'.encode()
            parts.append(text)
        number += 1


def _moved(coordinates: Any, number: int) -> Any:
    if isinstance(coordinates[0], int | float):
        east, north = number % 10, number // 10
        return [coordinates[0] + east * COPY_STEP, coordinates[1] + north * COPY_STEP]
    return [_moved(part, number) for part in coordinates]


def _megabytes(program: str, path: Path) -> float:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    return float(done.stdout)


def _row(name: str, ours: float, peer: float, goal: str, unit: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal,
            "unit": unit}  # fmt: skip
