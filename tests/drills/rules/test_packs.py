"""The packs that come with Muster, and packs that are refused."""

import json
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from drills.rules.load import PackRefused, pack, packs, read_pack
from drills.rules.schema import as_text, pack_schema
from drills.rules.shapes.table import SHAPES
from drills.rules.words import JURISDICTIONS, SHAPE_NAMES

FOLDER = files("drills.rules")
RULE = {
    "id": '"MI.FIRE"', "title": '"Fire"', "shape": '"at_least"', "types": '["fire"]', "n": "5",
    "window": '"school_year"', "cite": '"MCL 29.19"', "checked": "2026-11-24",
    "verified": "true", "severity": '"law"', "plain": '"Do."', "plain_es": '"Haga."',
}  # fmt: skip


def toml(*, effective: str = "{ from = 2014-07-01 }", head: str = "", **changes: str) -> str:
    """Return a pack of one rule; a field changed to nothing is left out."""
    fields = {name: value for name, value in {**RULE, **changes}.items() if value}
    lines = [f"{name} = {value}" for name, value in fields.items()]
    return "\n".join(
        [
            'jurisdiction = "us-mi"', 'name = "Michigan"', head, "[[versions]]",
            f"effective = {effective}", "[[versions.rules]]", *lines,
        ]
    )  # fmt: skip


