"""R13: agencies that are asked to drills, or take part in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.counting import count
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import AgencyPresence, DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import UNKNOWN, Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window

HOW = ("invite", "take_part")
STANDS_IN = {"police": ("police", "sheriff")}
"""Roles that another agency fills as well: a sheriff is police."""


@dataclass(frozen=True, slots=True)
class Participants:
    """An agency of `role` is invited to, or takes part in, `n` drills of `types` in `window`.

    Without `n` and `window`: in every drill, a verdict for each.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "role": {"enum": list(words.AGENCY_ROLES)},
        "how": {"enum": list(HOW)},
        "n": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "role", "how")

    types: tuple[str, ...]
    role: str
    how: str
    n: int | None
    window: Window | None

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        types = fields.needed("types", parameters.types)
        role = fields.needed("role", f.word(words.AGENCY_ROLES))
        how = fields.needed("how", f.word(HOW))
        number = fields.optional("n", parameters.count)
        window = fields.optional("window", read_window)
        if isinstance(number, Unknown) != isinstance(window, Unknown):
            fields.refuse("n", "`n` and `window` go together.", "Give both, or neither.")
        return cls(
            types,
            role,
            how,
            None if isinstance(number, Unknown) else number,
            None if isinstance(window, Unknown) else window,
        )

    @property
    def needed(self) -> int:
        """Return how many drills; one verdict per drill needs one."""
        return self.n or 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdict of each cell, or of each drill."""
        drills = facts.held_of(self.types)
        if self.window is None:
            for drill in drills:
                yield self._of_each(rule, drill)
            return
        cells = self.window.cells(facts.calendar, facts.year)
        if isinstance(cells, str):
            yield unknown(rule, cells)
            return
        answers = [(drill, self._answer(drill)) for drill in drills]
        for cell in cells:
            yield count(
                rule,
                facts,
                replace(cell, words=f"with {self._agency()} {self._done()} {cell.words}"),
                needed=self.needed,
                types=self.types,
                drills=[drill for drill, answer in answers if answer is True],
                perhaps=[drill for drill, answer in answers if isinstance(answer, Unknown)],
                missing=f"whether {self._agency()} was {self._done()}",
            )

    def _of_each(self, rule: Rule, drill: DrillRecord) -> Verdict:
        ids = (drill.id,)
        answer = self._answer(drill)
        if isinstance(answer, Unknown):
            missing = f"whether {self._agency()} was {self._done()}"
            return unknown(rule, missing, cell=drill.id, evidence=ids)
        if answer:
            why = f"{self._agency().capitalize()} was {self._done()}."
            return plain_verdict(rule, "met", why, cell=drill.id, held=1, evidence=ids)
        why = f"{self._agency().capitalize()} was not {self._done()}."
        return plain_verdict(rule, "violated", why, cell=drill.id, evidence=ids)

    def _answer(self, drill: DrillRecord) -> bool | Unknown:
        if isinstance(drill.agencies, Unknown):
            return UNKNOWN
        roles = STANDS_IN.get(self.role, (self.role,))
        answers = [self._of(one) for one in drill.agencies if one.role in roles]
        if any(answer is True for answer in answers):
            return True
        return next((answer for answer in answers if isinstance(answer, Unknown)), False)

    def _of(self, presence: AgencyPresence) -> bool | Unknown:
        if self.how == "invite" and presence.present is not True:
            return presence.invited
        return presence.present

    def _agency(self) -> str:
        return self.role.replace("_", " ")

    def _done(self) -> str:
        return "invited" if self.how == "invite" else "present"
