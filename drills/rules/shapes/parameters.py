"""Parameters that several shapes share: how they are read, and their JSON Schema."""

from collections.abc import Collection

from drills.rules import fields as f
from drills.rules import words
from drills.rules.fields import Fields

TYPES = {"type": "array", "minItems": 1, "uniqueItems": True}
TYPES_SCHEMA = {"$ref": "#/$defs/types"}
COUNT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 60}
WINDOW_SCHEMA = {"$ref": "#/$defs/window"}
MONTH_DAY_SCHEMA = {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}

RULES_SCHEMA = {
    "type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"},
}  # fmt: skip

count = f.number(1, 60)


def rules(fields: Fields, name: str, value: object) -> tuple[str, ...]:
    """Return ids of rules of the same version, at least one, none twice."""
    found = f.listed(f.text)(fields, name, value)
    if not found or len(set(found)) != len(found):
        fields.refuse(name, "The list is empty, or names one twice.", "Name each once.")
    return found


def types(fields: Fields, name: str, value: object) -> tuple[str, ...]:
    """Return drill types, at least one, none twice; the usual one comes first."""
    return some(words.DRILL_TYPES)(fields, name, value)


def some(known: Collection[str]) -> f.Reader[tuple[str, ...]]:
    """Return a reader of a list of known words, at least one, none twice."""

    def read(fields: Fields, name: str, value: object) -> tuple[str, ...]:
        found = f.listed(f.word(known))(fields, name, value)
        if not found or len(set(found)) != len(found):
            fields.refuse(name, "The list is empty, or names one twice.", "Name each once.")
        return found

    return read
