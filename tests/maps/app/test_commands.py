"""`muster map` from its words to its JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from backend.problems import BadInput
from backend.tenancy import reach
from maps.models import MapVersion
from tests.cast import Cast
from tests.maps.app.small_school import file_of, point


def run(*words: str) -> Any:
    """Return what a subcommand answers; the test database is open already."""
    given = cli.build_parser().parse_args(["map", *words])
    return given.handler(given)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "school.geojson"
    path.write_bytes(file_of())
    return str(path)


def test_check_prints_one_json_document_without_a_database(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["map", "check", file, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["format"] == "geojson"
    assert report["features"]["by_kind"]["room"] == 3
    assert {f["code"] for f in report["findings"]} >= {"room_without_door"}


def test_check_of_a_picture_exits_1_with_code_place_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert cli.main(["map", "check", str(path), "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "file_picture"
    assert all(error[key] for key in ("message", "where", "mend"))


def test_check_of_a_file_that_is_not_there_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["map", "check", "nowhere.geojson", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["where"] == "nowhere.geojson"


@pytest.mark.parametrize(
    ("what", "label"), [("Room 204", None), ("media center", "201"), ("A1", "A1"), ("gas", "Gas")]
)
def test_locate_finds_by_sign_name_and_cell_in_a_file(
    file: str, what: str, label: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = cli.main(["map", "locate", file, what, "--json"])
    answer = json.loads(capsys.readouterr().out)
    if label is None:
        assert (exit_code, answer["error"]["where"]) == (1, "WHAT")
    else:
        assert (exit_code, answer["places"][0]["label"].startswith(label)) == (0, True)


def test_locate_names_building_level_room_cell_and_door_of_a_position(file: str) -> None:
    longitude, latitude = point(10, -5)["coordinates"]
    (place,) = run("locate", file, f"{longitude},{latitude}@Floor 1")["places"]
    assert (place["building"], place["level"], place["room"]) == ("Main building", "Floor 1", "101")
    assert place["cell"] == "B2"
    assert place["nearest_exterior_door"]["label"] == "1"
    assert 13 < place["nearest_exterior_door"]["meters"] < 15


@pytest.mark.parametrize("what", ["200,95", "-84.7405,43.2110@Attic"])
def test_a_position_that_cannot_be_is_refused(file: str, what: str) -> None:
    with pytest.raises(BadInput) as refusal:
        run("locate", file, what)
    assert refusal.value.mend


def test_import_brings_a_file_into_the_draft_as_the_person_named(cast: Cast, file: str) -> None:
    answer = run("import", cast.lincoln.slug, file, "--as", "sro@example.org")
    assert (answer["version"], answer["state"], answer["features"]) == (1, "draft", 13)


@pytest.mark.parametrize(
    ("campus", "email", "where"),
    [
        ("Lincoln High School", "", "--as"),
        ("Lincoln High School", "nobody@example.org", "--as"),
        ("Lincoln High School", "stranger@example.org", "CAMPUS"),
        ("Springfield", "sro@example.org", "CAMPUS"),
    ],
)
def test_import_says_what_is_missing(
    cast: Cast, file: str, campus: str, email: str, where: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        run("import", campus, file, "--as", email)
    assert refusal.value.where == where


def test_locate_asks_the_published_map_of_a_campus(cast: Cast, published: MapVersion) -> None:
    answer = run("locate", "Lincoln High School", "library", "--as", "staff@example.org")
    assert answer["places"][0]["label"] == "201"


def test_export_writes_the_published_map_of_a_campus_to_whom_may_read_it(
    cast: Cast, published: MapVersion, tmp_path: Path
) -> None:
    target = tmp_path / "lincoln.zip"
    answer = run("export", "Lincoln High School", "--format", "imdf", "-o", str(target),
                 "--as", "staff@example.org")  # fmt: skip
    with reach.of_districts(cast.district.pk):
        assert answer["features"] == published.features.count()
    assert target.read_bytes().startswith(b"PK")
    with pytest.raises(BadInput):
        run("export", "Lincoln High School", "--format", "imdf", "-o", str(target),
            "--as", "stranger@example.org")  # fmt: skip


def test_evacuate_finds_the_ways_out_of_a_campuses_published_map(
    cast: Cast, published: MapVersion
) -> None:
    answer = run("evacuate", "Lincoln High School", "--as", "staff@example.org")
    assert {"rooms", "clearance"} <= answer.keys()
