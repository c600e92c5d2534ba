"""One section: its editor in a draft, its text otherwise, and the gaps beside it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory.access import DistrictRequest, allow, may
from backend.directory.models import Campus
from backend.problems import BadInput, NotFound, WrongState
from backend.web import words
from plans.content.completeness import blocking
from plans.content.template import guidance_for
from plans.models import PlanState, PlanVersion, Section
from plans.pages.forms import audience_choices
from plans.pages.plan import send_to_review
from plans.pages.reading import shown_section
from plans.pages.section_form import (
    BlockFields,
    Places,
    act,
    content_of,
    fields_of,
    merge,
    numbered,
    typed,
)
from plans.pages.shell import authors, campus_page, gap_rows, section_groups, shell, work_of
from plans.queries import document_of, gaps_of, in_force, in_work, resolver_of
from plans.queries.documents import feature_names, references_for, section_of
from plans.services import drafting
from plans.services.sections import SectionEditedMeanwhile, edit_section

PLACE = re.compile(r"blocks\[(\d+)\]")
PHASES = ("before", "during", "after")


@dataclass(frozen=True, slots=True)
class Opened:
    """A section as somebody has it open."""

    request: DistrictRequest
    campus: Campus
    version: PlanVersion
    row: Section
    places: Places
    at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.read")
def section(request: DistrictRequest, campus: Campus, template_id: str) -> HttpResponse:
    """What does this section say, and what must it still say?"""
    at = timezone.now()
    version = _version(request, campus, at)
    row = version.sections.filter(template_id=template_id).first()
    if row is None:
        raise NotFound(
            _("The plan has no such section."), mend=_("Choose one from the list of sections.")
        )
    is_editor = version.state == PlanState.DRAFT and may(request.actor, "plan.draft", campus)
    open_at = Opened(request, campus, version, row, place_names(version), at)
    if not is_editor:
        if request.method == "POST":
            allow(request.actor, "plan.draft", campus)
            raise WrongState(
                _("This version is no longer a draft, so nothing was saved."),
                where=str(row),
                mend=_("Go back: what you typed still stands there. It can be sent back to draft."),
            )
        return _read(open_at)
    if request.method == "POST":
        return _sent(open_at)
    return _editor(open_at, fields_of(section_of(row).blocks, open_at.places))


def _version(request: DistrictRequest, campus: Campus, at: datetime) -> PlanVersion:
    """Return the version in work for its authors, else the one in force."""
    found = in_work(campus) if may(request.actor, "plan.read_draft", campus) else None
    found = found or in_force(campus, campus.local_date(at))
    if found is None:
        raise NotFound(_("There is no plan yet."), mend=_("Start one on the page Plan."))
    return found


def place_names(version: PlanVersion) -> dict[str, str]:
    """Return the places of the pinned map by a name that is each one's own, to its id."""
    names: dict[str, str] = {}
    for choice in references_for(version):
        if choice.scheme != "feature":
            continue
        name = choice.label
        if name in names:
            name = f"{choice.label}, {choice.group}"
        number = 2
        while name in names:
            name, number = f"{choice.label} ({number})", number + 1
        names[name] = choice.id
    return names


def _context(open_at: Opened) -> dict[str, Any]:
    campus, version, row, at = open_at.campus, open_at.version, open_at.row, open_at.at
    document = document_of(version)
    today = campus.local_date(at)
    found = gaps_of(version, today, document)
    own = next(item for item in document.sections if item.template_id == row.template_id)
    groups = section_groups(campus, document, found, chosen=row.template_id)
    here = [gap for gap in found if gap.section_id == own.id]
    present = in_force(campus, today)
    return {
        **shell(open_at.request, campus, at),
        "today": today,
        "version": version,
        "authors": authors(version),
        "in_force": present if present != version else None,
        "section": row,
        "content": own,
        "groups": groups,
        "section_count": len(document.sections),
        "complete_count": sum(group.complete for group in groups),
        "gaps": gap_rows(campus, document, here, blocking(found)),
        "guidance": guidance_for(row.template_id),
    }


def _read(open_at: Opened) -> HttpResponse:
    context = _context(open_at)
    names = feature_names(open_at.version)
    context["shown"] = shown_section(context["content"], resolver_of(open_at.version), names.get)
    return TemplateResponse(open_at.request, "plans/section.html", context)


