"""OpenStreetMap extracts: Simple Indoor Tagging, the older scheme, and what real files do."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.document import Feature
from maps.formats.reading import MapReading, MapRefused, read_map
from tests.maps.sheets import LATITUDE, LONGITUDE

STEP = 0.0001  # about ten meters


def node(number: int, x: float, y: float, **tags: str) -> dict[str, Any]:
    found = {"type": "node", "id": number, "lon": LONGITUDE + x * STEP, "lat": LATITUDE + y * STEP}
    return {**found, "tags": tags} if tags else found


def square(first: int, x: float, y: float, side: float = 1) -> list[dict[str, Any]]:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    return [node(first + n, *corner) for n, corner in enumerate(corners)]


def way(number: int, *nodes: int, **tags: str) -> dict[str, Any]:
    colons = {key.replace("__", ":"): value for key, value in tags.items()}
    return {"type": "way", "id": number, "nodes": list(nodes), "tags": colons}


def relation(number: int, members: list[tuple[str, int, str]], **tags: str) -> dict[str, Any]:
    listed = [{"type": kind, "ref": ref, "role": role} for kind, ref, role in members]
    return {"type": "relation", "id": number, "members": listed, "tags": tags}


def overpass(*elements: dict[str, Any]) -> bytes:
    return json.dumps({"version": 0.6, "elements": list(elements)}).encode()


def as_xml(*elements: dict[str, Any], **first: str) -> bytes:
    """Return the same elements as OSM XML; `first` are further attributes of the first one."""
    lines = ["<osm version='0.6'>"]
    for number, e in enumerate(elements):
        own = {k: e[k] for k in ("id", "lat", "lon") if k in e} | (first if not number else {})
        attributes = " ".join(f'{key}="{value}"' for key, value in own.items())
        lines.append(f"<{e['type']} {attributes}>")
        lines += [f'<nd ref="{n}"/>' for n in e.get("nodes", ())]
        lines += [
            f'<member type="{m["type"]}" ref="{m["ref"]}" role="{m["role"]}"/>'
            for m in e.get("members", ())
        ]
        lines += [f'<tag k="{k}" v="{v}"/>' for k, v in e.get("tags", {}).items()]
        lines.append(f"</{e['type']}>")
    return "\n".join([*lines, "</osm>"]).encode()


def read(*elements: dict[str, Any]) -> MapReading:
    """Return the reading of elements, having seen that XML and Overpass JSON give the same."""
    one, other = read_map("map", overpass(*elements)), read_map("map", as_xml(*elements))
    assert one.features == other.features
    assert one.unplaced == other.unplaced
    tagged = [e for e in elements if e["type"] != "node" or e.get("tags")]
    assert one.total + len(one.unplaced) == len(tagged)
    return one


def only(reading: MapReading) -> Feature:
    (feature,) = reading.features
    return feature


def codes(reading: MapReading) -> set[str]:
    return {finding.code for finding in reading.findings}


ROOM = (*square(1, 0, 0), way(10, 1, 2, 3, 4, 1, indoor="room", level="1", ref="204", name="Art"))


def test_a_closed_way_is_a_room_with_sign_name_and_level() -> None:
    feature = only(read(*ROOM))
    assert (feature.kind, feature.label, feature.names) == ("room", "204", ("Art",))
    assert feature.geometry.geom_type == "Polygon"
    assert len(feature.levels) == 1


def test_an_element_keeps_its_id_in_xml_json_and_geojson() -> None:
    feature = only(read(*ROOM))
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "way/10",
                "properties": {"indoor": "room", "level": "1"},
                "geometry": feature.geometry.__geo_interface__,
            }
        ],
    }
    assert only(read_map("map", json.dumps(collection).encode())).id == feature.id


def test_a_room_that_is_not_closed_is_listed_with_its_reason() -> None:
    reading = read(*square(1, 0, 0), way(10, 1, 2, 3, 4, indoor="room", level="0"))
    assert not reading.features
    assert "drawn as lines" in reading.unplaced[0].why


@pytest.mark.parametrize(
    ("level", "ordinals"),
    [("-1-3", [-1, 0, 1, 2, 3]), ("0;2", [0, 2]), ("0.5", [0, 1]), ("-3--1", [-3, -2, -1])],
)
def test_level_ranges_and_lists_are_expanded(level: str, ordinals: list[int]) -> None:
    reading = read(*square(1, 0, 0), way(10, 1, 2, 3, 4, 1, stairs="yes", level=level))
    assert [v.ordinal for v in reading.levels] == ordinals
    assert only(reading).levels == tuple(v.id for v in reading.levels)


def test_repeat_on_adds_levels() -> None:
    reading = read(
        *square(1, 0, 0), way(10, 1, 2, 3, 4, 1, indoor="room", level="0", repeat_on="2-3")
    )
    assert [v.ordinal for v in reading.levels] == [0, 2, 3]


def test_a_building_states_storeys_that_have_no_room() -> None:
    reading = read(
        *square(1, 0, 0),
        way(10, 1, 2, 3, 4, 1, building="school", min_level="-1", max_level="2",
            non_existent_levels="1"),
    )  # fmt: skip
    assert [v.ordinal for v in reading.levels] == [-1, 0, 2]


def test_a_multipolygon_has_its_hole_and_its_ways_describe_it() -> None:
    outer = [{**way(10, 1, 2, 3), "tags": {}}, {**way(11, 3, 4, 1), "tags": {}}]
    inner = {**way(12, 5, 6, 7, 8, 5), "tags": {}}
    members = [("way", 11, "outer"), ("way", 12, "inner"), ("way", 10, "outer")]
    area = relation(20, members, type="multipolygon", indoor="area", level="0")
    reading = read(*square(1, 0, 0, 3), *square(5, 1, 1), *outer, inner, area)
    feature = only(reading)
    assert feature.kind == "corridor"
    assert len(feature.geometry.interiors) == 1
    assert reading.described == 3


def test_tags_on_the_outer_way_of_a_bare_multipolygon_make_one_feature() -> None:
    outer = way(10, 1, 2, 3, 4, 1, building="school")
    inner = {**way(11, 5, 6, 7, 8, 5), "tags": {}}
    bare = relation(20, [("way", 10, "outer"), ("way", 11, "inner")], type="multipolygon")
    reading = read(*square(1, 0, 0, 3), *square(5, 1, 1), outer, inner, bare)
    assert len(only(reading).geometry.interiors) == 1


def test_members_that_are_not_in_the_file_are_counted() -> None:
    route = relation(20, [("way", 1, ""), ("way", 2, ""), ("node", 3, "")], type="route")
    reading = read(*ROOM, route)
    finding = next(f for f in reading.findings if f.code == "members_missing")
    assert "2 members of 1 relations" in finding.where  # node 3 is there
    assert "a route" in reading.unplaced[0].why


def test_an_outline_whose_way_is_missing_is_listed_as_incomplete() -> None:
    half = {**way(10, 1, 2, 3), "tags": {}}
    members = [("way", 10, "outer"), ("way", 99, "outer")]
    area = relation(20, members, type="multipolygon", indoor="room", level="0")
    reading = read(*square(1, 0, 0), half, area)
    assert "does not close; 1 of 2 members are not in the file" in reading.unplaced[0].why
    assert "geometry_incomplete" in codes(reading)


def test_a_way_whose_nodes_are_missing_is_cut_off() -> None:
    reading = read(*square(1, 0, 0), way(10, 1, 2, 3, 77, 1, indoor="room", level="0"))
    assert "1 of its 5 points are not in the file" in reading.unplaced[0].why


def test_deleted_elements_are_ignored_and_counted() -> None:
    gone = as_xml(node(50, 0, 0, entrance="yes"), *ROOM, action="delete")
    reading = read_map("map", gone)
    assert only(reading).label == "204"
    assert next(f for f in reading.findings if f.code == "elements_deleted").where.endswith(
        "1 elements are marked as deleted"
    )


def test_a_door_takes_the_level_of_the_room_it_lies_on() -> None:
    elements = [*ROOM[:-1], node(5, 0.5, 0, door="hinged")]
    room = way(10, 1, 5, 2, 3, 4, 1, indoor="room", level="2")
    reading = read(*elements, room)
    door = next(f for f in reading.features if f.kind == "door")
    assert [v.ordinal for v in reading.levels if v.id in door.levels] == [2]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"buildingpart": "room", "indoor": "yes"}, "room"),
        ({"buildingpart": "corridor", "indoor": "yes"}, "corridor"),
        ({"buildingpart": "verticalpassage", "indoor": "yes"}, "stair"),
        ({"buildingpart": "hall", "indoor": "yes"}, "room"),
        ({"highway": "elevator", "indoor": "room"}, "elevator"),
        ({"building": "school"}, "building"),
        ({"leisure": "pitch"}, "athletic_field"),
        ({"amenity": "parking"}, "parking"),
    ],
)
def test_areas_of_both_schemes_have_their_kinds(tags: dict[str, str], kind: str) -> None:
    assert only(read(*square(1, 0, 0), way(10, 1, 2, 3, 4, 1, **tags))).kind == kind


def test_a_relation_of_a_level_gives_it_to_its_members() -> None:
    room = way(10, 1, 2, 3, 4, 1, indoor="yes", buildingpart="room")
    level = relation(20, [("way", 10, "buildingpart")], type="level", level="3")
    reading = read(*square(1, 0, 0), room, level)
    assert [v.ordinal for v in reading.levels] == [3]
    assert reading.described == 1


def test_a_parking_entrance_is_no_exterior_door() -> None:
    assert not read(node(1, 0, 0, amenity="parking_entrance")).features


def test_inline_geometry_is_read_and_a_center_alone_is_not() -> None:
    points = [{"lon": n["lon"], "lat": n["lat"]} for n in square(1, 0, 0)]
    tags = {"indoor": "room", "level": "0"}
    drawn = {"type": "way", "id": 1, "tags": tags, "geometry": [*points, points[0]]}
    centered = {"type": "way", "id": 2, "tags": tags, "center": points[0]}
    reading = read_map("map", overpass(drawn, centered))
    assert only(reading).kind == "room"
    assert "out geom" in reading.unplaced[0].why


def test_an_outdoor_extract_says_that_nothing_is_placed_indoors() -> None:
    reading = read(*square(1, 0, 0), way(10, 1, 2, 3, 4, 1, building="yes"))
    assert "no_indoor_features" in codes(reading)


def test_names_of_editors_are_not_kept() -> None:
    data = as_xml(*ROOM).replace(b"<way ", b"<way user='somebody' uid='7' changeset='9' ")
    assert b"somebody" in data
    assert "somebody" not in str(read_map("map", data).features)


def test_an_element_that_stands_twice_is_reported() -> None:
    reading = read_map("map", overpass(*ROOM, ROOM[-1]))
    assert reading.total + len(reading.unplaced) == 2
    assert "duplicate_id" in codes(reading)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (overpass({"type": "node", "id": 1, "lat": "x", "lon": 1}), "osm_position"),
        (overpass({"type": "node", "id": 1}), "osm_position"),
        (overpass({"type": "boat", "id": 1}), "osm_broken"),
        (overpass({"type": "way"}), "osm_broken"),
        (overpass({"type": "way", "id": 1, "nodes": [], "tags": {"a": []}}), "osm_broken"),
        (b"<osm><node id='1' lat='NaN' lon='1'/></osm>", "osm_number"),
        (b"<osm><node lat='1' lon='1'/></osm>", "osm_broken"),
        (b"<osmChange version='0.6'/>", "format_osm_change"),
        (as_xml(*ROOM)[:-30], "xml_cut_off"),
        (as_xml(*ROOM).replace(b"</way>", b"<way>"), "xml_broken"),
        (as_xml(*ROOM).replace(b"204", b"S\xfcd"), "encoding_wrong"),
        (b"<osm>" + b"<a>" * 100 + b"</a>" * 100 + b"</osm>", "xml_too_deep"),
        (b'<!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6">&a;</osm>', "xml_entities"),
        (b'<?xml version="1.0" encoding="EBCDIC-US"?><osm/>', "encoding_wrong"),
    ],
)
def test_broken_extracts_have_refusals_of_their_own(data: bytes, code: str) -> None:
    with pytest.raises(MapRefused) as caught:
        read_map("map", data)
    assert caught.value.code == code
    assert caught.value.where.startswith("map")


tags = st.dictionaries(
    st.sampled_from(["indoor", "level", "ref", "name", "door", "highway", "building", "type"]),
    st.sampled_from(["room", "0", "1;2", "yes", "corridor", "service", "x", ""]),
    max_size=4,
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.integers(1, 9), max_size=6), tags), max_size=6),
    st.lists(tags, max_size=4),
    st.lists(st.tuples(st.lists(st.integers(1, 7), max_size=3), tags), max_size=3),
)
def test_every_element_with_tags_is_placed_described_or_listed(
    ways: list[Any], points: list[Any], relations: list[Any]
) -> None:
    elements = [*square(1, 0, 0), *square(5, 1, 0)]
    elements += [way(n, *nodes, **found) for n, (nodes, found) in enumerate(ways, 1)]
    elements += [node(20 + n, n * 0.1, 0.5, **found) for n, found in enumerate(points)]
    elements += [
        relation(n, [("way", ref, "outer") for ref in refs], **found)
        for n, (refs, found) in enumerate(relations, 1)
    ]
    read(*elements)
