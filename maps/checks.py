"""Every check of a map in one pass: its shapes, labels, levels and doors, and its ways. Pure."""

from collections.abc import Iterable

from maps.collector import collector_off
from maps.document import Feature, Finding, Level
from maps.geometry.validate import check
from maps.routing.findings import ways_findings


def check_everything(levels: Iterable[Level], features: Iterable[Feature]) -> tuple[Finding, ...]:
    """Return every finding of a map; geometries are in WGS 84 degrees (lon, lat)."""
    levels, features = tuple(levels), tuple(features)
    with collector_off():
        return (*check(levels, features), *ways_findings(levels, features))
