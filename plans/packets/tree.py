"""The tree of a packet: what both the printed PDF and the HTML file are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maps.document import MapDocument
from maps.drawing import Mark
from plans.content.document import Phase
from plans.content.markdown_tree import BlockNode, Inline
from plans.packets.facts import CampusFacts, Edition, PaperCheck


@dataclass(frozen=True, slots=True)
class GoStep:
    """One numbered step beside the picture of where to go; `sign` is a symbol of the map or ""."""

    title: str
    detail: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class DialRow:
    """A number that answers: who, what is to know, what to dial."""

    who: str
    note: str
    phone: str


@dataclass(frozen=True, slots=True)
class DialColumn:
    """School day or After hours: when it holds, whom to call in order, who may be inside."""

    title: str
    when: str
    rows: tuple[DialRow, ...]
    inside: str
    ordered: bool


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition in force, as page one says it."""

    title: str
    text: str
    until: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of a table of things with a place: sign, what, where, grid cell, and how or note."""

    sign: str
    what: str
    where: str
    cell: str
    how: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labeled line of the other side of page one."""

    label: str
    text: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change since the version before, and what it concerns."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the index. `door` is the nearest exterior door, `meters` straight to it."""

    feature: str
    label: str
    name: str
    level: str
    cell: str
    door: str
    meters: float | None

    @property
    def distance(self) -> str:
        """Feet and meters in words, feet to the next five."""
        if self.meters is None:
            return ""
        return f"{5 * round(self.meters / 0.3048 / 5)} ft ({round(self.meters)} m)"

    @property
    def title(self) -> str:
        """What people call it: “Room 204”, or the name of a room without number."""
        if not self.label:
            return self.name or "Room without number"
        return f"Room {self.label}" if self.label[:1].isdigit() else self.label


@dataclass(frozen=True, slots=True)
class LevelPages:
    """One storey: its id on the map, its name, and its rooms in order of their numbers."""

    id: str
    name: str
    short_name: str
    rooms: tuple[RoomRow, ...]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A post of incident command and who holds it."""

    post: str
    person: str
    first_alternate: str
    second_alternate: str
    phone: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Text as the author wrote it; `goal` names the phase whose goal it states."""

    nodes: tuple[BlockNode, ...]
    goal: Phase | None = None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One course of action: role first, then what it does."""

    number: int
    actor: str
    action: tuple[Inline, ...]
    trigger: tuple[Inline, ...] = ()
    if_not: tuple[Inline, ...] = ()
    where: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The numbered steps of one phase, under the goal of that phase where one is stated."""

    phase: Phase
    steps: tuple[StepLine, ...]
    goal: tuple[BlockNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts with a heading: contacts and other rows of a block."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RolesHere:
    """The place in a section where the posts and alternates stand."""

    heading: str


Piece = Prose | Steps | Grid | RolesHere


@dataclass(frozen=True, slots=True)
class SectionPages:
    """One section of the plan."""

    anchor: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections under one heading of the packet."""

    anchor: str
    title: str
    sections: tuple[SectionPages, ...]


@dataclass(frozen=True, slots=True)
class PacketTree:
    """A packet, complete: pages draw and typeset it and add nothing."""

    campus: CampusFacts
    edition: Edition
    check: PaperCheck
    marking: str
    address_line: str
    go: tuple[GoStep, ...]
    go_more: tuple[Fact, ...]
    dial: tuple[DialColumn, ...]
    conditions: tuple[ConditionLine, ...]
    utilities: tuple[PlacedRow, ...]
    building: tuple[Fact, ...]
    hazards: tuple[PlacedRow, ...]
    people_by_hour: tuple[tuple[int, int], ...]
    medical: tuple[Fact, ...]
    places: tuple[PlacedRow, ...]
    equipment: tuple[PlacedRow, ...]
    changes: tuple[ChangeLine, ...]
    levels: tuple[LevelPages, ...]
    roles: tuple[RoleRow, ...]
    chapters: tuple[Chapter, ...]
    map_document: MapDocument
    marks: tuple[Mark, ...] = ()
    approach: tuple[tuple[float, float], ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)  # feature id to grid cell

    @property
    def title(self) -> str:
        """The title of the document."""
        return f"{self.campus.name}: response packet v{self.edition.number}"
