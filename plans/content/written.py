"""What of a plan somebody has written: papers for responders carry no template prompt."""

import dataclasses
import re

from plans.content.document import Block, PlanDocument, Section
from plans.content.wording import block_is_empty

# A prompt that still stands before what was typed behind it; a link is no prompt.
_LEADING_PROMPT = re.compile(r"\A\s*\[[^\]\n]*\](?!\()\s*")


def written(document: PlanDocument) -> PlanDocument:
    """Return the document without empty blocks, sections and posts, and without leading prompts.

    For papers only: what is signed and hashed keeps every block as it stands.
    """
    sections = (_written(section) for section in document.sections)
    return dataclasses.replace(
        document,
        sections=tuple(s for s in sections if s.blocks or s.not_applicable),
        roles=tuple(role for role in document.roles if role.person.strip()),
    )


def _written(section: Section) -> Section:
    blocks = tuple(
        _without_prompt(block)
        for block in section.blocks
        if block.kind in {"picture", "roles"} or not block_is_empty(block)
    )
    return dataclasses.replace(section, blocks=blocks)


def _without_prompt(block: Block) -> Block:
    if block.kind != "text":
        return block
    return dataclasses.replace(block, markdown=_LEADING_PROMPT.sub("", block.markdown))
