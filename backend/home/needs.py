"""What needs a person now, over all their campuses: one list, worst first.

Each kind of need is one query, whatever the number of campuses.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.directory.access import districts_where, in_reach_of, may
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.home.drill_needs import drill_needs
from backend.home.need import Need, Weight
from backend.home.packets import HeldPacket
from maps.models import Condition, ConditionState, MapVersion
from notifications.models import (
    Acknowledgement,
    ChannelRelease,
    Delivery,
    DeliveryState,
    EscalationStep,
    HeldBecause,
)
from notifications.queries import EMAIL, needs_a_person
from plans.models import (
    Approval,
    ContactSheet,
    ContactSheetCopy,
    PlanState,
    PlanVersion,
    SignatureRequirement,
)

ORDER: dict[Weight, int] = {"overdue": 0, "due": 1, "on_track": 2}
SHEET_AGE = timedelta(days=365)
DID_NOT_ARRIVE = (DeliveryState.FAILED, DeliveryState.EXPIRED)


def needs_of(actor: Actor, *, at: datetime, packets: Sequence[HeldPacket] = ()) -> list[Need]:
    """Return what waits for this actor, worst first, then oldest first.

    `packets` are those that a responder holds, which were read outside this reach.
    """
    campuses = {campus.pk: campus for campus in Campus.objects.all()}
    found = [
        *_signatures(actor, campuses),
        *_publishing(actor, campuses),
        *_drafts(actor, campuses),
        *_missing(actor, campuses),
        *_silent_agencies(actor, campuses, at),
        *_failed_mail(actor),
        *_held_mail(actor),
        *_second_looks(actor, campuses),
        *_reports(actor, campuses),
        *_contact_sheets(actor, campuses, at),
        *_packets_to_acknowledge(packets),
        *drill_needs(actor, campuses, at),
    ]
    return sorted(found, key=lambda need: (ORDER[need.weight], need.since or at, need.title))


Campuses = dict[UUID, Campus]


def _signatures(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    waiting = PlanVersion.objects.filter(state=PlanState.IN_REVIEW).order_by("submitted_at")
    signed = set(
        Approval.objects.filter(version__in=waiting, lapsed_at=None).values_list(
            "version_id", "role"
        )
    )
    wanted: dict[UUID, list[str]] = {}
    for requirement in SignatureRequirement.objects.exclude(role="agency"):
        wanted.setdefault(requirement.campus_id, []).append(requirement.role)
    for version in waiting:
        campus = campuses[version.campus_id]
        for role in wanted.get(version.campus_id, ["principal", "sro"]):
            if (version.pk, role) in signed or not may(actor, f"plan.sign_as_{role}", version):
                continue
            yield Need(
                "due",
                _("Plan v%(n)s of %(campus)s waits for your signature")
                % {"n": version.number, "campus": campus.name},
                _("Sent by %(who)s") % {"who": version.submitted_by},
                f"{campus.get_absolute_url()}plan/review/",
                _("Read and sign"),
                campus.name,
                version.submitted_at,
                campus.time_zone,
            )


def _publishing(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    ready = in_reach_of(actor, "plan.publish", PlanVersion.objects.filter(state=PlanState.APPROVED))
    for version in ready:
        campus = campuses[version.campus_id]
        yield Need(
            "due",
            _("Plan v%(n)s of %(campus)s is signed and can be published")
            % {"n": version.number, "campus": campus.name},
            _("All signatures are there"),
            f"{campus.get_absolute_url()}plan/review/",
            _("Publish"),
            campus.name,
            version.state_since,
            campus.time_zone,
        )


def _drafts(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    drafts = PlanVersion.objects.filter(state=PlanState.DRAFT)
    for version in in_reach_of(actor, "plan.draft", drafts):
        campus = campuses[version.campus_id]
        words = {"n": version.number, "campus": campus.name}
        was_sent_back = bool(version.sent_back_reason)
        yield Need(
            "due" if was_sent_back else "on_track",
            (
                _("Plan v%(n)s of %(campus)s was sent back")
                if was_sent_back
                else _("Plan v%(n)s of %(campus)s is in writing")
            )
            % words,
            version.sent_back_reason or _("Nobody outside sees it before it is published"),
            f"{campus.get_absolute_url()}plan/",
            _("Open"),
            campus.name,
            version.state_since,
            campus.time_zone,
        )


def _missing(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    planned = set(PlanVersion.objects.values_list("campus_id", flat=True))
    mapped = set(MapVersion.objects.values_list("campus_id", flat=True))
    for campus in campuses.values():
        if not may(actor, "plan.draft", campus):
            continue
        if campus.pk not in planned:
            yield Need(
                "due",
                _("%(campus)s has no plan yet") % {"campus": campus.name},
                _("Start from the template, or bring in the plan you have adopted"),
                f"{campus.get_absolute_url()}plan/",
                _("Start"),
                campus.name,
            )
        if campus.pk not in mapped:
            yield Need(
                "due",
                _("%(campus)s has no map yet") % {"campus": campus.name},
                _("Bring in the file or the floor plans that you have"),
                f"{campus.get_absolute_url()}map/import/",
                _("Bring in"),
                campus.name,
            )


def _silent_agencies(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    answered = Acknowledgement.objects.filter(
        notice=OuterRef("notice"),
        agency=OuterRef("agency"),
        is_unconfirmed=False,
        disputed_at=None,
    )
    late = (
        EscalationStep.objects.filter(done_at__isnull=False, ended_at=None, number__gte=1)
        .filter(~Exists(answered), notice__ended_at=None)
        .select_related("notice", "agency")
        .order_by("notice_id", "agency_id", "-number")
        .distinct("notice_id", "agency_id")
    )
    for step in late:
        campus = campuses.get(step.notice.campus_id) if step.notice.campus_id else None
        if campus is None or not may(actor, "notice.read", campus):
            continue
        yield Need(
            "overdue",
            _("%(agency)s has not acknowledged: %(campus)s")
            % {"agency": step.agency.name, "campus": campus.name},
            _("Nobody there has answered yet; the next contact was written to")
            if step.contact_id
            else _("Nobody is left to write to; a call may help"),
            f"{campus.get_absolute_url()}packet/",
            _("See who"),
            campus.name,
            step.done_at,
            campus.time_zone,
        )


def _failed_mail(actor: Actor) -> Iterator[Need]:
    if not actor.may_somewhere("notice.read"):
        return
    failed = needs_a_person(actor).filter(state__in=DID_NOT_ARRIVE).count()
    if failed:
        yield Need(
            "overdue",
            ngettext(
                "%(n)s message did not arrive", "%(n)s messages did not arrive", failed
            ) % {"n": failed},
            _("The reason and the repair stand beside each"),
            "/notices/?state=failed",
            _("See them"),
            "",
        )  # fmt: skip


def _held_mail(actor: Actor) -> Iterator[Need]:
    districts = set(districts_where(actor, "channel.release"))
    released = set(
        ChannelRelease.objects.filter(channel=EMAIL).values_list("district_id", flat=True)
    )
    if not districts - released:
        return
    waiting = Delivery.objects.filter(
        district__in=districts - released,
        state=DeliveryState.HELD,
        held_because=HeldBecause.CHANNEL,
    )
    held = waiting.count()
    yield Need(
        "due" if held else "on_track",
        _("Mail to agencies is held until you release it"),
        ngettext("%(n)s message waits", "%(n)s messages wait", held) % {"n": held},
        "/notices/",
        _("Look and release"),
        "",
    )


def _second_looks(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    unseen = Condition.objects.filter(state=ConditionState.PUBLISHED, seen_at=None).exclude(
        published_by_key=actor.key
    )
    for condition in in_reach_of(actor, "condition.publish", unseen):
        campus = campuses[condition.campus_id]
        yield Need(
            "due",
            _("Second look: %(what)s") % {"what": condition.place},
            _("%(text)s In every packet of %(campus)s.")
            % {"text": condition.text, "campus": campus.name},
            f"{campus.get_absolute_url()}conditions/{condition.pk}/",
            _("Look"),
            campus.name,
            condition.published_at,
            campus.time_zone,
        )


def _reports(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    waiting = Condition.objects.filter(state=ConditionState.REPORTED)
    for condition in in_reach_of(actor, "condition.publish", waiting):
        campus = campuses[condition.campus_id]
        yield Need(
            "due",
            _("Reported: %(what)s") % {"what": condition.place},
            _("%(who)s says: %(text)s") % {"who": condition.reported_by, "text": condition.text},
            f"{campus.get_absolute_url()}conditions/{condition.pk}/",
            _("Decide"),
            campus.name,
            condition.created_at,
            campus.time_zone,
        )


def _contact_sheets(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    confirmed = ContactSheetCopy.objects.filter(
        campus=OuterRef("campus"), confirmed_at__gt=at - SHEET_AGE
    ).filter(Q(confirmed_at__gte=OuterRef("edited_at")) | Q(confirmed_at=None))
    changed = ContactSheet.objects.filter(~Exists(confirmed), edited_at__isnull=False)
    for sheet in in_reach_of(actor, "contact_sheet.confirm", changed.order_by(F("edited_at"))):
        campus = campuses[sheet.campus_id]
        yield Need(
            "due",
            _("Confirm the contact sheet of %(campus)s") % {"campus": campus.name},
            _("Changed by %(who)s; responders still see the one before") % {"who": sheet.edited_by},
            f"{campus.get_absolute_url()}plan/contacts/",
            _("Confirm"),
            campus.name,
            sheet.edited_at,
            campus.time_zone,
        )


def _packets_to_acknowledge(packets: Sequence[HeldPacket]) -> Iterator[Need]:
    for packet in packets:
        if packet.state != "waits":
            continue
        campus = packet.publication.campus
        yield Need(
            "due",
            _("Packet v%(n)s of %(campus)s waits for your acknowledgement")
            % {"n": packet.publication.number, "campus": campus.name},
            _("One answer for your whole agency is enough: the link in your message, or a call"),
            f"{campus.get_absolute_url()}packet/",
            _("Open"),
            campus.name,
            packet.at,
            campus.time_zone,
        )
