"""`muster drills`: the rule packs, and a school year judged. Neither touches the database."""

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import fill
from typing import Any

from backend.problems import BadInput, Problem
from drills.rules.judge import as_document, judge
from drills.rules.layers import layered, read_district_pack
from drills.rules.load import PackRefused, RulePack, fire_codes, pack, packs
from drills.rules.rule import Rule
from drills.rules.school_year import SchoolYear, SchoolYearRefused, read_school_year_text
from drills.rules.unknown import Unknown
from drills.rules.words import FIRE_CODES, JURISDICTIONS, VERDICTS

NOT_LOADED = "rules not yet loaded"
NOT_VERIFIED = "rule not verified"
WIDTH = 100


class RulesNotLoaded(Problem):
    """A jurisdiction whose rules Muster does not have yet."""

    code = "rules_not_loaded"
    status = 422
    title = "Rules not yet loaded"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `muster drills` with its subcommands."""
    parser = subparsers.add_parser("drills", help="what the law asks, and whether it was done")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    rules = commands.add_parser("rules", help="the rule packs, or the rules of one state")
    rules.add_argument("state", metavar="STATE", nargs="?", default="", help="us-mi, MI, Michigan")
    rules.set_defaults(handler=list_rules, needs_database=False, text=_rules_as_text)

    judged = commands.add_parser("judge", help="judge the school year in a file")
    judged.add_argument("file", metavar="FILE")
    judged.add_argument("--on", metavar="DATE", type=_day, help="the day of the verdict")
    judged.add_argument(
        "--with",
        metavar="LAYER",
        dest="layers",
        action="append",
        default=[],
        help=f"a layer over the state's law: {', '.join(FIRE_CODES)}, or a district's TOML file",
    )
    judged.set_defaults(handler=judge_file, needs_database=False, text=_judgement_as_text)


def list_rules(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return every jurisdiction with what is loaded, or the rules of one of them."""
    if not arguments.state:
        return {"jurisdictions": [_jurisdiction(code) for code in JURISDICTIONS]}
    code = _code(arguments.state)
    found = pack(code)
    return {**_jurisdiction(code), "versions": _versions(found) if found else []}


