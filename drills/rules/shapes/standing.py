"""Verdicts that need no count: out of scope, unknown, and single duties."""

from datetime import date

from drills.rules.rule import Rule
from drills.rules.verdict import Verdict
from drills.rules.words import VerdictWord


def plain_verdict(
    rule: Rule,
    verdict: VerdictWord,
    why: str,
    *,
    cell: str = "",
    held: int = 0,
    due_by: date | None = None,
    evidence: tuple[str, ...] = (),
) -> Verdict:
    """Return a verdict that proposes no drill."""
    return Verdict(
        id=rule.id,
        cell=cell,
        what=rule.plain,
        citation=rule.cite,
        verified=rule.verified,
        severity=rule.severity,
        verdict=verdict,
        needed=rule.asks.needed,
        held=held,
        due_by=due_by,
        why=why,
        evidence=evidence,
    )


def unknown(rule: Rule, missing: str, *, cell: str = "", evidence: tuple[str, ...] = ()) -> Verdict:
    """Return the verdict that a fact is missing, and which."""
    return plain_verdict(
        rule, "unknown", f"The record does not say {missing}.", cell=cell, evidence=evidence
    )
