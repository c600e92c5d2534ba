"""A rule pack: one jurisdiction's requirements as data, read strictly from TOML."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import NoReturn

from drills.rules import fields as f
from drills.rules import words
from drills.rules.fields import Fields, Refused
from drills.rules.rule import Rule, Scope
from drills.rules.shapes.parameters import some
from drills.rules.shapes.table import CARRIED, SHAPES
from drills.rules.unknown import Unknown

RULE_ID = re.compile(r"[A-Z]{2,4}\.[A-Z0-9]+(\.[A-Z0-9]+)*\+?")
GRADES = re.compile(rf"({'|'.join(words.GRADES)})-({'|'.join(words.GRADES)})")


class PackRefused(Refused):
    """A rule pack that is not loaded: file, rule and field, why, and how to mend it."""


@dataclass(frozen=True, slots=True)
class PackVersion:
    """The rules that govern school years whose first day lies from `since` to `until`."""

    since: date
    until: date | None
    rules: tuple[Rule, ...]

    def governs(self, first_day: date) -> bool:
        """Return whether it governs a school year with that first day."""
        return self.since <= first_day and (self.until is None or first_day <= self.until)


@dataclass(frozen=True, slots=True)
class RulePack:
    """A jurisdiction's rules, the versions in order of time."""

    jurisdiction: str
    name: str
    versions: tuple[PackVersion, ...]

    def version_for(self, first_day: date) -> PackVersion | None:
        """Return the version that governs a school year by its first day, or None."""
        return next((version for version in self.versions if version.governs(first_day)), None)


