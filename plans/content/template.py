"""The federal structure of a school emergency operations plan, and a new document made of it."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from plans.content.document import Block, PlanDocument, Section
from plans.content.section_template import BlockTemplate, SectionTemplate
from plans.content.template_basic_plan import BASIC_PLAN
from plans.content.template_functional import FUNCTIONAL_ANNEXES, OPTIONAL_ANNEXES
from plans.content.template_hazards import HAZARDS, HazardKind, hazard_template

HAZARD_BY_SLUG: Mapping[str, HazardKind] = {hazard.slug: hazard for hazard in HAZARDS}
SECTION_TEMPLATES: Mapping[str, SectionTemplate] = {
    template.template_id: template
    for template in (
        *BASIC_PLAN,
        *FUNCTIONAL_ANNEXES,
        *OPTIONAL_ANNEXES,
        *(hazard_template(hazard) for hazard in HAZARDS),
    )
}


class UnknownHazard(ValueError):
    """A hazard slug that no template knows; the message names near ones."""


def _same(key: str) -> str:
    return key


def new_document(
    campus: Mapping[str, Any],
    hazards: Iterable[str] = (),
    *,
    version: int = 1,
    map_version: int | None = None,
    map_hash: str | None = None,
    new_id: Callable[[str], str] = _same,
) -> PlanDocument:
    """Return a plan of eighteen basic sections, ten functional annexes and an annex per hazard.

    Blocks hold only their prompts, which count as empty. `hazards` are slugs of `HAZARDS`; one
    named twice gives one annex. Ids are `BP-01` for a section and `BP-01/1` for its first block;
    `new_id` turns such a key into an id of the caller's own. Raises UnknownHazard.
    """
    annexes = [SECTION_TEMPLATES[f"TH-{_known(slug)}"] for slug in dict.fromkeys(hazards)]
    return PlanDocument(
        campus=dict(campus),
        version=version,
        map_version=map_version,
        map_hash=map_hash,
        sections=tuple(
            new_section(template, new_id=new_id)
            for template in (*BASIC_PLAN, *FUNCTIONAL_ANNEXES, *annexes)
        ),
    )


def new_section(template: SectionTemplate, *, new_id: Callable[[str], str] = _same) -> Section:
    """Return a section with one prompt-only block for each block of its template."""
    return Section(
        id=new_id(template.template_id),
        template_id=template.template_id,
        part=template.part,
        title=template.title,
        blocks=tuple(
            new_block(block, new_id(f"{template.template_id}/{number}"))
            for number, block in enumerate(template.blocks, start=1)
        ),
    )


def new_block(template: BlockTemplate, block_id: str) -> Block:
    """Return a block whose prompt stands in brackets, so that it counts as empty."""
    return Block(
        id=block_id,
        kind=template.kind,
        audience=template.audience,
        markdown=f"[{template.prompt}]" if template.prompt else template.heading,
        goal=template.goal,
    )


def guidance_for(template_id: str) -> str:
    """Return the guidance shown beside a section; empty for a section outside the template."""
    template = SECTION_TEMPLATES.get(template_id)
    return template.guidance if template else ""


def _known(slug: str) -> str:
    if slug in HAZARD_BY_SLUG:
        return slug
    near = difflib.get_close_matches(slug, HAZARD_BY_SLUG, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Choose a slug of the template's list."
    raise UnknownHazard(f"hazard {slug!r} is not in the template. {hint}")
