"""R09: kinds of event that are never credited, beyond those that count nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.verdict import Verdict

KINDS = ("pupils_absent", "pupils_present", "off_site")


@dataclass(frozen=True, slots=True)
class DoesNotCount:
    """Drills of `types` are no drill where one of `kinds` holds.

    Cancelled drills, unplanned alarms, real events and drills on closed days count nowhere and
    need no rule.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "kinds": {
            "type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(KINDS)},
        },
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "kinds")

    types: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("kinds", parameters.some(KINDS)),
        )

    @property
    def needed(self) -> int:
        """Return none: nothing is to be held."""
        return 0

    def turns_away(self, drill: DrillRecord) -> bool:
        """Return whether a drill is not credited."""
        absent = "pupils_absent" in self.kinds and drill.pupils_present is False
        here = "pupils_present" in self.kinds and drill.pupils_present is True
        away = "off_site" in self.kinds and drill.site == "off_site"
        return drill.type in self.types and (absent or here or away)

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return nothing: it acts when drills are admitted."""
        return iter(())
