"""Judging campuses under a real pack: how many a second on one core, and one after a change."""

import json
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

from drills.rules.judge import judge
from drills.rules.load import pack
from drills.rules.record import SchoolYear
from drills.rules.school_year import read_school_year

CAMPUSES = 4_000
GOAL_A_SECOND, GOAL_MS = 10_000, 1.0
CHANGES = 200


def run() -> list[dict[str, Any]]:
    """Return the rows; the peer is the goal."""
    return [_many(), _one_change()]


def _pennsylvania() -> SchoolYear:
    """Return a full year with substitutions: its pack allots them, by effective date."""
    text = (files("drills.rules") / "packs" / "years" / "us-pa-2025-26.json").read_text()
    return read_school_year(json.loads(text))


def _campuses(number: int) -> list[SchoolYear]:
    """Return campuses of one calendar, each with drills at days of its own."""
    year = _pennsylvania()
    made = []
    for campus in range(number):
        drills = tuple(
            replace(drill, date=drill.date + timedelta(days=(campus + index) % 2))
            for index, drill in enumerate(year.drills)
        )
        made.append(replace(year, drills=drills))
    return made


def _many() -> dict[str, Any]:
    rules, campuses = pack("us-pa"), _campuses(CAMPUSES)
    assert rules is not None
    began = time.perf_counter()
    verdicts = sum(len(judge(rules, campus).requirements) for campus in campuses)
    took = time.perf_counter() - began
    assert verdicts >= CAMPUSES * 15
    rate = CAMPUSES / took
    return {
        "name": "rules: campuses judged a second on one core, Pennsylvania, full year",
        "ours": round(rate),
        "peer": GOAL_A_SECOND,
        "ratio": round(rate / GOAL_A_SECOND, 2),
        "goal": "≥ 1 (10,000 a second)",
        "unit": "campuses/s",
    }


def _one_change() -> dict[str, Any]:
    rules, year = pack("us-pa"), _pennsylvania()
    assert rules is not None
    took = []
    for change in range(CHANGES):
        first, *others = year.drills
        moved = replace(first, date=first.date + timedelta(days=change % 5))
        changed = replace(year, drills=(moved, *others))
        began = time.perf_counter()
        judge(rules, changed)
        took.append((time.perf_counter() - began) * 1000)
    median = statistics.median(took)
    return {
        "name": "rules: one campus judged again after a drill has changed",
        "ours": round(median, 3),
        "peer": GOAL_MS,
        "ratio": round(GOAL_MS / median, 2),
        "goal": "≥ 1 (under 1 ms)",
        "unit": "ms",
    }
