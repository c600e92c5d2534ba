"""Who is next when nobody acknowledges: policies as data, and one pure step forward.

A policy is frozen when a notice starts (`policy_document`); contacts are given afresh for each
step, so that who was revoked meanwhile is skipped. What was done so far is the history; the next
step follows from it alone, so that steps missed during a standstill come once each, in order, late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from notifications.policy.hours import ALWAYS, Hours


class WrongPolicy(ValueError):
    """The escalation policy cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A time of silence: working days in the recipient's hours, or minutes whatever the hour."""

    working_days: int | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.minutes is None):
            raise WrongPolicy("A wait is either working days or minutes.")
        if self.length < 0:
            raise WrongPolicy(f"A wait of {self.length} is below zero; give 0 or more.")

    @property
    def length(self) -> int:
        """Return the number of working days or minutes."""
        return self.minutes if self.minutes is not None else self.working_days or 0

    def after(self, at: datetime, hours: Hours) -> datetime:
        """Return when this wait, begun at `at`, is over for somebody with these hours."""
        if self.minutes is not None:
            return at + timedelta(minutes=self.minutes)
        return hours.add_working_days(at, self.length)


@dataclass(frozen=True, slots=True)
class Policy:
    """How silence is answered: reminders to the same contact, then the next contact in order.

    All waits are counted from the moment that a contact was contacted. `keeps_hours` binds chasing
    (never the first contact) to the hours of whoever is chased. After `ends_after_days` nobody but
    the district is told any more. Raises WrongPolicy where a step could never be reached.
    """

    name: str
    next_after: Wait
    reminders: tuple[Wait, ...] = ()
    fallback_after: Wait | None = None
    keeps_hours: bool = True
    ends_after_days: int = 30

    def __post_init__(self) -> None:
        waits = (*self.reminders, self.next_after)
        if len({wait.minutes is None for wait in (*waits, self.last_wait)}) > 1:
            raise WrongPolicy(f"{self.name}: count all waits in working days, or all in minutes.")
        lengths = [wait.length for wait in waits]
        if lengths != sorted(set(lengths)):
            raise WrongPolicy(
                f"{self.name}: reminders must follow each other and lie before the next contact; "
                f"now {lengths}."
            )
        if self.last_wait.length < max(lengths[:-1], default=0):
            raise WrongPolicy(f"{self.name}: the district is told before the last reminder.")
        if self.ends_after_days < 1:
            raise WrongPolicy(f"{self.name}: the end lies at least one day after the start.")

    @property
    def last_wait(self) -> Wait:
        """Return the silence of the last contact after which the district is told."""
        return self.fallback_after or self.next_after


PACKETS = Policy("packets", next_after=Wait(working_days=1))
REVIEWS = Policy(
    "reviews and signatures",
    reminders=(Wait(working_days=2), Wait(working_days=5)),
    next_after=Wait(working_days=7),
)
URGENT = Policy("urgent conditions", next_after=Wait(minutes=30), keeps_hours=False)
CLEARANCES_NEAR = Policy(
    "clearances within 24 hours of a drill",
    next_after=Wait(minutes=0),
    fallback_after=Wait(minutes=30),
    keeps_hours=False,
)
"""Everyone on the list at once; that the district hears after 30 minutes is our own figure."""

POLICIES: Mapping[str, Policy] = {
    "packet": PACKETS,
    "review": REVIEWS,
    "signature": REVIEWS,
    "urgent": URGENT,
    "clearance_near": CLEARANCES_NEAR,
}
URGENT_CONDITIONS = frozenset({"access", "fire", "utilities"})
"""What a condition must touch to be urgent."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be told, in the order of calling; `revoked` ones are skipped."""

    id: str
    name: str
    hours: Hours = ALWAYS
    revoked: bool = False


class Deed(StrEnum):
    """What happened to a notice so far."""

    CONTACTED = "contacted"
    REMINDED = "reminded"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    FAILED = "failed"
    """No channel reaches this contact."""
    FALLBACK = "fallback"
    """The district was told that nobody acknowledged."""


@dataclass(frozen=True, slots=True)
class Event:
    """One deed with its contact (None for the fallback) and its moment."""

    deed: Deed
    at: datetime
    contact_id: str | None = None


class Action(StrEnum):
    """What a step does."""

    CONTACT = "contact"
    REMIND = "remind"
    FALLBACK = "fallback"


