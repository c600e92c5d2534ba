"""The report of a check: the JSON of `muster map check`."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from maps.checks import check_everything
from maps.document import Finding
from maps.formats.classes import Extension
from maps.formats.identity import NAMESPACE
from maps.formats.placing import Degrees
from maps.formats.plans import Beside
from maps.formats.reading import read_map
from maps.formats.result import MapReading


def check_report(
    name: str,
    data: bytes,
    *,
    classes: Extension | None = None,
    namespace: uuid.UUID = NAMESPACE,
    near: Degrees | None = None,
    beside: Beside | None = None,
) -> dict[str, Any]:
    """Return what a map file holds and what is wrong with it; takes the arguments of `read_map`.

    Raises MapRefused for a file that is not read.
    """
    return report_of(
        read_map(name, data, classes=classes, namespace=namespace, near=near, beside=beside)
    )


def report_of(reading: MapReading) -> dict[str, Any]:
    """Return the report of a reading, with the findings of reading and of the check."""
    by_kind = Counter(feature.kind for feature in reading.features)
    by_level = Counter({level.id: 0 for level in reading.levels})
    by_level.update(level for feature in reading.features for level in feature.levels)
    return {
        "format": reading.format,
        "crs": reading.crs,
        "levels": [
            {"id": level.id, "ordinal": level.ordinal, "name": level.name}
            for level in reading.levels
        ],
        "features": {
            "total": reading.total,
            "by_kind": dict(sorted(by_kind.items())),
            "by_level": dict(by_level),
        },
        "unplaced": [{"ref": left.ref, "why": left.why} for left in reading.unplaced],
        "findings": [
            finding_json(finding) for finding in (*all_findings(reading), *_classes(reading))
        ],
    }


def _classes(reading: MapReading) -> Iterator[Finding]:
    """Yield one finding that says what each class of the source became, most frequent first."""
    said = [
        f"{entry.source} → {entry.kind or 'not on the map'} ({entry.count})"
        for entry in reading.classes
    ]
    if said:
        mend = "Where one is wrong, say it in a table of classes: muster map check --classes"
        yield Finding("classes_read", "info", None, "; ".join(said), mend)


def all_findings(reading: MapReading) -> tuple[Finding, ...]:
    """Return the findings of reading a file and those of checking what was read."""
    return (*reading.findings, *check_everything(reading.levels, reading.features))


def finding_json(finding: Finding) -> dict[str, str | None]:
    """Return a finding as every report prints it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "feature": finding.feature,
        "where": finding.where,
        "mend": finding.mend,
    }
