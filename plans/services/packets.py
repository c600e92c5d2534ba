"""Make the PDF bases of packets: asked for when one is missing, made by a job, never waited for."""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backend.directory.models import District
from backend.files import store
from backend.jobs.models import Job, JobState
from backend.jobs.registry import Report
from backend.jobs.run import enqueue
from backend.problems import Problem
from backend.tenancy import reach
from plans.content.audiences import AudienceViolation
from plans.models import PacketBase, Publication
from plans.packets.facts import BadFacts
from plans.packets.stamp import prepare_base
from plans.packets.tree import PacketTree
from plans.packets.typeset import TypesettingFailed, typeset
from plans.queries.packets import KIND, Ingredients, base_of, ingredients_of, tree_of
from plans.queries.versions import publication_coming, publication_in_force

log = logging.getLogger(__name__)
WAIT_AFTER_FAILURE = timedelta(minutes=10)
PDF = "application/pdf"


class PacketNotMade(Problem):
    """The PDF could not be made; the HTML packet opens all the same.

    `message` and `mend` are for people; `cause`, what the compiler said, is for administrators.
    """

    code = "packet_not_made"
    status = 500
    title = "The PDF could not be made"

    def __init__(self, message: str, *, where: str = "", mend: str = "", cause: str = "") -> None:
        super().__init__(message, where=where, mend=mend)
        self.cause = cause

    def as_json(self) -> dict[str, Any]:
        """Return the problem with its cause, as the job keeps it."""
        return super().as_json() | {"cause": self.cause}


def base_for(publication: Publication, *, at: datetime) -> PacketBase | None:
    """Return the base of a publication with the sheet and conditions of a moment, or None.

    For members, inside the open reach of the district.
    """
    district = District.objects.get(pk=publication.district_id)
    return base_of(ingredients_of(publication, district, at=at))


def ask_for(publication: Publication) -> Job:
    """Return the job that makes the base, asked for now if nobody has; inside the district."""
    return enqueue(
        kind=KIND,
        district_id=publication.district_id,
        campus_id=publication.campus_id,
        subject_id=publication.pk,
    )


def ask_for_missing(*, at: datetime) -> int:
    """Ask for each missing base of the open district, in force or coming; return how many.

    Called by a tick: twice, late or from two processes gives the same rows. One that failed is
    tried again after ten minutes.
    """
    asked = 0
    for publication in _wanted(at):
        if base_for(publication, at=at) is not None or _failed_lately(publication, at):
            continue
        ask_for(publication)
        asked += 1
    return asked


def _wanted(at: datetime) -> list[Publication]:
    rows = Publication.objects.filter(withdrawn_at=None, agency=None).select_related("campus")
    campuses = {row.campus_id: row.campus for row in rows.defer("document", "map_document")}
    wanted = []
    for campus in campuses.values():
        today = campus.local_date(at)
        found = (publication_in_force(campus, today), publication_coming(campus, today))
        wanted += [publication for publication in found if publication is not None]
    return wanted


def _failed_lately(publication: Publication, at: datetime) -> bool:
    return Job.objects.filter(
        kind=KIND,
        subject_id=publication.pk,
        state__in=[JobState.FAILED, JobState.CANCELLED],
        created_at__gt=at - WAIT_AFTER_FAILURE,
    ).exists()


def packet_tree(made_from: Ingredients, *, at: datetime) -> PacketTree:
    """Return the packet's tree, with who verified its map on site and when, where that is known.

    Raises AudienceViolation and BadFacts.
    """
    tree = tree_of(made_from, at=at)
    facts = made_from.publication.facts
    day = facts.get("map_verified_on")
    if not day:
        return tree
    return replace(
        tree,
        edition=replace(
            tree.edition,
            map_verified_on=date.fromisoformat(day),
            map_verified_by=facts.get("map_verified_by", ""),
        ),
    )


def make(job: Job, report: Report, *, at: datetime) -> dict[str, object]:
    """Do a job of the kind “packet”: compose, draw, typeset, store; return what was made.

    Opens the district only to read and to store, so that progress is seen meanwhile. It may run
    twice: the second finds the base. Raises PacketNotMade.
    """
    report(2, "Reading the plan")
    with reach.of_districts(job.district_id):
        publication = (
            Publication.objects.filter(pk=job.subject_id, withdrawn_at=None)
            .select_related("campus")
            .first()
        )
        if publication is None:
            return {"message": "The publication was withdrawn; nothing was made."}
        district = District.objects.get(pk=job.district_id)
        made_from = ingredients_of(publication, district, at=at)
        if known := base_of(made_from):
            return {"base": str(known.pk), "pages": known.pages}
    content, pages = _pdf(made_from, report, at)
    report(95, "Storing")
    with reach.of_districts(job.district_id):
        base = _stored(made_from, content, pages, at)
    return {"base": str(base.pk), "pages": base.pages, "bytes": len(content)}


def _pdf(made_from: Ingredients, report: Report, at: datetime) -> tuple[bytes, int]:
    try:
        tree = packet_tree(made_from, at=at)
        content = typeset(tree, report=report)
    except (AudienceViolation, BadFacts, TypesettingFailed) as fault:
        where = f"v{made_from.publication.number} of {made_from.campus.name}"
        log.exception("the PDF of %s could not be made", where)
        raise PacketNotMade(
            _("The PDF could not be made."),
            where=where,
            mend=_("The packet on the screen is complete; it is tried again."),
            cause=str(fault),
        ) from fault
    report(90, "Preparing for stamps")
    return prepare_base(content)


def _stored(made_from: Ingredients, content: bytes, pages: int, at: datetime) -> PacketBase:
    publication = made_from.publication
    file = store.put(
        district_id=publication.district_id,
        content=content,
        content_type=PDF,
        name=f"{made_from.campus.slug}-v{publication.number}.pdf",
    )
    base, _made = PacketBase.objects.get_or_create(
        publication=publication,
        sheet=made_from.sheet,
        conditions_hash=made_from.conditions_hash,
        defaults={
            "district_id": publication.district_id,
            "campus_id": publication.campus_id,
            "code": made_from.code,
            "file": file,
            "made_at": at,
            "pages": pages,
        },
    )
    return base
