"""What an audience may see of a plan, as a pure selection, and the check that nothing else got in.

A document of one audience holds that audience and all below: public < staff < responder <
restricted. Restricted blocks reach others only one by one, by a grant.
"""

import dataclasses
from collections.abc import Collection

from plans.content.document import AUDIENCES, Audience, Block, PlanDocument, Section


class UnknownAudience(ValueError):
    """The word is no audience; nothing is selected."""


class UnknownBlock(ValueError):
    """A grant names a block that the document does not have."""


class AudienceViolation(ValueError):
    """A document holds something above its audience; it must not be built."""


def rank(audience: str) -> int:
    """Return 0 for public to 3 for restricted; raises UnknownAudience."""
    try:
        return AUDIENCES.index(audience)
    except ValueError:
        known = ", ".join(AUDIENCES)
        raise UnknownAudience(f"audience {audience!r} is not known; use one of {known}") from None


def select(
    document: PlanDocument, audience: Audience, granted: Collection[str] = ()
) -> PlanDocument:
    """Return the part of the document that the audience may see, in the same order.

    `granted` are ids of blocks shown although they stand above the audience. A section of which
    nothing may be seen is left out, title and all; one that does not apply stays with its reason
    for staff and above. Roles name people: from staff upward. The whole document is returned for
    restricted. Raises UnknownAudience, and UnknownBlock for a grant without its block.
    """
    highest = rank(audience)
    known = {block.id for section in document.sections for block in section.blocks}
    if missing := sorted(set(granted) - known):
        raise UnknownBlock(f"the plan has no block {', '.join(missing)}; take it out of the grant")
    if highest == rank("restricted"):
        return document
    sections = tuple(
        dataclasses.replace(
            section,
            blocks=tuple(block for block in section.blocks if _shown(block, highest, granted)),
        )
        for section in document.sections
    )
    return dataclasses.replace(
        document,
        sections=tuple(section for section in sections if _worth_showing(section, highest)),
        roles=document.roles if highest >= rank("staff") else (),
    )


def blocks_above(document: PlanDocument, audience: Audience, granted: Collection[str] = ()) -> None:
    """Raise AudienceViolation, naming each block above the audience that no grant covers.

    Called wherever a document for others is built, whatever made the selection. For public it also
    refuses roles and reasons why a section does not apply. Raises UnknownAudience.
    """
    highest = rank(audience)
    above = [
        f"block {block.id} of {section.title or section.template_id} is for {block.audience}"
        for section in document.sections
        for block in section.blocks
        if not _shown(block, highest, granted)
    ]
    if highest < rank("staff"):
        above.extend(f"role {role.position} names a person" for role in document.roles)
        above.extend(
            f"section {section.id} gives a reason for staff"
            for section in document.sections
            if section.not_applicable
        )
    if above:
        raise AudienceViolation(
            f"a document for {audience} must not hold this: {'; '.join(above)}. "
            "Select it anew, or change the audience of the block in a draft."
        )


def _shown(block: Block, highest: int, granted: Collection[str]) -> bool:
    return rank(block.audience) <= highest or block.id in granted


def _worth_showing(section: Section, highest: int) -> bool:
    if section.not_applicable:
        return highest >= rank("staff")
    return bool(section.blocks)
