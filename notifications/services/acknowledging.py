"""Somebody has it: by link, signed in, by program or, written down by the school, by phone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach, in_district_of, reach_of
from backend.directory.actor import Actor
from backend.directory.models import District
from backend.directory.models.link import Purpose
from backend.directory.services.links import links_for
from backend.problems import BadInput, NotFound
from backend.waking import wake_lane
from notifications.models import Acknowledgement, Delivery, DeliveryState, EscalationStep, Notice
from notifications.services.escalating import CHASING, plan
from notifications.services.wording import ACKNOWLEDGE, PLACE, address_of, links_of, wanted_of
from notifications.services.writing import WAITING
from notifications.subjects import LinkWanted, subject_of

ACCEPTED, EXCEPTION = "accepted", "exception"
TOO_FAST = timedelta(seconds=10)
"""Mail gateways press buttons too (`delivery-and-security.md` 4.4): nobody reads that fast."""

LONGEST_NAME, LONGEST_NOTE = 120, 300


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did. `first` is by whom and when the agency had it before, if it had."""

    delivery: Delivery
    acknowledgements: tuple[Acknowledgement, ...]
    first: Acknowledgement | None
    is_unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as the recipient reads it."""

    notice_id: UUID
    kind: str
    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message as its recipient sees it; the links open what it tells of, as in the message."""

    delivery: Delivery
    district: District
    told: tuple[Told, ...]
    given: tuple[Acknowledgement, ...]
    links: tuple[tuple[str, str], ...]

    @property
    def own(self) -> list[Acknowledgement]:
        """Return what this very contact has answered, without presses that came too fast."""
        mine = (one for one in self.given if one.contact_id == self.delivery.contact_id)
        return [one for one in mine if not one.is_unconfirmed]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a recipient says of a message: who says it, and which of its notices have a problem."""

    name: str
    notes: Mapping[UUID, str]
    how: str


def acknowledge(
    *,
    actor: Actor,
    choice: str,
    name: str,
    at: datetime,
    delivery_id: UUID | None = None,
    note: str = "",
    exceptions: Collection[UUID] = (),
    how: str = "link",
    user_agent: str = "",
) -> Answered:
    """Write one Acknowledgement per notice of a message and end the chasing of that agency.

    A link answers the message it was sent in; others name it. With the choice "exception" the
    notices named in `exceptions` (all, where none is named) bear the note. Call it outside any
    reach. Raises NotFound, NotAllowed, and BadInput for what is missing.
    """
    with reach_of(actor):
        delivery = _addressed(actor, delivery_id)
    with in_district_of(delivery), transaction.atomic():
        allow(actor, "notice.acknowledge", delivery)
        notices = list(Notice.objects.filter(lines__delivery=delivery).order_by("pk"))
        notes = _checked(choice, name, note, exceptions or [one.pk for one in notices], notices)
        answer = Answer(" ".join(name.split())[:LONGEST_NAME], notes, how)
        return _write(delivery, notices, answer, actor=actor, at=at, user_agent=user_agent)


def read_addressed(*, actor: Actor, delivery_id: UUID | None = None) -> Addressed:
    """Return what was sent to this actor. It records nothing; call it outside any reach."""
    with reach_of(actor):
        delivery = _addressed(actor, delivery_id)
    with in_district_of(delivery):
        allow(actor, "notice.acknowledge", delivery)
        delivery = Delivery.objects.select_related("agency", "contact").get(pk=delivery.pk)
        notices = list(
            Notice.objects.filter(lines__delivery=delivery).select_related("campus").order_by("pk")
        )
        given = Acknowledgement.objects.filter(
            notice__in=notices, agency=delivery.told_agency(), disputed_at=None
        )
        return Addressed(
            delivery=delivery,
            district=District.objects.get(pk=delivery.district_id),
            told=tuple(_told(notice) for notice in notices),
            given=tuple(given.select_related("contact").order_by("acknowledged_at", "pk")),
            links=_way_on(delivery, notices),
        )


def _told(notice: Notice) -> Told:
    wording = subject_of(notice.subject).line_for(notice)
    lines = (line.strip() for line in wording.lines if not PLACE.search(line))  # buttons lead there
    return Told(notice.pk, notice.kind, wording.subject, tuple(line for line in lines if line))


def _way_on(delivery: Delivery, notices: list[Notice]) -> tuple[tuple[str, str], ...]:
    links = [link for link in links_of(delivery, notices) if link.purpose != ACKNOWLEDGE]
    rows = links_for(
        district_id=delivery.district_id, wanted={wanted_of(delivery, link) for link in links}
    )
    names = {notice.campus_id: notice.campus.name for notice in notices if notice.campus}
    return tuple(
        (_label_of(link, names), address_of(link, rows[wanted_of(delivery, link)]))
        for link in links
    )


def _label_of(link: LinkWanted, campuses: Mapping[UUID | None, str]) -> str:
    if link.purpose != Purpose.PACKET or link.campus_id not in campuses:
        return link.label
    return _("Open the packet of %(campus)s") % {"campus": campuses[link.campus_id]}


def _addressed(actor: Actor, delivery_id: UUID | None) -> Delivery:
    """Return the message that was addressed to this actor; NotFound where there is none."""
    wanted = {"pk": delivery_id}
    if actor.kind == "link":
        if actor.link_purpose != "acknowledge" or delivery_id not in {None, actor.link_subject}:
            raise NotFound(_("This link does not acknowledge anything."))
        wanted = {"pk": actor.link_subject, "contact_id": actor.contact_id}
    districts = {item.district_id for item in actor.covered}
    mine = Delivery.objects.filter(district_id__in=districts)
    return get_in_reach(actor, "notice.acknowledge", mine, **wanted)


def _checked(
    choice: str, name: str, note: str, exceptions: Collection[UUID], notices: Iterable[Notice]
) -> dict[UUID, str]:
    if choice not in {ACCEPTED, EXCEPTION}:
        raise BadInput(
            _("Neither “we have it” nor “we have a problem” was chosen."),
            where="choice",
            mend=_("Choose one of the two."),
        )
    if not name.strip():
        raise BadInput(
            _("It does not say who acknowledges."),
            where="name",
            mend=_("Give a name, badge or operator number."),
        )
    if choice == ACCEPTED:
        return {}
    if not note.strip():
        raise BadInput(
            _("It does not say what the problem is."),
            where="note",
            mend=_("Write in a sentence what is wrong."),
        )
    known = {notice.pk for notice in notices}
    if unknown := [pk for pk in exceptions if pk not in known]:
        raise BadInput(
            _("The notice %(id)s is not in this message.") % {"id": unknown[0]},
            where="exceptions",
            mend=_("Name only notices of this message."),
        )
    return dict.fromkeys(exceptions, note.strip()[:LONGEST_NOTE])


def _write(
    delivery: Delivery,
    notices: list[Notice],
    answer: Answer,
    *,
    actor: Actor,
    at: datetime,
    user_agent: str,
) -> Answered:
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    agency_id = delivery.told_agency().pk
    before = list(_valid(notices, agency_id).order_by("acknowledged_at", "pk"))
    too_fast = delivery.sent_at is not None and at - delivery.sent_at < TOO_FAST
    made = _insert(delivery, notices, answer, at=at, too_fast=too_fast)
    if not too_fast:
        made += _confirm(delivery, notices, answer, at=at)
        settle_agency(notices, agency_id, at=at)
        Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.ACKNOWLEDGED).update(
            state=DeliveryState.ACKNOWLEDGED, held_because="", state_since=at, lease_until=None
        )
    by_id = {notice.pk: notice for notice in notices}
    for one in made:
        if not too_fast:
            subject_of(by_id[one.notice_id].subject).on_acknowledged(by_id[one.notice_id], one)
    for notice in notices:
        audit.record(
            "notice.acknowledged",
            actor=actor,
            subject=notice,
            at=at,
            details={
                "agency": str(delivery.agency_id),
                "delivery": str(delivery.pk),
                "said_by": answer.name,
                "answer": EXCEPTION if notice.pk in answer.notes else ACCEPTED,
                "how": answer.how,
                "unconfirmed": too_fast,
                "again": bool(before),
                "user_agent": user_agent[:200],
            },
        )
    own = Acknowledgement.objects.filter(notice__in=notices, contact_id=delivery.contact_id)
    return Answered(delivery, tuple(own), before[0] if before else None, too_fast)


def _valid(notices: Collection[Notice], agency_id: UUID) -> QuerySet[Acknowledgement]:
    return Acknowledgement.objects.filter(
        notice__in=notices, agency_id=agency_id, is_unconfirmed=False, disputed_at=None
    )


def _insert(
    delivery: Delivery, notices: Iterable[Notice], answer: Answer, *, at: datetime, too_fast: bool
) -> list[Acknowledgement]:
    """Insert what is not there yet; of two presses at once, one finds the other's row."""
    rows = [
        Acknowledgement(
            district_id=delivery.district_id,
            notice=notice,
            agency=delivery.told_agency(),
            contact_id=delivery.contact_id,
            how=answer.how,
            answer=EXCEPTION if notice.pk in answer.notes else ACCEPTED,
            note=answer.notes.get(notice.pk, ""),
            said_by=answer.name,
            acknowledged_at=at,
            is_unconfirmed=too_fast,
        )
        for notice in notices
    ]
    Acknowledgement.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Acknowledgement.objects.filter(pk__in=[row.pk for row in rows]))


