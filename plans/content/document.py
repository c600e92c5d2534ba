"""The plan document: one version of a campus's emergency operations plan as data.

Editor, difference, completeness, publication and packet all take this form; its JSON is what is
hashed and signed. Texts are Markdown (CommonMark and tables) in which a live reference is a plain
link: `[Door 5](feature:ID)`, `[Principal](role:IC)`, `[Jo Brandt](contact:ID)`, `[Lakeshore
EMS](agency:ID)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Audience = Literal["public", "staff", "responder", "restricted"]
AUDIENCES: tuple[Audience, ...] = ("public", "staff", "responder", "restricted")
BlockKind = Literal["text", "courses_of_action", "roles", "contacts", "picture"]
Part = Literal["basic_plan", "functional_annex", "hazard_annex"]
Phase = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class CourseOfAction:
    """One ordered step: who does what, where. `actor` is a role, never a person's name."""

    phase: Phase
    actor: str
    action: str  # Markdown of one line, a verb first; may hold live references
    trigger: str = ""
    where: str | None = None  # id of a map feature
    time_limit_seconds: int | None = None
    if_not: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a section with its audience."""

    id: str
    kind: BlockKind
    audience: Audience
    markdown: str = ""  # text blocks; for others an optional heading
    courses: tuple[CourseOfAction, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()  # roles, contacts; pictures: file, alt
    goal: Phase | None = None  # set when the text states the goal of that phase


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the plan. `template_id` is BP-01 …, FA-EVAC …, or TH-<slug> of a hazard."""

    id: str
    template_id: str
    part: Part
    title: str
    blocks: tuple[Block, ...] = ()
    not_applicable: str = ""  # the reason, where the annex does not apply


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """Who holds an Incident Command System position, and who steps in."""

    position: str  # code of domain: IC, PIO, SO, LNO, OSC, OPS-MED …
    person: str
    first_alternate: str = ""
    second_alternate: str = ""
    phone: str = ""  # a duty number; never a private one


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Everything that is signed: sections, roles, and the map version they stand on."""

    campus: Mapping[str, Any]  # name, address, city, nces_id, grades, enrollment, staff_count …
    version: int
    map_version: int | None
    map_hash: str | None
    sections: tuple[Section, ...] = ()
    roles: tuple[RoleAssignment, ...] = ()
