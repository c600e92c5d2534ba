"""Floor plans: SVG and PDF drawings, their placement on the ground, and the names of rooms."""

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.formats.plan_svg import read_svg
from maps.formats.reading import MapReading, MapRefused, read_map, read_map_file
from tests.maps.sheets import PLANE, archive

# A drawing of 100 by 50 units, one unit a meter, its upper left corner 50 m north of the origin.
CORNERS = [([0, 0], (0, 50)), ([100, 0], (100, 50)), ([100, 50], (100, 0)), ([0, 50], (0, 0))]


def control(points: list[Any] = CORNERS) -> list[dict[str, Any]]:
    return [{"at": at, "lonlat": list(PLANE.point_to_degrees(*on))} for at, on in points]


def svg(*shapes: str, more: str = "") -> str:
    space = 'xmlns="http://www.w3.org/2000/svg"'
    return f'<svg {space} viewBox="0 0 100 50" {more}>{"".join(shapes)}</svg>'


def rect(identity: str, x: float, y: float, width: float = 10, height: float = 5) -> str:
    return f'<rect id="{identity}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def level(file: str = "a.svg", ordinal: int = 0, **more: Any) -> dict[str, Any]:
    return {"file": file, "ordinal": ordinal, "name": f"Floor {ordinal}",
            "control": control(), **more}  # fmt: skip


def placed(drawing: str | bytes, *, names: Any = None, **more: Any) -> MapReading:
    """Return the reading of one drawing on the ground floor."""
    files = {"a.svg": drawing, "names.json": json.dumps(names)}
    placement = {"levels": [level(**more)], "names": None if names is None else "names.json"}
    return read(placement, files)


def read(placement: Any, files: dict[str, str | bytes]) -> MapReading:
    return read_map("map", archive({"placement.json": json.dumps(placement), **files}))


def refused(data: bytes) -> MapRefused:
    with pytest.raises(MapRefused) as caught:
        read_map("map", data)
    assert caught.value.mend
    return caught.value


def pdf(content: bytes, **page: Any) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 50))
    first = document.pages[0]
    first.Contents = document.make_stream(content)
    for key, value in page.items():
        first.obj[f"/{key}"] = value
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def bounds(reading: MapReading, label: str) -> tuple[float, ...]:
    (feature,) = [f for f in reading.features if f.label == label]
    return tuple(round(v, 3) for v in PLANE.to_meters(feature.geometry).bounds)


def test_a_drawing_alone_lists_every_shape_and_says_what_it_needs() -> None:
    reading = read_map(
        "map", svg(rect("room1", 0, 0), '<line x1="0" y1="0" x2="1" y2="1"/>').encode()
    )
    assert (reading.format, reading.total, reading.levels) == ("svg", 0, ())
    assert len(reading.unplaced) == 2
    assert all("needs two control points" in left.why for left in reading.unplaced)


def test_a_placed_room_lies_where_its_control_points_say() -> None:
    reading = placed(svg(rect("room204", 20, 10)))
    assert bounds(reading, "204") == (20, 35, 30, 40)
    assert [(v.ordinal, v.name) for v in reading.levels] == [(0, "Floor 0")]
    assert reading.features[0].levels == (reading.levels[0].id,)


def test_shapes_without_id_are_listed_as_such() -> None:
    reading = placed(svg(rect("room1", 0, 0), rect("rect123", 0, 0), '<path d="M0 0 L5 5"/>'))
    assert reading.total == 1
    assert [left.why for left in reading.unplaced] == ["a wall, door or mark: it carries no id"] * 2


def test_an_id_that_is_no_room_is_named() -> None:
    reading = placed(svg(rect("logo", 0, 0), rect("roommate", 0, 0)))
    assert ["“logo”" in left.why or "“roommate”" in left.why for left in reading.unplaced]
    assert not reading.features


