"""The contact sheet as data: two columns of people and numbers, and what responders get of it.

The form: `school_day_hours`, `school_day_inside`, `after_hours_when`, `after_hours_inside`,
`alarm_company`, `alarm_account`, `alarm_phone`, `radio_channel` are texts; `school_day` and
`after_hours` are lists of {post, person, note, phone, private_phone} in the order of calling. The
responders' copy has no `private_phone`.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backend.problems import BadInput

LONGEST_TEXT = 300
MOST_ROWS = 20
COLUMNS: tuple[str, ...] = ("school_day", "after_hours")
TEXTS: tuple[str, ...] = (
    "school_day_hours", "school_day_inside", "after_hours_when", "after_hours_inside",
    "alarm_company", "alarm_account", "alarm_phone", "radio_channel",
)  # fmt: skip
_PHONE = re.compile(r"[0-9+()./ x#*-]{3,40}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One number. `phone` is a duty number; `private_phone` never leaves the district."""

    post: str
    person: str = ""
    note: str = ""
    phone: str = ""
    private_phone: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who answers on a school day and after hours."""

    school_day_hours: str = ""
    school_day: tuple[SheetRow, ...] = ()
    school_day_inside: str = ""
    after_hours_when: str = ""
    after_hours: tuple[SheetRow, ...] = ()
    after_hours_inside: str = ""
    alarm_company: str = ""
    alarm_account: str = ""
    alarm_phone: str = ""
    radio_channel: str = ""


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Return the JSON form of the whole sheet."""
    return dataclasses.asdict(sheet) | {
        column: [dataclasses.asdict(row) for row in getattr(sheet, column)] for column in COLUMNS
    }


def for_responders(sheet: Sheet) -> dict[str, Any]:
    """Return what confirming freezes for responders: everything but private numbers."""
    whole = to_json(sheet)
    for column in COLUMNS:
        for row in whole[column]:
            del row["private_phone"]
    return whole


def from_json(data: Any) -> Sheet:
    """Return the sheet of its JSON form; a missing key is empty.

    Raises BadInput, naming the place, for an unknown key, a value of another kind, a text of more
    than 300 characters, a row without post, or a number that is none.
    """
    _expect_keys(data, (*TEXTS, *COLUMNS), "sheet")
    columns = {column: _rows(data.get(column, []), column) for column in COLUMNS}
    texts = {name: _text(data.get(name, ""), name) for name in TEXTS}
    _phone(texts["alarm_phone"], "alarm_phone")
    return Sheet(**columns, **texts)  # type: ignore[arg-type]  # names and kinds are those above


def _rows(data: Any, column: str) -> tuple[SheetRow, ...]:
    if not isinstance(data, (list, tuple)):
        raise _bad(column, _("This is a list of rows."))
    if len(data) > MOST_ROWS:
        raise _bad(column, _("At most 20 numbers fit a column."))
    rows = []
    names = tuple(field.name for field in dataclasses.fields(SheetRow))
    for place, item in enumerate(data):
        where = f"{column}[{place}]"
        _expect_keys(item, names, where)
        row = SheetRow(**{name: _text(item.get(name, ""), f"{where}.{name}") for name in names})
        if not row.post:
            raise _bad(f"{where}.post", _("Say which post this number reaches."))
        _phone(row.phone, f"{where}.phone")
        _phone(row.private_phone, f"{where}.private_phone")
        rows.append(row)
    return tuple(rows)


def _phone(value: str, where: str) -> None:
    if value and not _PHONE.fullmatch(value):
        raise _bad(where, _("This is no telephone number."))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _bad(where, _("This is a text."))
    text = " ".join(value.split())
    if len(text) > LONGEST_TEXT:
        raise _bad(where, _("This is longer than 300 characters."))
    return text


def _expect_keys(data: Any, names: tuple[str, ...], where: str) -> None:
    if not isinstance(data, Mapping):
        raise _bad(where, _("This is a group of named values."))
    if unknown := sorted(str(name) for name in set(data) - set(names)):
        raise _bad(where, _("Not known here: %(names)s.") % {"names": ", ".join(unknown)})


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend this and save again; nothing was changed."))
