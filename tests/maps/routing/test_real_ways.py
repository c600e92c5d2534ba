"""Ways through the real maps laid beside the project."""

from collections import Counter
from pathlib import Path

import pytest

from maps.checks import check_everything
from maps.document import MapDocument
from maps.formats.reading import read_map
from maps.routing.evacuate import evacuate
from maps.routing.findings import ways_findings

pytestmark = pytest.mark.shared_data


def read(folder: Path, name: str) -> MapDocument:
    return read_map(name, (folder / "maps" / name).read_bytes()).document()


def test_all_rooms_of_a_four_storey_building_but_the_one_without_a_door_get_out(
    shared_data: Path,
) -> None:
    document = read(shared_data, "dresden-apb.geojson")
    found = evacuate(document)
    (lost,) = found.cut_off
    assert document.feature(lost).label == "1065"
    assert len(found.rooms) == 392
    assert len(found.network.exits) == 21
    floors = {level.id: level.ordinal for level in document.levels}
    stairs = {row.room: sum(document.feature(key).kind == "stair" for key in row.route)
              for row in found.rooms}  # fmt: skip
    assert all(
        stairs[row.room] > 0
        for row in found.rooms
        if row.exit and floors[document.feature(row.room).levels[0]] > 0
        and not set(document.feature(row.exit).levels) & set(document.feature(row.room).levels)
    )  # fmt: skip


def test_closing_one_stair_of_it_cuts_nobody_off(shared_data: Path) -> None:
    document = read(shared_data, "dresden-apb.geojson")
    found = evacuate(document)
    stairs = {f.id for f in document.features if f.kind == "stair"}
    closed = [closure for closure in found.closures if closure.feature in stairs]
    assert closed
    assert all(not closure.cut_off for closure in closed)
    assert any(closure.longest_detour > 10 for closure in closed)


def test_two_buildings_without_a_drawn_exit_are_two_errors(shared_data: Path) -> None:
    document = read(shared_data, "spbpu-campus-imdf.zip")
    findings = ways_findings(document.levels, document.features)
    counts = Counter(finding.code for finding in findings)
    # 349 of 350 rooms have a door: 126 and 220 of them in two buildings, 3 by themselves.
    assert (counts["rooms_cut_off"], counts["room_unreachable"]) == (2, 3)
    more = [f.where for f in findings if f.code == "rooms_cut_off"]
    assert any("125 more rooms" in where for where in more)
    assert any("219 more rooms" in where for where in more)


def test_a_map_without_doors_says_so_once_and_not_room_by_room(shared_data: Path) -> None:
    document = read(shared_data, "openindoormaps-demo-map.geojson")
    counts = Counter(f.code for f in check_everything(document.levels, document.features))
    assert counts["doors_missing"] == 1
    assert counts["room_unreachable"] == counts["rooms_cut_off"] == counts["exits_missing"] == 0
