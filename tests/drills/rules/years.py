"""A fictional Michigan school year in which everything is met, and small changes to it."""

from copy import deepcopy
from datetime import date
from typing import Any

from drills.rules.judge import Judgement, Verdict, judge
from drills.rules.load import pack, read_pack
from drills.rules.pack import RulePack
from drills.rules.school_year import read_school_year

NO_SCHOOL = [
    "2025-09-01", "2025-11-26", "2025-11-27", "2025-11-28",
    "2025-12-22", "2025-12-23", "2025-12-24", "2025-12-25", "2025-12-26",
    "2025-12-29", "2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02",
    "2026-01-19", "2026-02-16",
    "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02", "2026-04-03", "2026-05-25",
]  # fmt: skip


def drill(on: str, kind: str, place: str = "class", **more: Any) -> dict[str, Any]:
    """Return a drill held at 10:15 and posted on its own day."""
    return {
        "id": f"{on}-{kind}", "date": on, "type": kind, "time": "10:15", "minutes": 6,
        "pupils_present": True, "place_in_day": place, "real_event": False,
        "unplanned_alarm": False, "cancelled": None, "redo_of": None, "posted_at": on,
        "notices": [], **more,
    }  # fmt: skip


DRILLS = [
    drill("2025-09-09", "fire"),
    drill("2025-10-14", "fire"),
    drill("2025-12-01", "fire"),
    drill("2026-02-10", "fire"),
    drill("2026-05-05", "fire"),
    drill("2025-10-28", "lockdown", "lunch"),
    drill("2026-01-14", "lockdown"),
    drill("2026-04-21", "lockdown"),
    drill("2026-03-17", "shelter_weather"),
    drill("2026-04-28", "shelter_weather"),
]


def year(
    *changes: dict[str, Any], without: str = "", as_of: str = "2026-06-08", **top: Any
) -> dict[str, Any]:
    """Return the year as parsed JSON: drills left out by id prefix, and `changes` added."""
    left = [item for item in DRILLS if not (without and item["id"] in without.split())]
    data: dict[str, Any] = {
        "jurisdiction": "us-mi",
        "as_of": as_of,
        "school": {"grades": "K-5", "traits": ["sprinklered"], "public": True},
        "school_year": {
            "first_day": "2025-08-25", "last_day": "2026-06-05", "no_school": NO_SCHOOL,
            "testing": [{"from": "2026-04-13", "to": "2026-04-17"}], "summer": None,
        },
        "drills": [*left, *changes],
        "filings": [
            {"what": "drill_schedule", "to": "county_emergency_management", "on": "2025-09-15"}
        ],
        **top,
    }  # fmt: skip
    return deepcopy(data)


def michigan() -> RulePack:
    """Return Michigan's pack."""
    found = pack("us-mi")
    assert found is not None
    return found


def judged(data: dict[str, Any]) -> Judgement:
    """Return the judgement of parsed JSON."""
    return judge(michigan(), read_school_year(data))


def verdicts(data: dict[str, Any]) -> dict[str, Verdict]:
    """Return each verdict by its key."""
    return {verdict.key: verdict for verdict in judged(data).requirements}


def words(data: dict[str, Any]) -> dict[str, str]:
    """Return each verdict's word by its key."""
    return {key: verdict.verdict for key, verdict in verdicts(data).items()}


def day(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)


def small_pack(*rules: str) -> RulePack:
    """Return a pack of a few rules, each given as the TOML lines of its own fields."""
    common = (
        'title = "A rule"\ncite = "Here"\nchecked = 2026-11-24\nverified = true\n'
        'severity = "law"\nplain = "Do it."\nplain_es = "Hágalo."\n'
    )
    blocks = "".join(f"[[versions.rules]]\n{rule}\n{common}" for rule in rules)
    head = (
        'jurisdiction = "us-mi"\nname = "Test"\n[[versions]]\neffective = { from = 2014-07-01 }\n'
    )
    return read_pack(head + blocks, "us-mi.toml")