def test_levels_are_joined_and_a_room_on_each_keeps_its_own_id() -> None:
    drawing = svg(rect("room1", 0, 0))
    placement = {"levels": [level("a.svg", 0), level("b.svg", 1)]}
    reading = read(placement, {"a.svg": drawing, "b.svg": drawing})
    assert [v.ordinal for v in reading.levels] == [0, 1]
    assert len({f.id for f in reading.features}) == 2


def test_names_of_a_room_are_all_kept_and_tags_say_its_kind() -> None:
    names = {"rooms": {"1": {"names": ["Health Room", "Nurse"]}, "A2": {"tags": ["aed"]}, "9": []}}
    reading = placed(svg(rect("room1", 0, 0), rect("roomA2", 50, 0)), names=names)
    by_label = {f.label: f for f in reading.features}
    assert by_label["1"].names == ("Health Room", "Nurse")
    assert by_label["A2"].kind == "aed"
    unused = next(f for f in reading.findings if f.code == "names_unused")
    assert unused.where.endswith("1 rooms of the file of names (9)")


def test_an_id_in_the_file_of_names_needs_no_prefix() -> None:
    assert placed(svg(rect("gym", 0, 0)), names={"gym": ["Arena"]}).features[0].label == "gym"


@pytest.mark.parametrize(
    ("identity", "kind", "label"),
    [
        ("room128A.1", "room", "128A.1"),
        ("Room-12", "room", "12"),
        ("roomx101", "room", "x101"),
        ("stair_3", "stair", "3"),
        ("stairwell B", "stair", "B"),
        ("elevator1", "elevator", "1"),
        ("hallWest", "corridor", "West"),
    ],
)
def test_an_id_says_kind_and_label(identity: str, kind: str, label: str) -> None:
    (feature,) = placed(svg(rect(identity, 0, 0))).features
    assert (feature.kind, feature.label) == (kind, label)


@pytest.mark.parametrize(
    "drawing",
    [
        '<g transform="translate(20 10)"><rect id="room1" width="10" height="5"/></g>',
        '<g transform="scale(2)"><rect id="room1" x="10" y="5" width="5" height="2.5"/></g>',
        '<rect id="room1" transform="rotate(90 20 10)" x="20" y="0" width="5" height="10"/>',
        '<rect id="room1" transform="matrix(1 0 0 -1 0 25)" x="20" y="10" width="10" height="5"/>',
        '<path id="room1" d="m20 10h10v5H20z"/>',
        '<path id="room1" d="M20,10 30,10 30,15 20,15Z"/>',
        '<polygon id="room1" points="20,10 30,10 30,15 20,15"/>',
        '<polygon data-room="1" points="20 10 30 10 30 15 20 15"/>',
        '<rect x="20" y="10" width="10" height="5"><title>1</title></rect>',
        '<rect x="20" y="10" width="10" height="5"/><text x="25" y="12">1</text>',
        '<svg x="20" y="10"><rect id="room1" width="10" height="5"/></svg>',
    ],
)
def test_every_way_of_drawing_a_room_gives_the_same_room(drawing: str) -> None:
    assert bounds(placed(svg(drawing)), "1") == pytest.approx((20, 35, 30, 40), abs=0.01)


def test_curves_follow_their_arc() -> None:
    plan = read_svg(svg('<circle id="a" cx="50" cy="25" r="10"/>').encode(), "map")
    arc = read_svg(svg('<path d="M40 25A10 10 0 0 1 60 25A10 10 0 0 1 40 25Z"/>').encode(), "map")
    for found in (plan, arc):
        points = found.shapes[0].outlines[0].points
        assert all(abs(math.dist(p, (50, 25)) - 10) < 0.01 for p in points)


def test_a_ring_within_a_ring_is_a_hole() -> None:
    path = "M0 0H40V40H0Z M10 10H20V20H10Z"
    (feature,) = placed(svg(f'<path id="room1" d="{path}"/>')).features
    assert len(feature.geometry.interiors) == 1


