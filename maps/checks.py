"""Every check of a map in one pass: its shapes, labels, levels and doors, and its ways. Pure."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from maps.document import Feature, Finding, Level
from maps.geometry.validate import check
from maps.routing.findings import ways_findings


def check_everything(levels: Iterable[Level], features: Iterable[Feature]) -> tuple[Finding, ...]:
    """Return every finding of a map; geometries are in WGS 84 degrees (lon, lat)."""
    levels, features = tuple(levels), tuple(features)
    with _collector_at_rest():
        return (*check(levels, features), *ways_findings(levels, features))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the collector from walking the network again and again while it grows: a third of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
