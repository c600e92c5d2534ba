"""Who is next when nobody acknowledges."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.policy.escalation import (
    CLEARANCES_NEAR,
    PACKETS,
    POLICIES,
    REVIEWS,
    URGENT,
    Action,
    Contact,
    Deed,
    Event,
    Policy,
    Reason,
    Wait,
    WrongPolicy,
    next_step,
    policy_document,
    read_policy,
    timeline,
)
from notifications.policy.hours import office_hours

DETROIT = ZoneInfo("America/Detroit")
OFFICE = office_hours("America/Detroit")
CHIEF = Contact("chief", "Chief Ortiz", OFFICE)
CAPTAIN = Contact("captain", "Captain Lee", OFFICE)
DESK = Contact("desk", "Lakeshore EMS desk")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=DETROIT)


def told(contact: Contact, at: datetime = MONDAY) -> Event:
    return Event(Deed.CONTACTED, at, contact.id)


def test_the_first_contact_is_told_at_once_whatever_the_hour():
    night = MONDAY.replace(hour=2)
    step = next_step(PACKETS, [], [CHIEF, CAPTAIN], night)
    assert step is not None
    assert (step.action, step.contact, step.due_at) == (Action.CONTACT, CHIEF, night)


def test_a_silent_packet_goes_to_the_next_contact_after_one_working_day():
    step = next_step(PACKETS, [told(CHIEF)], [CHIEF, CAPTAIN], MONDAY)
    assert step is not None
    assert (step.contact, step.due_at) == (CAPTAIN, MONDAY + timedelta(days=1))
    assert (step.reason, step.about) == (Reason.SILENT, CHIEF)


def test_an_acknowledgement_of_anybody_ends_it():
    history = [told(CHIEF), Event(Deed.ACKNOWLEDGED, MONDAY, "somebody else")]
    assert next_step(PACKETS, history, [CHIEF, CAPTAIN], MONDAY) is None


def test_a_late_acknowledgement_reopens_nothing():
    history = [
        told(CHIEF),
        Event(Deed.FALLBACK, MONDAY + timedelta(days=1)),
        Event(Deed.ACKNOWLEDGED, MONDAY + timedelta(days=2), "chief"),
    ]
    assert next_step(PACKETS, history, [CHIEF, CAPTAIN], MONDAY + timedelta(days=3)) is None


def test_a_review_is_reminded_twice_before_the_next_contact():
    steps = timeline(REVIEWS, [CHIEF, CAPTAIN], MONDAY)
    shown = [
        (
            step.action.value,
            step.contact and step.contact.id,
            step.due_at.astimezone(DETROIT).day,
        )
        for step in steps
    ]
    assert shown == [
        ("contact", "chief", 2),
        ("remind", "chief", 4),
        ("remind", "chief", 9),
        ("contact", "captain", 11),
        ("remind", "captain", 13),
        ("remind", "captain", 18),
        ("fallback", None, 20),
    ]
    assert {step.due_at.astimezone(DETROIT).hour for step in steps} == {10}


def test_an_urgent_condition_goes_on_after_thirty_minutes_at_night():
    night = MONDAY.replace(hour=23)
    steps = timeline(URGENT, [CHIEF, CAPTAIN], night)
    assert [(step.due_at - night) for step in steps] == [
        timedelta(0),
        timedelta(minutes=30),
        timedelta(minutes=60),
    ]
    assert steps[-1].action is Action.FALLBACK


def test_a_clearance_close_to_the_drill_tells_everyone_at_once():
    steps = timeline(CLEARANCES_NEAR, [CHIEF, CAPTAIN, DESK], MONDAY)
    assert [step.due_at for step in steps[:3]] == [MONDAY] * 3
    assert steps[3].action is Action.FALLBACK
    assert steps[3].due_at == MONDAY + timedelta(minutes=30)


@pytest.mark.parametrize("deed", [Deed.DECLINED, Deed.FAILED])
def test_a_decline_or_failure_makes_the_next_contact_due_at_once(deed):
    at = MONDAY + timedelta(minutes=3)
    step = next_step(PACKETS, [told(CHIEF), Event(deed, at, "chief")], [CHIEF, CAPTAIN], at)
    assert step is not None
    assert (step.contact, step.due_at, step.reason) == (CAPTAIN, at, Reason(deed.value))


def test_chasing_by_night_waits_for_the_hours_of_the_next_contact():
    night = MONDAY.replace(hour=22)
    history = [told(CHIEF), Event(Deed.FAILED, night, "chief")]
    step = next_step(PACKETS, history, [CHIEF, CAPTAIN], night)
    assert step is not None
    assert step.due_at == MONDAY.replace(day=3, hour=8)


def test_an_earlier_contact_who_declines_does_not_shorten_the_wait_of_a_later_one():
    tuesday = MONDAY + timedelta(days=1)
    history = [
        told(CHIEF),
        told(CAPTAIN, tuesday),
        Event(Deed.DECLINED, tuesday + timedelta(hours=1), "chief"),
    ]
    step = next_step(PACKETS, history, [CHIEF, CAPTAIN, DESK], tuesday)
    assert step is not None
    assert (step.contact, step.due_at) == (DESK, tuesday + timedelta(days=1))


def test_a_revoked_contact_is_skipped():
    gone = Contact("captain", "Captain Lee", OFFICE, revoked=True)
    step = next_step(PACKETS, [told(CHIEF)], [CHIEF, gone, DESK], MONDAY)
    assert step is not None
    assert step.contact == DESK


def test_a_contact_revoked_while_we_wait_is_not_waited_for():
    at = MONDAY + timedelta(hours=1)
    gone = Contact("chief", "Chief Ortiz", OFFICE, revoked=True)
    step = next_step(PACKETS, [told(CHIEF)], [gone, CAPTAIN], at)
    assert step is not None
    assert (step.contact, step.due_at, step.reason) == (CAPTAIN, at, Reason.REVOKED)


@pytest.mark.parametrize("contacts", [[], [Contact("chief", "Chief Ortiz", revoked=True)]])
def test_with_nobody_to_tell_the_district_is_told_at_once(contacts):
    step = next_step(PACKETS, [], contacts, MONDAY)
    assert step is not None
    assert (step.action, step.due_at) == (Action.FALLBACK, MONDAY)


def test_steps_missed_in_a_standstill_come_once_each_in_order_and_late():
    now = MONDAY + timedelta(days=20)
    history = [told(CHIEF)]
    first = next_step(REVIEWS, history, [CHIEF, CAPTAIN], now)
    assert first is not None
    history.append(Event(Deed.REMINDED, now, "chief"))
    second = next_step(REVIEWS, history, [CHIEF, CAPTAIN], now)
    assert second is not None
    assert (first.action, second.action) == (Action.REMIND, Action.REMIND)
    assert first.due_at < second.due_at < now
    assert first.late_by(now) == now - first.due_at


def test_after_the_hard_end_only_the_district_is_told():
    months = MONDAY + timedelta(days=90)
    step = next_step(PACKETS, [told(CHIEF)], [CHIEF, CAPTAIN], months)
    assert step is not None
    assert (step.action, step.reason) == (Action.FALLBACK, Reason.ENDED)


def test_a_contact_named_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        next_step(PACKETS, [], [CHIEF, CHIEF], MONDAY)


def test_a_reminder_that_could_never_come_is_refused():
    with pytest.raises(WrongPolicy, match="before the next contact"):
        Policy("wrong", next_after=Wait(working_days=2), reminders=(Wait(working_days=3),))


def test_a_wait_of_two_kinds_is_refused():
    with pytest.raises(WrongPolicy, match="all in minutes"):
        Policy("wrong", next_after=Wait(working_days=2), reminders=(Wait(minutes=3),))


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_frozen_policy_reads_back_the_same(policy):
    assert read_policy(policy_document(policy)) == policy


def test_a_policy_with_an_unknown_entry_is_refused_by_name():
    with pytest.raises(WrongPolicy, match="loud"):
        read_policy(policy_document(PACKETS) | {"loud": True})


@given(
    st.sampled_from(list(POLICIES.values())),
    st.lists(st.booleans(), max_size=6),
    st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime(2026, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_silence_always_ends_with_the_district_and_nobody_is_told_twice(policy, revoked, start):
    contacts = [Contact(str(n), f"Contact {n}", OFFICE, gone) for n, gone in enumerate(revoked)]
    steps = timeline(policy, contacts, start)
    assert [step.action is Action.FALLBACK for step in steps] == [False] * (len(steps) - 1) + [True]
    dues = [step.due_at for step in steps]
    assert dues == sorted(dues)
    called = [step.contact for step in steps if step.action is Action.CONTACT]
    assert called == [one for one in contacts if not one.revoked][: len(called)]
    if policy.keeps_hours:
        chased = [step for step in steps[1:] if step.contact]
        assert all(step.contact.hours.is_open(step.due_at) for step in chased if step.contact)
