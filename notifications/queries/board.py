"""The board of one notice: each agency with its contacts, what is known, and what comes next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from backend.directory.models import Agency, Campus, Coverage
from backend.directory.queries import capacity_words
from backend.web.words import Clock
from notifications.models import (
    Acknowledgement,
    Delivery,
    DeliveryLine,
    DeliveryState,
    EscalationStep,
    HeldBecause,
    Notice,
)
from notifications.policy.escalation import Action
from notifications.queries import board_words as say
from notifications.queries.recipients import covering, hours_of
from notifications.subjects import Opening, UnknownSubject, subject_of

UNREACHED = {DeliveryState.FAILED, DeliveryState.EXPIRED}


@dataclass(frozen=True, slots=True)
class Row:
    """One contact, device or call: who, how far it came, since when, and what comes next."""

    name: str
    detail: str
    state: str
    at: datetime | None
    next: str
    word: str = ""
    failure: str = ""
    repair_label: str = ""
    repair_url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of the time line: what happened or, if it is still to come, what will."""

    at: datetime
    words: str
    is_next: bool = False


@dataclass(slots=True)
class Band:
    """One agency: its rows, and whether it has acknowledged."""

    agency: Agency
    capacity: str
    kind: str = "on_track"
    word: str = ""
    note: str = ""
    at: datetime | None = None
    rows: list[Row] = field(default_factory=list)
    timeline: list[Moment] = field(default_factory=list)
    skipped: str = ""

    @property
    def is_acknowledged(self) -> bool:
        """Return whether nothing more is awaited from this agency."""
        return self.kind == "met"


@dataclass(frozen=True, slots=True)
class Board:
    """What a page shows of one notice, silent agencies first."""

    campus: Campus
    notice: Notice
    bands: Sequence[Band]
    at: datetime
    clock: Clock

    @property
    def acknowledged(self) -> int:
        """Return how many agencies have acknowledged."""
        return sum(band.is_acknowledged for band in self.bands)

    @property
    def contacts(self) -> int:
        """Return how many contacts, devices and calls are shown."""
        return sum(len(band.rows) for band in self.bands)

    @property
    def failed(self) -> int:
        """Return how many addresses failed."""
        return sum(row.state in UNREACHED for band in self.bands for row in band.rows)

    @property
    def silent(self) -> list[Band]:
        """Return the agencies from which an answer is awaited."""
        return [band for band in self.bands if not band.is_acknowledged]


@dataclass(slots=True)
class _Facts:
    """All rows of one notice, read once."""

    notice: Notice
    campus: Campus
    at: datetime
    clock: Clock
    deliveries: Mapping[UUID, list[Delivery]]
    acknowledgements: Mapping[UUID, list[Acknowledgement]]
    steps: Mapping[UUID, list[EscalationStep]]
    openings: Mapping[UUID, list[Opening]]
    answers_to_calls: Mapping[UUID, Acknowledgement]

    def moment(self, at: datetime) -> str:
        """Return a moment in the campus's zone, as the reader's clock shows it."""
        return say.moment_words(at, self.campus.time_zone, self.clock, now=self.at)


def notice_of(subject_id: UUID) -> Notice | None:
    """Return the newest notice of a subject that a member may see, or None."""
    return Notice.objects.filter(subject_id=subject_id).order_by("-pk").first()


def agency_board(campus: Campus, notice: Notice, at: datetime, *, clock: Clock = 12) -> Board:
    """Return who of the covering agencies has this notice; in a member's reach."""
    facts = _read(campus, notice, at, clock)
    capacities = {row.agency_id: row for row in covering(campus, at)}
    agencies = {row.agency_id: row.agency for row in capacities.values()}
    agencies |= {pk: row[0].told_agency() for pk, row in facts.deliveries.items()}
    bands = [_band(agency, capacities.get(pk), facts) for pk, agency in agencies.items()]
    return Board(campus, notice, sorted(bands, key=_urgency), at, clock)


def _urgency(band: Band) -> tuple[int, str]:
    order = {"overdue": 0, "due": 1, "on_track": 2, "met": 3}
    return order[band.kind], band.agency.name


