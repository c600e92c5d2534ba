"""A school year judged by a rule pack: one verdict per requirement and cell, with its reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from drills.rules.admission import admit
from drills.rules.allotment import Giver, allot
from drills.rules.calendar import SchoolCalendar, calendar_of
from drills.rules.doubts import doubts
from drills.rules.facts import Credit, Facts
from drills.rules.pack import PackVersion, RulePack
from drills.rules.record import DrillRecord, SchoolYear, Waiver
from drills.rules.rule import Rule
from drills.rules.school_year import SchoolYearRefused
from drills.rules.serving import serves
from drills.rules.shapes.at_least import AtLeast
from drills.rules.shapes.prohibited import Prohibited
from drills.rules.shapes.real_event_credit import RealEventCredit
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.shapes.substitute import Substitute
from drills.rules.unknown import Unknown
from drills.rules.verdict import Judgement, RuleFinding, Verdict
from drills.rules.windows import day_words

__all__ = ["DEFAULT_GAP_DAYS", "Judgement", "RuleFinding", "Verdict", "as_document", "judge"]

DEFAULT_GAP_DAYS = 5
"""School days that Muster takes for the law's “reasonable” until the district says otherwise."""


def judge(pack: RulePack, year: SchoolYear, *, gap_days: int = DEFAULT_GAP_DAYS) -> Judgement:
    """Return the verdicts of a school year as of its `as_of`, in the order of the pack.

    The version of the rules is that of the year's first day. `gap_days` are school days. Raises
    SchoolYearRefused without `as_of`, ValueError for another jurisdiction's pack.
    """
    if isinstance(year.as_of, Unknown):
        raise SchoolYearRefused(
            where="as_of", why="The day of the verdict is missing.", mend="Add as_of."
        )
    if pack.jurisdiction != year.jurisdiction:
        raise ValueError(f"{pack.jurisdiction} does not govern {year.jurisdiction}.")
    version = pack.version_for(year.first_day)
    if version is None:
        return Judgement(pack.jurisdiction, year.as_of, (), (_no_version(pack, year),))
    return _judged(pack, version, year, year.as_of, gap_days)


def _judged(
    pack: RulePack, version: PackVersion, year: SchoolYear, as_of: date, gap_days: int
) -> Judgement:
    calendar = calendar_of(year)
    bound = [rule for rule in version.rules if rule.binds(year.school) is True]
    bars_testing = any(
        isinstance(rule.asks, Prohibited) and rule.asks.during_tests for rule in bound
    )
    admission = admit(year, calendar, bound, as_of)
    facts = Facts(
        year=year,
        calendar=calendar,
        as_of=as_of,
        gap_days=gap_days,
        held=admission.held,
        planned=admission.planned,
        cancelled=admission.cancelled,
        events=admission.events,
        open_days=calendar.days_for_drills(outside_tests=bars_testing),
    )
    facts = replace(facts, credits=_credits(bound, facts))
    verdicts: list[Verdict] = []
    findings = [*_about_the_record(year, calendar), *admission.findings]
    for rule in version.rules:
        binds = rule.binds(year.school)
        if binds is True:
            if isinstance(rule.asks, AtLeast) and rule.asks.beyond:
                facts = replace(facts, said=tuple(verdicts))
            for said in rule.asks.judge(rule, facts):
                (verdicts if isinstance(said, Verdict) else findings).append(said)  # type: ignore[arg-type]
        elif rule.asks.needed:
            verdicts.append(
                unknown(rule, binds)
                if isinstance(binds, str)
                else plain_verdict(rule, "not_applicable", "The rule does not bind this school.")
            )
    verdicts, waived = _waive(verdicts, year.waivers, as_of)
    findings += waived
    findings += _about_planned(verdicts, facts, bars_testing=bars_testing)
    findings += _about_uncounted(verdicts, facts)
    findings += doubts(bound, verdicts, facts)
    return Judgement(pack.jurisdiction, as_of, tuple(verdicts), tuple(findings), bars_testing)


def _credits(bound: Sequence[Rule], facts: Facts) -> dict[str, tuple[Credit, ...]]:
    """Return which drills stand for others: real events first, then substitutions."""
    givers: list[tuple[Rule, Giver]] = [
        (rule, rule.asks) for rule in bound if isinstance(rule.asks, RealEventCredit)
    ]
    givers += [(rule, rule.asks) for rule in bound if isinstance(rule.asks, Substitute)]
    if not givers:
        return {}
    counts = {rule.id: (rule, rule.asks) for rule in bound if isinstance(rule.asks, AtLeast)}
    return allot(givers, counts, facts)


