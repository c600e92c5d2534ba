"""Freeze a draft for review, ask for its signatures, and send it back with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.canonical import canonical_bytes
from backend.directory.access import may
from backend.directory.actor import Actor
from backend.problems import BadInput, WrongState
from notifications.queries.recipients import reachable
from notifications.services.writing import cancel_unsent, owe
from plans.content.completeness import Gap, blocking
from plans.content.hashing import plan_hash, to_json
from plans.content.references import freeze_document
from plans.models import Approval, PlanState, PlanVersion, Publication
from plans.queries.documents import document_of, gaps_of, resolver_of
from plans.queries.publications import cut
from plans.queries.signatures import signature_list
from plans.services.locking import locked_draft, locked_version

LONGEST_REASON = 2_000


class GapsBlock(WrongState):
    """Gaps of checks that block stand in the way of a new approval. `gaps` lists them."""

    code = "gaps_block"

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        first = gaps[0]
        more = _(" and %(number)s more") % {"number": len(gaps) - 1} if len(gaps) > 1 else ""
        super().__init__(
            _("Not ready for review: %(what)s%(more)s.") % {"what": first.what, "more": more},
            where=first.where,
            mend=first.mend,
        )
        self.gaps = gaps


@transaction.atomic
def submit(*, version: PlanVersion, actor: Actor, at: datetime) -> PlanVersion:
    """Freeze a draft with its hash, and ask the agencies of the signature list for theirs.

    Live references are frozen with their present words. Raises NotAllowed, WrongState when it is no
    draft, GapsBlock for gaps of checks that block.
    """
    version = locked_draft(actor, version.pk)
    document = document_of(version)
    today = version.campus.local_date(at)
    if found := blocking(gaps_of(version, today, document)):
        raise GapsBlock(found)
    freeze(version, actor=actor, at=at)
    version.move_to(PlanState.IN_REVIEW, at=at)
    asked = _ask_agencies(version, actor=actor, at=at)
    audit.record("plan.submitted", actor=actor, subject=version, at=at, details={
        "number": version.number, "hash": version.content_hash, "asked": asked})  # fmt: skip
    return version


def freeze(version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    """Write what is signed: the canonical document with present words of references, its hash."""
    document = freeze_document(document_of(version), resolver_of(version))
    version.frozen = canonical_bytes(to_json(document)).decode()
    version.content_hash = plan_hash(document)
    version.submitted_at, version.submitted_by = at, actor.label
    version.sent_back_reason = ""
    version.save(
        update_fields=[
            "frozen", "content_hash", "submitted_at", "submitted_by", "sent_back_reason",
        ]
    )  # fmt: skip


def _ask_agencies(version: PlanVersion, *, actor: Actor, at: datetime) -> list[str]:
    """Cut a review copy for each agency that must sign, and owe its first contact a notice."""
    listed, _is_default = signature_list(version.campus, version.campus.local_date(at))
    agencies = [needed.agency for needed in listed if needed.agency]
    contacts = reachable(version.district_id, [agency.pk for agency in agencies])
    for agency in agencies:
        copy = cut(version, at=at, agency=agency)
        copy.save(force_insert=True)
        owe(
            kind="signature.wanted",
            subject="signature",
            subject_id=copy.pk,
            campus=version.campus,
            wording={"number": version.number, "hash": version.content_hash},
            actor=actor,
            at=at,
            policy="signature",
            contacts=contacts.get(agency.pk, [])[:1],
        )
    return [agency.name for agency in agencies]


@transaction.atomic
def send_back(*, version: PlanVersion, reason: str, actor: Actor, at: datetime) -> PlanVersion:
    """Make a version in review (or approved) a draft again; its signatures lapse.

    Raises NotAllowed for somebody who may neither write nor sign it, WrongState, BadInput without a
    reason.
    """
    version = locked_version(actor, _verb_of(actor, version.pk), version.pk)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(
            _("Say in 1 to 2,000 characters why it goes back."),
            where="reason",
            mend=_("Name what the authors should change."),
        )
    version.move_to(PlanState.DRAFT, at=at)
    Approval.objects.filter(version=version, lapsed_at=None).update(lapsed_at=at)
    end_review(version, actor=actor, at=at)
    version.frozen, version.content_hash, version.sent_back_reason = "", "", reason
    version.save(update_fields=["frozen", "content_hash", "sent_back_reason"])
    audit.record("plan.sent_back", actor=actor, subject=version, at=at, details={
        "number": version.number, "reason": reason})  # fmt: skip
    return version


def _verb_of(actor: Actor, version_id: UUID) -> str:
    """Return the verb under which this person may send back: as an author, or as a signer."""
    version = PlanVersion.objects.filter(pk=version_id).first()
    verbs = ("plan.sign_as_principal", "plan.sign_as_sro", "plan.sign_as_district")
    return next((verb for verb in verbs if version and may(actor, verb, version)), "plan.draft")


def end_review(version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    """End the review copies of agencies and what was still to be sent about them."""
    copies = Publication.objects.filter(version=version, agency__isnull=False, withdrawn_at=None)
    for copy in copies:
        cancel_unsent(subject_id=copy.pk, actor=actor, at=at)
    copies.update(withdrawn_at=at)
