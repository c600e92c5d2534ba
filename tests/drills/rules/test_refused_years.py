"""Files that are refused: each with its place, why, and how to mend it."""

from collections.abc import Callable
from typing import Any

import pytest

from drills.rules.school_year import (
    UNKNOWN,
    SchoolYearRefused,
    read_school_year,
    read_school_year_text,
)
from tests.drills.rules.years import drill, year

Change = Callable[[dict[str, Any]], Any]


def put(path: str, value: Any) -> Change:
    """Return a change that sets one field of the year, named with dots."""

    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for name in parents:
            data = data[int(name)] if isinstance(data, list) else data[name]
        data[int(last) if isinstance(data, list) else last] = value

    return change


def drop(path: str) -> Change:
    """Return a change that takes one field away."""

    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for name in parents:
            data = data[name]
        del data[last]

    return change


CASES: list[tuple[Change, str]] = [
    (put("jurisdiction", "us-zz"), "jurisdiction"),
    (put("jurisdiction", 7), "jurisdiction"),
    (drop("jurisdiction"), "jurisdiction"),
    (drop("school_year"), "school_year"),
    (drop("school_year.first_day"), "school_year.first_day"),
    (put("school_year", []), "school_year"),
    (put("school_year.first_day", "2025-02-30"), "school_year.first_day"),
    (put("school_year.first_day", "08/25/2025"), "school_year.first_day"),
    (put("school_year.first_day", 20250825), "school_year.first_day"),
    (put("school_year.first_day", "2025-8-25"), "school_year.first_day"),
    (put("school_year.first_day", "0001-01-01"), "school_year.first_day"),
    (put("school_year.last_day", "2025-08-01"), "school_year.last_day"),
    (put("school_year.last_day", "2035-06-05"), "school_year.last_day"),
    (put("school_year.no_school", "2025-09-01"), "school_year.no_school"),
    (put("school_year.no_school", ["2025-09-01", None]), "school_year.no_school[1]"),
    (put("school_year.no_schol", []), "school_year.no_schol"),
    (put("school_year.summer", {"first_day": "2026-06-22"}), "school_year.summer.last_day"),
    (
        put("school_year.summer", {"first_day": "2026-06-01", "last_day": "2026-07-01"}),
        "school_year.summer.first_day",
    ),
    (
        put("school_year.testing", [{"from": "2026-04-17", "to": "2026-04-13"}]),
        "school_year.testing[0].to",
    ),
    (
        put(
            "school_year.terms",
            [
                {"name": "fall", "first_day": "2025-08-25", "last_day": "2026-01-16"},
                {"name": "spring", "first_day": "2026-01-12", "last_day": "2026-06-05"},
            ],
        ),
        "school_year.terms[1].first_day",
    ),
    (
        put(
            "school_year.terms",
            [{"name": "fall", "first_day": "2025-08-01", "last_day": "2026-01-16"}],
        ),
        "school_year.terms[0].first_day",
    ),
    (put("as_of", "yesterday"), "as_of"),
    (put("as_of", None), "as_of"),
    (put("asof", "2026-06-08"), "asof"),
    (put("school.grades", "5-K"), "school.grades"),
    (put("school.grades", "primary"), "school.grades"),
    (put("school.traits", ["haunted"]), "school.traits[0]"),
    (put("school.public", "yes"), "school.public"),
    (put("school.day", {"start": "15:00", "end": "08:00"}), "school.day.end"),
    (put("drills", {}), "drills"),
    (put("drills.2", "fire"), "drills[2]"),
    (put("drills.3.type", "firedrill"), "drills[3].type"),
    (put("drills.3.type", None), "drills[3].type"),
    (put("drills.3.kind", "fire"), "drills[3].kind"),
    (put("drills.3.date", "2025-13-01"), "drills[3].date"),
    (put("drills.3.time", "25:00"), "drills[3].time"),
    (put("drills.3.time", "9:15"), "drills[3].time"),
    (put("drills.3.minutes", "six"), "drills[3].minutes"),
    (put("drills.3.minutes", 6.5), "drills[3].minutes"),
    (put("drills.3.minutes", True), "drills[3].minutes"),
    (put("drills.3.minutes", -1), "drills[3].minutes"),
    (put("drills.3.pupils_present", 1), "drills[3].pupils_present"),
    (put("drills.3.pupils_present", "true"), "drills[3].pupils_present"),
    (put("drills.3.place_in_day", "Lunch"), "drills[3].place_in_day"),
    (put("drills.3.exits", "window"), "drills[3].exits"),
    (put("drills.3.cancelled", "bored"), "drills[3].cancelled"),
    (put("drills.3.cancelled", False), "drills[3].cancelled"),
    (put("drills.3.redo_of", "no-such-drill"), "drills[3].redo_of"),
    (put("drills.3.redo_of", "2026-02-10-fire"), "drills[3].redo_of"),
    (put("drills.3.id", "2025-09-09-fire"), "drills[3].id"),
    (put("drills.3.id", ""), "drills[3].id"),
    (put("drills.3.posted_at", "2026-02-09"), "drills[3].posted_at"),
    (put("drills.3.simulated", "gunfire"), "drills[3].simulated"),
    (put("drills.3.simulated", ["Fake Blood"]), "drills[3].simulated[0]"),
    (
        put("drills.3.notices", [{"to": "parents", "at": "2026-02-09"}]),
        "drills[3].notices[0].at",
    ),
    (
        put("drills.3.notices", [{"to": "aliens", "at": "2026-02-09T10:00"}]),
        "drills[3].notices[0].to",
    ),
    (put("drills.3.notices", [{"to": "parents"}]), "drills[3].notices[0].at"),
    (put("drills.3.agencies", [{"role": "navy"}]), "drills[3].agencies[0].role"),
    (
        put("drills.3.reports", [{"to": "county", "at": "2026-02-11", "by": "x"}]),
        "drills[3].reports[0].by",
    ),
    (put("filings.0.what", "homework"), "filings[0].what"),
    (put("filings.0.to", "mayor"), "filings[0].to"),
    (put("lessons", [{"date": "2025-09-03", "topic": "algebra"}]), "lessons[0].topic"),
    (
        put("waivers", [{"requirement": "MI.FIRE", "on": "2026-01-01"}]),
        "waivers[0].reason",
    ),
]


