"""What the pages of a plan share: the campus around them, the list of sections, words of states."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.directory.access import DistrictRequest, may
from backend.directory.models import Campus
from backend.problems import NotFound
from maps.pages.campus import campus_page
from maps.pages.campus import shell as campus_shell
from plans.content.completeness import Gap, SectionState, section_states
from plans.content.document import PlanDocument
from plans.models import PlanState, PlanVersion
from plans.queries.versions import in_work

__all__ = [
    "GapRow",
    "SectionGroup",
    "SectionRow",
    "authors",
    "campus_page",
    "gap_rows",
    "section_groups",
    "shell",
    "work_of",
]  # fmt: skip

STATUS = {"complete": "met", "not_started": "unknown", "not_applicable": "not_applicable"}
SEVERITY = {"error": "overdue", "warning": "due", "info": "on_track"}


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One line of the list of sections: title, state in shape and words, address."""

    template_id: str
    title: str
    status: str
    word: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SectionGroup:
    """A part of the plan with its sections and how many of them are complete."""

    title: str
    rows: tuple[SectionRow, ...]
    complete: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap as a card shows it."""

    status: str
    word: str
    what: str
    mend: str
    where: str
    url: str
    blocks: bool


def shell(request: DistrictRequest, campus: Campus, at: datetime) -> dict[str, Any]:
    """Return what stands around each page of a plan."""
    actor = request.actor
    return {
        **campus_shell(campus, "plan"),
        "now": at,
        "may_draft": may(actor, "plan.draft", campus),
        "may_publish": may(actor, "plan.publish", campus),
        "may_read": may(actor, "plan.read", campus),
        "may_edit_sheet": may(actor, "contact_sheet.edit", campus),
        "may_edit_list": may(actor, "signature_list.edit", campus),
    }


def work_of(campus: Campus, *states: PlanState) -> PlanVersion:
    """Return the version in work, in one of these states where any is named; raises NotFound."""
    version = in_work(campus)
    if version is None or (states and version.state not in states):
        raise NotFound(
            _("The plan has no version in this state at present."),
            mend=_("Go back to the plan and see what stands."),
        )
    return version


def authors(version: PlanVersion) -> str:
    """Return who wrote the version, in one line."""
    return ", ".join(author["name"] for author in version.authors)


def section_url(campus: Campus, template_id: str) -> str:
    """Return the address of a section."""
    return reverse("plan-section", args=[campus.slug, template_id])


def section_groups(
    campus: Campus, document: PlanDocument, gaps: Iterable[Gap], *, chosen: str = ""
) -> list[SectionGroup]:
    """Return the list of sections by part, each with its state."""
    found = tuple(gaps)
    states = section_states(document, found)
    errors = {gap.section_id for gap in found if gap.severity == "error"}
    parts = (
        ("basic_plan", _("Basic plan")),
        ("functional_annex", _("Functional annexes")),
        ("hazard_annex", _("Threat and hazard annexes")),
    )
    groups = []
    for part, title in parts:
        sections = [section for section in document.sections if section.part == part]
        rows = tuple(
            SectionRow(
                section.template_id,
                section.title,
                STATUS.get(states[section.id].state)
                or ("overdue" if section.id in errors else "due"),
                state_word(states[section.id]),
                section_url(campus, section.template_id),
                section.template_id == chosen,
            )
            for section in sections
        )
        done = sum(
            states[section.id].state in {"complete", "not_applicable"} for section in sections
        )
        if rows:
            groups.append(SectionGroup(title, rows, done))
    return groups


def state_word(state: SectionState) -> str:
    """Return the words of a section's state in the reader's language."""
    if state.state == "gaps":
        return ngettext("%(number)s gap", "%(number)s gaps", state.gaps) % {"number": state.gaps}
    return {
        "complete": _("complete"),
        "not_started": _("not started"),
        "not_applicable": _("not applicable"),
    }[state.state]


def gap_rows(
    campus: Campus,
    document: PlanDocument,
    gaps: Sequence[Gap],
    blocking: Iterable[Gap],
) -> list[GapRow]:
    """Return the gaps as rows with the address where each is mended."""
    words = {"error": _("Error"), "warning": _("Warning"), "info": _("For your information")}
    addresses = {
        section.id: section_url(campus, section.template_id) for section in document.sections
    }
    stopping = set(blocking)
    return [
        GapRow(
            SEVERITY[gap.severity],
            words[gap.severity],
            gap.what,
            gap.mend,
            gap.where,
            _mend_url(campus, gap, addresses),
            gap in stopping,
        )
        for gap in gaps
    ]


def _mend_url(campus: Campus, gap: Gap, addresses: dict[str, str]) -> str:
    if gap.code in {"CK-08", "CK-09"}:
        return reverse("plan-posts", args=[campus.slug])
    return addresses.get(gap.section_id or "", "")


def minutes_to_read(texts: Iterable[str]) -> int:
    """Return whole minutes for reading at 200 words a minute, at least one."""
    return max(1, round(sum(len(text.split()) for text in texts) / 200))