def _confirm(
    delivery: Delivery, notices: Iterable[Notice], answer: Answer, *, at: datetime
) -> list[Acknowledgement]:
    """A press that came too fast is confirmed by a later one, and counts from then."""
    doubtful = Acknowledgement.objects.filter(
        notice__in=notices, contact_id=delivery.contact_id, is_unconfirmed=True
    )
    rows = list(doubtful)
    for row in rows:
        row.is_unconfirmed, row.acknowledged_at, row.said_by = False, at, answer.name
        row.answer = EXCEPTION if row.notice_id in answer.notes else ACCEPTED
        row.note = answer.notes.get(row.notice_id, "")
    Acknowledgement.objects.bulk_update(
        rows, ["is_unconfirmed", "acknowledged_at", "said_by", "answer", "note"]
    )
    return rows


def settle_agency(notices: Collection[Notice], agency_id: UUID, *, at: datetime) -> None:
    """End what chases this agency about these notices; inside the open district."""
    EscalationStep.objects.filter(
        notice__in=notices, agency_id=agency_id, done_at=None, ended_at=None
    ).update(ended_at=at)
    waiting = Delivery.objects.filter(
        agency_id=agency_id, lines__notice__in=notices, state__in=WAITING
    ).distinct()
    for delivery in waiting.prefetch_related("lines__notice"):
        if delivery.grouping_key.startswith(CHASING) and not _still_chases(delivery):
            Delivery.objects.filter(pk=delivery.pk, state__in=WAITING).update(
                state=DeliveryState.CANCELLED, held_because="", state_since=at
            )


