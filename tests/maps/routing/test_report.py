"""`muster map evacuate` from its words to its JSON."""

import json
from typing import Any

import pytest

from backend import cli
from backend.demo.campus_map import lincoln_high_school


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("map") / "lincoln.geojson"
    path.write_bytes(lincoln_high_school())
    return str(path)


def evacuated(
    capsys: pytest.CaptureFixture[str], file: str, *words: str, exits: int = 0
) -> dict[str, Any]:
    assert cli.main(["map", "evacuate", file, *words, "--json"]) == exits
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def labelled(rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
    return next(row for row in rows if row["label"] == label)


def test_every_room_of_the_school_has_route_exit_meters_and_seconds(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = evacuated(capsys, file)
    assert report["cut_off"] == []
    assert len(report["rooms"]) == 131
    room = labelled(report["rooms"], "240")
    assert room["level"] == "Floor 2"
    assert [step["kind"] for step in room["route"]].count("stair") == 1
    assert room["route"][-1]["label"] == room["exit"]["label"] == "17"
    assert room["seconds"] == pytest.approx(room["meters"] / 1.19, rel=0.1)
    assert room["assembly_area"]["label"] in {"A1", "A2", "A3"}
    assert room["assembly_meters"] > room["meters"]
    assert room["out_seconds"] >= room["room_clear_seconds"] > 0


def test_the_clearance_time_says_by_which_model_and_what_governs_it(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clearance = evacuated(capsys, file)["clearance"]
    assert "Not for a lockdown" in clearance["about"]
    assert clearance["governed_by"]["kind"] == "exterior_door"
    assert 0 < clearance["seconds"] <= 1.3 * clearance["first_order_seconds"]
    assert clearance["people_stated"] is False


def test_the_people_of_the_school_are_shared_out_over_its_rooms(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = evacuated(capsys, file, "--people", "900")
    assert report["clearance"]["people"] == sum(r["people"] for r in report["rooms"]) == 900
    assert report["clearance"]["seconds"] < evacuated(capsys, file)["clearance"]["seconds"]
    assert evacuated(capsys, file, "--people", "-1", exits=1)["error"]["where"] == "--people"


def test_the_people_of_every_assembly_area_are_counted(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = evacuated(capsys, file, "--people", "900")
    assert {area["label"] for area in report["assembly_areas"]} == {"A1", "A2", "A3"}
    assert sum(area["people"] for area in report["assembly_areas"]) == 900


def test_the_youngest_grades_take_longest(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--people", "300", "--grades")
    seconds = [evacuated(capsys, file, *words, grades)["clearance"]["seconds"]
               for grades in ("6-12", "3-5", "k-2")]  # fmt: skip
    assert seconds == sorted(seconds)
    assert seconds[0] < seconds[2]


def test_closures_name_whom_they_cut_off_the_most_first(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    closures = evacuated(capsys, file)["closures"]
    counts = [len(closure["cut_off"]) for closure in closures]
    assert counts == sorted(counts, reverse=True)
    behind = labelled(closures, "Door 103")["cut_off"]
    assert {room["label"] for room in behind} == {"103", "103A", "103B"}


def test_a_closed_door_stair_and_hall_are_named_by_their_signs(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = evacuated(capsys, file, "--close", "door 17", "S-B", "--close", "Main hall@Floor 1")
    assert [(c["kind"], c["label"]) for c in report["closed"]] == [
        ("exterior_door", "17"), ("stair", "S-B"), ("corridor", "Main hall"),
    ]  # fmt: skip
    assert "142" in {room["label"] for room in report["cut_off"]}
    used = {step["feature"] for room in report["rooms"] for step in room["route"]}
    assert used.isdisjoint(c["feature"] for c in report["closed"])


def test_what_is_wrong_with_the_ways_stands_beside_them(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [finding["code"] for finding in evacuated(capsys, file)["findings"]]
    assert codes.count("exit_unmarked") == 4  # the doors of the portable classrooms
    assert "aed_far" in codes


def test_without_stairs_the_upper_floor_goes_to_refuge_areas(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = evacuated(capsys, file, "--without-stairs")["rooms"]
    above = [room for room in rooms if room["level"] == "Floor 2"]
    assert above
    for room in above:
        assert room["exit"] is None
        assert room["refuge_area"]["label"].startswith("Refuge")
    assert all(room["exit"] for room in rooms if room["level"] == "Floor 1")


@pytest.mark.parametrize(
    ("word", "says"),
    [("Main hall", "means 2 features"), ("nothing", "No way leads"), ("A1", "No way leads"),
     ("door 17@Roof", "no level Roof")],
)  # fmt: skip
def test_what_cannot_be_closed_is_refused_with_the_mend(
    file: str, word: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = evacuated(capsys, file, "--close", word, exits=1)["error"]
    assert says in error["message"]
    assert error["mend"]
