"""Review: what changes in plain words and side by side, who must sign, signing and sending back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.canonical import short_hash
from backend.directory.access import DistrictRequest, may, page
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import campus_by_slug
from backend.problems import NotFound, Problem
from plans.content.change_sentences import ChangeSentence, block_name
from plans.content.changes import BlockChange, PlanChanges, SectionChange
from plans.content.completeness import blocking
from plans.content.document import Block
from plans.content.markdown import to_plain
from plans.content.word_difference import Segment, SegmentKind, left, right, word_segments
from plans.models import PlanState, PlanVersion
from plans.pages.forms import ReasonForm
from plans.pages.shell import (
    authors,
    gap_rows,
    minutes_to_read,
    section_url,
    shell,
    work_of,
)
from plans.queries import document_of, gaps_of, in_force
from plans.queries.publications import change_sentences, changes_of, former_of
from plans.queries.recipients import who_is_told
from plans.queries.signatures import Place, places
from plans.services import signing, submitting

SIGNING = ("principal", "sro", "district")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: a number or none, and its runs of words."""

    number: int | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One block in two columns under its name."""

    name: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """One section that differs, with its blocks side by side."""

    anchor: str
    title: str
    url: str
    blocks: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One change in plain words with the section it stands in."""

    text: str
    section: str
    anchor: str


@require_safe
@page
def review(request: DistrictRequest, slug: str) -> HttpResponse:
    """What changes, and who must still sign?"""
    campus, version = _found(request, slug)
    return _page(request, campus, version, timezone.now())


def _found(request: DistrictRequest, slug: str) -> tuple[Campus, PlanVersion]:
    """Return campus and version for an author, or for somebody who may sign only by acting."""
    verbs = ("plan.read_draft", *(f"plan.sign_as_{role}" for role in SIGNING))
    for verb in verbs:
        try:
            campus = campus_by_slug(request.actor, slug, verb)
        except NotFound:
            continue
        return campus, work_of(campus)
    raise NotFound(_("There is nothing at this address, or not for you."))


