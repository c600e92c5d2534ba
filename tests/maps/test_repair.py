"""The repair of polygons, and what it says that it changes."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from maps.document import Feature
from maps.geometry.repair import change_of, with_repairs
from tests.maps.sheets import PLANE, rectangle


def drawn(*corners: tuple[float, float]) -> Feature:
    return Feature("z", "room", "Z", PLANE.to_degrees(Polygon(corners)))


def test_a_bowtie_becomes_two_triangles() -> None:
    change = change_of(drawn((0, 0), (10, 10), (10, 0), (0, 10)).geometry, PLANE)
    assert change.parts == 2
    assert change.words == "50.0 m² stay, in 2 pieces"


def test_a_spike_falls_away_and_the_area_stays() -> None:
    change = change_of(
        drawn((0, 0), (10, 0), (10, 5), (15, 5), (10, 5), (10, 10), (0, 10)).geometry, PLANE
    )
    assert change.repaired.is_valid
    assert change.words == "100.0 m² stay, in one piece"


def test_a_hole_outside_its_outline_is_said() -> None:
    shape = Polygon(box(0, 0, 10, 10).exterior, [box(20, 0, 22, 2).exterior.coords])
    change = change_of(PLANE.to_degrees(shape), PLANE)
    assert change.repaired.is_valid
    assert "m²" in change.words


def test_two_parts_one_over_the_other_are_joined() -> None:
    shape = MultiPolygon([box(0, 0, 10, 10), box(5, 0, 15, 10)])
    change = change_of(PLANE.to_degrees(shape), PLANE)
    assert change.parts == 1
    assert abs(change.after - 150) < 0.01


def test_sound_features_are_left_as_they_are() -> None:
    sound = Feature("s", "room", "S", rectangle(0, 0, 5, 5))
    bowtie = drawn((0, 0), (10, 10), (10, 0), (0, 10))
    (first, second), changes = with_repairs([sound, bowtie])
    assert first is sound
    assert second.geometry.is_valid
    assert set(changes) == {"z"}


def test_what_would_vanish_is_left_and_not_among_the_changes() -> None:
    line = drawn((0, 0), (10, 0), (0, 0))
    (same,), changes = with_repairs([line])
    assert (same, changes) == (line, {})


CORNERS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=9, unique=True
)


@given(CORNERS)
def test_a_repaired_ring_is_valid_and_repairing_again_changes_nothing(
    corners: list[tuple[int, int]],
) -> None:
    change = change_of(PLANE.to_degrees(Polygon(corners)), PLANE)
    assert change.repaired.is_valid
    again = change_of(change.repaired, PLANE)
    assert abs(again.after - change.after) < 0.01