def test_what_is_only_defined_is_no_shape() -> None:
    hidden = f"<defs>{rect('room1', 0, 0)}</defs><symbol>{rect('room2', 0, 0)}</symbol>"
    reading = placed(svg(hidden, '<use href="#room1"/>', rect("room3", 0, 0)))
    assert [f.label for f in reading.features] == ["3"]
    assert [left.why for left in reading.unplaced] == [
        "a copy of another shape: unlink copies and save the drawing again"
    ]


def test_a_room_drawn_as_a_line_is_listed() -> None:
    reading = placed(svg('<line id="room1" x1="0" y1="0" x2="5" y2="5"/>', '<path id="room2"/>'))
    assert ["line" in left.why or "cannot be read" in left.why for left in reading.unplaced]
    assert reading.total == 0


def test_a_residual_of_three_points_is_measured_in_meters() -> None:
    points = [CORNERS[0], CORNERS[1], ([100, 50], (100, 0.3))]
    finding = finding_of(placed(svg(rect("room1", 0, 0)), control=control(points)))
    assert finding["placement_residual"].severity == "info"
    # The same by another way: x = a u + b v + c, y = b u − a v + d, solved by least squares.
    rows, ground = [], []
    for (u, v), (x, y) in points:
        rows += [[u, v, 1, 0], [-v, u, 0, 1]]
        ground += [x, y]
    (squares,) = np.linalg.lstsq(np.array(rows, float), np.array(ground, float))[1]
    meters = math.sqrt(squares / (2 * 3 - 4))
    assert f"residual {meters:.2f} m" in finding["placement_residual"].where


def test_the_one_wrong_point_is_named() -> None:
    points = [*CORNERS[:3], ([0, 50], (0, -20))]
    found = finding_of(placed(svg(rect("room1", 0, 0)), control=control(points)))
    assert found["placement_residual"].severity == "error"
    assert "point 4 is" in found["placement_residual"].where


def test_two_points_are_said_to_be_unchecked() -> None:
    found = finding_of(placed(svg(rect("room1", 0, 0)), control=control(CORNERS[:2])))
    assert "placement_residual" not in found
    assert "No check is possible" in found["placement_unchecked"].mend


def test_a_mirrored_placement_is_found() -> None:
    points = [([u, 50 - v], on) for (u, v), on in CORNERS]
    found = finding_of(placed(svg(rect("room1", 0, 0)), control=control(points)))
    assert found["placement_mirrored"].severity == "error"


def test_control_points_close_together_are_reported() -> None:
    points = [([0, 0], (0, 50)), ([10, 0], (10, 50))]
    found = finding_of(placed(svg(rect("room1", 0, 0)), control=control(points)))
    assert "control_points_close" in found


def finding_of(reading: MapReading) -> dict[str, Any]:
    return {finding.code: finding for finding in reading.findings}


def test_a_level_without_two_points_lists_all_its_shapes() -> None:
    reading = placed(svg(rect("room1", 0, 0)), control=control(CORNERS[:1]))
    assert "needs two control points" in reading.unplaced[0].why
    assert finding_of(reading)["control_points_missing"].severity == "error"


@settings(deadline=None)
@given(
    turn=st.floats(0, 2 * math.pi),
    scale=st.floats(0.05, 5),
    x=st.floats(-300, 300),
    y=st.floats(-300, 300),
)
def test_a_similarity_is_found_from_any_points(
    turn: float, scale: float, x: float, y: float
) -> None:
    factor, shift = scale * complex(math.cos(turn), math.sin(turn)), complex(x, y)

    def ground(u: float, v: float) -> tuple[float, float]:
        place = complex(u, -v) * factor + shift
        return place.real, place.imag

    points = [(at, ground(*at)) for at, _ in CORNERS[:3]]
    (feature,) = placed(svg(rect("room1", 20, 10)), control=control(points)).features
    corners = {tuple(round(v, 2) for v in ground(u, v)) for u in (20, 30) for v in (10, 15)}
    drawn = PLANE.to_meters(feature.geometry).exterior.coords
    assert all(min(math.dist(p, c) for c in corners) < 0.02 for p in drawn)


