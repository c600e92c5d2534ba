"""How complete a plan is, from 0 to 100, by what it says and not by how much.

Each section earns points for things a reader looks for (`score_points`), annexes also for goals and
steps of the three phases. Only sentences that say something of this school count (`substance`), and
one sentence shows two points at most, so that a list of the right words is not enough.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.content.completeness_checks import PHASES, is_annex
from plans.content.document import PlanDocument, Section
from plans.content.score_points import POINTS, Points
from plans.content.substance import sentences_of, telling, telling_steps
from plans.content.template import SECTION_TEMPLATES
from plans.content.template_basic_plan import BASIC_PLAN
from plans.content.template_functional import FUNCTIONAL_ANNEXES
from plans.content.wording import has_words

POINTS_OF_ONE_SENTENCE = 2
_COMPILED: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    template_id: tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in points)
    for template_id, points in POINTS.items()
}


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What a section earned of what it could, and which points it does not show yet."""

    earned: int
    possible: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is 0 to 100. Sections of the template that the plan lacks count as empty."""

    total: int
    sections: Mapping[str, SectionScore]


def score(document: PlanDocument) -> Score:
    """Return the score of a plan; each section weighs the same, whatever its length.

    Sections by template id. One that does not apply, with its reason, is left out; the table of
    contents too. Where several sections share a template id the best one counts.
    """
    said, steps = telling(document), telling_steps(document)
    found: dict[str, SectionScore] = {}
    for section in document.sections:
        if section.template_id == "BP-06" or has_words(section.not_applicable):
            continue
        told = _section(section, said[section.id], steps)
        former = found.get(section.template_id)
        if former is None or told.earned > former.earned:
            found[section.template_id] = told
    set_aside = {s.template_id for s in document.sections if has_words(s.not_applicable)}
    for template in (*BASIC_PLAN, *FUNCTIONAL_ANNEXES):
        wanted = not template.generated and template.template_id not in set_aside
        if wanted and template.template_id not in found:
            names = tuple(name for name, _ in _points(template.template_id))
            found[template.template_id] = SectionScore(0, len(names) or 1, names)
    shares = [told.earned / told.possible for told in found.values() if told.possible]
    return Score(int(100 * sum(shares) / len(shares)) if shares else 0, found)


def _points(template_id: str) -> Points:
    return POINTS.get(template_id, ())


def _section(
    section: Section, sentences: Sequence[str], steps: Mapping[tuple[str, str], Sequence[str]]
) -> SectionScore:
    earned: list[str] = []
    wanted = dict(_COMPILED.get(section.template_id, ()))
    acted = [text for phase in PHASES for text in steps.get((section.id, phase), ())]
    for sentence in (*sentences, *acted):
        shown = [name for name, pattern in wanted.items() if pattern.search(sentence)]
        for name in shown[:POINTS_OF_ONE_SENTENCE]:
            earned.append(name)
            del wanted[name]
    missing = list(wanted)
    possible = len(earned) + len(missing)
    if is_annex(section):
        goals = _goals(section, sentences)
        for phase in PHASES:
            for name, shown_here in (
                (f"goal {phase}", phase in goals),
                (f"steps {phase}", bool(steps.get((section.id, phase)))),
            ):
                possible += 1
                (earned if shown_here else missing).append(name)
    if not possible:  # a section outside the template: whether it says anything
        known = section.template_id in SECTION_TEMPLATES
        return SectionScore(int(bool(sentences)), 1, () if sentences or known else ("a text",))
    return SectionScore(len(earned), possible, tuple(missing))


def _goals(section: Section, sentences: Sequence[str]) -> set[str]:
    """Return the phases whose goal is told by a sentence that counts."""
    kept = set(sentences)
    return {
        block.goal
        for block in section.blocks
        if block.goal is not None and kept.intersection(sentences_of(block))
    }
