"""The text of the plan as chapters, in the order in which a responder needs it."""

from collections.abc import Iterator, Mapping, Sequence

from plans.content.document import Block, CourseOfAction, PlanDocument, Section
from plans.content.markdown import Reference, Resolve, block_tree, inline_tree, to_plain
from plans.content.positions import position_name
from plans.content.steps import steps as numbered
from plans.packets.places import Places
from plans.packets.tree import (
    ChangeLine,
    Chapter,
    Grid,
    Piece,
    Prose,
    RoleRow,
    RolesHere,
    SectionPages,
    StepLine,
    Steps,
)

REUNIFICATION = "FA-REUN"


def chapters_of(document: PlanDocument, places: Places) -> tuple[Chapter, ...]:
    """Return threats first, then reunification, functional annexes, and the basic plan."""
    hazards = [s for s in document.sections if s.part == "hazard_annex"]
    functional = [s for s in document.sections if s.part == "functional_annex"]
    reunion = [s for s in functional if s.template_id == REUNIFICATION]
    others = [s for s in functional if s.template_id != REUNIFICATION]
    basic = [s for s in document.sections if s.part == "basic_plan"]
    made = (
        ("threats", "Courses of action by threat", hazards),
        ("reunification", "Reunification", reunion),
        ("annexes", "Functional annexes", others),
        ("appendices", "Appendices: the basic plan", basic),
    )
    return tuple(
        Chapter(anchor, title, tuple(_section(section, places) for section in sections))
        for anchor, title, sections in made
        if sections
    )


def role_rows(document: PlanDocument) -> tuple[RoleRow, ...]:
    """Return the posts of incident command in the order of the plan."""
    return tuple(
        RoleRow(
            position_name(role.position)[:1].upper() + position_name(role.position)[1:],
            role.person,
            role.first_alternate,
            role.second_alternate,
            role.phone,
        )
        for role in document.roles
    )


def change_lines(
    changes: Sequence[Mapping[str, object] | str], document: PlanDocument
) -> tuple[ChangeLine, ...]:
    """Return changes in plain words; each has the title of the section that it concerns."""
    titles = {section.id: section.title for section in document.sections}
    lines = []
    for change in changes:
        if isinstance(change, str):
            lines.append(ChangeLine("", change))
            continue
        about = titles.get(str(change.get("section_id") or ""), "")
        lines.append(ChangeLine(about, str(change.get("text") or "")))
    return tuple(line for line in lines if line.text)


def _section(section: Section, places: Places) -> SectionPages:
    pieces: list[Piece] = []
    if section.not_applicable:
        reason = f"This does not apply to this campus: {section.not_applicable}"
        pieces.append(Prose(block_tree(reason)))
    of_block: dict[str, list[StepLine]] = {}
    for step in numbered(section):
        of_block.setdefault(step.block_id, []).append(_step(step.number, step.course, places))
    for block in section.blocks:
        pieces.extend(_pieces(block, of_block.get(block.id, []), places))
    anchor = f"section-{section.template_id.casefold()}"
    return SectionPages(anchor, section.title, tuple(_with_goals(pieces)))


def _with_goals(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces, a goal taken into the steps of its phase that follow it."""
    waiting: Prose | None = None
    for piece in pieces:
        if waiting is not None and isinstance(piece, Steps) and piece.phase == waiting.goal:
            yield Steps(piece.phase, piece.steps, waiting.nodes)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        if isinstance(piece, Prose) and piece.goal:
            waiting = piece
        else:
            yield piece
    if waiting is not None:
        yield waiting


def _pieces(block: Block, steps: list[StepLine], places: Places) -> list[Piece]:
    if block.kind == "courses_of_action":
        pieces: list[Piece] = []
        for phase in dict.fromkeys(course.phase for course in block.courses):
            pairs = zip(block.courses, steps, strict=True)
            pieces.append(Steps(phase, tuple(line for c, line in pairs if c.phase == phase)))
        return pieces
    if block.kind == "roles":
        return [RolesHere(to_plain(block.markdown).strip()), *_table("", block)]
    if block.kind == "contacts":
        return _table(to_plain(block.markdown).strip(), block)
    if block.kind == "picture":
        shown = [f"Picture in the plan: {row.get('alt') or 'without description'}"
                 for row in block.rows]  # fmt: skip
        return [Prose(block_tree("\n\n".join([block.markdown, *shown])))]
    if not block.markdown.strip():
        return []
    return [Prose(block_tree(block.markdown, _with_cells(places)), block.goal)]


def _table(heading: str, block: Block) -> list[Piece]:
    if not block.rows:
        return []
    columns = tuple(dict.fromkeys(name for row in block.rows for name in row))
    titles = tuple(name.replace("_", " ").capitalize() for name in columns)
    rows = tuple(tuple(row.get(name, "") for name in columns) for row in block.rows)
    return [Grid(heading, titles, rows)]


def _step(number: int, course: CourseOfAction, places: Places) -> StepLine:
    resolve = _with_cells(places)
    place = places.get(course.where)
    where = ""
    if place is not None:
        cell = places.cells[place.id]
        where = f"{place.label}, cell {cell}" if cell else place.label
    seconds = course.time_limit_seconds
    return StepLine(
        number=number,
        actor=course.actor,
        action=inline_tree(course.action, resolve),
        trigger=inline_tree(course.trigger, resolve) if course.trigger else (),
        if_not=inline_tree(course.if_not, resolve) if course.if_not else (),
        where="" if _named(course, place.label if place else "") else where,
        limit=_limit(seconds) if seconds else "",
    )


def _named(course: CourseOfAction, label: str) -> bool:
    return bool(label) and f"feature:{course.where}" in course.action


def _limit(seconds: int) -> str:
    if seconds % 60 == 0 and seconds > 60:
        return f"within {seconds // 60} minutes"
    return f"within {seconds} seconds"


def _with_cells(places: Places) -> Resolve:
    def resolve(scheme: str, reference_id: str, text: str) -> Reference:
        label = text or reference_id
        cell = places.cells.get(reference_id, "") if scheme == "feature" else ""
        return Reference(f"{label} ({cell})" if cell else label, "present")

    return resolve