def as_json(value: Any) -> Any:
    """Return parsed TOML with its dates as text."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


PACKS = sorted(
    f"{folder}/{item.name}"
    for folder in ("packs", "packs/codes")
    for item in (FOLDER / folder).iterdir()
    if item.name.endswith(".toml")
)


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_fits_the_published_schema(name: str) -> None:
    schema = json.loads((FOLDER / "pack.schema.json").read_text())
    data = tomllib.loads((FOLDER / name).read_text())
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(as_json(data))]
    assert errors == []


def test_every_rule_is_bilingual_cited_and_dated() -> None:
    for found in packs():
        for version in found.versions:
            for rule in version.rules:
                assert rule.plain != rule.plain_es
                assert rule.cite
                assert rule.checked >= date(2026, 11, 24)


def test_the_schema_s_file_is_that_of_the_table_of_shapes() -> None:
    assert (FOLDER / "pack.schema.json").read_text() == as_text()
    Draft202012Validator.check_schema(pack_schema())


@pytest.mark.parametrize(
    "changes", [{"shape": '"cycle"'}, {"n": "0"}, {"window": '"always"'}, {"extra": "1"}]
)
def test_the_schema_refuses_what_the_loader_refuses(changes: dict[str, str]) -> None:
    data = as_json(tomllib.loads(toml(**changes)))
    assert not Draft202012Validator(pack_schema()).is_valid(data)
    with pytest.raises(PackRefused):
        read_pack(toml(**changes), "us-mi.toml")


def test_michigan_is_loaded_and_another_state_is_not() -> None:
    found = pack("us-mi")
    assert found is not None
    assert found in packs()
    assert {rule.id for rule in found.versions[0].rules} >= {
        "MI.FIRE", "MI.FIRE.DEC", "MI.TOR", "MI.TOR.MAR", "MI.LOCK", "MI.LOCK.DEC",
        "MI.LOCK.JAN", "MI.LUNCH", "MI.SCHED", "MI.REDO", "MI.TEST", "MI.POST", "MI.OTHER",
    }  # fmt: skip
    assert pack("us-zz") is None
    missing = set(JURISDICTIONS) - {loaded.jurisdiction for loaded in packs()}
    assert all(pack(code) is None for code in missing)


def test_there_are_thirty_shapes_and_every_evaluator_is_one_of_them() -> None:
    assert len(set(SHAPE_NAMES)) == 30
    assert set(SHAPES) <= set(SHAPE_NAMES)


def test_the_smallest_pack_is_read() -> None:
    found = read_pack(toml(), "us-mi.toml")
    assert found.versions[0].rules[0].id == "MI.FIRE"
    assert found.version_for(date(2014, 7, 1)) is found.versions[0]
    assert found.version_for(date(2014, 6, 30)) is None


def test_a_closed_version_governs_years_that_begin_by_its_last_day() -> None:
    found = read_pack(toml(effective="{ from = 2014-07-01, to = 2019-06-30 }"), "us-mi.toml")
    assert found.version_for(date(2019, 6, 30)) is not None
    assert found.version_for(date(2019, 7, 1)) is None


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"shape": '"cycle"'}, "MI.FIRE.shape", "no evaluator yet"),
        ({"shape": '"at_lest"'}, "MI.FIRE.shape", "Perhaps at_least is meant"),
        ({"shape": '"scope"'}, "MI.FIRE.shape", "no rule of its own"),
        ({"shape": ""}, "MI.FIRE.shape", "missing"),
        ({"window": '"allways"'}, "MI.FIRE.window", "not known here"),
        ({"window": '{ by_date = "12-01" }'}, "MI.FIRE.window.inclusive", "missing"),
        (
            {"window": '{ by_date = "13-01", inclusive = true }'},
            "MI.FIRE.window.by_date", "no day of the year",
        ),
        ({"window": "{ first = 20 }"}, "MI.FIRE.window.unit", "missing"),
        ({"window": '{ first = 20, unit = "day" }'}, "MI.FIRE.window.unit", "not known"),
        ({"window": "{ named_month = [13] }"}, "MI.FIRE.window.named_month[0]", "outside"),
        ({"window": "{ named_month = [] }"}, "MI.FIRE.window.named_month", "no month"),
        ({"window": "{ cycle = 3 }"}, "MI.FIRE.window", "no window that is known"),
        ({"types": '["fires"]'}, "MI.FIRE.types[0]", "Perhaps fire is meant"),
        ({"types": "[]"}, "MI.FIRE.types", "empty"),
        ({"types": '["fire", "fire"]'}, "MI.FIRE.types", "twice"),
        ({"n": "0"}, "MI.FIRE.n", "outside"),
        ({"n": '"5"'}, "MI.FIRE.n", "whole number"),
        ({"n": ""}, "MI.FIRE.n", "missing"),
        ({"m": "5"}, "MI.FIRE.m", "not known"),
        ({"among": '["fire"]'}, "MI.FIRE.among", "not known"),
        ({"severity": '"strict"'}, "MI.FIRE.severity", "not known"),
        ({"verified": '"yes"'}, "MI.FIRE.verified", "true or false"),
        ({"checked": '"soon"'}, "MI.FIRE.checked", "a date"),
        ({"cite": '""'}, "MI.FIRE.cite", "empty text"),
        ({"plain_es": ""}, "MI.FIRE.plain_es", "missing"),
        ({"scope": "{}"}, "MI.FIRE.scope", "empty"),
        ({"scope": '{ grades = "all" }'}, "MI.FIRE.scope.grades", "names no grades"),
        ({"scope": '{ traits = ["tall"] }'}, "MI.FIRE.scope.traits[0]", "not known"),
        ({"id": '"fire"'}, "versions[0].rules[0].id", "no rule id"),
        ({"effective": "{}"}, "versions[0].effective.from", "missing"),
        (
            {"effective": "{ from = 2014-07-01, to = 2013-01-01 }"},
            "versions[0].effective.to", "ends before",
        ),
        ({"head": "color = 1"}, "color", "not known"),
        (
            {"shape": '"prohibited"', "n": "", "window": ""}, "MI.FIRE.conduct",
            "either `during` or `conduct`",
        ),
        (
            {"shape": '"at_least_in_condition"', "types": "", "among": '["fire"]',
             "condition": '["brunch"]'},
            "MI.FIRE.condition[0]", "Perhaps lunch is meant",
        ),
    ],
)  # fmt: skip
def test_a_wrong_pack_is_refused_with_file_rule_field_and_mend(
    changes: dict[str, str], where: str, says: str
) -> None:
    with pytest.raises(PackRefused) as refused:
        read_pack(toml(**changes), "us-mi.toml")
    assert refused.value.where == f"us-mi.toml: {where}"
    assert says in f"{refused.value.why} {refused.value.mend}"
    assert refused.value.mend.endswith(".")


def test_an_id_that_stands_twice_is_refused() -> None:
    rule = "\n".join(f"{name} = {value}" for name, value in RULE.items())
    with pytest.raises(PackRefused, match="stands twice"):
        read_pack(f"{toml()}\n[[versions.rules]]\n{rule}", "us-mi.toml")


def test_versions_that_overlap_are_refused() -> None:
    later = "[[versions]]\neffective = { from = 2019-07-01 }\nrules = []"
    with pytest.raises(PackRefused, match="before the former version ends"):
        read_pack(f"{toml()}\n{later}", "us-mi.toml")


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(PackRefused, match="not TOML"):
        read_pack("jurisdiction = ", "us-mi.toml")
