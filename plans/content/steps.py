"""Numbers of the steps in a section: they run on through all its courses of action."""

from dataclasses import dataclass

from plans.content.document import CourseOfAction, Section


@dataclass(frozen=True, slots=True)
class Step:
    """One course of action with its number in the section and its place in its block."""

    number: int
    block_id: str
    index: int
    course: CourseOfAction


def steps(section: Section) -> tuple[Step, ...]:
    """Return the section's courses of action in reading order, numbered from 1.

    Numbers are those of the document given: a selection for one audience counts only what it shows.
    """
    found = [
        (block.id, index, course)
        for block in section.blocks
        for index, course in enumerate(block.courses)
    ]
    return tuple(
        Step(number, block_id, index, course)
        for number, (block_id, index, course) in enumerate(found, start=1)
    )
