"""A call instead of a press: the school writes it down, the agency gets a copy to dispute."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Agency, ResponderContact
from backend.problems import BadInput
from backend.web.words import moment
from notifications.models import Acknowledgement, DeliveryLine, Notice
from notifications.queries.recipients import reachable
from notifications.services.acknowledging import EXCEPTION, mark_disputed, settle_agency
from notifications.services.writing import owe
from notifications.subjects import LinkWanted, Wording, register

SUBJECT = "acknowledgement"
KIND = "acknowledgement.recorded"


@transaction.atomic
def record_phone_call(
    *,
    notice_id: UUID,
    agency_id: UUID,
    said_by: str,
    line_called: str,
    called_at: datetime,
    actor: Actor,
    at: datetime,
) -> Acknowledgement:
    """Write down that an agency acknowledged by phone: who said it, on which line, when.

    It is shown as given by phone and recorded by the actor; the agency gets a copy that it can
    dispute. Sent twice, it is written once. Raises NotFound, and BadInput saying what is missing.
    """
    notices = Notice.objects.select_related("campus")
    notice = get_in_reach(actor, "acknowledgement.record_phone_call", notices, pk=notice_id)
    agency = _told_agency(notice, agency_id)
    _check(said_by, line_called, called_at, notice=notice, at=at)
    row, is_new = Acknowledgement.objects.get_or_create(
        district_id=notice.district_id,
        notice=notice,
        agency=agency,
        contact=None,
        how="phone",
        said_by=" ".join(said_by.split())[:120],
        acknowledged_at=called_at,
        defaults={"line_called": line_called.strip()[:40], "recorded_by": actor.label[:200]},
    )
    if not is_new:
        return row
    settle_agency([notice], agency.pk, at=at)
    _send_copy(row, notice, agency, actor=actor, at=at)
    audit.record(
        "acknowledgement.recorded",
        actor=actor,
        subject=notice,
        at=at,
        details={
            "agency": str(agency.pk),
            "said_by": row.said_by,
            "line_called": row.line_called,
            "called_at": called_at.isoformat(),
        },
    )
    return row


def _told_agency(notice: Notice, agency_id: UUID) -> Agency:
    told = DeliveryLine.objects.filter(notice=notice, delivery__agency_id=agency_id).exists()
    covers = (
        notice.campus is not None and notice.campus.coverages.filter(agency_id=agency_id).exists()
    )
    if not told and not covers:
        raise BadInput(
            _("This agency was told nothing of this."),
            where="agency",
            mend=_("Choose one of the agencies listed."),
        )
    return Agency.objects.get(pk=agency_id)


def _check(
    said_by: str, line_called: str, called_at: datetime, *, notice: Notice, at: datetime
) -> None:
    if not said_by.strip():
        raise BadInput(
            _("It does not say who acknowledged."),
            where="said_by",
            mend=_("Write the name, badge or operator number."),
        )
    if not line_called.strip():
        raise BadInput(
            _("It does not say which line was called."),
            where="line_called",
            mend=_("Write the number."),
        )
    if called_at > at:
        raise BadInput(
            _("The call lies in the future."),
            where="called_at",
            mend=_("Write when the call was."),
        )
    if called_at < notice.occurred_at:
        raise BadInput(
            _("The call was before this was sent."),
            where="called_at",
            mend=_("Write a time after it was sent, or call again."),
        )


def _send_copy(
    row: Acknowledgement, notice: Notice, agency: Agency, *, actor: Actor, at: datetime
) -> None:
    if notice.campus is None:
        return
    contacts: list[ResponderContact] = reachable(notice.district_id, [agency.pk]).get(agency.pk, [])
    owe(
        kind=KIND,
        subject=SUBJECT,
        subject_id=row.pk,
        campus=notice.campus,
        wording={"notice": str(notice.pk)},
        actor=actor,
        at=at,
        policy="",
        contacts=contacts[:1],
    )


def _line_for(notice: Notice) -> Wording:
    row = Acknowledgement.objects.select_related("agency", "notice__campus").get(
        pk=notice.subject_id
    )
    campus = row.notice.campus
    zone = row.agency.time_zone or (campus.time_zone if campus else "UTC")
    facts = {
        "campus": campus.name if campus else "",
        "who": row.said_by,
        "line": row.line_called,
        "when": moment(row.acknowledged_at, zone, clock=24),
        "recorded_by": row.recorded_by,
    }
    return Wording(
        subject=_("%(campus)s: your acknowledgement by phone was recorded") % facts,
        lines=(
            _(
                "%(recorded_by)s at %(campus)s recorded that %(who)s acknowledged by phone "
                "on %(line)s, %(when)s."
            )
            % facts,
            _("If nobody at your agency said this, open the link and say so."),
        ),
    )


def _no_link(subject_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    return None


def _on_acknowledged(notice: Notice, acknowledgement: Acknowledgement) -> None:
    """A copy that comes back with a problem disputes what was recorded."""
    if acknowledgement.answer == EXCEPTION:
        row = Acknowledgement.objects.get(pk=notice.subject_id)
        mark_disputed(row, said_by=acknowledgement.said_by, at=acknowledgement.acknowledged_at)


def register_own_subject() -> None:
    """Make the copies of recorded calls known to the outbox."""
    register(SUBJECT, link_for=_no_link, line_for=_line_for, on_acknowledged=_on_acknowledged)
