"""Bytes of a CSV file to rows of text."""

import csv
import io
from dataclasses import dataclass

from backend.problems import BadInput

MOST_BYTES = 5 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 80
LONGEST_CELL = 1_000
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be read. Each row is (line in the file, cells by the file's heading)."""

    encoding: str
    separator: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_table(content: bytes) -> Table:
    """Return the rows of a CSV file with a line of headings.

    UTF-8 with or without its mark, else Windows-1252; comma, semicolon or tab. Blank rows are left
    out. Raises BadInput naming the line for what cannot be read, and for more than MOST_BYTES,
    MOST_ROWS or MOST_COLUMNS.
    """
    if len(content) > MOST_BYTES:
        raise BadInput(
            f"The file has {len(content) / 2**20:.1f} MB.",
            where="file",
            mend=f"Split it: at most {MOST_BYTES // 2**20} MB at a time.",
        )
    text, encoding = _decoded(content)
    if not text.strip():
        raise BadInput("The file is empty.", where="file", mend="Fill in the template.")
    separator = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        headings = tuple(cell.strip() for cell in next(lines))
        _check_headings(headings)
        rows = list(_rows(lines, headings))
    except csv.Error as error:
        raise BadInput(
            f"The file cannot be read as CSV ({error}).",
            where=f"line {lines.line_num}",
            mend="Look for a quotation mark that is not closed, and save the file as CSV again.",
        ) from error
    if not rows:
        raise BadInput("There is no row below the headings.", where="line 2", mend="Add rows.")
    return Table(encoding, SEPARATORS[separator], headings, tuple(rows))


def safe_cell(value: object) -> str:
    """Return a cell for a CSV file that no spreadsheet program takes for a formula."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)):
        return text
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_table(headings: list[str], rows: list[list[object]]) -> bytes:
    """Return a CSV file in UTF-8 with its mark, as Excel wants it; `read_table` reads it back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="strict"), "UTF-16"
    if b"\0" in content:
        raise BadInput(
            "This is no text file.",
            where="file",
            mend="Save the sheet as “CSV UTF-8” and choose that file.",
        )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _separator(text: str) -> str:
    heading = text.lstrip("\r\n").splitlines()[0]
    return max(SEPARATORS, key=heading.count) if any(s in heading for s in SEPARATORS) else ","


def _check_headings(headings: tuple[str, ...]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise BadInput(
            f"There are {len(headings)} columns.",
            where="line 1",
            mend=f"Keep at most {MOST_COLUMNS}.",
        )
    seen: set[str] = set()
    for heading in headings:
        if heading and heading.casefold() in seen:
            raise BadInput(
                f"The heading “{heading}” stands there twice.",
                where="line 1",
                mend="Delete or rename one of the two columns.",
            )
        seen.add(heading.casefold())


def _rows(lines: "csv._reader", headings: tuple[str, ...]) -> "list[tuple[int, dict[str, str]]]":  # type: ignore[name-defined, unused-ignore]
    found: list[tuple[int, dict[str, str]]] = []
    before = lines.line_num
    for cells in lines:
        line, before = before + 1, lines.line_num
        values = [_clean(cell, line) for cell in cells]
        if not any(values):
            continue
        if any(values[len(headings) :]):
            raise BadInput(
                "This row has more cells than there are headings.",
                where=f"line {line}",
                mend="Put text that holds the separator in quotation marks.",
            )
        if len(found) == MOST_ROWS:
            raise BadInput(
                f"There are more than {MOST_ROWS} rows.",
                where=f"line {line}",
                mend="Split the file.",
            )
        padded = values + [""] * (len(headings) - len(values))
        found.append((line, dict(zip(headings, padded, strict=False))))
    return found


def _clean(cell: str, line: int) -> str:
    text = " ".join(cell.split())
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        text = text[1:]
    if len(text) > LONGEST_CELL:
        raise BadInput(
            f"A cell has {len(text)} characters.",
            where=f"line {line}",
            mend=f"Shorten it to {LONGEST_CELL}.",
        )
    return text
