"""Start a draft, choose its map and annexes, write the facts of its first page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.problems import BadInput, EditConflict, WrongState
from backend.tenancy.models import new_id
from maps.queries import published_map
from plans import first_page
from plans.content.document import PlanDocument
from plans.content.document import Section as SectionContent
from plans.content.template import (
    HAZARD_BY_SLUG,
    SECTION_TEMPLATES,
    UnknownHazard,
    new_document,
    new_section,
)
from plans.models import Block, Plan, PlanVersion, RoleAssignment, Section
from plans.queries.documents import document_of, facts_of
from plans.queries.versions import in_work, newest_published
from plans.services.blocks import new_rows
from plans.services.locking import add_author, fingerprint, locked_draft


class FactsEditedMeanwhile(EditConflict):
    """Somebody else saved the first page since it was read; `theirs` is what stands now."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__(
            _("Somebody else saved the first page while you were writing."),
            where="facts",
            mend=_("Compare both, take what is right from each, and save again."),
        )
        self.theirs = dict(theirs)


@transaction.atomic
def start_plan(
    *, campus: Campus, hazards: Iterable[str], actor: Actor, at: datetime
) -> PlanVersion:
    """Return the first draft of a campus's plan, made from the template with these hazard annexes.

    Raises NotAllowed, WrongState when a version is in work or published, BadInput for a hazard that
    the template does not know.
    """
    allow(actor, "plan.draft", campus)
    if newest_published(campus):
        raise WrongState(
            _("This campus has a published plan."), mend=_("Start a draft from that one.")
        )
    try:
        document = new_document({}, hazards, new_id=_fresh)
    except UnknownHazard as error:
        raise BadInput(
            str(error), where="hazards", mend=_("Choose hazards from the list.")
        ) from error
    version = new_version(campus, actor=actor, at=at)
    write_rows(version, document)
    audit.record("plan.started", actor=actor, subject=version, at=at, details={
        "number": version.number, "sections": len(document.sections)})  # fmt: skip
    return version


@transaction.atomic
def start_from_published(*, campus: Campus, actor: Actor, at: datetime) -> PlanVersion:
    """Return a new draft that says what the newest published version says, on the newest map.

    Sections and blocks keep their ids. Raises NotAllowed, and WrongState without a published
    version or while another is in work.
    """
    allow(actor, "plan.draft", campus)
    former = newest_published(campus)
    if former is None:
        raise WrongState(
            _("This campus has no published plan yet."), mend=_("Start from the template.")
        )
    version = new_version(campus, actor=actor, at=at)
    PlanVersion.objects.filter(pk=version.pk).update(facts=former.facts)
    version.facts = former.facts
    write_rows(version, document_of(former))
    audit.record("plan.draft_started", actor=actor, subject=version, at=at, details={
        "number": version.number, "from": former.number})  # fmt: skip
    return version


def _fresh(_key: str) -> str:
    return str(new_id())


def new_version(campus: Campus, *, actor: Actor, at: datetime) -> PlanVersion:
    """Return a draft without rows; raises WrongState while another version is in work."""
    Plan.objects.bulk_create(
        [Plan(district_id=campus.district_id, campus=campus)], ignore_conflicts=True
    )
    plan = Plan.objects.select_for_update(no_key=True).get(campus=campus)
    if present := in_work(campus):
        raise WrongState(
            _("Version %(number)s is in work already; a campus has one at a time.")
            % {"number": present.number},
            where=f"version {present.number}",
            mend=_("Go on with that one."),
        )
    last = PlanVersion.objects.filter(plan=plan).order_by("-number").first()
    version = PlanVersion.objects.create(
        district_id=campus.district_id,
        plan=plan,
        campus=campus,
        number=last.number + 1 if last else 1,
        state_since=at,
        map_version=published_map(campus),
    )
    add_author(version, actor)
    return version


def write_rows(version: PlanVersion, document: PlanDocument) -> None:
    """Write a document's sections, blocks and posts as the rows of a draft that has none."""
    rows = [
        _section_row(version, content, order)
        for order, content in enumerate(document.sections, start=1)
    ]
    Section.objects.bulk_create(rows)
    Block.objects.bulk_create(
        block
        for row, content in zip(rows, document.sections, strict=True)
        for block in new_rows(row, content.blocks)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            district_id=version.district_id,
            version=version,
            order=order,
            position=role.position,
            person=role.person,
            first_alternate=role.first_alternate,
            second_alternate=role.second_alternate,
            phone=role.phone,
        )
        for order, role in enumerate(document.roles, start=1)
    )


def _section_row(version: PlanVersion, content: SectionContent, order: int) -> Section:
    return Section(
        district_id=version.district_id,
        version=version,
        key=content.id,
        order=order,
        template_id=content.template_id,
        part=content.part,
        title=content.title,
        not_applicable=content.not_applicable,
    )