def _editor(open_at: Opened, blocks: list[BlockFields], **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    row = open_at.row
    goals = {block.goal for block in blocks}
    is_annex = row.part != "basic_plan"
    context = {
        **_context(open_at),
        "blocks": numbered(blocks),
        "read": [str(key) for key in row.blocks.values_list("key", flat=True)],
        "expected_edits": row.edits,
        "title": row.title,
        "not_applicable": row.not_applicable,
        "places": list(open_at.places),
        "saved_at": _saved_words(open_at),
        "audience_choices": audience_choices(),
        "phases": PHASES,
        "missing_goals": [phase for phase in PHASES if is_annex and phase not in goals],
        **more,
    }
    return TemplateResponse(open_at.request, "plans/section_edit.html", context, status=status)


def _saved_words(open_at: Opened) -> str:
    """Return when the section was saved: the time today, the day before; "" when never."""
    if not open_at.row.edited_at:
        return ""
    zone, language = ZoneInfo(open_at.campus.time_zone), get_language() or "en"
    saved, today = open_at.row.edited_at.astimezone(zone), open_at.at.astimezone(zone).date()
    if saved.date() == today:
        return words.time_of_day(saved, language=language)
    return words.day(saved.date(), language=language, today=today)


def _sent(open_at: Opened) -> HttpResponse:
    """Do a small button's deed, or save; a refusal gives back everything that was typed."""
    post, row = open_at.request.POST, open_at.row
    blocks = typed(post)
    title, reason = post.get("title", row.title), post.get("not_applicable", "")
    expected = _number(post.get("expected_edits", ""))
    given = {
        "title": title,
        "not_applicable": reason,
        "expected_edits": expected,
        "read": post.getlist("read"),
    }
    deed = post.get("do", "save")
    if deed not in {"save", "review"}:
        return _editor(open_at, act(blocks, deed), **given, unsaved=True)
    known = [str(key) for key in row.blocks.values_list("key", flat=True)]
    try:
        edit_section(
            section=row,
            expected_edits=expected,
            blocks=content_of(blocks, known, open_at.places),
            title=title,
            not_applicable=reason,
            actor=open_at.request.actor,
            at=open_at.at,
        )
    except SectionEditedMeanwhile as conflict:
        return _conflict(open_at, blocks, given, conflict)
    except BadInput as problem:
        _place(problem, blocks)
        return _editor(open_at, blocks, **given, problem=problem, status=422)
    messages.success(open_at.request, _("Saved."))
    if deed == "review":
        return send_to_review(open_at.request, open_at.campus, open_at.version, open_at.at)
    way = reverse("plan-section", args=[open_at.campus.slug, row.template_id])
    return HttpResponseRedirect(way, status=303)


def _conflict(
    open_at: Opened,
    blocks: list[BlockFields],
    given: dict[str, Any],
    conflict: SectionEditedMeanwhile,
) -> HttpResponse:
    """Show both texts where both changed, and let the person save the joined one."""
    theirs = conflict.theirs
    joined = merge(blocks, theirs.blocks, given["read"], open_at.places)
    resolve, names = resolver_of(open_at.version), feature_names(open_at.version)
    their_section = shown_section(theirs, resolve, names.get)
    shown = {block.id: block for block in their_section.blocks}
    for block in joined:
        block.theirs_shown = shown.get(block.key) if block.theirs else None
    more = given | {
        "expected_edits": conflict.edits,
        "read": [block.id for block in theirs.blocks],
        "conflict": conflict,
        "both_changed": sum(block.theirs is not None for block in joined),
        "their_section": their_section,
    }
    return _editor(open_at, joined, **more, status=412)


def _place(problem: BadInput, blocks: list[BlockFields]) -> None:
    """Put what is wrong at the block that it names."""
    if match := PLACE.match(problem.where):
        place = int(match[1])
        if place < len(blocks):
            blocks[place].error = str(problem)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


@require_POST
@campus_page("plan.draft")
def remove(request: DistrictRequest, campus: Campus, template_id: str) -> HttpResponse:
    """Take a hazard annex out of the draft."""
    version = work_of(campus, PlanState.DRAFT)
    row = version.sections.filter(template_id=template_id).first()
    if row is None:
        raise NotFound(_("The plan has no such section."), mend=_("It was taken out already."))
    drafting.remove_section(section=row, actor=request.actor, at=timezone.now())
    messages.success(request, _("The annex is taken out of the draft."))
    return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)


@require_safe
@campus_page("plan.read_draft")
def references(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Return all that a text may refer to, for the dialog that inserts a reference."""
    version = work_of(campus)
    rows = [
        {"scheme": item.scheme, "id": item.id, "label": item.label, "group": item.group}
        for item in references_for(version)
    ]
    response = JsonResponse(rows, safe=False)
    response["Cache-Control"] = "private, no-cache"
    return response
