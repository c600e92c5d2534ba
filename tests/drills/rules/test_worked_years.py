"""Worked years: the real ones beside the project, and one or more inside each pack."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from drills.rules.judge import judge
from drills.rules.load import pack, packs
from drills.rules.school_year import read_school_year

YEARS = files("drills.rules") / "packs" / "years"
OWN = sorted(item.name for item in YEARS.iterdir() if item.name.endswith(".json"))
GIVEN = {
    "c1-michigan": 11, "c2-pennsylvania": 14, "c3-virginia": 19, "c4-oklahoma": 11,
    "c5-new-jersey": 33, "c6-new-york": 19,
}  # fmt: skip


def judged_as(data: dict[str, Any]) -> dict[str, str | None]:
    """Return the verdict of each requirement that a worked year names."""
    found = pack(data["jurisdiction"])
    assert found is not None
    said = judge(found, read_school_year(data))
    got = {verdict.key: verdict.verdict for verdict in said.requirements}
    return {key: got.get(key) for key in data["expected"]}


def expected_of(data: dict[str, Any]) -> dict[str, str | None]:
    """Return what a worked year says of each requirement that it names."""
    return {key: item["verdict"] for key, item in data["expected"].items()}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", GIVEN)
def test_a_given_year_is_judged_as_expected(shared_data: Path, name: str) -> None:
    file = shared_data / "school-years" / f"{name}.json"
    if not file.is_file():
        pytest.skip("the worked years are not laid beside the project")
    data = json.loads(file.read_text())
    assert judged_as(data) == expected_of(data)
    assert len(data["expected"]) == GIVEN[name]


@pytest.mark.parametrize("name", OWN)
def test_a_pack_s_own_year_is_judged_as_expected(name: str) -> None:
    data = json.loads((YEARS / name).read_text())
    assert judged_as(data) == expected_of(data)


def test_every_pack_with_verified_rules_has_a_year_of_its_own() -> None:
    have = {name.rsplit("-", 2)[0] for name in OWN}
    for found in packs():
        if any(rule.verified for rule in found.versions[-1].rules):
            assert found.jurisdiction in have


@pytest.mark.parametrize("name", OWN)
def test_every_requirement_of_a_pack_s_own_year_is_one_of_its_rules(name: str) -> None:
    data = json.loads((YEARS / name).read_text())
    found = pack(data["jurisdiction"])
    assert found is not None
    ids = {rule.id for version in found.versions for rule in version.rules}
    assert {key.partition("@")[0] for key in data["expected"]} <= ids
