"""What differs between two maps."""

from dataclasses import replace

from shapely.geometry import Point, box

from maps.changes import changes_between
from maps.document import Feature, Level, MapDocument

ROOM = Feature("r", "room", "101", box(-84.7405, 43.2109, -84.7403, 43.2110), levels=("f1",))
GATE = Feature("g", "gate", "Gate 4", Point(-84.7400, 43.2105))
LEVELS = (Level("f1", 0, "Floor 1", "1"), Level("f2", 1, "Floor 2", "2"))
OLD = MapDocument(LEVELS, (ROOM, GATE))


def with_features(*features: Feature) -> MapDocument:
    return MapDocument(LEVELS, features)


def test_equal_maps_have_no_changes() -> None:
    assert not changes_between(OLD, OLD)


def test_a_feature_that_came_or_went_is_listed() -> None:
    hydrant = Feature("h", "hydrant", "H1", Point(-84.74, 43.21))
    changes = changes_between(OLD, with_features(ROOM, hydrant))
    assert [c.label for c in changes.added] == ["H1"]
    assert [c.label for c in changes.removed] == ["Gate 4"]
    assert changes.touched == {"h", "g"}


def test_a_new_sign_is_a_renaming_with_the_former_sign() -> None:
    (change,) = changes_between(OLD, with_features(replace(ROOM, label="103"), GATE)).renamed
    assert (change.label, change.was) == ("103", "101")


def test_a_gate_ten_meters_on_has_moved_by_ten_meters() -> None:
    moved = replace(GATE, geometry=Point(-84.7400, 43.2105 + 10 / 111_100))
    (change,) = changes_between(OLD, with_features(ROOM, moved)).moved
    assert 9.5 < change.meters < 10.5


def test_a_redrawn_line_within_half_a_meter_is_no_change() -> None:
    redrawn = replace(GATE, geometry=Point(-84.7400, 43.2105 + 0.3 / 111_100))
    assert not changes_between(OLD, with_features(ROOM, redrawn))


def test_another_level_is_a_move() -> None:
    changes = changes_between(OLD, with_features(replace(ROOM, levels=("f2",)), GATE))
    assert [c.id for c in changes.moved] == ["r"]


def test_other_facts_alter_a_feature() -> None:
    changes = changes_between(OLD, with_features(ROOM, replace(GATE, properties={"access": "key"})))
    assert [c.id for c in changes.altered] == ["g"]