@pytest.mark.parametrize(("change", "where"), CASES)
def test_a_wrong_file_is_refused_at_its_place(change: Change, where: str) -> None:
    data = year()
    change(data)
    with pytest.raises(SchoolYearRefused) as refused:
        read_school_year(data)
    assert refused.value.where == where
    assert refused.value.why.endswith((".", "”"))
    assert refused.value.mend.endswith(".")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1, column 2"),
        (b'{"a": NaN}', "the file"),
        (b'{"as_of": "2026-01-01", "as_of": "2026-01-02"}', "as_of"),
        (b"\xff\xfe{}", "byte 1"),
        (b"[]", "the file"),
        (b"[" * 100_000, "the file"),
        (b" " * (8 * 1024 * 1024 + 1), "the file"),
    ],
)
def test_a_file_that_is_no_json_object_is_refused(content: bytes, where: str) -> None:
    with pytest.raises(SchoolYearRefused) as refused:
        read_school_year_text(content)
    assert refused.value.where == where
    assert refused.value.mend


def test_a_misspelled_word_is_answered_with_the_right_one() -> None:
    data = year(drill("2026-05-12", "firre"))
    with pytest.raises(SchoolYearRefused, match="Perhaps fire is meant"):
        read_school_year(data)


def test_the_key_expected_is_ignored() -> None:
    assert read_school_year(year(expected={"anything": 1})) == read_school_year(year())


def test_what_is_absent_is_unknown_and_what_is_null_is_known() -> None:
    data = year(drills=[{"date": "2025-09-09", "type": "fire", "posted_at": None}])
    record = read_school_year(data).drills[0]
    assert record.id == "2025-09-09-fire"
    assert record.posted_at is None
    assert record.time is UNKNOWN
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(record.time)


def test_two_drills_without_id_get_two_ids() -> None:
    twin = {"date": "2025-09-09", "type": "fire"}
    named = {**twin, "id": "2025-09-09-fire-2"}
    found = read_school_year(year(drills=[twin, named, twin])).drills
    assert [item.id for item in found] == [
        "2025-09-09-fire", "2025-09-09-fire-2", "2025-09-09-fire-3",
    ]  # fmt: skip


def test_every_optional_field_is_read() -> None:
    full = drill(
        "2026-05-12",
        "lockdown",
        exits="normal",
        announced=True,
        notices=[{"to": "parents", "at": "2026-05-11T16:00"}],
        agencies=[{"role": "police", "invited": True, "present": False}],
        used_map=False,
        simulated=["gunfire_sound"],
        reports=[{"to": "county", "at": "2026-05-13"}],
        site="on_grounds",
        signal="bell",
        led_by="Principal",
    )
    data = year(
        full,
        school={
            "grades": "K-5", "traits": [], "public": True,
            "day": {"start": "08:00", "end": "15:00"},
        },
        lessons=[{"date": "2025-09-03", "topic": "fire_safety", "minutes": 30}],
    )  # fmt: skip
    record = read_school_year(data).drills[-1]
    assert isinstance(record.notices, tuple)
    assert str(record.notices[0].at) == "2026-05-11 16:00:00"
    assert record.simulated == ("gunfire_sound",)