@transaction.atomic
def pin_map(*, version: PlanVersion, actor: Actor, at: datetime) -> PlanVersion:
    """Let a draft stand on the campus's newest published map.

    Raises NotAllowed, WrongState when it is no draft or the campus has no published map.
    """
    version = locked_draft(actor, version.pk)
    newest = published_map(version.campus)
    if newest is None:
        raise WrongState(
            _("This campus has no published map."), mend=_("Publish a map version first.")
        )
    if version.map_version_id == newest.pk:
        return version
    before = version.map_version.number if version.map_version else None
    version.map_version = newest
    version.save(update_fields=["map_version"])
    add_author(version, actor)
    audit.record("plan.map_pinned", actor=actor, subject=version, at=at, details={
        "number": version.number, "map": newest.number, "before": before})  # fmt: skip
    return version


@transaction.atomic
def add_section(*, version: PlanVersion, template_id: str, actor: Actor, at: datetime) -> Section:
    """Return a new section of a draft, made from its template and put at the end of its part.

    Raises NotAllowed, WrongState, and BadInput for a template that is unknown or has its section.
    """
    version = locked_draft(actor, version.pk)
    template = SECTION_TEMPLATES.get(template_id)
    if template is None:
        raise BadInput(
            _("The template has no section %(id)s.") % {"id": template_id},
            where="template_id",
            mend=_("Choose one of: %(ids)s.") % {"ids": ", ".join(SECTION_TEMPLATES)},
        )
    present = list(version.sections.all())
    if any(row.template_id == template_id for row in present):
        raise BadInput(
            _("The plan has this section already."), where="template_id", mend=_("Open it.")
        )
    parts = ("basic_plan", "functional_annex", "hazard_annex")
    place = sum(parts.index(row.part) <= parts.index(template.part) for row in present)
    content = new_section(template, new_id=_fresh)
    row = _section_row(version, content, place + 1)
    for later in present[place:]:
        later.order += 1
    Section.objects.bulk_update(present[place:], ["order"])
    row.save()
    Block.objects.bulk_create(new_rows(row, content.blocks))
    add_author(version, actor)
    audit.record("section.added", actor=actor, subject=version, at=at, details={
        "number": version.number, "section": template_id})  # fmt: skip
    return row


@transaction.atomic
def remove_section(*, section: Section, actor: Actor, at: datetime) -> None:
    """Take a hazard annex out of a draft; other sections stay and may say why they do not apply.

    Raises NotAllowed, NotFound, WrongState.
    """
    version = locked_draft(actor, section.version_id)
    if section.part != "hazard_annex":
        raise WrongState(
            _("Only hazard annexes can be taken out."),
            where=section.title,
            mend=_("Give the reason why this section does not apply."),
        )
    Section.objects.filter(pk=section.pk, version=version).delete()
    add_author(version, actor)
    audit.record("section.removed", actor=actor, subject=version, at=at, details={
        "number": version.number, "section": section.template_id})  # fmt: skip


def facts_mark(version: PlanVersion) -> str:
    """Return the ETag of the first page's facts."""
    return fingerprint(version.facts)


@transaction.atomic
def edit_facts(
    *, version: PlanVersion, expected: str, facts: Mapping[str, Any], actor: Actor, at: datetime
) -> PlanVersion:
    """Write the facts of the first page of a draft, whole.

    `expected` is the mark of `facts_mark` that was read. Raises NotAllowed, WrongState, BadInput
    with the place of what cannot be taken, FactsEditedMeanwhile with what the other person saved.
    """
    version = locked_draft(actor, version.pk)
    wanted = first_page.to_json(first_page.from_json(facts))
    if wanted == version.facts:
        return version
    if expected != facts_mark(version):
        raise FactsEditedMeanwhile(version.facts)
    changed = sorted(name for name in wanted if wanted[name] != version.facts.get(name))
    version.facts = wanted
    version.save(update_fields=["facts"])
    add_author(version, actor)
    audit.record("plan.first_page_edited", actor=actor, subject=version, at=at, details={
        "number": version.number, "facts": changed})  # fmt: skip
    return version


def hazard_choices() -> list[tuple[str, str]]:
    """Return slug and title of every hazard the template has an annex for."""
    return [(slug, hazard.title) for slug, hazard in HAZARD_BY_SLUG.items()]


__all__ = [
    "FactsEditedMeanwhile",
    "add_section",
    "edit_facts",
    "facts_mark",
    "facts_of",
    "hazard_choices",
    "pin_map",
    "remove_section",
    "start_from_published",
    "start_plan",
    "write_rows",
]