def judge_file(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the judgement of a school year's file; raises BadInput for one that is not read.

    The day of the verdict is `--on`, else the file's `as_of`, else today.
    """
    try:
        year = read_school_year_text(_content(arguments.file))
    except SchoolYearRefused as refused:
        problem = BadInput(refused.why, where=refused.where, mend=refused.mend)
        problem.code = "school_year_refused"
        raise problem from refused
    found = pack(year.jurisdiction)
    if found is None:
        raise RulesNotLoaded(
            f"{JURISDICTIONS[year.jurisdiction]}: {NOT_LOADED}.",
            where="jurisdiction",
            mend=f"Loaded are: {', '.join(loaded.jurisdiction for loaded in packs())}.",
        )
    found = _with_layers(found, arguments.layers)
    return as_document(judge(found, replace(year, as_of=arguments.on or _as_of(year))))


def _with_layers(found: RulePack, layers: Sequence[str]) -> RulePack:
    """Return a pack with layers added; raises BadInput for one that is refused."""
    try:
        for name in layers:
            code = next((one for one in fire_codes() if one.jurisdiction == name), None)
            if code is not None:
                found = layered(found, code)
            else:
                text = _content(name).decode("utf-8", errors="replace")
                found = read_district_pack(text, Path(name).name, found)
    except PackRefused as refused:
        problem = BadInput(refused.why, where=refused.where, mend=refused.mend)
        problem.code = "rules_refused"
        raise problem from refused
    return found


def _as_of(year: SchoolYear) -> date:
    return datetime.now(UTC).date() if isinstance(year.as_of, Unknown) else year.as_of


def _jurisdiction(code: str) -> dict[str, Any]:
    found = pack(code)
    return {
        "jurisdiction": code,
        "name": JURISDICTIONS[code],
        "loaded": found is not None,
        "status": _rules_loaded(found) if found else NOT_LOADED,
    }


def _rules_loaded(found: RulePack) -> str:
    rules = found.versions[-1].rules
    doubtful = sum(not rule.verified for rule in rules)
    number = "1 rule" if len(rules) == 1 else f"{len(rules)} rules"
    return f"{number}, {doubtful} not verified" if doubtful else number


def _versions(found: RulePack) -> list[dict[str, Any]]:
    return [
        {
            "from": version.since.isoformat(),
            "coming": version.since > datetime.now(UTC).date(),
            "to": version.until.isoformat() if version.until else None,
            "rules": [_rule(rule) for rule in version.rules],
        }
        for version in found.versions
    ]


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "shape": rule.shape,
        "parameters": dict(rule.parameters),
        "scope": [_scope(part) for part in rule.scope],
        "citation": rule.cite,
        "checked": rule.checked.isoformat(),
        "verified": rule.verified,
        "severity": rule.severity,
        "plain": rule.plain,
        "plain_es": rule.plain_es,
    }


def _scope(scope: Any) -> dict[str, Any]:
    names = ("grades", "outside_grades", "traits", "without_traits", "public")
    parts = {name: getattr(scope, name) for name in names}
    return {name: part for name, part in parts.items() if part not in {"", None} and part != ()}


def _code(word: str) -> str:
    """Return the jurisdiction of us-mi, MI or Michigan; raises BadInput for another word."""
    asked = word.strip().casefold()
    for code, name in JURISDICTIONS.items():
        if asked in {code, code.removeprefix("us-"), name.casefold()}:
            return code
    raise BadInput(
        f"“{word}” is no state.", where="STATE", mend="Give it so: us-mi, MI or Michigan."
    )


def _day(word: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            return date.fromisoformat(word)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{word}” is no date such as 2025-09-09")


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or error}.",
            where=name,
            mend="Check its path and that it may be read.",
        ) from error


def _rules_as_text(result: dict[str, Any]) -> str:
    if "jurisdictions" in result:
        names = ("jurisdiction", "name", "status")
        rows = [[item[name] for name in names] for item in result["jurisdictions"]]
        return _table(("code", "state", "rules"), rows)
    lines = [f"{result['name']} ({result['jurisdiction']}): {result['status']}"]
    for version in result["versions"]:
        until = f" to {version['to']}" if version["to"] else ""
        coming = " (coming)" if version["coming"] else ""
        lines += ["", f"School years from {version['from']}{until}{coming}", ""]
        rows = [
            [rule["id"], rule["shape"], rule["citation"], "yes" if rule["verified"] else "no"]
            for rule in version["rules"]
        ]
        lines.append(_table(("rule", "shape", "citation", "verified"), rows))
        lines.append("")
        lines += [_hanging(rule["id"], rule["plain"]) for rule in version["rules"]]
    return "\n".join(lines)


def _judgement_as_text(result: dict[str, Any]) -> str:
    requirements = result["requirements"]
    rows = [
        (
            _key(item),
            item["verdict"],
            f"{item['held']}/{item['needed']}",
            item["due_by"] or "",
            "" if item["verified"] else NOT_VERIFIED,
        )
        for item in requirements
    ]
    totals = [(word, sum(item["verdict"] == word for item in requirements)) for word in VERDICTS]
    counts = ", ".join(f"{number} {word}" for word, number in totals if number)
    lines = [
        f"{JURISDICTIONS[result['jurisdiction']]} as of {result['as_of']}: {counts or 'no rules'}",
        "",
        _table(("requirement", "verdict", "held", "due by", ""), rows),
        "",
        *(_hanging(head, why) for head, why in _reasons(requirements)),
    ]
    if result["findings"]:
        lines += ["", "Findings"]
    for item in result["findings"]:
        head = f"{item['severity']} {item['drill'] or item['requirement']}".strip()
        lines.append(_hanging(head, f"{item['message']} {item['mend']}".strip()))
    return "\n".join(lines)


def _reasons(requirements: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return why each requirement is not met; the same reason of one rule is said once."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in requirements:
        if item["verdict"] != "met":
            groups.setdefault((item["id"], item["why"]), []).append(_key(item))
    return [
        (keys[0] if len(keys) == 1 else f"{rule} ({len(keys)} drills)", why)
        for (rule, why), keys in groups.items()
    ]


def _key(item: dict[str, Any]) -> str:
    return f"{item['id']}@{item['cell']}" if item["cell"] else str(item["id"])


def _hanging(head: str, text: str) -> str:
    return fill(f"{head}: {text}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return columns of text, each as wide as its widest cell."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
