"""The checklists of what laws ask of a map."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from backend.demo.campus_map import lincoln_high_school
from maps.document import Feature, MapDocument
from maps.formats.reading import read_map
from maps.geometry.grid import make_grid
from maps.geometry.mandates import Item, checklist, jurisdictions, requirements

READ = read_map("lincoln.geojson", lincoln_high_school()).document()
SCHOOL = replace(READ, grid=make_grid(f.geometry for f in READ.features))


def verdicts(document: MapDocument, code: str = "us", **more: Any) -> dict[str, Item]:
    return {item.requirement.id: item for item in checklist(document, code, **more)}


def without(*kinds: str) -> MapDocument:
    return replace(SCHOOL, features=tuple(f for f in SCHOOL.features if f.kind not in kinds))


def changed(kind: str, **fields: Any) -> MapDocument:
    def change(feature: Feature) -> Feature:
        return replace(feature, **fields) if feature.kind == kind else feature

    return replace(SCHOOL, features=tuple(change(f) for f in SCHOOL.features))


def test_every_jurisdiction_has_requirements_with_a_citation() -> None:
    codes = [row.code for row in jurisdictions()]
    assert codes[0] == "us"
    assert len(codes) == len(set(codes)) == 14
    for code in codes:
        rows = requirements(code)
        assert rows
        assert all(row.citation and row.title and row.id.startswith("CIM.") for row in rows)
        assert checklist(MapDocument((), ()), code)


def test_new_jersey_asks_for_what_its_statute_names() -> None:
    rows = {row.id: row for row in requirements("us-nj")}
    assert {"CIM.01", "CIM.07", "CIM.15", "CIM.16", "CIM.20"} <= set(rows)
    assert "CIM.04" not in rows
    assert rows["CIM.07"].note == "access points"
    assert rows["CIM.01"].is_law_read
    assert not {row.id: row for row in requirements("us-mi")}["CIM.01"].is_law_read


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        checklist(SCHOOL, "us-zz")


def test_the_school_meets_all_that_a_map_can_show_but_the_dates_of_its_aeds() -> None:
    missing = {key for key, item in verdicts(SCHOOL).items() if item.verdict == "missing"}
    assert missing == {"CIM.11"}


@pytest.mark.parametrize(
    ("document", "requirement", "says"),
    [
        (without("building"), "CIM.01", "outline"),
        (replace(SCHOOL, levels=()), "CIM.01", "levels"),
        (replace(SCHOOL, grid=None), "CIM.04", "grid"),
        (changed("room", label=""), "CIM.05", "131 of 131 rooms"),
        (changed("corridor", label=""), "CIM.06", "corridors"),
        (changed("exterior_door", label="", properties={}), "CIM.07", "exterior doors"),
        (changed("stair", label=""), "CIM.07", "5 of 5 stairs"),
        (without("hazard_zone"), "CIM.08", "hazardous"),
        (without("utility_shut_off"), "CIM.09", "gas"),
        (without("fire_panel"), "CIM.09", "panel"),
        (without("key_box"), "CIM.10", "key boxes"),
        (without("aed"), "CIM.11", "Every AED"),
        (without("trauma_kit"), "CIM.12", "trauma kits"),
        (without("parking"), "CIM.13", "parking"),
        (changed("athletic_field", label=""), "CIM.13", "names"),
        (without("road"), "CIM.14", "roads"),
        (without("room", "corridor"), "CIM.21", "names beside the numbers"),
    ],
)
def test_what_is_not_on_the_map_is_named(
    document: MapDocument, requirement: str, says: str
) -> None:
    item = verdicts(document)[requirement]
    assert item.verdict == "missing"
    assert any(says in line for line in item.missing)


def test_a_signed_none_is_as_good_as_a_feature() -> None:
    bare = without("hazard_zone", "utility_shut_off", "fire_panel")
    signed = frozenset(
        {"hazard_zone", "fire_panel", "gas", "water", "electric", "sprinkler", "hvac"}
    )
    found = verdicts(bare, none_of=signed)
    assert (found["CIM.08"].verdict, found["CIM.09"].verdict) == ("met", "met")


def test_what_no_map_shows_is_named_as_a_record() -> None:
    found = verdicts(SCHOOL)
    for key in ("CIM.02", "CIM.15", "CIM.20"):
        assert found[key].verdict == "record"
        assert found[key].missing


def test_a_record_that_is_there_meets_its_requirement_and_no_other() -> None:
    found = verdicts(SCHOOL, shown=frozenset({"CIM.15", "CIM.11"}))
    assert (found["CIM.15"].verdict, found["CIM.15"].missing) == ("met", ())
    assert found["CIM.11"].verdict == "missing"  # the map itself shows it or not
    assert found["CIM.20"].verdict == "record"


def test_check_prints_the_checklist_of_a_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lincoln.geojson"
    path.write_bytes(lincoln_high_school())
    assert cli.main(["map", "check", str(path), "--state", "MI", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["checklist"]
    assert (found["jurisdiction"], found["citation"][:12]) == ("us-mi", "MCL 380.1308")
    assert len(found["requirements"]) == len(requirements("us-mi"))
    assert cli.main(["map", "check", str(path), "--state", "mars", "--json"]) == 1
    assert "us-mi" in json.loads(capsys.readouterr().out)["error"]["mend"]
