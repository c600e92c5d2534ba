"""Edit one section with its blocks, so that nothing that two people typed is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.problems import BadInput, EditConflict, NotFound
from plans.content.document import AUDIENCES, Block
from plans.content.document import Section as SectionContent
from plans.models import Block as BlockRow
from plans.models import PlanVersion, Section
from plans.queries.documents import section_of
from plans.services.blocks import block_rows, check_blocks
from plans.services.locking import add_author, locked_draft

LONGEST_TITLE = 200
LONGEST_REASON = 300


class SectionEditedMeanwhile(EditConflict):
    """Somebody else saved the section since it was read. `theirs` is what stands now."""

    def __init__(self, row: Section) -> None:
        super().__init__(
            _("%(who)s saved “%(section)s” while you were writing. Nothing of yours is lost.")
            % {"who": row.edited_by or _("Somebody else"), "section": row.title},
            where=row.title,
            mend=_("Compare both texts, take what is right from each, and save again."),
        )
        self.theirs: SectionContent = section_of(row)
        self.edits = row.edits
        self.edited_by = row.edited_by
        self.edited_at = row.edited_at


@transaction.atomic
def edit_section(
    *,
    section: Section,
    expected_edits: int,
    blocks: Sequence[Block],
    actor: Actor,
    at: datetime,
    title: str | None = None,
    not_applicable: str | None = None,
) -> Section:
    """Write a section of a draft whole: its blocks in their order, title and reason.

    A block keeps its id; an empty id makes a new block; a block that is not given is taken out.
    Saving what stands already changes nothing. Raises NotFound, NotAllowed, WrongState when the
    version is no draft, BadInput with the place of what cannot be taken, and
    SectionEditedMeanwhile, which carries what the other person saved, when `expected_edits` is not
    the present count.
    """
    version = locked_draft(actor, section.version_id)
    row = Section.objects.filter(pk=section.pk, version=version).first()
    if row is None:
        raise NotFound(_("This section was taken out of the draft."), where=section.title)
    check_blocks(blocks, [block.key for block in row.blocks.all()])
    title = _one_line(row.title if title is None else title, "title", LONGEST_TITLE)
    reason = row.not_applicable if not_applicable is None else not_applicable
    reason = _one_line(reason, "not_applicable", LONGEST_REASON)
    if not title:
        raise _bad("title", _("A section needs a title."))
    before = section_of(row)
    if (before.title, before.not_applicable, before.blocks) == (title, reason, tuple(blocks)):
        return row
    won = Section.objects.filter(pk=row.pk, edits=expected_edits).update(
        edits=F("edits") + 1,
        title=title,
        not_applicable=reason,
        edited_by=actor.label,
        edited_at=at,
    )
    if not won:
        raise SectionEditedMeanwhile(row)
    block_rows(row, blocks)
    add_author(version, actor)
    row = Section.objects.prefetch_related("blocks").get(pk=row.pk)
    audit.record("section.edited", actor=actor, subject=version, at=at, details={
        "number": version.number, "section": row.template_id, "edits": row.edits,
        **_counts(before.blocks, section_of(row).blocks)})  # fmt: skip
    return row


def _counts(before: Sequence[Block], after: Sequence[Block]) -> dict[str, int]:
    old = {block.id: block for block in before}
    new = {block.id: block for block in after}
    return {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
    }


@transaction.atomic
def mark_audiences(
    *, version: PlanVersion, audiences: Mapping[str, str], actor: Actor, at: datetime
) -> int:
    """Say at once for whole sections of a draft who may see them; return how many blocks changed.

    `audiences` maps template ids to audiences. Raises NotAllowed, WrongState, and BadInput for a
    section or an audience that does not exist.
    """
    version = locked_draft(actor, version.pk)
    sections = {row.template_id: row for row in version.sections.all()}
    for template_id, audience in audiences.items():
        if template_id not in sections:
            raise _bad(template_id, _("The plan has no such section."))
        if audience not in AUDIENCES:
            raise _bad(template_id, _("Use one of: %(words)s.") % {"words": ", ".join(AUDIENCES)})
    changed = 0
    for template_id, audience in audiences.items():
        row = sections[template_id]
        number = row.blocks.exclude(audience=audience).update(audience=audience)
        if number:
            Section.objects.filter(pk=row.pk).update(
                edits=F("edits") + 1, edited_by=actor.label, edited_at=at
            )
        changed += number
    if changed:
        add_author(version, actor)
        audit.record("plan.audiences_marked", actor=actor, subject=version, at=at, details={
            "number": version.number, "blocks": changed})  # fmt: skip
    return changed


def restrict_blocks(version: PlanVersion, template_ids: Sequence[str]) -> None:
    """Let nobody but the campus's SRO and administrators see these sections."""
    BlockRow.objects.filter(section__version=version, section__template_id__in=template_ids).update(
        audience="restricted"
    )


def _one_line(value: object, where: str, longest: int) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise _bad(where, _("This is a text."))
    text = " ".join(value.split())
    if len(text) > longest:
        raise _bad(where, _("At most %(longest)s characters.") % {"longest": longest})
    return text


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend this and save again; nothing was changed."))
