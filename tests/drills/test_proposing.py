"""The next required drill is proposed from the law and the calendar, once, and kept up to date."""

from datetime import UTC, date, datetime, time, timedelta

from drills.models import Drill, DrillState
from drills.queries.compliance import compliance_of, compliance_of_all, days_for
from drills.services import recording, scheduling
from drills.services.proposing import propose_next
from tests.cast import Cast
from tests.drills.holding import acting, calendar, cleared, held, in_district, scheduled

OCTOBER = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def propose(cast: Cast, at: datetime = OCTOBER) -> Drill | None:
    with in_district(cast):
        return propose_next(campus=cast.lincoln, at=at)


def test_the_tightest_duty_is_proposed_with_its_reason(cast: Cast) -> None:
    calendar(cast)
    drill = propose(cast)
    assert drill is not None
    assert (drill.state, drill.type) == (DrillState.PROPOSED, "fire")
    assert drill.due_by == date(2026, 12, 1)
    assert drill.day >= date(2026, 10, 12)  # a week for the families' notice
    assert "Dec 1" in drill.why


def test_proposing_twice_leaves_one_proposal(cast: Cast) -> None:
    calendar(cast)
    first, again = propose(cast), propose(cast)
    assert first == again
    with in_district(cast):
        assert Drill.objects.filter(state=DrillState.PROPOSED).count() == 1


def test_a_persons_own_choice_of_day_stands(cast: Cast) -> None:
    calendar(cast)
    drill = propose(cast)
    assert drill is not None
    with acting(cast, "office") as actor:
        scheduling.move(
            drill_id=drill.pk, day=date(2026, 10, 20), time=time(13, 0), actor=actor, at=OCTOBER
        )
    again = propose(cast, OCTOBER + timedelta(days=1))
    assert again is not None
    assert again.day == date(2026, 10, 20)


def test_an_accepted_proposal_makes_room_for_the_next(cast: Cast) -> None:
    calendar(cast)
    drill = propose(cast)
    assert drill is not None
    with acting(cast, "office") as actor:
        scheduling.accept(
            drill_id=drill.pk, wanted=scheduling.wanted_of(drill), actor=actor, at=OCTOBER
        )
    following = propose(cast)
    assert following is not None
    assert following.pk != drill.pk


def test_without_a_calendar_or_rules_nothing_is_proposed(cast: Cast) -> None:
    assert propose(cast) is None
    calendar(cast)
    with in_district(cast):
        cast.lincoln.state = "ZZ"
        cast.lincoln.save()
        assert compliance_of(cast.lincoln, at=OCTOBER).rules is None
    assert propose(cast) is None


def test_what_was_held_counts_and_an_unplanned_alarm_does_not(cast: Cast) -> None:
    calendar(cast)
    held(cast, cleared(cast, scheduled(cast)))
    with acting(cast, "office") as actor:
        recording.record_afterwards(
            campus_id=cast.lincoln.pk,
            held=recording.Held("fire", date(2026, 9, 22), time(9, 0), 6, unplanned_alarm=True),
            actor=actor,
            at=OCTOBER,
        )
    with in_district(cast):
        verdicts = {one.key: one for one in compliance_of(cast.lincoln, at=OCTOBER).duties}
    assert (verdicts["MI.FIRE"].held, verdicts["MI.FIRE.DEC"].verdict) == (1, "due")


def test_a_missed_deadline_stands_as_it_is(cast: Cast) -> None:
    calendar(cast)
    with in_district(cast):
        verdicts = {
            one.key: one
            for one in compliance_of(cast.lincoln, at=datetime(2026, 12, 2, tzinfo=UTC)).duties
        }
    assert verdicts["MI.FIRE.DEC"].verdict in {"overdue", "impossible"}


def test_the_campus_in_most_trouble_comes_first(cast: Cast) -> None:
    calendar(cast)
    for day in (3, 10, 17):
        with acting(cast, "district") as actor:
            recording.record_afterwards(
                campus_id=cast.cedar_ridge.pk,
                held=recording.Held("fire", date(2026, 9, day), time(9, 0), 6),
                actor=actor,
                at=LATE,
            )
            recording.record_afterwards(
                campus_id=cast.cedar_ridge.pk,
                held=recording.Held("lockdown", date(2026, 10, day), time(9, 0), 6,
                                    pupils_present=False),
                actor=actor,
                at=LATE,
            )  # fmt: skip
    with in_district(cast):
        found = compliance_of_all([cast.cedar_ridge, cast.lincoln], at=LATE)
    assert [one.campus for one in found] == [cast.lincoln, cast.cedar_ridge]
    assert found[0].days_left is not None


def test_a_move_is_offered_lawful_days_only(cast: Cast) -> None:
    calendar(cast)
    drill = scheduled(cast, day=date(2026, 11, 24), at=LATE)
    with in_district(cast):
        compliance = compliance_of(cast.lincoln, at=LATE)
        offers = days_for(compliance, "fire", replacing=drill, count=3)
    days = [one.day for one in offers]
    assert days
    assert not {date(2026, 11, 26), date(2026, 11, 27), drill.day} & set(days)
    assert all(day.weekday() < 5 for day in days)