def _read(campus: Campus, notice: Notice, at: datetime, clock: Clock) -> _Facts:
    deliveries: dict[UUID, list[Delivery]] = defaultdict(list)
    lines = DeliveryLine.objects.filter(
        notice=notice, delivery__agency__isnull=False
    ).select_related("delivery__agency", "delivery__contact")
    for line in lines.order_by("delivery_id"):
        deliveries[line.delivery.told_agency().pk].append(line.delivery)
    acknowledgements: dict[UUID, list[Acknowledgement]] = defaultdict(list)
    given = Acknowledgement.objects.filter(notice=notice).select_related("contact")
    for one in given.order_by("acknowledged_at", "pk"):
        acknowledgements[one.agency_id].append(one)
    steps: dict[UUID, list[EscalationStep]] = defaultdict(list)
    for step in (
        EscalationStep.objects.filter(notice=notice).select_related("contact").order_by("number")
    ):
        steps[step.agency_id].append(step)
    openings: dict[UUID, list[Opening]] = defaultdict(list)
    for opening in _openings(notice):
        openings[opening.agency_id].append(opening)
    calls = [one.pk for row in acknowledgements.values() for one in row if one.how == "phone"]
    answers = Acknowledgement.objects.filter(notice__subject_id__in=calls).select_related("notice")
    return _Facts(
        notice, campus, at, clock, deliveries, acknowledgements, steps, openings,
        {one.notice.subject_id: one for one in answers if not one.is_unconfirmed},
    )  # fmt: skip


def _openings(notice: Notice) -> Sequence[Opening]:
    try:
        return subject_of(notice.subject).openings_of(notice)
    except UnknownSubject:
        return ()


def _band(agency: Agency, coverage: Coverage | None, facts: _Facts) -> Band:
    capacity = say.lowered(agency.get_kind_display())
    if coverage is not None:
        capacity = say.lowered(capacity_words(agency, coverage.capacity))
    band = Band(agency, capacity)
    _judge(band, facts)
    latest = {delivery.contact_id: delivery for delivery in facts.deliveries.get(agency.pk, ())}
    band.rows = [_contact_row(delivery, band, facts) for delivery in latest.values()]
    band.rows += [
        _call_row(one, facts)
        for one in facts.acknowledgements.get(agency.pk, ())
        if one.contact_id is None
    ]
    band.rows += [
        Row(one.name, _("enrolled device"), "opened", one.at, one.words)
        for one in facts.openings.get(agency.pk, ())
        if one.contact_id is None
    ]
    if not latest:
        band.rows.append(_unreachable_row(facts))
    if not band.is_acknowledged:
        _draw_timeline(band, facts)
    return band


def _valid(agency: Agency, facts: _Facts) -> list[Acknowledgement]:
    return [
        one
        for one in facts.acknowledgements.get(agency.pk, ())
        if not one.is_unconfirmed and one.disputed_at is None
    ]


def _judge(band: Band, facts: _Facts) -> None:
    """Say of an agency whether it has acknowledged, has a problem, or is waited for."""
    given = _valid(band.agency, facts)
    steps = facts.steps.get(band.agency.pk, ())
    chased = [step for step in steps if step.done_at is not None and step.ended_at is None]
    if given:
        band.at = given[0].acknowledged_at
        troubled = [one for one in given if one.answer == "exception"]
        if troubled:
            band.kind, band.word, band.note = "due", _("Has a problem"), troubled[0].note
        else:
            band.kind, band.word = "met", _("Acknowledged")
            band.note = given[0].get_how_display()
    elif any(step.action == Action.FALLBACK for step in chased):
        band.kind, band.word = "overdue", _("Silent")
        band.at, band.note = chased[-1].done_at, _("nobody is left to tell: call them")
    elif chased:
        band.kind, band.word = "overdue", _("Not acknowledged")
        band.note = _("overdue since %(at)s") % {"at": facts.moment(chased[0].due_at)}
    else:
        band.kind, band.word = "on_track", _("Not yet acknowledged")