def _no_version(pack: RulePack, year: SchoolYear) -> RuleFinding:
    return RuleFinding(
        "no_rules_in_force",
        "error",
        f"The rules of {pack.name} are not loaded for a school year that begins on "
        f"{day_words(year.first_day)}.",
        f"They are loaded for years from {day_words(pack.versions[0].since)}.",
    )


def _about_the_record(year: SchoolYear, calendar: SchoolCalendar) -> Iterable[RuleFinding]:
    if not calendar.closures_known:
        yield RuleFinding(
            "closures_unknown",
            "warning",
            "The record has no list of days without school: every weekday is taken as one.",
            "Add school_year.no_school, [] where there is none.",
        )
    if isinstance(year.school.grades, Unknown):
        yield RuleFinding(
            "grades_unknown",
            "info",
            "The grades are not recorded: the school is taken as one of kindergarten to grade 12.",
            "Add school.grades.",
        )


def _waive(
    verdicts: Sequence[Verdict], waivers: Sequence[Waiver], as_of: date
) -> tuple[list[Verdict], list[RuleFinding]]:
    """Return the verdicts with waivers applied: what is met stays met."""
    result, findings = list(verdicts), []
    for waiver in waivers:
        hits = [
            index
            for index, verdict in enumerate(result)
            if waiver.requirement in {verdict.id, verdict.key}
        ]
        if not hits:
            findings.append(
                RuleFinding(
                    "waiver_names_nothing", "warning",
                    f"The waiver names {waiver.requirement}, which is no requirement here.",
                    "Correct its id.", requirement=waiver.requirement,
                )
            )  # fmt: skip
        if waiver.on > as_of:
            continue
        for index in hits:
            if result[index].verdict not in {"met", "not_applicable"}:
                why = f"Waived on {day_words(waiver.on)}: {waiver.reason.rstrip('.')}."
                result[index] = replace(result[index], verdict="waived", why=why)
    return result, findings


def _about_planned(
    verdicts: Sequence[Verdict], facts: Facts, *, bars_testing: bool
) -> Iterable[RuleFinding]:
    """Say for each planned drill what it would satisfy, the earliest first."""
    if not facts.planned:
        return
    short = Counter({verdict.key: verdict.needed - verdict.held for verdict in verdicts})
    for drill in facts.planned:
        if bars_testing and facts.calendar.is_testing_day(drill.date):
            yield RuleFinding(
                "planned_in_state_test", "warning",
                f"The drill is planned for {day_words(drill.date)}, a day of a state test.",
                "Move it to another day.", drill=drill.id,
            )  # fmt: skip
            continue
        would = [
            verdict.key for verdict in verdicts if serves(verdict, drill) and short[verdict.key] > 0
        ]
        short.subtract(would)
        yield RuleFinding(
            "planned", "info",
            f"Planned for {day_words(drill.date)}: it counts for nothing yet; held, it would "
            f"count toward {', '.join(would)}."
            if would
            else f"Planned for {day_words(drill.date)}: no duty that is still open needs it.",
            drill=drill.id,
        )  # fmt: skip


def _about_uncounted(verdicts: Sequence[Verdict], facts: Facts) -> Iterable[RuleFinding]:
    used = {name for verdict in verdicts if verdict.counts_types for name in verdict.evidence}
    for drill in (*facts.held, *facts.events):
        if drill.id not in used:
            yield RuleFinding(
                "counts_for_nothing", "info", _why_uncounted(drill, verdicts), drill=drill.id
            )


def _why_uncounted(drill: DrillRecord, verdicts: Sequence[Verdict]) -> str:
    asked = any(drill.type in verdict.counts_types for verdict in verdicts)
    kind = drill.type.replace("_", " ")
    if asked:
        return f"No open window held {day_words(drill.date)}: the drill counts for nothing."
    return f"The law asks for no {kind} drill here: it counts for nothing."


def as_document(judgement: Judgement) -> dict[str, Any]:
    """Return the judgement as the JSON of `muster drills judge` (`design.md` section 4)."""
    return {
        "jurisdiction": judgement.jurisdiction,
        "as_of": judgement.as_of.isoformat(),
        "requirements": [
            {
                "id": verdict.id,
                "cell": verdict.cell,
                "what": verdict.what,
                "citation": verdict.citation,
                "verified": verdict.verified,
                "verdict": verdict.verdict,
                "needed": verdict.needed,
                "held": verdict.held,
                "due_by": verdict.due_by.isoformat() if verdict.due_by else None,
                "why": verdict.why,
                "evidence": list(verdict.evidence),
            }
            for verdict in judgement.requirements
        ],
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "mend": finding.mend,
                "drill": finding.drill,
                "requirement": finding.requirement,
            }
            for finding in judgement.findings
        ],
    }