class Reason(StrEnum):
    """Why a step is due."""

    FIRST = "first"
    SILENT = "silent"
    DECLINED = "declined"
    FAILED = "failed"
    REVOKED = "revoked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """What is next: `contact` is whom to tell (None: the district), `about` who stayed silent."""

    action: Action
    due_at: datetime
    reason: Reason
    contact: Contact | None = None
    about: Contact | None = None

    def late_by(self, at: datetime) -> timedelta:
        """Return how long this step is overdue at a moment; zero when it is not due yet."""
        return max(at - self.due_at, timedelta(0))


def next_step(
    policy: Policy, history: Sequence[Event], contacts: Sequence[Contact], at: datetime
) -> Step | None:
    """Return the next step and when it is due, or None when there is nothing left to do.

    An acknowledgement of anybody ends it, and so does the word to the district; a late one reopens
    nothing. A decline or failure of the contact told last makes the next one due at once, in their
    hours where the policy keeps hours. With nobody left the district is told. `history` may be in
    any order; `at` is now and stands in for the start of a notice without history.
    Raises ValueError where two contacts bear the same id.
    """
    if len({contact.id for contact in contacts}) < len(contacts):
        raise ValueError("A contact stands twice in the order of calling; name each once.")
    deeds = {event.deed for event in history}
    if deeds & {Deed.ACKNOWLEDGED, Deed.FALLBACK}:
        return None
    past = _Past(policy, sorted(history, key=lambda event: event.at), contacts, at)
    step = past.step()
    end = past.start + timedelta(days=policy.ends_after_days)
    if step.action is not Action.FALLBACK and max(step.due_at, at) > end:
        return Step(Action.FALLBACK, end, Reason.ENDED, about=past.told_last)
    return step


def timeline(policy: Policy, contacts: Sequence[Contact], start: datetime) -> tuple[Step, ...]:
    """Return every step that follows if all stay silent, up to the word to the district."""
    history: list[Event] = []
    steps: list[Step] = []
    at = start
    while step := next_step(policy, history, contacts, at):
        steps.append(step)
        at = step.due_at
        history.append(Event(_DEED_OF[step.action], at, step.contact.id if step.contact else None))
    return tuple(steps)


_DEED_OF = {
    Action.CONTACT: Deed.CONTACTED,
    Action.REMIND: Deed.REMINDED,
    Action.FALLBACK: Deed.FALLBACK,
}


@dataclass(slots=True)
class _Past:
    """The history of one notice, and the step that follows from it."""

    policy: Policy
    history: Sequence[Event]
    contacts: Sequence[Contact]
    at: datetime
    last: Event | None = field(init=False)
    told_last: Contact | None = field(init=False)

    def __post_init__(self) -> None:
        told = [event for event in self.history if event.deed is Deed.CONTACTED]
        self.last = told[-1] if told else None
        self.told_last = next(
            (one for one in self.contacts if self.last and one.id == self.last.contact_id), None
        )

    @property
    def start(self) -> datetime:
        return self.history[0].at if self.history else self.at

    def step(self) -> Step:
        """Return what is due next, the hard end left aside."""
        if self.last is None:
            return self._to_next(self.start, Reason.FIRST)
        if self.told_last is None or self.told_last.revoked:
            return self._to_next(self.at, Reason.REVOKED)
        for event in self._since(self.last):
            if event.deed in {Deed.DECLINED, Deed.FAILED}:
                return self._to_next(event.at, Reason(event.deed.value))
        reminded = sum(event.deed is Deed.REMINDED for event in self._since(self.last))
        if reminded < len(self.policy.reminders):
            wait = self.policy.reminders[reminded]
            due = wait.after(self.last.at, self.told_last.hours)
            return Step(Action.REMIND, due, Reason.SILENT, self.told_last, about=self.told_last)
        wait = self.policy.next_after if self._remaining() else self.policy.last_wait
        return self._to_next(wait.after(self.last.at, self.told_last.hours), Reason.SILENT)

    def _since(self, told: Event) -> list[Event]:
        return [
            event
            for event in self.history
            if event.contact_id == told.contact_id and event.at >= told.at
        ]

    def _remaining(self) -> list[Contact]:
        """Return who can still be told: not revoked, not told, not known to be out of reach."""
        settled = {event.contact_id for event in self.history}
        return [one for one in self.contacts if not one.revoked and one.id not in settled]

    def _to_next(self, due: datetime, reason: Reason) -> Step:
        remaining = self._remaining()
        if not remaining:
            return Step(Action.FALLBACK, due, reason, about=self.told_last)
        contact = remaining[0]
        if self.policy.keeps_hours and reason is not Reason.FIRST:
            due = contact.hours.next_open(due)
        return Step(Action.CONTACT, due, reason, contact, about=self.told_last)


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return a policy as JSON, to be frozen with the notice that it governs."""
    return {
        "name": policy.name,
        "next_after": _wait_document(policy.next_after),
        "reminders": [_wait_document(wait) for wait in policy.reminders],
        "fallback_after": policy.fallback_after and _wait_document(policy.fallback_after),
        "keeps_hours": policy.keeps_hours,
        "ends_after_days": policy.ends_after_days,
    }


def read_policy(document: Mapping[str, Any]) -> Policy:
    """Return the policy that `policy_document` wrote; WrongPolicy says what is wrong where."""
    known = set(Policy.__dataclass_fields__)
    if set(document) != known:
        wrong = min(set(document) ^ known)
        raise WrongPolicy(f"{wrong}: missing or unknown; give exactly {', '.join(sorted(known))}.")
    fallback = document["fallback_after"]
    name, keeps_hours, days = (document[key] for key in ("name", "keeps_hours", "ends_after_days"))
    if not isinstance(name, str) or not isinstance(keeps_hours, bool) or type(days) is not int:
        raise WrongPolicy("name is a text, keeps_hours true or false, ends_after_days a number.")
    if not isinstance(document["reminders"], list):
        raise WrongPolicy("reminders: give a list of waits.")
    return Policy(
        name=name,
        next_after=_read_wait("next_after", document["next_after"]),
        reminders=tuple(_read_wait("reminders", wait) for wait in document["reminders"]),
        fallback_after=None if fallback is None else _read_wait("fallback_after", fallback),
        keeps_hours=keeps_hours,
        ends_after_days=days,
    )


def _wait_document(wait: Wait) -> dict[str, int]:
    return {"working_days" if wait.minutes is None else "minutes": wait.length}


def _read_wait(where: str, document: Any) -> Wait:
    match document:
        case {"minutes": int(minutes), **rest} if not rest:
            return Wait(minutes=minutes)
        case {"working_days": int(days), **rest} if not rest:
            return Wait(working_days=days)
        case _:
            raise WrongPolicy(
                f'{where}: {document!r} is no wait; write {{"minutes": 30}} or '
                '{"working_days": 1}.'
            )
