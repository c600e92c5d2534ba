"""What a template says of one section: its blocks, the guidance beside it, what may be left out."""

from dataclasses import dataclass

from plans.content.document import Audience, BlockKind, Part, Phase


@dataclass(frozen=True, slots=True)
class BlockTemplate:
    """One block of a new section; the prompt stands in brackets until somebody writes."""

    kind: BlockKind
    audience: Audience
    prompt: str = ""
    goal: Phase | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """One section of the federal structure. `number` is that of the federal authoring tool.

    `required` sections make completeness check CK-01 or CK-02 speak when they are missing;
    `generated` ones (the table of contents) are written by the product.
    """

    template_id: str
    part: Part
    title: str
    guidance: str
    blocks: tuple[BlockTemplate, ...]
    number: str = ""
    required: bool = True
    generated: bool = False
    also_met_as: tuple[str, ...] = ()


def text(audience: Audience, prompt: str, *, goal: Phase | None = None) -> BlockTemplate:
    """Return a text block whose only content is its prompt."""
    return BlockTemplate(kind="text", audience=audience, prompt=prompt, goal=goal)


def annex_blocks(
    *, opening: str, before: str, during: str, after: str, responders: str
) -> tuple[BlockTemplate, ...]:
    """Return the blocks every annex opens with: goals and courses of action of three phases.

    Source: federal school guide, 2013 (goal, objectives and courses of action before, during and
    after). The last block is for responders alone.
    """
    goals: tuple[tuple[Phase, str], ...] = (
        ("before", before),
        ("during", during),
        ("after", after),
    )
    blocks = [text("public", opening)]
    for phase, prompt in goals:
        blocks.append(text("staff", prompt, goal=phase))
        blocks.append(
            BlockTemplate(
                kind="courses_of_action",
                audience="staff",
                heading=f"Courses of action, {phase}",
            )
        )
    blocks.append(text("responder", responders))
    return tuple(blocks)