def _page(
    request: DistrictRequest,
    campus: Campus,
    version: PlanVersion,
    at: datetime,
    *,
    reason_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = campus.local_date(at)
    document = document_of(version)
    found = changes_of(version)
    told = change_sentences(version)
    signatures = places(version, today)
    gaps = gaps_of(version, today, document)
    former = former_of(version)
    context: dict[str, Any] = {
        **shell(request, campus, at),
        "version": version,
        "former": former,
        "in_force": in_force(campus, today),
        "authors": authors(version),
        "sentences": _rows(told, found),
        "minutes": minutes_to_read(sentence.text for sentence in told),
        "changed": _sections(found, campus) if found else [],
        "section_count": len(document.sections),
        "places": [(place, _is_mine(request, place)) for place in signatures],
        "signed_count": sum(place.approval is not None for place in signatures),
        "sign_role": _sign_role(request, version, signatures),
        "may_send_back": version.state in {PlanState.IN_REVIEW, PlanState.APPROVED},
        "short_hash": short_hash(version.content_hash) if version.content_hash else "",
        "reason_form": reason_form or ReasonForm(),
        "told": who_is_told(campus, at),
        "gaps": gap_rows(campus, document, gaps, blocking(gaps)),
    }
    return TemplateResponse(request, "plans/review.html", context, status=status)


def _is_mine(request: DistrictRequest, place: Place) -> bool:
    return any(key == request.actor.key for key, _name in place.holders)


def _sign_role(
    request: DistrictRequest, version: PlanVersion, signatures: list[Place]
) -> Place | None:
    """Return the place in which this person may sign now, or None."""
    if version.state != PlanState.IN_REVIEW:
        return None
    if any(p.approval and p.approval.signed_by_key == request.actor.key for p in signatures):
        return None
    return next(
        (
            place
            for place in signatures
            if place.agency is None
            and place.approval is None
            and may(request.actor, f"plan.sign_as_{place.role}", version)
        ),
        None,
    )


def _rows(told: list[ChangeSentence], found: PlanChanges | None) -> list[SentenceRow]:
    titles = {section.id: section.title for section in found.after.sections} if found else {}
    if found:
        titles = {section.id: section.title for section in found.before.sections} | titles
    return [
        SentenceRow(
            item.text,
            titles.get(item.section_id or "", ""),
            f"section-{item.template_id}" if item.template_id else "",
        )
        for item in told
    ]


def _sections(found: PlanChanges, campus: Campus) -> list[ChangedSection]:
    return [_section(change, campus) for change in found.sections]


def _section(change: SectionChange, campus: Campus) -> ChangedSection:
    kept = change.after or change.before
    title = kept.title if kept else ""
    if change.before is not None and change.after is not None:
        blocks = tuple(_comparison(block) for block in change.blocks)
        reasons = (change.before.not_applicable, change.after.not_applicable)
        if reasons[0] != reasons[1]:
            blocks = (_texts(_("Why it does not apply"), *reasons), *blocks)
    else:
        whole = kept.blocks if kept else ()
        blocks = tuple(_whole(block, is_new=change.before is None) for block in whole)
    url = section_url(campus, change.template_id) if change.after else ""
    return ChangedSection(f"section-{change.template_id}", title, url, blocks)


def _comparison(change: BlockChange) -> Comparison:
    block = change.after or change.before
    name = block_name(block) if block else ""
    before: list[Line] = []
    after: list[Line] = []
    if any(segment.kind != "equal" for segment in change.segments) or not change.courses:
        before.append(Line(None, left(change.segments)))
        after.append(Line(None, right(change.segments)))
    for course in change.courses:
        if course.before is not None:
            before.append(Line(course.number_before, left(course.segments)))
        if course.after is not None:
            after.append(Line(course.number_after, right(course.segments)))
    for row in change.rows:
        words = [
            ", ".join(v for v in (item or {}).values() if v) for item in (row.before, row.after)
        ]
        segments = word_segments(*words)
        before.append(Line(None, left(segments)))
        after.append(Line(None, right(segments)))
    return Comparison(
        name[:1].upper() + name[1:],
        tuple(line for line in before if line.segments),
        tuple(line for line in after if line.segments),
    )


def _row_words(row: Mapping[str, str] | None) -> str:
    return ", ".join(value for value in (row or {}).values() if value)


def _whole(block: Block, *, is_new: bool) -> Comparison:
    words = [to_plain(block.markdown)]
    words += [f"{to_plain(c.actor)} {to_plain(c.action)}" for c in block.courses]
    words += [", ".join(row.values()) for row in block.rows]
    kind: SegmentKind = "added" if is_new else "removed"
    lines = tuple(Line(None, (Segment(kind, text),)) for text in words if text.strip())
    name = block_name(block)
    title = name[:1].upper() + name[1:]
    return Comparison(title, () if is_new else lines, lines if is_new else ())


def _texts(name: str, before: str, after: str) -> Comparison:
    segments = word_segments(before, after)
    return Comparison(name, (Line(None, left(segments)),), (Line(None, right(segments)),))


@require_POST
@page
def sign(request: DistrictRequest, slug: str) -> HttpResponse:
    """Sign over the text that was read."""
    campus, version = _found(request, slug)
    try:
        signing.sign_as(
            version=version,
            role=request.POST.get("role", ""),
            content_hash=request.POST.get("content_hash", ""),
            actor=request.actor,
            at=timezone.now(),
        )
    except Problem as problem:
        if problem.status in {403, 404}:
            raise
        messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("plan-review", args=[campus.slug]), status=303)
    version.refresh_from_db()
    if version.state == PlanState.APPROVED:
        messages.success(request, _("Signed. Every signature is there: it can be published."))
    else:
        messages.success(request, _("Signed. The others are still to sign."))
    return HttpResponseRedirect(reverse("plan-review", args=[campus.slug]), status=303)


@require_POST
@page
def send_back(request: DistrictRequest, slug: str) -> HttpResponse:
    """Make the version a draft again, with a reason."""
    campus, version = _found(request, slug)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            submitting.send_back(
                version=version,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            if problem.status in {403, 404}:
                raise
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Sent back. It is a draft again, and signatures lapsed."))
            return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    return _page(request, campus, version, timezone.now(), reason_form=form, status=422)
