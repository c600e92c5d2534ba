"""What the judge says: verdicts, findings, and the whole judgement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from drills.rules.words import VerdictWord


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one requirement, or one cell of it, comes to.

    `cell` is empty, a month (2025-10), a term's name, or a drill's id. `needed` is what the law
    asks, `held` what counts toward it. `due_by` is the last admissible day (for an overdue duty
    the one that passed). `evidence` are the ids of the drills that count. `counts_types` could
    satisfy it, the usual one first; `condition` are the places in the day it asks for.
    `opens` to `closes` is when a drill counts in time; until `late_until` a late one still cures.
    `redo_of` is the cancelled drill that must be made good.
    """

    id: str
    cell: str
    what: str
    citation: str
    verified: bool
    severity: str
    verdict: VerdictWord
    needed: int
    held: int
    due_by: date | None
    why: str
    evidence: tuple[str, ...] = ()
    counts_types: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    opens: date | None = None
    closes: date | None = None
    late_until: date | None = None
    redo_of: str = ""

    @property
    def key(self) -> str:
        """Return the id, with the cell where there is one: `VA.SFPC@2024-10`."""
        return f"{self.id}@{self.cell}" if self.cell else self.id


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """Something a person should see beside the verdicts: stable code, subject, how to mend it.

    `drill` is the id of the drill it is about, `requirement` an id or `id@cell`; either may be
    empty.
    """

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    mend: str = ""
    drill: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A school year judged by one version of one rule pack, as of one day.

    `bars_testing` says whether the pack forbids drills that disturb a state test.
    """

    jurisdiction: str
    as_of: date
    requirements: tuple[Verdict, ...]
    findings: tuple[RuleFinding, ...]
    bars_testing: bool = False
