"""The table of completeness checks: what each asks, how grave it is, and what it needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from plans.content.mentions import Severity

Mode = Literal["block", "warn", "off"]


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check. `needs` are fields of `Facts` without which it is silent; none: the plan alone.

    `blocks` tells whether its errors stop a new approval unless the district says otherwise.
    """

    code: str
    asks: str
    severities: tuple[Severity, ...]
    blocks: bool = False
    needs: tuple[str, ...] = ()


def _rule(
    number: int, asks: str, *severities: Severity, blocks: bool = False, needs: str = ""
) -> CheckRule:
    return CheckRule(f"CK-{number:02}", asks, severities, blocks, tuple(needs.split()))


CHECKS: tuple[CheckRule, ...] = (
    _rule(1, "Every section of the basic plan stands and says something of its own",
          "error", "warning", blocks=True),
    _rule(2, "The ten functional annexes stand, or do not apply with a reason and an approver",
          "error", blocks=True),
    _rule(3, "Every annex has a goal before, during and after", "error", blocks=True),
    _rule(4, "Every goal has a course of action", "error"),
    _rule(5, "Every course of action says who, by post, and what; where people move, also where",
          "error", "info"),
    _rule(6, "Each hazard ranked high has an annex, and each hazard annex is in the register",
          "error", needs="hazards"),
    _rule(7, "Hazards were scored in the last 24 months", "warning", needs="hazards_scored_on"),
    _rule(8, "Incident commander with two alternates, every post filled, nobody in two posts, "
          "nobody who has left; a small school has its short chart", "error", "warning"),
    _rule(9, "The order of succession for the principal is three deep", "error"),
    _rule(10, "The post that may activate the plan is named", "error", blocks=True),
    _rule(11, "Every reference to the map stands on the pinned map", "error", blocks=True,
          needs="map_feature_ids"),
    _rule(12, "The map was verified on site in the last 12 months and is the newest", "warning",
          needs="map_verified_on"),
    _rule(13, "Two evacuation routes for each group of rooms, two assembly areas, one beyond the "
          "stand-off distance", "warning", needs="routes_by_room_group assembly_areas"),
    _rule(14, "A primary and an alternate reunification site, each with agreement, holder, "
          "telephone number and capacity", "error", needs="reunification_sites"),
    _rule(15, "Shelter rooms are named for each hazard and hold everyone present", "warning",
          needs="shelters"),
    _rule(16, "People who need help are counted, with helpers, refuge or device and transport; no "
          "names and no diagnoses", "error", "warning", blocks=True),
    _rule(17, "Languages of families are listed, with the means of notice", "warning"),
    _rule(18, "Police, fire, EMS, dispatch and emergency management have a number confirmed in the "
          "last 12 months", "error", needs="phones_confirmed"),
    _rule(19, "Agreements are listed and not expired", "warning", "info", needs="agreements"),
    _rule(20, "Shut-offs of gas, water, electricity and HVAC are located, with tool and who may "
          "operate them", "error"),
    _rule(21, "First and second channel to staff, families and dispatch; who speaks to the media",
          "error"),
    _rule(22, "The drill and exercise program satisfies the rules of the state", "warning",
          needs="drill_rules_unmet"),
    _rule(23, "Lessons of drills that touch a section are taken in", "warning",
          needs="open_actions"),
    _rule(24, "The plan was reviewed in the last 12 months; 24 months is the limit",
          "error", "warning", needs="reviewed_on"),
    _rule(25, "Everyone on the signature list has signed this very content", "error", blocks=True,
          needs="signatures_missing"),
    _rule(26, "Each first-due agency is in the record of distribution", "warning",
          needs="first_due"),
    _rule(27, "Before and after school, events, field trips and community use are addressed",
          "warning"),
    _rule(28, "Substitutes, volunteers, visitors and contractors are addressed", "warning"),
    _rule(29, "Communication works when power or network is down", "warning"),
    _rule(30, "Plain language: no code words, sentences of 25 words at most on average",
          "warning"),
    _rule(31, "No private address, number or birth date outside the restricted contact sheet",
          "error", blocks=True),
    _rule(32, "Schools on the same grounds or next door are named", "info", needs="neighbors"),
    _rule(33, "Recovery: who reopens, who counsels, where vital records are", "warning"),
    _rule(34, "The document is accessible: heading levels, table headings, described pictures",
          "warning"),
)  # fmt: skip

RULE_BY_CODE: Mapping[str, CheckRule] = {rule.code: rule for rule in CHECKS}
BLOCKING_BY_DEFAULT: frozenset[str] = frozenset(rule.code for rule in CHECKS if rule.blocks)


def reference_rows() -> tuple[str, ...]:
    """Return the rows of the table in docs/reference/completeness-checks.md, a check a row."""
    return tuple(
        f"| {rule.code} | {rule.asks} | {', '.join(rule.severities)} | "
        f"{'block' if rule.blocks else 'warn'} | "
        f"{', '.join(f'`{name}`' for name in rule.needs) or 'the plan alone'} |"
        for rule in CHECKS
    )
