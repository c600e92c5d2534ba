"""The form of the demonstration plan's text, and references to its map by label.

The text does not know the ids of the map. It names a place by kind and label, as
`feature:label:exterior_door:1`; `with_feature_ids` turns these into ids once the map stands.
"""

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from plans.content.document import Audience, Block, CourseOfAction, Phase

PHASES: tuple[Phase, ...] = ("before", "during", "after")
_LABELED = re.compile(r"\[(?P<text>[^\]]*)\]\(feature:label:(?P<kind>[a-z_]+):(?P<label>[^)]+)\)")
_LABELED_PLACE = re.compile(r"label:(?P<kind>[a-z_]+):(?P<label>.+)")

FindFeature = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class SectionText:
    """The text of one section; block ids are `FA-LOCK/1` and the like, unique in the plan."""

    template_id: str
    blocks: tuple[Block, ...]
    not_applicable: str = ""


def reference(kind: str, label: str, text: str) -> str:
    """Return the Markdown link to a map feature by kind and label."""
    return f"[{text}](feature:label:{kind}:{quote(label)})"


def door(number: int) -> str:
    """Return the reference to an exterior door by its number."""
    return reference("exterior_door", str(number), f"Door {number}")


def area(label: str) -> str:
    """Return the reference to an assembly area by its label, such as A1."""
    return reference("assembly_area", label, f"Assembly area {label}")


def room(label: str) -> str:
    """Return the reference to a room by its name on the sign."""
    return reference("room", label, label)


PANEL = reference("fire_panel", "FACP", "FACP")
COMMAND_POST = reference("command_post", "CP", "Command post CP")
STAGING = reference("staging_area", "S", "Staging area S")
MAIN_OFFICE = room("Main Office")
GYM = room("Gym")
CAFETERIA = room("Cafeteria")


def text(
    template_id: str, number: int, audience: Audience, markdown: str, *, goal: Phase | None = None
) -> Block:
    """Return one text block of a section."""
    return Block(f"{template_id}/{number}", "text", audience, markdown.strip(), goal=goal)


def step(
    actor: str,
    action: str,
    *,
    trigger: str = "",
    where: str | None = None,
    seconds: int | None = None,
    if_not: str = "",
) -> CourseOfAction:
    """Return a course of action; its phase is set by the annex. `where` is kind:label."""
    return CourseOfAction(
        phase="during",
        actor=actor,
        action=action,
        trigger=trigger,
        where=None if where is None else f"label:{where}",
        time_limit_seconds=seconds,
        if_not=if_not,
    )


def annex(
    template_id: str,
    *,
    opening: str,
    goals: tuple[str, str, str],
    before: tuple[CourseOfAction, ...],
    during: tuple[CourseOfAction, ...],
    after: tuple[CourseOfAction, ...],
    responder: str,
    restricted: str = "",
) -> SectionText:
    """Return an annex: opening, then goal and courses of action of each phase, then responders'."""
    blocks = [text(template_id, 1, "public", opening)]
    for phase, goal, courses in zip(PHASES, goals, (before, during, after), strict=True):
        blocks.append(text(template_id, len(blocks) + 1, "staff", goal, goal=phase))
        blocks.append(
            Block(
                id=f"{template_id}/{len(blocks) + 1}",
                kind="courses_of_action",
                audience="staff",
                markdown=f"Courses of action, {phase}",
                courses=tuple(dataclasses.replace(course, phase=phase) for course in courses),
            )
        )
    blocks.append(text(template_id, len(blocks) + 1, "responder", responder))
    if restricted:
        blocks.append(text(template_id, len(blocks) + 1, "restricted", restricted))
    return SectionText(template_id, tuple(blocks))


def with_feature_ids(
    sections: Sequence[SectionText], find: FindFeature
) -> tuple[tuple[SectionText, ...], tuple[str, ...]]:
    """Return the sections with ids of the map in place of labels, and the labels not found.

    `find(kind, label)` gives the id of the feature or None. What is not found stays as plain words
    in a text, and a step then has no place on the map.
    """
    missing: dict[str, None] = {}

    def found(kind: str, label: str) -> str | None:
        feature_id = find(kind, unquote(label))
        if feature_id is None:
            missing[f"{kind}:{unquote(label)}"] = None
        return feature_id

    def linked(match: re.Match[str]) -> str:
        feature_id = found(match["kind"], match["label"])
        return match["text"] if feature_id is None else f"[{match['text']}](feature:{feature_id})"

    def course(item: CourseOfAction) -> CourseOfAction:
        place = _LABELED_PLACE.fullmatch(item.where or "")
        return dataclasses.replace(
            item,
            trigger=_LABELED.sub(linked, item.trigger),
            action=_LABELED.sub(linked, item.action),
            if_not=_LABELED.sub(linked, item.if_not),
            where=found(place["kind"], place["label"]) if place else item.where,
        )

    resolved = tuple(
        dataclasses.replace(
            section,
            blocks=tuple(
                dataclasses.replace(
                    block,
                    markdown=_LABELED.sub(linked, block.markdown),
                    courses=tuple(course(item) for item in block.courses),
                )
                for block in section.blocks
            ),
        )
        for section in sections
    )
    return resolved, tuple(missing)