def _still_chases(delivery: Delivery) -> bool:
    told = [line.notice for line in delivery.lines.all() if line.notice.ended_at is None]
    answered = set(_valid(told, delivery.told_agency().pk).values_list("notice_id", flat=True))
    return any(notice.pk not in answered for notice in told)


def dispute(
    *, acknowledgement_id: UUID, actor: Actor, name: str, note: str, at: datetime
) -> Acknowledgement:
    """Say that an acknowledgement recorded for one's agency was never given; chasing goes on.

    Call it outside any reach. Raises NotFound, and BadInput without a name.
    """
    with reach_of(actor):
        row = get_in_reach(
            actor, "notice.acknowledge", Acknowledgement.objects.all(), pk=acknowledgement_id
        )
    with in_district_of(row), transaction.atomic():
        allow(actor, "notice.acknowledge", row)
        if not name.strip():
            raise BadInput(
                _("It does not say who disputes this."),
                where="name",
                mend=_("Give a name, badge or operator number."),
            )
        mark_disputed(row, said_by=name, at=at)
        audit.record(
            "acknowledgement.disputed",
            actor=actor,
            subject=row,
            at=at,
            details={"said_by": name.strip()[:LONGEST_NAME], "note": note.strip()[:LONGEST_NOTE]},
        )
        return Acknowledgement.objects.get(pk=row.pk)


def mark_disputed(row: Acknowledgement, *, said_by: str, at: datetime) -> None:
    """Void an acknowledgement once, and plan the next step again; inside the open district."""
    undisputed = Acknowledgement.objects.filter(pk=row.pk, disputed_at=None)
    if undisputed.update(disputed_at=at, disputed_by=said_by.strip()[:200]):
        plan({(row.notice_id, row.agency_id)}, at=at)
        wake_lane("delivery")
