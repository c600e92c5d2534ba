"""Strict reading of parsed JSON or TOML: each field taken once, by its type, or refused."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Generic, NoReturn, TypeVar

from drills.rules.unknown import UNKNOWN, Unknown

T = TypeVar("T")

LONGEST_TEXT = 2000


class Refused(Exception):
    """A file that is not read; nothing of it is kept."""

    def __init__(self, *, where: str, why: str, mend: str) -> None:
        """Keep the place in the file, what is wrong there, and how to mend it."""
        super().__init__(f"{where}: {why} {mend}")
        self.where = where
        self.why = why
        self.mend = mend


class Fields:
    """One object of a file, whose fields are taken by name; `end()` refuses what is left."""

    def __init__(self, value: object, where: str, refusal: type[Refused]) -> None:
        """Raise the refusal where the value is no object with text keys."""
        self.where = where
        self.refusal = refusal
        if not isinstance(value, Mapping):
            raise refusal(
                where=where or "the file",
                why=f"Here stands {_kind(value)}, where an object of fields is needed.",
                mend='Write {"field": value, …}.',
            )
        self._left: dict[str, object] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise refusal(
                    where=where or "the file",
                    why=f"The field name {key!r} is no text.",
                    mend="Write field names as text.",
                )
            self._left[key] = item
        self._known: set[str] = set()

    def place(self, name: str) -> str:
        """Return the place of a field: `drills[3].type`."""
        return f"{self.where}.{name}" if self.where else name

    def refuse(self, name: str, why: str, mend: str) -> NoReturn:
        """Raise the refusal of one field."""
        raise self.refusal(where=self.place(name), why=why, mend=mend)

    def ignore(self, name: str) -> None:
        """Take a field without looking at it."""
        self._known.add(name)
        self._left.pop(name, None)

    def has(self, name: str) -> bool:
        """Return whether a field stands in the file and was not taken yet."""
        return name in self._left

    def raw(self, name: str) -> object:
        """Return a field's value as it stands, or UNKNOWN."""
        self._known.add(name)
        return self._left.pop(name, UNKNOWN)

    def needed(self, name: str, read: "Reader[T]") -> T:
        """Return a field that must be there; raises the refusal where it is absent or wrong."""
        value = self.raw(name)
        if isinstance(value, Unknown):
            self.refuse(name, "This field is missing.", "Add it: nothing can be said without it.")
        return read(self, name, value)

    def optional(self, name: str, read: "Reader[T]") -> T | Unknown:
        """Return a field, or UNKNOWN where the file does not have it."""
        value = self.raw(name)
        return value if isinstance(value, Unknown) else read(self, name, value)

    def nullable(self, name: str, read: "Reader[T]") -> T | Unknown | None:
        """Return a field, None where it is null, UNKNOWN where the file does not have it."""
        value = self.raw(name)
        if value is None or isinstance(value, Unknown):
            return value
        return read(self, name, value)

    def left(self) -> dict[str, object]:
        """Return the fields that nobody took yet."""
        return dict(self._left)

    def end(self) -> None:
        """Refuse a field that nobody took."""
        for name in self._left:
            close = get_close_matches(name, self._known, n=1)
            self.refuse(
                name,
                "This field is not known.",
                f"Perhaps {close[0]} is meant."
                if close
                else f"Known here: {', '.join(sorted(self._known))}. Take it out.",
            )


Reader = Callable[[Fields, str, object], T]


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """One written form of a day or time: its pattern, how it is parsed, an example."""

    form: re.Pattern[str]
    parse: Callable[[str], T]
    example: str

    def read(self, fields: Fields, name: str, value: object) -> T:
        """Return the value; raises the refusal of another type, form, or no such day."""
        mend = f"Write {self.example}."
        if not isinstance(value, str):
            fields.refuse(name, f"Here stands {_kind(value)}, where text is needed.", mend)
        if not self.form.fullmatch(value):
            fields.refuse(name, f"“{value[:40]}” is not {self.example}.", mend)
        try:
            return self.parse(value)
        except ValueError:
            fields.refuse(name, f"“{value[:40]}” is on no calendar and no clock.", mend)


_DATE = Written(
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat, "a date such as 2025-09-09"
)
_TIME = Written(re.compile(r"[0-9]{2}:[0-9]{2}"), time.fromisoformat, "a time such as 10:15")
_MOMENT = Written(
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"),
    datetime.fromisoformat,
    "a local time such as 2025-09-05T16:00",
)


def text(fields: Fields, name: str, value: object) -> str:
    """Return a text that is not blank, of at most 2,000 characters."""
    if not isinstance(value, str) or not value.strip():
        fields.refuse(name, f"Here stands {_kind(value)}, where text is needed.", "Write a text.")
    if len(value) > LONGEST_TEXT:
        fields.refuse(name, f"The text is longer than {LONGEST_TEXT:,} characters.", "Shorten it.")
    return value


def flag(fields: Fields, name: str, value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        fields.refuse(
            name,
            f"Here stands {_kind(value)}, where true or false is needed.",
            "Write true or false, without quotation marks.",
        )
    return value


def number(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within bounds."""

    def read(fields: Fields, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            fields.refuse(
                name,
                f"Here stands {_kind(value)}, where a whole number is needed.",
                "Write digits only, without quotation marks.",
            )
        if not least <= value <= most:
            fields.refuse(
                name, f"{value} lies outside {least} to {most}.", "Write a number within them."
            )
        return value

    return read


def word(known: Collection[str]) -> Reader[str]:
    """Return a reader of one word of a closed list."""

    def read(fields: Fields, name: str, value: object) -> str:
        if not isinstance(value, str):
            fields.refuse(
                name,
                f"Here stands {_kind(value)}, where a word is needed.",
                f"Write one of: {', '.join(known)}.",
            )
        if value not in known:
            close = get_close_matches(value, known, n=1)
            hint = f"Perhaps {close[0]} is meant; known" if close else "Known"
            fields.refuse(
                name, f"“{value[:60]}” is not known here.", f"{hint}: {', '.join(known)}."
            )
        return value

    return read


def day(fields: Fields, name: str, value: object) -> date:
    """Return a date written YYYY-MM-DD, or a TOML date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _DATE.read(fields, name, value)


def clock(fields: Fields, name: str, value: object) -> time:
    """Return a local time of day written HH:MM."""
    return _TIME.read(fields, name, value)


def moment(fields: Fields, name: str, value: object) -> datetime:
    """Return a local date and time written YYYY-MM-DDTHH:MM."""
    return _MOMENT.read(fields, name, value)


def listed(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Return a reader of a list whose items another reader takes."""

    def read_list(fields: Fields, name: str, value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            fields.refuse(
                name,
                f"Here stands {_kind(value)}, where a list is needed.",
                "Write [] where there is none, […] around one.",
            )
        return tuple(read(fields, f"{name}[{index}]", item) for index, item in enumerate(value))

    return read_list


def inner(fields: Fields, name: str, value: object) -> Fields:
    """Return the fields of an object inside this one."""
    return Fields(value, fields.place(name), fields.refusal)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text “{value[:40]}”" if value.strip() else "an empty text"
    names = {int: "a number", float: "a number with decimals", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)