def _contact_row(delivery: Delivery, band: Band, facts: _Facts) -> Row:
    contact = delivery.told_contact()
    own = [
        one
        for one in facts.acknowledgements.get(band.agency.pk, ())
        if one.contact_id == contact.pk and one.disputed_at is None
    ]
    opened = [
        one.at for one in facts.openings.get(band.agency.pk, ()) if one.contact_id == contact.pk
    ]
    state, at, next_words, failure = str(delivery.state), delivery.state_since, "", ""
    if own and not own[0].is_unconfirmed:
        state, at, next_words = "acknowledged", own[0].acknowledged_at, _("Done")
    elif own:
        state, at = "opened", own[0].acknowledged_at
        next_words = _("Pressed within seconds, maybe by a mail scanner: not counted")
    elif opened and state in {"sent", "delivered", "acknowledged", "unknown"}:
        state, at = "opened", max(opened)
    elif state in UNREACHED or (state == "held" and delivery.held_because != HeldBecause.CHANNEL):
        failure = say.failure_words(delivery)
    detail = f"{say.channel_words(delivery.channel)} · " + say.hours_words(
        hours_of(band.agency, contact), clock=facts.clock
    )
    is_unreached = bool(failure)
    return Row(
        name=delivery.address if is_unreached and delivery.state == "failed" else contact.name,
        detail=detail,
        state=state,
        at=at,
        next=next_words or ("" if is_unreached else _next_words(delivery, band, facts)),
        failure=failure,
        repair_label=say.repair_label(delivery) if is_unreached else "",
        repair_url=f"/campuses/{facts.campus.slug}/people/" if is_unreached else "",
    )


def _next_words(delivery: Delivery, band: Band, facts: _Facts) -> str:
    if delivery.state == DeliveryState.HELD:
        return _("Waits until a district administrator releases the channel")
    if band.is_acknowledged:
        return _("None: the agency has acknowledged")
    if delivery.state == DeliveryState.QUEUED:
        sentence = _("Tried again %(at)s") if delivery.attempts else _("Goes out %(at)s")
        return sentence % {"at": facts.moment(max(delivery.due_at, facts.at))}
    told = facts.deliveries[band.agency.pk]
    step = _to_come(band.agency, facts)
    if delivery.pk != told[-1].pk:
        return _("The next contact was told")
    if step is None:
        return ""
    return say.step_words(step) + f" {facts.moment(step.due_at)}"


def _to_come(agency: Agency, facts: _Facts) -> EscalationStep | None:
    for step in facts.steps.get(agency.pk, ()):
        if step.done_at is None and step.ended_at is None:
            return step
    return None


def _call_row(one: Acknowledgement, facts: _Facts) -> Row:
    answer = facts.answers_to_calls.get(one.pk)
    if one.disputed_at is not None:
        words = _("Disputed by the agency, %(at)s: not counted") % {
            "at": facts.moment(one.disputed_at)
        }
    elif answer is not None:
        words = _("Confirmed by the agency, %(at)s") % {"at": facts.moment(answer.acknowledged_at)}
    else:
        words = _("Done; a copy went to the agency")
    detail = _("%(line)s, recorded by %(who)s") % {"line": one.line_called, "who": one.recorded_by}
    state = "unknown" if one.disputed_at else "acknowledged"
    return Row(one.said_by, detail, state, one.acknowledged_at, words)


def _unreachable_row(facts: _Facts) -> Row:
    return Row(
        name=_("No contact"),
        detail=_("no address that this district accepted"),
        state="failed",
        at=None,
        next="",
        failure=_("This district can write to nobody there. Call them."),
        repair_label=_("Accept an address"),
        repair_url=f"/campuses/{facts.campus.slug}/people/",
    )


def _draw_timeline(band: Band, facts: _Facts) -> None:
    """What was done so far, then the one step to come, then which holidays do not count."""
    told = facts.deliveries.get(band.agency.pk, [])
    moments = [
        Moment(delivery.tried_at, say.told_words(delivery))
        for delivery in told
        if delivery.tried_at is not None
    ]
    moments += [
        Moment(one.at, _("%(name)s opened it") % {"name": one.name})
        for one in facts.openings.get(band.agency.pk, ())
        if one.name
    ]
    moments += [
        Moment(step.done_at, _("The district was told"))
        for step in facts.steps.get(band.agency.pk, ())
        if step.action == Action.FALLBACK and step.done_at is not None
    ]
    band.timeline = sorted(moments, key=lambda moment: moment.at)
    step = _to_come(band.agency, facts)
    if step is None:
        return
    band.timeline.append(Moment(step.due_at, say.step_to_come(step), is_next=True))
    zone = ZoneInfo(band.agency.time_zone)
    first = band.timeline[0].at.astimezone(zone).date()
    last = step.due_at.astimezone(zone).date()
    holidays = hours_of(band.agency, step.contact).holidays
    band.skipped = say.skipped_words([day for day in sorted(holidays) if first <= day <= last])
