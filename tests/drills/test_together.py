"""Pure: which visits of one crew stand too near in time."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from drills.together import Visit, conflict_of, conflicts, minutes_apart

START = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
SPACE = UUID(int=7)
CREW = ("crew", UUID(int=1), "engine 4")
LINCOLN, ACROSS_TOWN = (-84.7405, 43.211), (-84.65, 43.211)


def visit(number: int, minute: int, *, place: tuple[float | None, float | None] = LINCOLN,
          minutes: int = 15, who: tuple[str, UUID, str] = CREW) -> Visit:  # fmt: skip
    starts = START + timedelta(minutes=minute)
    return Visit(UUID(int=100 + number), who, starts, starts + timedelta(minutes=minutes),
                 uuid5(SPACE, str(place)), place)  # fmt: skip


def test_the_way_between_two_schools_counts() -> None:
    # 7.3 km on the straight line at 500 m a minute, and five minutes to leave and arrive
    assert minutes_apart(visit(1, 0), visit(2, 0, place=ACROSS_TOWN)) == 20
    assert conflict_of(visit(1, 0), visit(2, 34, place=ACROSS_TOWN))
    assert conflict_of(visit(1, 0), visit(2, 35, place=ACROSS_TOWN)) is None


def test_at_one_school_only_the_drills_themselves_overlap() -> None:
    assert conflict_of(visit(1, 0), visit(2, 14))
    assert conflict_of(visit(1, 0), visit(2, 15)) is None


def test_a_school_without_a_place_is_taken_as_twenty_minutes_away() -> None:
    nowhere = visit(2, 34, place=(None, None))
    assert conflict_of(visit(1, 0), nowhere)
    assert conflict_of(visit(1, 0), visit(2, 35, place=(None, None))) is None


def test_another_crew_is_never_in_the_way() -> None:
    other = ("crew", UUID(int=1), "ladder 1")
    assert conflicts([visit(1, 0), visit(2, 0, who=other)]) == []


visits = st.lists(
    st.builds(
        visit,
        st.integers(0, 40),
        st.integers(0, 600),
        place=st.sampled_from([LINCOLN, ACROSS_TOWN, (None, None)]),
        minutes=st.integers(1, 60),
        who=st.sampled_from([CREW, ("officer", UUID(int=2), "Officer Whitfield")]),
    ),
    max_size=12,
    unique_by=lambda one: one.drill,
)


@given(visits)
def test_all_pairs_are_found_and_no_other(rows: list[Visit]) -> None:
    found = {frozenset((pair.one.drill, pair.other.drill)) for pair in conflicts(rows)}
    wanted = {
        frozenset((one.drill, other.drill))
        for one, other in combinations(rows, 2)
        if one.who == other.who and conflict_of(one, other)
    }
    assert found == wanted


@given(visits)
def test_the_order_in_which_they_are_given_changes_nothing(rows: list[Visit]) -> None:
    assert conflicts(rows) == conflicts(list(reversed(rows)))
