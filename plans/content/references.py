"""Live references of a whole document: where they stand, and freezing them at submission."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from plans.content.document import Block, CourseOfAction, PlanDocument
from plans.content.markdown import Resolve, freeze, references_in
from plans.content.markdown_tree import LiveReference


@dataclass(frozen=True, slots=True)
class PlacedReference:
    """One live reference and the section and block it stands in.

    `course` counts the block's courses of action from 0, None in a text. The map feature of a
    course (`where`) is a reference with empty text.
    """

    section_id: str
    block_id: str
    course: int | None
    reference: LiveReference


def references_of(document: PlanDocument) -> tuple[PlacedReference, ...]:
    """Return every live reference in reading order, in texts, courses of action and rows."""
    return tuple(
        PlacedReference(section.id, block.id, course, reference)
        for section in document.sections
        for block in section.blocks
        for course, reference in _of_block(block)
    )


def freeze_document(document: PlanDocument, resolve: Resolve) -> PlanDocument:
    """Return the document with the words of every live reference as they are now.

    Done once, at submission; what is hashed and signed is the frozen document.
    """
    return dataclasses.replace(
        document,
        sections=tuple(
            dataclasses.replace(
                section, blocks=tuple(_frozen_block(block, resolve) for block in section.blocks)
            )
            for section in document.sections
        ),
    )


def _of_block(block: Block) -> Iterator[tuple[int | None, LiveReference]]:
    for reference in references_in(block.markdown):
        yield None, reference
    for number, course in enumerate(block.courses):
        for text in (course.trigger, course.actor, course.action, course.if_not):
            for reference in references_in(text):
                yield number, reference
        if course.where:
            yield number, LiveReference("feature", course.where, "")
    for row in block.rows:
        for text in row.values():
            for reference in references_in(text):
                yield None, reference


def _frozen_block(block: Block, resolve: Resolve) -> Block:
    return dataclasses.replace(
        block,
        markdown=freeze(block.markdown, resolve),
        courses=tuple(_frozen_course(course, resolve) for course in block.courses),
        rows=tuple(
            {name: freeze(text, resolve) for name, text in row.items()} for row in block.rows
        ),
    )


def _frozen_course(course: CourseOfAction, resolve: Resolve) -> CourseOfAction:
    return dataclasses.replace(
        course,
        actor=freeze(course.actor, resolve),
        action=freeze(course.action, resolve),
        trigger=freeze(course.trigger, resolve),
        if_not=freeze(course.if_not, resolve),
    )
