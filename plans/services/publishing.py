"""Publish an approved version, put it in force on its date, and withdraw one."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import SYSTEM, Actor
from backend.problems import BadInput, WrongState
from notifications.services.writing import cancel_unsent, owe
from plans import origins
from plans.models import PlanState, PlanVersion, Publication, PublishedAs
from plans.queries.publications import cut
from plans.queries.recipients import who_ever_opened
from plans.queries.signatures import Place, are_complete, places
from plans.services.locking import locked_version

LONGEST_REASON = 2_000
FARTHEST_DAYS = 366


class ApprovalsMissing(WrongState):
    """Not every signature of the campus's list is there."""

    code = "approvals_missing"


@transaction.atomic
def publish(
    *,
    version: PlanVersion,
    in_force_from: date,
    actor: Actor,
    at: datetime,
    batch: str = "",
    due_at: datetime | None = None,
) -> Publication:
    """Publish an approved version and owe every covering agency its packet; return the publication.

    Writes state, Publication, supersession where the date has come, one Notice with the Deliveries
    due now (or at `due_at`, the end of a `batch`), and the audit event. Raises NotAllowed,
    WrongState, ApprovalsMissing, BadInput for a date before today; then nothing has changed.
    """
    version = locked_version(actor, "plan.publish", version.pk)
    if version.state == PlanState.IN_REVIEW:
        missing = [place.label for place in _missing(version, at)]
        raise ApprovalsMissing(
            _("Version %(number)s is not approved yet.") % {"number": version.number},
            where=", ".join(missing),
            mend=_("Wait for the missing signatures, or ask the signers again."),
        )
    today = version.campus.local_date(at)
    if version.state == PlanState.APPROVED and not are_complete(places(version, today)):
        raise ApprovalsMissing(
            _("The signature list has changed; a signature is missing now."),
            where=", ".join(place.label for place in _missing(version, at)),
            mend=_("Send the version back, then to review again."),
        )
    require_date(in_force_from, today)
    return put_out(
        version,
        published_as=PublishedAs.APPROVED,
        in_force_from=in_force_from,
        actor=actor,
        at=at,
        batch=batch,
        due_at=due_at,
    )


def _missing(version: PlanVersion, at: datetime) -> list[Place]:
    found = places(version, version.campus.local_date(at))
    return [place for place in found if not place.approval]


def require_date(in_force_from: date, today: date) -> None:
    """Raise BadInput for a day that has passed, or lies more than a year ahead."""
    if in_force_from < today:
        raise BadInput(
            _("This day has passed."), where="in_force_from", mend=_("Choose today or a later day.")
        )
    if (in_force_from - today).days > FARTHEST_DAYS:
        raise BadInput(
            _("This day is more than a year ahead."),
            where="in_force_from",
            mend=_("Choose an earlier day."),
        )


def put_out(
    version: PlanVersion,
    *,
    published_as: PublishedAs,
    in_force_from: date,
    actor: Actor,
    at: datetime,
    batch: str = "",
    due_at: datetime | None = None,
) -> Publication:
    """Publish a locked version that may be: state, Publication, supersession, notice, audit."""
    version.published_as, version.in_force_from = published_as, in_force_from
    version.published_at, version.published_by = at, actor.label
    version.save(update_fields=["published_as", "in_force_from", "published_at", "published_by"])
    publication = cut(version, at=at, in_force_from=in_force_from)
    version.move_to(PlanState.PUBLISHED, at=at)
    publication.save(force_insert=True)
    supersede(version, actor=actor, at=at)
    origins.tell_published(version, actor=actor, at=at)
    owe(
        kind="packet.ready",
        subject="plan packet",
        subject_id=publication.pk,
        campus=version.campus,
        wording={
            "number": version.number,
            "replaces": publication.replaces_number,
            "in_force_from": in_force_from.isoformat(),
            "published_as": str(published_as),
            "changes": [change["text"] for change in publication.changes],
        },
        actor=actor,
        at=at,
        batch=batch,
        due_at=due_at,
        also=who_ever_opened(version.campus),
    )
    audit.record("plan.published", actor=actor, subject=version, at=at, details={
        "number": version.number, "published_as": str(published_as),
        "in_force_from": in_force_from.isoformat(), "hash": version.content_hash,
        "publication": publication.own_hash})  # fmt: skip
    return publication


def supersede(version: PlanVersion, *, actor: Actor, at: datetime) -> int:
    """Supersede the plan's older published versions once this one is in force; return how many."""
    today = version.campus.local_date(at)
    if version.in_force_from is None or version.in_force_from > today:
        return 0
    older = PlanVersion.objects.filter(
        plan=version.plan_id, state=PlanState.PUBLISHED, number__lt=version.number
    )
    number = 0
    for former in older.order_by("pk").select_for_update(no_key=True, of=("self",)):
        former.move_to(PlanState.SUPERSEDED, at=at)
        audit.record("plan.superseded", actor=actor, subject=former, at=at, details={
            "number": former.number, "by": version.number})  # fmt: skip
        number += 1
    return number


@transaction.atomic
def put_in_force(*, at: datetime) -> int:
    """Supersede what is no longer in force in the open district; return how many versions.

    Called by the tick of each minute: twice, late or from two processes it gives the same rows. The
    day is that of the campus.
    """
    published = PlanVersion.objects.filter(state=PlanState.PUBLISHED).select_related("campus")
    newest: dict[object, PlanVersion] = {}
    for version in published.order_by("number"):
        day = version.campus.local_date(at)
        if version.in_force_from is not None and version.in_force_from <= day:
            newest[version.plan_id] = version
    return sum(supersede(version, actor=SYSTEM, at=at) for version in newest.values())


@transaction.atomic
def withdraw(*, version: PlanVersion, reason: str, actor: Actor, at: datetime) -> PlanVersion:
    """Withdraw a published version: responders no longer read it, and are told.

    Raises NotAllowed, WrongState when it is not published, BadInput without a reason.
    """
    version = locked_version(actor, "plan.withdraw", version.pk)
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(
            _("Say in 1 to 2,000 characters why it is withdrawn."),
            where="reason",
            mend=_("Say what holders of a copy should do with it."),
        )
    version.move_to(PlanState.WITHDRAWN, at=at)
    publications = list(Publication.objects.filter(version=version, withdrawn_at=None))
    for publication in publications:
        cancel_unsent(subject_id=publication.pk, actor=actor, at=at)
        owe(
            kind="packet.withdrawn",
            subject="plan packet",
            subject_id=publication.pk,
            campus=version.campus,
            wording={"number": version.number, "reason": reason},
            actor=actor,
            at=at,
            also=who_ever_opened(version.campus),
        )
    Publication.objects.filter(pk__in=[row.pk for row in publications]).update(withdrawn_at=at)
    audit.record("plan.withdrawn", actor=actor, subject=version, at=at, details={
        "number": version.number, "reason": reason})  # fmt: skip
    return version
