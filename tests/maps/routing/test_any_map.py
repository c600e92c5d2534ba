"""Checks and evacuation of whatever may stand in a file: they answer, and never fail."""

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from maps.checks import check_everything
from maps.document import KINDS, Feature, Level, MapDocument
from maps.routing.evacuate import evacuate
from maps.routing.report import evacuation_report
from tests.maps.sheets import PLANE

STEP = st.integers(0, 6).map(lambda n: 5.0 * n)
PLACE = st.tuples(STEP, STEP)
PLACES = st.lists(PLACE, min_size=4, max_size=7)
BOXES = st.tuples(STEP, STEP, st.sampled_from([0.2, 5.0, 10.0, 20.0])).map(
    lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[2])
)
SHAPES = st.one_of(
    BOXES,
    BOXES,
    PLACE.map(Point),
    PLACES.map(LineString),
    PLACES.map(Polygon),  # often crossing itself, at times without any area
    st.lists(BOXES, min_size=1, max_size=3).map(MultiPolygon),
    st.lists(PLACES, min_size=1, max_size=2).map(MultiLineString),
    PLACES.map(MultiPoint),
    st.just(Polygon()),
    st.just(Point()),
    st.just(GeometryCollection()),
    st.lists(BOXES, max_size=2).map(lambda parts: GeometryCollection([*parts, Point(1, 1)])),
)
LEVELS = (Level("a", 0, "A", "A"), Level("b", 1, "B", "B"), Level("d", 3, "D", "D"))
VALUES: Any = st.one_of(st.none(), st.booleans(), st.integers(-5, 500), st.text(max_size=5),
                        st.floats(), st.lists(st.integers(), max_size=2))  # fmt: skip
FEATURES = st.lists(
    st.builds(
        Feature,
        id=st.integers(0, 40).map(str),
        kind=st.sampled_from(
            [*KINDS, "room", "room", "corridor", "door", "door", "exterior_door", "stair"]
        ),
        label=st.sampled_from(["", "1", "Gym", "A1"]),
        geometry=SHAPES.map(PLANE.to_degrees),
        levels=st.lists(st.sampled_from(["a", "b", "d", "none"]), max_size=3, unique=True).map(
            tuple
        ),
        properties=st.dictionaries(
            st.sampled_from(["occupants", "width", "assembly_area", "capacity", "storey_height"]),
            VALUES,
            max_size=3,
        ),
    ),
    max_size=14,
)
SOME_LEVELS = st.sampled_from([(), LEVELS[:1], LEVELS])


@settings(max_examples=150, deadline=None)
@given(SOME_LEVELS, FEATURES)
def test_every_check_answers_with_findings_that_can_be_shown(
    levels: tuple[Level, ...], features: list[Feature]
) -> None:
    for finding in check_everything(levels, features):
        assert finding.code
        assert finding.where
        assert finding.mend
        assert finding.severity in ("error", "warning", "info")


@settings(max_examples=150, deadline=None)
@given(SOME_LEVELS, FEATURES, st.booleans())
def test_every_evacuation_answers_with_numbers_that_can_be_written(
    levels: tuple[Level, ...], features: list[Feature], without_stairs: bool
) -> None:
    document = MapDocument(levels, tuple(features))
    found = evacuate(document, without_stairs=without_stairs)
    json.dumps(evacuation_report(document, found), allow_nan=False)
    for row in found.rooms:
        assert row.meters is None or 0 <= row.meters < math.inf
        assert (row.exit is None) == (row.meters is None)
        if row.room_seconds is not None and row.out_seconds is not None:
            assert row.out_seconds >= row.room_seconds - 1e-6
