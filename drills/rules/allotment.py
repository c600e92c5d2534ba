"""Which drills stand for others: substitutions and real events, allotted in one fixed order.

Real events are credited first, then each substitution in the order of the pack; within one the
cells in order of time, and in a cell the earliest drill. A cell that enough drills of its own
fill takes none. So the answer is stable, and a drill held later never takes from an earlier cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drills.rules.facts import Credit, Facts, in_order
from drills.rules.rule import Rule
from drills.rules.shapes.at_least import AtLeast
from drills.rules.shapes.real_event_credit import RealEventCredit
from drills.rules.shapes.substitute import Substitute
from drills.rules.windows import Cell

Giver = Substitute | RealEventCredit


@dataclass
class _Shortage:
    """What the cells of one requirement still lack."""

    rule: Rule
    cells: tuple[Cell, ...]
    lacks: dict[str, int]

    @classmethod
    def of(cls, rule: Rule, counted: AtLeast, facts: Facts) -> "_Shortage":
        cells = counted.window.cells(facts.calendar, facts.year)
        known = () if isinstance(cells, str) else cells
        drills = facts.held_of(counted.types)
        lacks = {
            cell.name: counted.n - sum(cell.holds(drill.date) for drill in drills) for cell in known
        }
        return cls(rule, known, lacks)


def allot(
    givers: Sequence[tuple[Rule, Giver]],
    counts: Mapping[str, tuple[Rule, AtLeast]],
    facts: Facts,
) -> dict[str, tuple[Credit, ...]]:
    """Return the drills credited to each requirement, by its id."""
    shortages: dict[str, _Shortage] = {}
    allotted: dict[str, list[Credit]] = {}
    used: set[tuple[str, str]] = set()
    for rule, giver in givers:
        for target in giver.stands_for:
            if target not in counts:
                continue
            if target not in shortages:
                shortages[target] = _Shortage.of(*counts[target], facts)
            for credit in _given(rule, giver, shortages[target], facts):
                if (target, credit.drill.id) not in used:
                    used.add((target, credit.drill.id))
                    allotted.setdefault(target, []).append(credit)
    return {
        target: tuple(sorted(given, key=lambda credit: in_order(credit.drill)))
        for target, given in allotted.items()
    }


def _given(rule: Rule, giver: Giver, shortage: _Shortage, facts: Facts) -> Iterator[Credit]:
    spans = giver.window.cells(facts.calendar, facts.year)
    if isinstance(spans, str):
        return
    offers = list(giver.offered(facts))
    if not offers:
        return
    for span in spans:
        left = len(offers) if giver.most is None else giver.most
        for cell in shortage.cells:
            if shortage.lacks[cell.name] <= 0:
                continue
            for drill, missing in offers:
                if not (span.holds(drill.date) and cell.holds(drill.date)):
                    continue
                if left == 0 or shortage.lacks[cell.name] <= 0:
                    break
                left -= 1
                if not missing:
                    shortage.lacks[cell.name] -= 1
                yield Credit(drill, rule.id, missing)
