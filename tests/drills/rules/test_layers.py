"""Layers: the fire code and a district's own rules over a state's law."""

import json
from datetime import date
from pathlib import Path

import pytest

from backend import cli
from drills.rules.judge import judge
from drills.rules.layers import layered, read_district_pack
from drills.rules.load import PackRefused, fire_codes
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import drill, michigan, words, year

RULE = """jurisdiction = "us-mi"
name = "Lincoln Schools"
[[versions]]
effective = { from = 2020-07-01 }
[[versions.rules]]
id = "DIS.FIRE"
title = "Six fire drills"
shape = "at_least"
types = ["fire"]
n = 6
window = "school_year"
cite = "Policy 8420"
checked = 2026-11-24
verified = true
severity = "district"
plain = "Hold 6 fire drills."
plain_es = "Realice 6 simulacros de incendio."
"""


def test_a_district_s_stricter_rule_is_judged_beside_the_state_s() -> None:
    both = read_district_pack(RULE, "lincoln.toml", michigan())
    found = {item.key: item for item in judge(both, read_school_year(year())).requirements}
    assert (found["MI.FIRE"].verdict, found["DIS.FIRE"].verdict) == ("met", "impossible")
    assert found["DIS.FIRE"].severity == "district"
    assert {key: found[key].verdict for key in words(year())} == words(year())


def test_a_district_s_rule_begins_on_its_own_day() -> None:
    both = read_district_pack(RULE, "lincoln.toml", michigan())
    before, after = (both.version_for(date(2020, month, 1)) for month in (6, 7))
    assert before is not None
    assert after is not None
    assert len(after.rules) == len(before.rules) + 1
    assert both.version_for(date(2014, 6, 30)) is None


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"DIS.FIRE"', '"MI.FIRE"', "Lincoln Schools: MI.FIRE"),
        ('severity = "district"', 'severity = "law"', "Lincoln Schools: DIS.FIRE.severity"),
        ('"us-mi"', '"us-oh"', "lincoln.toml: jurisdiction"),
        (
            'shape = "at_least"\ntypes = ["fire"]\nn = 6',
            'shape = "substitute"\ngiven = ["lockdown"]\nstands_for = ["MI.FIRE"]',
            "lincoln.toml: DIS.FIRE.stands_for",
        ),
    ],
)
def test_a_district_may_not_loosen_the_state_s_law(old: str, new: str, where: str) -> None:
    with pytest.raises(PackRefused) as refused:
        read_district_pack(RULE.replace(old, new), "lincoln.toml", michigan())
    assert refused.value.where == where


def test_a_fire_code_binds_beside_the_state_s_law() -> None:
    ifc, nfpa = fire_codes()
    assert (ifc.jurisdiction, nfpa.jurisdiction) == ("code-ifc", "code-nfpa-101")
    data = year(drill("2025-09-04", "fire"), drill("2025-10-06", "fire"))
    found = {
        item.key: item.verdict
        for item in judge(layered(michigan(), ifc, nfpa), read_school_year(data)).requirements
    }
    assert found["IFC.FIRST10"] == "met"
    assert found["IFC.EVAC@2025-08"] == found["NFPA.EVAC@2025-08"] == "impossible"
    assert found["IFC.TIMES"] == "violated"
    # September and October each need one of their own; the second of September is left over.
    assert found["NFPA.PLUS1"] == "met"


def test_the_command_takes_layers_and_refuses_a_wrong_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "year.json").write_text(json.dumps(year()))
    (tmp_path / "lincoln.toml").write_text(RULE)
    file, layer = str(tmp_path / "year.json"), str(tmp_path / "lincoln.toml")
    assert cli.main(["drills", "judge", file, "--with", "code-ifc", "--with", layer, "--json"]) == 0
    ids = {item["id"] for item in json.loads(capsys.readouterr().out)["requirements"]}
    assert {"MI.FIRE", "IFC.EVAC", "DIS.FIRE"} <= ids
    (tmp_path / "lincoln.toml").write_text(RULE.replace("DIS.FIRE", "MI.FIRE"))
    assert cli.main(["drills", "judge", file, "--with", layer, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "rules_refused"
