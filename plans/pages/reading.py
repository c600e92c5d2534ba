"""A plan document as a page shows it: blocks as safe HTML, steps with their numbers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from plans.content.document import Block, CourseOfAction, PlanDocument, Section
from plans.content.markdown import Resolve, as_written, to_html
from plans.content.positions import position_name
from plans.content.steps import steps
from plans.content.wording import block_is_empty


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One course of action with its number in the section."""

    number: int
    actor: SafeString
    action: SafeString
    trigger: SafeString
    if_not: SafeString
    where: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One block: its text, its steps or its rows."""

    id: str
    kind: str
    audience: str
    goal: str
    html: SafeString
    steps: tuple[ShownStep, ...]
    rows: tuple[tuple[str, ...], ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section with its blocks."""

    id: str
    template_id: str
    title: str
    part: str
    not_applicable: str
    blocks: tuple[ShownBlock, ...]


@dataclass(frozen=True, slots=True)
class ShownPost:
    """One post of the command chart."""

    position: str
    name: str
    person: str
    first_alternate: str
    second_alternate: str
    phone: str


PlaceName = Callable[[str], str | None]


def shown_sections(
    document: PlanDocument, resolve: Resolve = as_written, place: PlaceName = lambda _: None
) -> list[ShownSection]:
    """Return every section of a document, ready to be shown."""
    return [shown_section(section, resolve, place) for section in document.sections]


def shown_section(
    section: Section, resolve: Resolve = as_written, place: PlaceName = lambda _: None
) -> ShownSection:
    """Return one section, ready to be shown; numbers of steps run on through it."""
    numbers = {(step.block_id, step.index): step.number for step in steps(section)}
    return ShownSection(
        section.id,
        section.template_id,
        section.title,
        section.part,
        section.not_applicable,
        tuple(_shown_block(block, numbers, resolve, place) for block in section.blocks),
    )


def _shown_block(
    block: Block, numbers: dict[tuple[str, int], int], resolve: Resolve, place: PlaceName
) -> ShownBlock:
    return ShownBlock(
        id=block.id,
        kind=block.kind,
        audience=block.audience,
        goal=block.goal or "",
        html=_html(block.markdown, resolve),
        steps=tuple(
            _shown_step(numbers[block.id, index], course, resolve, place)
            for index, course in enumerate(block.courses)
        ),
        rows=tuple(tuple(row.values()) for row in block.rows),
        is_empty=block_is_empty(block),
    )


def _shown_step(
    number: int, course: CourseOfAction, resolve: Resolve, place: PlaceName
) -> ShownStep:
    return ShownStep(
        number=number,
        actor=_line(course.actor, resolve),
        action=_line(course.action, resolve),
        trigger=_line(course.trigger, resolve),
        if_not=_line(course.if_not, resolve),
        where=(place(course.where) or "") if course.where else "",
        seconds=course.time_limit_seconds,
    )


def _html(markdown: str, resolve: Resolve) -> SafeString:
    return mark_safe(to_html(markdown, resolve))  # noqa: S308 — cleaned by nh3


def _line(markdown: str, resolve: Resolve) -> SafeString:
    """Return one line of Markdown without the paragraph around it."""
    html = to_html(markdown, resolve).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return mark_safe(html)  # noqa: S308 — cleaned by nh3


def shown_posts(document: PlanDocument) -> list[ShownPost]:
    """Return the command chart of a document."""
    return [
        ShownPost(
            role.position,
            position_name(role.position),
            role.person,
            role.first_alternate,
            role.second_alternate,
            role.phone,
        )
        for role in document.roles
    ]


def words_in(sections: Iterable[ShownSection]) -> int:
    """Return how many blocks say something; a preview with none says so."""
    return sum(not block.is_empty for section in sections for block in section.blocks)