def test_a_pdf_has_the_shapes_of_its_page() -> None:
    content = b"q 1 0 0 1 20 35 cm 0 0 10 5 re S Q 0 0 m 5 5 l S 0 0 m 9 0 l 9 9 l h W n"
    reading = read_map("map", pdf(content))
    assert (reading.format, len(reading.unplaced)) == ("pdf", 2)


def test_a_room_of_a_pdf_is_named_by_the_text_in_it() -> None:
    font = pikepdf.Dictionary(
        F1=pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                              BaseFont=pikepdf.Name.Helvetica)
    )  # fmt: skip
    content = b"20 35 10 5 re S BT /F1 3 Tf 22 37 Td (Room ) Tj [(20) -3 (4)] TJ ET"
    reading = placed(pdf(content, Resources=pikepdf.Dictionary(Font=font)))
    assert bounds(reading, "204") == (20, 35, 30, 40)


def test_a_room_of_a_pdf_is_named_by_marked_content() -> None:
    content = b"/Room <</Title (room7)>> BDC 20 35 10 5 re f EMC 0 0 5 5 re f"
    reading = placed(pdf(content))
    assert bounds(reading, "7") == (20, 35, 30, 40)
    assert len(reading.unplaced) == 1


def test_a_turned_page_is_placed_as_it_is_seen() -> None:
    content = b"/Room <</Title (room7)>> BDC 10 70 5 10 re f EMC"
    portrait = pdf(content, MediaBox=pikepdf.Array([0, 0, 50, 100]), Rotate=90)
    assert bounds(placed(portrait), "7") == (70, 35, 80, 40)


def test_pages_are_chosen_by_number() -> None:
    assert refused_placed(pdf(b"0 0 5 5 re f"), page=2).code == "pdf_page"


def refused_placed(drawing: str | bytes, **more: Any) -> MapRefused:
    with pytest.raises(MapRefused) as caught:
        placed(drawing, **more)
    return caught.value


def test_a_pdf_that_unpacks_to_too_much_is_refused() -> None:
    assert refused(pdf(b"0 0 1 1 re f " * 1_000_000)).code == "pdf_too_large"


def test_a_pdf_of_very_many_operators_is_refused_before_they_are_parsed() -> None:
    assert refused(pdf(b"n\n" * 800_000)).code == "pdf_too_large"


def test_a_picture_within_a_pdf_is_listed() -> None:
    reading = read_map("map", pdf(b"BI /W 1 /H 1 /BPC 8 /CS /G ID a EI 0 0 5 5 re f"))
    assert len(reading.unplaced) == 2


def test_a_room_of_very_many_parts_is_listed() -> None:
    path = "M0 0h1v1z" * 600
    reading = placed(svg(f'<path id="room1" d="{path}"/>'))
    assert "600 parts" in reading.unplaced[0].why


def test_a_pdf_of_forms_in_forms_ends() -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 50))
    form = document.make_stream(b"/A Do /A Do 0 0 5 5 re f")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))
    document.pages[0].Resources = form.Resources
    document.pages[0].Contents = document.make_stream(b"/A Do")
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_map("map", buffer.getvalue()).unplaced


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n", "pdf_cut_off"),
        (pdf(b"0 0 5 5 re f")[:-40], "pdf_cut_off"),
        (svg(rect("room1", 0, 0))[:-10].encode(), "xml_cut_off"),
        (svg("<rect>").encode(), "xml_broken"),
        (b'<!DOCTYPE svg [<!ENTITY a "&b;">]>' + svg().encode(), "xml_entities"),
        (archive({"a.svg": svg()}), "archive_without_map"),
        (json.dumps({"levels": [level()]}).encode(), "placement_missing"),
    ],
)
def test_broken_drawings_have_refusals_of_their_own(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_a_document_type_that_only_names_the_standard_is_accepted() -> None:
    head = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:9/svg11.dtd">'
    assert read_map("map", (head + svg(rect("room1", 0, 0))).encode()).unplaced


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ordinal": "1"}, "placement_broken"),
        ({"ordinal": None}, "placement_broken"),
        ({"file": ""}, "placement_broken"),
        ({"control": "here"}, "placement_broken"),
        ({"control": [{"at": [0, 0]}]}, "placement_broken"),
        ({"control": [{"at": [0, 0], "lonlat": [39.04, -177]}]}, "axes_swapped"),
        ({"control": [{"at": [0, 0], "lonlat": [999, 0]}]}, "placement_broken"),
        ({"control": [{"at": [0, True], "lonlat": [1, 1]}]}, "placement_broken"),
        ({"control": [*control(CORNERS[:1]), *control(CORNERS[:1])]}, "control_points_same"),
        ({"file": "gone.svg"}, "placement_missing"),
        ({"page": 0}, "placement_broken"),
        ({"name": {}}, "placement_broken"),
    ],
)
def test_a_placement_that_cannot_be_used_says_where(change: dict[str, Any], code: str) -> None:
    assert refused_placed(svg(rect("room1", 0, 0)), **change).code == code


