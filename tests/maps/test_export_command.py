"""`muster map check` and `export` on files: no database, one JSON document, or a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from maps.formats.reading import read_map
from maps.formats.writing import EXPORT_FORMATS, Site, write_map
from tests.maps.drawing_school import small_school
from tests.maps.sheets import collection, geojson_feature, point
from tests.maps.test_writing import AT


@pytest.fixture
def school(tmp_path: Path) -> Path:
    path = tmp_path / "lincoln.geojson"
    path.write_bytes(write_map(small_school(), "geojson", site=Site("Lincoln"), at=AT).content)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    assert cli.main(["map", *words, "--json"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_export_writes_each_format(
    form: str, school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    answer = run(capsys, "export", str(school), "--format", form, "-o", str(target))
    assert answer["bytes"] == target.stat().st_size > 0
    assert (answer["features"], answer["levels"], answer["unplaced"]) == (35, 2, 0)
    if form not in {"svg", "pdf"}:
        assert len(read_map("out", target.read_bytes()).features) == 35


def test_export_says_what_the_format_cannot_hold(
    school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "out.zip")
    answer = run(capsys, "export", str(school), "--format", "imdf", "--out", target)
    assert "address_incomplete" in {note["code"] for note in answer["notes"]}


def test_export_to_a_place_that_cannot_be_written_is_refused(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(school / "no" / "folder")
    answer = run(capsys, "export", str(school), "--format", "kml", "-o", target, code=1)
    assert answer["error"]["where"] == target
    assert answer["error"]["mend"]


def test_export_of_a_file_that_is_not_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "plan.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    target = tmp_path / "out.kml"
    answer = run(capsys, "export", str(picture), "--format", "kml", "-o", str(target), code=1)
    assert answer["error"]["code"] == "file_picture"
    assert not target.exists()


def test_another_format_is_wrong_usage(school: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["map", "export", str(school), "--format", "dwg", "-o", "x"])
    assert caught.value.code == 2


def test_check_says_what_each_class_became_and_takes_a_table_of_classes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, table = tmp_path / "map.geojson", tmp_path / "classes.json"
    target.write_bytes(collection(geojson_feature(point(0, 0), "a", asset="hose reel")))
    report = run(capsys, "check", str(target))
    assert len(report["unplaced"]) == 1
    table.write_text('{"asset=hose reel": "standpipe"}')
    report = run(capsys, "check", str(target), "--classes", str(table))
    assert report["features"]["by_kind"] == {"standpipe": 1}
    read = next(f for f in report["findings"] if f["code"] == "classes_read")
    assert read["where"] == "asset=hose reel → standpipe (1)"


@pytest.mark.parametrize("table", ["[1]", '{"a=b": "castle"}', '{"a=b": 7}', "{"])
def test_a_table_of_classes_that_cannot_be_used_is_refused(
    table: str, school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "classes.json"
    target.write_text(table)
    answer = run(capsys, "check", str(school), "--classes", str(target), code=1)
    assert answer["error"]["where"].startswith(str(target))


def test_check_reads_a_placement_and_the_drawing_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.svg").write_text(
        '<svg viewBox="0 0 9 9"><rect id="room1" width="5" height="5"/></svg>'
    )
    control = [
        {"at": [0, 0], "lonlat": [-77.2, 39.04]},
        {"at": [9, 0], "lonlat": [-77.1999, 39.04]},
    ]
    level = {"file": "a.svg", "ordinal": 0, "name": "Floor 1", "control": control}
    target = tmp_path / "placement.json"
    target.write_text(json.dumps({"levels": [level], "names": None}))
    report = run(capsys, "check", str(target))
    assert (report["format"], report["features"]["by_kind"]) == ("placement", {"room": 1})
