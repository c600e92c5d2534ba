"""Turf: whose ground a place is, by day and by night, and who lives near."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from maps.geometry.turf import Neighbor, ServiceArea, Turf, Turfs, neighbors_within
from notifications.policy.hours import Hours
from tests.maps.sheets import PLANE, point, rectangle

DAYTIME = Hours("America/Detroit", {day: ((time(8), time(17)),) for day in range(5)})
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday 12:00 in Detroit
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Tuesday 22:00 there
CITY, COUNTY = rectangle(0, 0, 1000, 1000), rectangle(-5000, -5000, 5000, 5000)

POLICE = ServiceArea("city police", "police", CITY, hours=DAYTIME)
SHERIFF = ServiceArea("sheriff", "sheriff", COUNTY)
STATE = ServiceArea("state police", "police", COUNTY, capacity="mutual_aid")
CENTER = ServiceArea("county dispatch", "dispatch", COUNTY)
FIRE = ServiceArea("fire district", "fire", COUNTY, dispatched_by="fire dispatch")
TURFS = Turfs((STATE, SHERIFF, POLICE, CENTER, FIRE))


def at(x: float, y: float, turfs: Turfs = TURFS) -> dict[str, Turf]:
    return {turf.service: turf for turf in turfs.at(*PLANE.point_to_degrees(x, y))}


def test_the_city_comes_before_its_county_and_the_county_after_hours() -> None:
    law = at(500, 500)["law"]
    assert (law.primary, law.backup, law.after_hours) == ("city police", "sheriff", "sheriff")


def test_outside_the_city_the_county_serves_day_and_night() -> None:
    law = at(-500, 500)["law"]
    assert (law.primary, law.backup, law.after_hours) == ("sheriff", "state police", "sheriff")


def test_the_dispatch_center_is_that_of_the_place_or_the_agencys_own() -> None:
    found = at(500, 500)
    assert found["law"].dispatch == "county dispatch"
    assert found["fire"].dispatch == "fire dispatch"


def test_a_service_without_agency_says_nobody_and_still_who_dispatches() -> None:
    assert at(500, 500)["ems"] == Turf("ems", None, None, None, "county dispatch")


def test_a_place_beyond_every_area_has_nobody() -> None:
    assert all(turf.primary is None and turf.dispatch is None for turf in at(9000, 0).values())


@pytest.mark.parametrize(("moment", "agency"), [(NOON, "city police"), (NIGHT, "sheriff")])
def test_who_comes_at_a_moment_is_the_first_on_duty(moment: datetime, agency: str) -> None:
    place = PLANE.point_to_degrees(500, 500)
    assert TURFS.on_duty(*place, "law", moment) == agency


def test_where_all_are_closed_nobody_is_named() -> None:
    turfs = Turfs((POLICE,))
    assert turfs.on_duty(*PLANE.point_to_degrees(500, 500), "law", NIGHT) is None
    assert at(500, 500, turfs)["law"].after_hours is None


def test_a_rank_goes_before_the_size_of_the_area() -> None:
    chosen = Turfs((POLICE, ServiceArea("sheriff", "sheriff", COUNTY, rank=-1)))
    assert at(500, 500, chosen)["law"].primary == "sheriff"


def test_two_agencies_that_claim_the_same_ground_are_named() -> None:
    rival = ServiceArea("town police", "police", rectangle(400, 400, 900, 900))
    law = at(500, 500, Turfs((POLICE, rival)))["law"]
    assert (law.primary, law.contested) == ("town police", ("city police",))


def test_a_moment_without_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        TURFS.on_duty(*PLANE.point_to_degrees(500, 500), "law", datetime(2026, 11, 24, 12))  # noqa: DTZ001


AREAS = st.lists(
    st.tuples(st.integers(-9, 8), st.integers(-9, 8), st.sampled_from(["police", "sheriff"]),
              st.sampled_from(["first_due", "mutual_aid"])),
    max_size=8,
)  # fmt: skip


@given(AREAS, st.integers(-10, 10), st.integers(-10, 10))
def test_only_who_holds_the_place_serves_it(
    drawn: list[tuple[int, int, str, str]], x: int, y: int
) -> None:
    areas = {
        f"agency {n}": ServiceArea(f"agency {n}", kind, box(west, south, west + 2, south + 2),
                                   capacity=capacity)  # type: ignore[arg-type]
        for n, (west, south, kind, capacity) in enumerate(drawn)
    }  # fmt: skip
    law = next(t for t in Turfs(tuple(areas.values())).at(x, y) if t.service == "law")
    holding = {key for key, area in areas.items() if area.area.intersects(Point(x, y))}
    assert (law.primary is None) == (not holding)
    assert {law.primary, law.backup, law.after_hours} - {None} <= holding
    assert law.backup is None or law.backup != law.primary
    first_due = {key for key in holding if areas[key].capacity == "first_due"}
    assert not first_due or law.primary in first_due


NEIGHBORS = (
    Neighbor("n1", "school", "Elementary", point(300, 0)),
    Neighbor("n2", "hospital", "Hospital", rectangle(150, 0, 250, 100)),
    Neighbor("n3", "day_care", "Day-care", point(0, 900)),
    Neighbor("n4", "other", "Shop", point(10, 0)),
)


def test_schools_hospitals_and_day_cares_within_a_radius_come_nearest_first() -> None:
    near = neighbors_within(rectangle(0, 0, 100, 100), NEIGHBORS, 801.0)
    assert [(found.neighbor.name, found.meters) for found in near] == [
        ("Hospital", 50.0), ("Elementary", 200.0), ("Day-care", 800.0),
    ]  # fmt: skip


def test_a_smaller_radius_and_other_kinds_leave_the_rest_out() -> None:
    near = neighbors_within(point(0, 0), NEIGHBORS, 160.0, frozenset({"other", "hospital"}))
    assert [found.neighbor.id for found in near] == ["n4", "n2"]
    assert neighbors_within(point(0, 0), (), 100.0) == ()