def test_two_levels_of_one_ordinal_are_refused() -> None:
    placement = {"levels": [level(), level()]}
    with pytest.raises(MapRefused, match="ordinal 0"):
        read(placement, {"a.svg": svg()})


@pytest.mark.parametrize("names", [[1], {"1": 7}, {"1": {"kind": "castle"}}])
def test_names_that_cannot_be_used_are_refused(names: Any) -> None:
    assert refused_placed(svg(rect("room1", 0, 0)), names=names).code == "names_broken"


def test_a_placement_on_disk_reads_its_drawings_from_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "a.svg").write_text(svg(rect("room1", 0, 0)))
    target = tmp_path / "school.json"
    target.write_text(json.dumps({"levels": [level("plans/a.svg")]}))
    assert len(read_map_file(target).features) == 1


@pytest.mark.parametrize("name", ["../a.svg", "/etc/hostname", "link.svg"])
def test_a_placement_reads_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "a.svg").write_text(svg(rect("room1", 0, 0)))
    (inner / "link.svg").symlink_to(tmp_path / "a.svg")
    target = inner / "school.json"
    target.write_text(json.dumps({"levels": [level(name)]}))
    with pytest.raises(MapRefused) as caught:
        read_map_file(target)
    assert caught.value.code == "placement_outside"


def test_a_picture_in_a_placement_is_refused() -> None:
    assert refused_placed(b"\x89PNG\r\n\x1a\n").code == "drawing_unknown"


identities = st.sampled_from(["room1", "room2", "aed1", "logo", "rect12", "stair-1", ""])
numbers = st.floats(-50, 150)


@settings(deadline=None)
@given(st.lists(st.tuples(identities, numbers, numbers, st.floats(-1, 40), numbers), max_size=8))
def test_every_shape_is_placed_or_listed(shapes: list[Any]) -> None:
    drawn = [rect(*shape) for shape in shapes]
    drawn += [
        f'<path id="{i}" d="M{x} {y}L{w} {h}L0 0{"Z" if w > 9 else ""}"/>'
        for i, x, y, w, h in shapes
    ]
    reading = placed(svg(*drawn))
    assert reading.total + len(reading.unplaced) == len(drawn)
    assert sum(entry.count for entry in reading.classes) == len(drawn)


def test_text_of_a_subset_font_is_read_by_its_own_table() -> None:
    table = (
        b"/CMapName /X def 1 beginbfchar <0003> <0020> endbfchar "
        b"2 beginbfrange <0010> <0019> <0030> <0024> <0025> <0041> endbfrange"
    )
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 50))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0,
                              ToUnicode=document.make_stream(table))  # fmt: skip
    document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    content = b"20 35 10 5 re S BT /F1 3 Tf 22 37 Td <001200100014002400030003> Tj ET"
    document.pages[0].Contents = document.make_stream(content)
    buffer = io.BytesIO()
    document.save(buffer)
    assert bounds(placed(buffer.getvalue()), "204A") == (20, 35, 30, 40)