def read_pack(text: str, name: str) -> RulePack:
    """Return the pack of a TOML text; raises PackRefused. `name` is the file's name."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackRefused(
            where=name, why=f"It is not TOML: {error}.", mend="Mend this place by hand."
        ) from error
    top = Fields(data, "", _refusal(name))
    pack = RulePack(
        top.needed("jurisdiction", f.word({**words.JURISDICTIONS, **words.FIRE_CODES})),
        top.needed("name", f.text),
        top.needed("versions", f.listed(_version)),
    )
    top.end()
    _refuse_gaps(top, pack.versions)
    return pack


def _refusal(name: str) -> type[PackRefused]:
    """Return the refusal of one file: its name stands before each place."""

    class InFile(PackRefused):
        def __init__(self, *, where: str, why: str, mend: str) -> None:
            super().__init__(where=f"{name}: {where}", why=why, mend=mend)

    return InFile


def _refuse_gaps(top: Fields, versions: tuple[PackVersion, ...]) -> None:
    if not versions:
        top.refuse("versions", "There is no version.", "Add [[versions]] with its rules.")
    for index, (former, version) in enumerate(pairwise(versions), start=1):
        if former.until is None or former.until >= version.since:
            top.refuse(
                f"versions[{index}].effective.from",
                "It begins before the former version ends.",
                "List versions in order of time, the former one with its last day.",
            )


def _version(fields: Fields, name: str, value: object) -> PackVersion:
    table = f.inner(fields, name, value)
    effective = table.needed("effective", f.inner)
    since, until = effective.needed("from", f.day), effective.optional("to", f.day)
    effective.end()
    last = None if isinstance(until, Unknown) else until
    if last and last < since:
        effective.refuse("to", "It ends before it begins.", "Exchange or correct the days.")
    rules = table.needed("rules", f.listed(_rule))
    table.end()
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.id in seen:
            table.refuse(f"rules[{index}].id", f"{rule.id} stands twice.", "Rename one of them.")
        seen.add(rule.id)
    _refuse_references(table, rules)
    return PackVersion(since, last, rules)


def _refuse_references(table: Fields, rules: tuple[Rule, ...]) -> None:
    """Refuse a rule that names another which is not there, or does not stand before it."""
    before: set[str] = set()
    ids = {rule.id for rule in rules}
    for rule in rules:
        for name in getattr(rule.asks, "stands_for", ()):
            if name not in ids:
                _refuse_reference(table, rule, "stands_for", f"No rule here is called {name}.")
        for name in getattr(rule.asks, "beyond", ()):
            if name not in before:
                _refuse_reference(table, rule, "beyond", f"No rule before it is called {name}.")
        before.add(rule.id)


def _refuse_reference(table: Fields, rule: Rule, name: str, why: str) -> NoReturn:
    raise table.refusal(
        where=f"{rule.id}.{name}", why=why, mend="Write the id of a rule of the same version."
    )


def _rule(fields: Fields, name: str, value: object) -> Rule:
    table = f.inner(fields, name, value)
    rule_id = table.needed("id", _rule_id)
    table.where = rule_id
    shape = _shape(table)
    common = {
        "title": table.needed("title", f.text),
        "cite": table.needed("cite", f.text),
        "plain": table.needed("plain", f.text),
        "plain_es": table.needed("plain_es", f.text),
        "severity": table.needed("severity", f.word(words.SEVERITIES)),
    }
    checked, verified = table.needed("checked", f.day), table.needed("verified", f.flag)
    scope = table.optional("scope", _scopes)
    parameters = table.left()
    asks = SHAPES[shape].read(table)
    table.end()
    return Rule(
        id=rule_id,
        shape=shape,
        asks=asks,
        scope=() if isinstance(scope, Unknown) else scope,
        checked=checked,
        verified=verified,
        parameters=parameters,
        **common,
    )


def _rule_id(fields: Fields, name: str, value: object) -> str:
    rule_id = f.text(fields, name, value)
    if not RULE_ID.fullmatch(rule_id):
        fields.refuse(name, f"“{rule_id[:40]}” is no rule id.", "Write it so: MI.FIRE.DEC.")
    return rule_id


def _shape(table: Fields) -> str:
    shape = table.needed("shape", f.text)
    if shape not in SHAPES:
        _refuse_shape(table, shape)
    return shape


def _refuse_shape(table: Fields, shape: str) -> NoReturn:
    if shape in CARRIED:
        table.refuse(
            "shape",
            f"“{shape}” is no rule of its own.",
            "Write scope within a rule, effective within a version.",
        )
    if shape in words.SHAPE_NAMES:
        table.refuse(
            "shape",
            f"The shape “{shape}” has no evaluator yet, so this rule would not be judged.",
            "Add a module to drills/rules/shapes and its line to the table there.",
        )
    close = get_close_matches(shape, words.SHAPE_NAMES, n=1)
    table.refuse(
        "shape",
        f"“{shape[:40]}” is none of the thirty shapes.",
        f"Perhaps {close[0]} is meant." if close else f"Known: {', '.join(words.SHAPE_NAMES)}.",
    )


def _scopes(fields: Fields, name: str, value: object) -> tuple[Scope, ...]:
    if isinstance(value, list):
        return f.listed(_scope)(fields, name, value)
    return (_scope(fields, name, value),)


def _scope(fields: Fields, name: str, value: object) -> Scope:
    table = f.inner(fields, name, value)
    grades = table.optional("grades", _grades)
    outside = table.optional("outside_grades", _grades)
    traits = table.optional("traits", some(words.TRAITS))
    without = table.optional("without_traits", some(words.TRAITS))
    public = table.optional("public", f.flag)
    table.end()
    scope = Scope(
        grades="" if isinstance(grades, Unknown) else grades,
        outside_grades="" if isinstance(outside, Unknown) else outside,
        traits=() if isinstance(traits, Unknown) else traits,
        without_traits=() if isinstance(without, Unknown) else without,
        public=None if isinstance(public, Unknown) else public,
    )
    if scope == Scope():
        fields.refuse(name, "The scope is empty.", "Leave it out where every school is bound.")
    return scope


def _grades(fields: Fields, name: str, value: object) -> str:
    grades = f.text(fields, name, value)
    if not GRADES.fullmatch(grades):
        fields.refuse(name, f"“{grades[:40]}” names no grades.", "Write them so: K-12.")
    return grades
