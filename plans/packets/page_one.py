"""How much of page one its parts take: what has no room moves to the other side.

Heights are points, estimated from the widths of the typeface's letters. Page one stays one page.
"""

import math
from dataclasses import dataclass

from maps.drawing.fonts import REGULAR, SEMIBOLD, text_width
from plans.packets.tree import ConditionLine, DialColumn, DialRow, PacketTree

BODY = 792.0 - 34.0 - 54.0  # of US Letter, between the margins
HEADER, DIAL_HEAD, CONDITIONS_HEAD, CODE_BOX, GAPS = 52.0, 27.0, 28.0, 68.0, 8.0
COLUMN = 262.0  # width of a column of numbers
CONDITION_WIDTH = 430.0
DIAL_SIZES = (19.0, 16.0, 13.0)
LOWEST, HIGHEST = 225.0, 400.0  # of the picture
MOST_NUMBERS, LEAST_NUMBERS = 5, 3
MOST_CONDITIONS, LEAST_CONDITIONS = 6, 2


@dataclass(frozen=True, slots=True)
class PageOne:
    """How many numbers a column and conditions page one shows, and what the picture gets.

    Without `notes` all numbers stand once more, with theirs, on the other side.
    """

    numbers: int
    conditions: int
    notes: bool
    picture_height: float
    dial_size: float


def divide(tree: PacketTree) -> PageOne:
    """Return the division with most on page one whose picture keeps its least height."""
    size = _dial_size(tree)
    numbers, conditions, notes = MOST_NUMBERS, MOST_CONDITIONS, True
    while True:
        left = BODY - HEADER - CODE_BOX - GAPS - _dial(tree, numbers, size, notes=notes)
        left -= CONDITIONS_HEAD + sum(_condition(line) for line in tree.conditions[:conditions])
        least = (numbers, conditions) == (LEAST_NUMBERS, LEAST_CONDITIONS)
        if left >= LOWEST or (least and not notes):
            return PageOne(numbers, conditions, notes, max(LOWEST, min(HIGHEST, left)), size)
        if least:
            notes = False
        elif conditions > LEAST_CONDITIONS and conditions >= numbers:
            conditions -= 1
        elif numbers > LEAST_NUMBERS:
            numbers -= 1
        else:
            conditions -= 1


def _dial_size(tree: PacketTree) -> float:
    """Return the largest size at which the longest number leaves half its column to the name."""
    longest = max((row.phone for column in tree.dial for row in column.rows), key=len, default="")
    for size in DIAL_SIZES:
        if text_width(longest, size, 700) <= COLUMN / 2:
            return size
    return DIAL_SIZES[-1]


def _dial(tree: PacketTree, numbers: int, size: float, *, notes: bool) -> float:
    columns = [_column(column, numbers, size, notes=notes) for column in tree.dial]
    return DIAL_HEAD + max(columns, default=0.0)


def _column(column: DialColumn, numbers: int, size: float, *, notes: bool) -> float:
    inside = 9.0 + 11.3 * _lines(column.inside, 8.8, REGULAR, COLUMN) if column.inside else 0.0
    return inside + sum(_row(row, size, notes=notes) for row in column.rows[:numbers])


def _row(row: DialRow, size: float, *, notes: bool) -> float:
    width = COLUMN - text_width(row.phone, size, 700) - 6
    who = 12.1 * _lines(row.who, 9.4, SEMIBOLD, width) - 5.3  # from cap height to baseline
    note = 10.3 * _lines(row.note, 8.0, REGULAR, width) if row.note and notes else 0.0
    return max(who + note, size * 0.73) + 6.6


def _condition(line: ConditionLine) -> float:
    words = f"{line.title}, cell {line.cell}. {line.text}"
    return 2.5 + 12.1 * _lines(words, 9.4, SEMIBOLD, CONDITION_WIDTH)


def _lines(text: str, size: float, weight: int, width: float) -> int:
    return max(1, math.ceil(text_width(text, size, weight) * 1.06 / max(width, 40.0)))
