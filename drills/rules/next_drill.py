"""Which drill the law asks for next, and on which days it may stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from drills.rules.calendar import SchoolCalendar
from drills.rules.judge import DEFAULT_GAP_DAYS, judge
from drills.rules.pack import RulePack
from drills.rules.record import DrillRecord, SchoolYear
from drills.rules.serving import OPEN, last_day, serves
from drills.rules.shapes.spacing import Spacing
from drills.rules.unknown import Unknown
from drills.rules.verdict import Judgement, Verdict
from drills.rules.windows import day_words
from drills.rules.words import DRILL_TYPES, LOCKDOWN_TYPES

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The drill that the law asks for next.

    `requirement` is the tightest duty (`id` or `id@cell`), `serves` every open duty that it would
    count toward. `due_by` is that duty's last admissible day; where `is_overdue` it has passed.
    `place_in_day` is empty where any will do. `still_needed` drills are short, `days_left` the
    admissible days for them. `redo_of` is the cancelled drill that it makes good, if any.
    """

    type: str
    requirement: str
    serves: tuple[str, ...]
    due_by: date | None
    is_overdue: bool
    place_in_day: str
    still_needed: int
    days_left: int
    reason: str
    redo_of: str = ""


@dataclass(frozen=True, slots=True)
class LawfulDay:
    """A day on which a drill may stand, with its weekday in English."""

    day: date
    weekday: str


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day on which a drill may not stand: stable code and one sentence why.

    Codes: no_school_day, state_test, lockdown_that_day, too_close, too_early, past_due.
    """

    day: date
    weekday: str
    code: str
    why: str


def next_required(
    judgement: Judgement, calendar: SchoolCalendar, *, today: date, planned: Sequence[DrillRecord]
) -> Suggestion | None:
    """Return the drill for the duty with the fewest admissible days left per drill still needed.

    `planned` are the drills already on the calendar: what they will satisfy is not asked for
    again. An overdue duty comes first. None when nothing more is needed.
    """
    short = _still_needed(judgement, planned, today)
    ranked = _ranked(judgement, calendar, short, today)
    if not ranked:
        return None
    tightest = ranked[0]
    together = [verdict for verdict in ranked if _overlap(verdict, tightest, today)]
    kind = _best_type(tightest, together)
    wished = _place(judgement, short, kind)
    left = _days_left(judgement, calendar, tightest, today)
    return Suggestion(
        type=kind,
        requirement=tightest.key,
        serves=tuple(verdict.key for verdict in together if kind in verdict.counts_types),
        due_by=tightest.due_by,
        is_overdue=tightest.verdict == "overdue",
        place_in_day=wished,
        still_needed=short[tightest.key],
        days_left=left,
        reason=_reason(tightest, kind, short[tightest.key], left, wished),
        redo_of=tightest.redo_of,
    )


def lawful_days(
    pack: RulePack,
    year: SchoolYear,
    drill_type: str,
    *,
    after: date,
    replacing: str | None = None,
    count: int = 3,
    gap_days: int = DEFAULT_GAP_DAYS,
) -> tuple[LawfulDay, ...]:
    """Return the first `count` days later than `after` on which a drill of a type may stand.

    `replacing` is the id of the drill that it takes the place of; of a cancelled one it is the
    redo. `gap_days` are school days, used where the law says “reasonable”. Empty where no day is
    left before the duty it serves is due.
    """
    rules = DayRules(pack, year, drill_type, after=after, replacing=replacing, gap_days=gap_days)
    found: list[LawfulDay] = []
    for day in rules.calendar.school_days():
        if len(found) == count:
            break
        if day > after and rules.refusal(day) is None:
            found.append(LawfulDay(day, WEEKDAYS[day.weekday()]))
    return tuple(found)


def refused_days(
    pack: RulePack,
    year: SchoolYear,
    drill_type: str,
    *,
    after: date,
    until: date,
    replacing: str | None = None,
    gap_days: int = DEFAULT_GAP_DAYS,
) -> tuple[RefusedDay, ...]:
    """Return each day later than `after`, to `until`, on which it may not stand, and why."""
    rules = DayRules(pack, year, drill_type, after=after, replacing=replacing, gap_days=gap_days)
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return tuple(refused for day in days if (refused := rules.refusal(day)))


class DayRules:
    """What stands in the way of one drill on each day of a year."""

    def __init__(
        self,
        pack: RulePack,
        year: SchoolYear,
        drill_type: str,
        *,
        after: date,
        replacing: str | None,
        gap_days: int,
    ) -> None:
        """Judge the year without the drill that is replaced."""
        as_of = after if isinstance(year.as_of, Unknown) else year.as_of
        replaced = next((drill for drill in year.drills if drill.id == replacing), None)
        kept = tuple(drill for drill in year.drills if drill.id != replacing or drill.is_cancelled)
        self.year = replace(year, as_of=as_of, drills=kept)
        self.calendar = SchoolCalendar(year)
        self.drill_type = drill_type
        self.judgement = judge(pack, self.year, gap_days=gap_days)
        self.others = [
            drill
            for drill in kept
            if not drill.is_cancelled
            and drill.real_event is not True
            and drill.unplanned_alarm is not True
        ]
        self.gaps = _gaps(pack, self.year, drill_type, gap_days)
        self.duty = self._duty(after, replaced)

    def refusal(self, day: date) -> RefusedDay | None:
        """Return why the drill may not stand on a day, or None where it may."""
        for code, why in (self._closed(day), self._beside_others(day), self._outside_duty(day)):
            if code:
                return RefusedDay(day, WEEKDAYS[day.weekday()], code, why)
        return None

    def _duty(self, after: date, replaced: DrillRecord | None) -> Verdict | None:
        """Return the tightest open duty that the drill serves."""
        if replaced is not None and replaced.is_cancelled:
            for verdict in self.judgement.requirements:
                if verdict.redo_of == replaced.id and verdict.verdict in OPEN:
                    return verdict
        ahead = [drill for drill in self.others if drill.date > self.judgement.as_of]
        short = _still_needed(self.judgement, ahead, after)
        ranked = _ranked(self.judgement, self.calendar, short, after)
        return next(
            (
                verdict
                for verdict in ranked
                if self.drill_type in verdict.counts_types and not verdict.redo_of
            ),
            None,
        )

    def _closed(self, day: date) -> tuple[str, str]:
        if not self.calendar.is_school_day(day):
            return "no_school_day", f"{day_words(day)} is no school day."
        if self.judgement.bars_testing and self.calendar.is_testing_day(day):
            return "state_test", f"A state test is given on {day_words(day)}."
        return "", ""

    def _beside_others(self, day: date) -> tuple[str, str]:
        for other in self.others:
            words = DRILL_TYPES[other.type]
            if (
                other.date == day
                and other.type in LOCKDOWN_TYPES
                and self.drill_type in LOCKDOWN_TYPES
            ):
                return "lockdown_that_day", f"A {words} drill already stands on {day_words(day)}."
            apart = self.calendar.school_days_apart(other.date, day)
            if (gap := self.gaps.get(other.type, 0)) > apart:
                days = "school day" if apart == 1 else "school days"
                why = (
                    f"The {words} drill of {day_words(other.date)} is {apart} {days} away; "
                    f"{gap} are asked for."
                )
                return "too_close", why
        return "", ""

    def _outside_duty(self, day: date) -> tuple[str, str]:
        if self.duty is None:
            if self.year.first_day <= day <= self.year.last_day:
                return "", ""
            return "past_due", f"The school year ends on {day_words(self.year.last_day)}."
        last = last_day(self.duty)
        if self.duty.opens and day < self.duty.opens:
            why = f"{self.duty.id} counts drills from {day_words(self.duty.opens)} on."
            return "too_early", why
        if last and day > last:
            return "past_due", f"{self.duty.id} is due by {day_words(last)}."
        return "", ""


def _gaps(pack: RulePack, year: SchoolYear, drill_type: str, gap_days: int) -> dict[str, int]:
    """Return for each type of other drill the school days to keep from it."""
    version = pack.version_for(year.first_day)
    gaps: dict[str, int] = {}
    for rule in version.rules if version else ():
        asks = rule.asks
        if (
            isinstance(asks, Spacing)
            and drill_type in asks.types
            and rule.binds(year.school) is True
        ):
            for kind in asks.types:
                gaps[kind] = max(gaps.get(kind, 0), asks.gap or gap_days)
    return gaps


def _still_needed(
    judgement: Judgement, planned: Sequence[DrillRecord], today: date
) -> dict[str, int]:
    """Return how many drills each open duty still lacks once the planned ones are held."""
    short = {
        verdict.key: verdict.needed - verdict.held
        for verdict in judgement.requirements
        if verdict.verdict in OPEN and verdict.counts_types
    }
    for drill in sorted(planned, key=lambda drill: (drill.date, drill.id)):
        if drill.is_cancelled or drill.date < today:
            continue
        for verdict in judgement.requirements:
            counted = drill.id in verdict.evidence
            if not counted and serves(verdict, drill) and short[verdict.key] > 0:
                short[verdict.key] -= 1
    return {key: number for key, number in short.items() if number > 0}


def _ranked(
    judgement: Judgement, calendar: SchoolCalendar, short: dict[str, int], today: date
) -> list[Verdict]:
    """Return the open duties, the tightest first."""

    def tightness(verdict: Verdict) -> tuple[float, date, str]:
        left = 0 if verdict.verdict == "overdue" else _days_left(
            judgement, calendar, verdict, today
        )  # fmt: skip
        return left / short[verdict.key], verdict.due_by or date.max, verdict.key

    open_ones = [verdict for verdict in judgement.requirements if verdict.key in short]
    return sorted(open_ones, key=tightness)


def _days_left(
    judgement: Judgement, calendar: SchoolCalendar, verdict: Verdict, today: date
) -> int:
    last = last_day(verdict)
    if verdict.opens is None or last is None:
        return 0
    days = calendar.school_days_between(max(today, verdict.opens), last)
    if not judgement.bars_testing:
        return len(days)
    return sum(not calendar.is_testing_day(day) for day in days)


def _overlap(verdict: Verdict, tightest: Verdict, today: date) -> bool:
    """Return whether one drill may serve a duty beside the tightest one."""
    last, end = last_day(verdict), last_day(tightest)
    if verdict.opens is None or tightest.opens is None or last is None or end is None:
        return False
    if verdict.redo_of and verdict is not tightest:
        return False
    return verdict.opens <= end and last >= max(today, tightest.opens)


def _best_type(tightest: Verdict, together: Sequence[Verdict]) -> str:
    """Return the type that serves most of the open duties, the usual one of the tightest first."""
    return max(
        tightest.counts_types,
        key=lambda kind: sum(kind in verdict.counts_types for verdict in together),
    )


def _place(judgement: Judgement, short: dict[str, int], kind: str) -> str:
    """Return the place in the day that an open duty wishes for; empty where none does."""
    for verdict in judgement.requirements:
        wanted = verdict.key in short or verdict.verdict == "unknown"
        if verdict.condition and wanted and kind in verdict.counts_types:
            return verdict.condition[0]
    return ""


def _reason(verdict: Verdict, kind: str, needed: int, left: int, place: str) -> str:
    words = DRILL_TYPES[kind]
    drills = "drill is" if needed == 1 else "drills are"
    days = "1 admissible day is" if left == 1 else f"{left} admissible days are"
    by = f" by {day_words(verdict.due_by)}" if verdict.due_by else ""
    text = f"{needed} {words} {drills} still needed{by}; {days} left."
    if verdict.verdict == "overdue":
        text = f"{needed} {words} {drills} overdue since{by.replace(' by', '')}."
    if verdict.redo_of:
        text = f"The cancelled {words} drill must be made good{by}."
    return f"{text} Hold it at {place}: one such drill is asked for." if place else text
