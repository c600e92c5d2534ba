"""Owners of corrective actions are told that one is theirs, due soon, or late; each once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from drills.models import AfterActionReview, CorrectiveAction
from drills.services import chasing, corrective
from notifications.models import Delivery, Notice
from tests.cast import Cast
from tests.drills.holding import STARTS, acting, cleared, held, in_district, member, scheduled

DUE = date(2026, 10, 20)
MINUTE = timedelta(minutes=1)


def morning(day: date) -> datetime:
    """Return 6:31 AM in Michigan."""
    return datetime(day.year, day.month, day.day, 6, 31, tzinfo=ZoneInfo("America/Detroit"))


def given(cast: Cast, owner: str, *, by: str = "principal") -> CorrectiveAction:
    """Let somebody give an action of a held drill to an owner."""
    drill = held(cast, cleared(cast, scheduled(cast)))
    with acting(cast, by) as actor:
        review = AfterActionReview.objects.get(drill=drill)
        return corrective.add(
            review_id=review.pk,
            deed=corrective.Deed("Adjust the closer of door 8", "equipment", "work_order",
                                 member(cast, owner), DUE),
            actor=actor,
            at=STARTS + timedelta(hours=1),
        )  # fmt: skip


def chase(cast: Cast, at: datetime) -> int:
    with in_district(cast):
        return chasing.chase(at=at)


def told(cast: Cast, kind: str) -> set[str]:
    with in_district(cast):
        return {
            row.recipient
            for notice in Notice.objects.filter(kind=kind)
            for row in Delivery.objects.filter(lines__notice=notice)
        }


def test_the_owner_is_told_at_once_and_who_gave_it_to_themselves_is_not(cast: Cast) -> None:
    given(cast, "sro")
    assert told(cast, "action.assigned") == {"Officer Dana Whitfield"}


def test_who_takes_an_action_themselves_gets_no_message(cast: Cast) -> None:
    given(cast, "principal")
    assert told(cast, "action.assigned") == set()


def test_the_owner_is_reminded_three_days_before_once(cast: Cast) -> None:
    given(cast, "sro")
    assert chase(cast, morning(DUE - timedelta(days=4))) == 0
    assert chase(cast, morning(DUE - timedelta(days=3)) - 2 * MINUTE) == 0
    assert chase(cast, morning(DUE - timedelta(days=3))) == 1
    assert chase(cast, morning(DUE - timedelta(days=2))) == 0
    assert told(cast, "action.due") == {"Officer Dana Whitfield"}


def test_what_is_late_is_told_to_who_is_in_charge_once(cast: Cast) -> None:
    given(cast, "sro")
    assert chase(cast, morning(DUE)) == 1  # late for the reminder, not for the deed
    assert chase(cast, morning(DUE + timedelta(days=1))) == 1
    assert chase(cast, morning(DUE + timedelta(days=2))) == 0
    assert told(cast, "action.overdue") == {
        "Officer Dana Whitfield",
        "Maria Ochoa",
        "Samuel Reyes",
    }


def test_what_was_never_reminded_is_told_once_when_it_is_late(cast: Cast) -> None:
    given(cast, "sro")
    assert chase(cast, morning(DUE + timedelta(days=5))) == 1
    assert chase(cast, morning(DUE + timedelta(days=6))) == 0
    assert told(cast, "action.due") == set()


def test_nobody_is_told_of_what_is_done(cast: Cast) -> None:
    action = given(cast, "sro")
    with acting(cast, "sro") as actor:
        corrective.finish(action_id=action.pk, proof="Order 5521", actor=actor,
                          at=STARTS + timedelta(days=1))  # fmt: skip
    assert chase(cast, morning(DUE + timedelta(days=9))) == 0


def test_the_words_name_the_deed_the_owner_and_the_day_marked_as_a_drill(cast: Cast) -> None:
    given(cast, "sro")
    with in_district(cast):
        said = chasing.wording(Notice.objects.get(kind="action.assigned"))
    assert said.subject.startswith("[DRILL] Lincoln High School")
    assert said.lines[0] == said.lines[-1] == "THIS IS A DRILL."
    assert "Adjust the closer of door 8" in said.lines[1]
    assert "Tue, Oct\u00a020" in said.lines[2]
