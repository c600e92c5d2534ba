"""`muster drills rules` and `muster drills judge`: they touch no database."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from tests.drills.rules.years import year


@pytest.fixture(autouse=True)
def drills_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these commands, so that no other app need be loaded."""
    monkeypatch.setattr(cli, "COMMANDS", ("drills.commands",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that holds the school year in which everything is met."""
    path = tmp_path / "year.json"
    path.write_text(json.dumps(year()))
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    """Return exit code, the JSON document and standard error of a command."""
    code = cli.main(["drills", *words, "--json"])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


def test_a_year_is_judged_as_one_json_document(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    code, document, _ = run(capsys, "judge", str(file))
    assert code == 0
    assert (document["jurisdiction"], document["as_of"]) == ("us-mi", "2026-06-08")
    first = document["requirements"][0]
    assert (first["id"], first["verdict"], first["held"]) == ("MI.FIRE", "met", 5)


def test_on_says_the_day_of_the_verdict(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    _, document, _ = run(capsys, "judge", str(file), "--on", "2025-09-01")
    assert document["as_of"] == "2025-09-01"
    assert document["requirements"][0]["verdict"] == "due"


def test_without_a_day_it_is_today(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "year.json"
    data = year()
    del data["as_of"]
    path.write_text(json.dumps(data))
    _, document, _ = run(capsys, "judge", str(path))
    assert document["as_of"] == datetime.now(UTC).date().isoformat()


def test_a_refused_file_exits_1_with_place_and_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "year.json"
    data = year()
    data["drills"][3]["type"] = "firre"
    path.write_text(json.dumps(data))
    code, document, errors = run(capsys, "judge", str(path))
    assert code == 1
    assert set(document["error"]) == {"code", "message", "where", "mend"}
    assert document["error"]["code"] == "school_year_refused"
    assert document["error"]["where"] == "drills[3].type"
    assert "Traceback" not in errors


def test_a_state_without_rules_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "year.json"
    path.write_text(json.dumps(year(jurisdiction="us-az")))
    code, document, _ = run(capsys, "judge", str(path))
    assert code == 1
    assert document["error"]["code"] == "rules_not_loaded"
    assert "rules not yet loaded" in document["error"]["message"]


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = run(capsys, "judge", "no-such-file.json")
    assert code == 1
    assert document["error"]["where"] == "no-such-file.json"


@pytest.mark.parametrize("words", [("judge", "x.json", "--on", "2025-02-30"), ("judge",)])
def test_wrong_usage_exits_2(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["drills", *words])
    assert stopped.value.code == 2


def test_every_state_is_listed_with_what_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    _, document, _ = run(capsys, "rules")
    states = {item["jurisdiction"]: item for item in document["jurisdictions"]}
    assert len(states) == 51
    assert states["us-mi"]["loaded"]
    assert states["us-az"] == {
        "jurisdiction": "us-az", "name": "Arizona", "loaded": False,
        "status": "rules not yet loaded",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["us-mi", "MI", "michigan"])
def test_a_state_s_rules_are_shown_by_any_of_its_names(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    _, document, _ = run(capsys, "rules", word)
    first = document["versions"][0]["rules"][0]
    assert (first["id"], first["parameters"]["n"]) == ("MI.FIRE", 5)
    assert first["scope"] == [{"grades": "K-12"}]


def test_a_state_without_rules_is_shown_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = run(capsys, "rules", "Arizona")
    assert (code, document["status"], document["versions"]) == (0, "rules not yet loaded", [])


def test_a_word_that_is_no_state_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = run(capsys, "rules", "Ruritania")
    assert (code, document["error"]["where"]) == (1, "STATE")


def test_people_read_tables(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    cli.main(["drills", "judge", str(file), "--on", "2026-04-22"])
    shown = capsys.readouterr().out
    assert "requirement" in shown
    assert "MI.TOR: 1 of 2 severe weather drills held in the school year: Mar 17." in shown
    cli.main(["drills", "rules", "mi"])
    assert "MI.TOR.MAR" in capsys.readouterr().out


def test_neither_command_asks_for_the_database() -> None:
    parser = cli.build_parser()
    for words in (["drills", "rules"], ["drills", "judge", "x.json"]):
        given: argparse.Namespace = parser.parse_args(words)
        assert given.needs_database is False
