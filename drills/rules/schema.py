"""The JSON Schema of rule packs, made from the table of shapes, so that both say the same.

`python -m drills.rules.schema` prints it; `pack.schema.json` beside this file is its copy.
"""

import json
import re
import sys
from typing import Any

from drills.rules import words
from drills.rules.pack import GRADES, RULE_ID
from drills.rules.shapes.parameters import MONTH_DAY_SCHEMA, TYPES
from drills.rules.shapes.table import SHAPES
from drills.rules.windows import DAY_UNITS, SPANS_COUNTED

_DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 2000}
_COMMON = {
    "id": {"type": "string", "pattern": f"^{RULE_ID.pattern}$"},
    "title": _TEXT,
    "scope": {
        "anyOf": [
            {"$ref": "#/$defs/scope"},
            {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/scope"}},
        ]
    },
    "cite": _TEXT,
    "checked": _DATE,
    "verified": {"type": "boolean"},
    "severity": {"enum": list(words.SEVERITIES)},
    "plain": _TEXT,
    "plain_es": _TEXT,
}
_OPTIONAL = {"scope"}
BARE_WINDOWS = ["school_year", "semester", "quarter", "calendar_year", "summer_session"]


def pack_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a pack; TOML dates are written as text for it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule pack",
        "description": "One jurisdiction's drill requirements, by version of the law.",
        **_table(
            {
                "jurisdiction": {"enum": [*words.JURISDICTIONS, *words.FIRE_CODES]},
                "name": _TEXT,
                "versions": {"type": "array", "minItems": 1, "items": _version()},
            }
        ),
        "$defs": {
            "rule": _rule(),
            "window": _window(),
            "scope": _scope(),
            "types": {**TYPES, "items": {"enum": list(words.DRILL_TYPES)}},
        },
    }


def _version() -> dict[str, Any]:
    return _table(
        {
            "effective": _table({"from": _DATE, "to": _DATE}, optional={"to"}),
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        }
    )


def _rule() -> dict[str, Any]:
    """Return what every rule carries, and for each shape its own parameters."""
    return {
        "type": "object",
        "properties": _COMMON,
        "required": [name for name in _COMMON if name not in _OPTIONAL] + ["shape"],
        "oneOf": [
            {
                "properties": {"shape": {"const": shape}, **asks.SCHEMA},
                "required": list(asks.REQUIRED),
            }
            for shape, asks in SHAPES.items()
        ],
        "unevaluatedProperties": False,
    }


def _window() -> dict[str, Any]:
    flag, unit = {"type": "boolean"}, {"enum": list(DAY_UNITS)}
    number = {"type": "integer", "minimum": 1, "maximum": 200}
    months = {
        "type": "array", "minItems": 1, "uniqueItems": True,
        "items": {"type": "integer", "minimum": 1, "maximum": 12},
    }  # fmt: skip
    floor = _table(
        {
            "min_days": {"type": "integer", "minimum": 1, "maximum": 31},
            "summer": flag,
            "only": months,
            "after_first": number,
        },
        optional={"summer", "only", "after_first"},
    )
    options = {
        "of": {"enum": list(SPANS_COUNTED)}, "leaves_out_first_day": flag, "doubtful": flag,
    }  # fmt: skip
    counted, left_out = {"unit": unit, **options}, set(options)
    block = {"type": "integer", "minimum": 2, "maximum": 100}
    weeks = {"type": "integer", "minimum": 1, "maximum": 20}
    return {
        "oneOf": [
            {"enum": BARE_WINDOWS},
            _table({"by_date": MONTH_DAY_SCHEMA, "inclusive": flag}),
            _table({"after_date": MONTH_DAY_SCHEMA, "inclusive": flag}),
            _table({"between": _table({"from": MONTH_DAY_SCHEMA, "to": MONTH_DAY_SCHEMA})}),
            _table({"named_month": months}),
            _table({"month_in_session": floor}),
            _table({"block": block, "unit": {"const": "school_day"}}),
            _table({"week_of_first": weeks}),
            _table({"first": number, **counted}, optional=left_out),
            _table({"after_first": number, **counted}, optional=left_out),
        ]
    }


def _scope() -> dict[str, Any]:
    grades = {"type": "string", "pattern": f"^{GRADES.pattern}$"}
    traits = {
        "type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(words.TRAITS)},
    }  # fmt: skip
    parts = {
        "grades": grades,
        "outside_grades": grades,
        "traits": traits,
        "without_traits": traits,
        "public": {"type": "boolean"},
    }
    return {**_table(parts, optional=set(parts)), "minProperties": 1}


def _table(properties: dict[str, Any], optional: set[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in (optional or set())],
        "additionalProperties": False,
    }


def as_text() -> str:
    """Return the schema as the text of its file: two spaces, plain lists on one line."""
    text = json.dumps(pack_schema(), indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda found: _one_line(found[1]), text) + "\n"


def _one_line(items: str) -> str:
    return f"[{' '.join(items.split())}]"


if __name__ == "__main__":
    sys.stdout.write(as_text())
