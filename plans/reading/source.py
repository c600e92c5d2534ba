"""A document as its reader found it: paragraphs, tables, pictures, and what was set aside.

Every reader of a format gives this form, so that headings, meanings and tables are recognized once.
A word is a run of non-blank characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Format = Literal["docx", "html", "markdown", "text", "pdf"]

CONTENTS = "table of contents"
PAGE_HEAD = "page header"
PAGE_FOOT = "page footer"
FURNITURE = "page header or footer, repeated from page to page"


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set. `size` is in points, 0 where the format has no sizes."""

    size: float = 0.0
    bold: bool = False
    centered: bool = False
    underlined: bool = False
    space_before: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, heading or list item.

    `heading` is a level from 1, 0 for the title, given by the document itself. `depth` is that of a
    list item, from 0. `source` holds the characters of the file where they differ from the words
    (the marks of Markdown); the words of the file are counted in it. `prompt` marks a form's own
    filler text, such as Word's “Click here to enter text”.
    """

    text: str
    place: str
    markdown: str = ""
    heading: int | None = None
    depth: int | None = None
    ordered: bool = False
    look: Look = Look()
    source: str | None = None
    prompt: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; cells of merged columns are repeated nowhere, so rows may differ in length."""

    rows: tuple[tuple[str, ...], ...]
    place: str
    source: str | None = None
    page: int = 0

    @property
    def text(self) -> str:
        """Return the words of all cells, a line a row."""
        return "\n".join(" ".join(cell for cell in row if cell) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is kept: its bytes, or none where the file only points to it."""

    name: str
    alt: str
    place: str
    content: bytes = b""
    page: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """Words of the file that belong to no section, and why."""

    text: str
    place: str
    why: str
    source: str | None = None


Element = Paragraph | Table | Picture | SetAside


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader noticed: a scanned page, a script, an embedded object."""

    code: str
    severity: Literal["error", "warning", "info"]
    where: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Source:
    """A whole document. `pages` is known for PDF alone, 0 elsewhere."""

    format: Format
    elements: tuple[Element, ...]
    remarks: tuple[Remark, ...] = ()
    pages: int = 0


def words(text: str) -> int:
    """Return how many words a text has: runs of non-blank characters."""
    return len(text.split())


def words_of(element: Element) -> int:
    """Return how many words of the file an element holds; a picture holds none."""
    if isinstance(element, Picture):
        return 0
    return words(element.text if element.source is None else element.source)


def words_in(elements: Sequence[Element]) -> int:
    """Return the words of all elements together."""
    return sum(words_of(element) for element in elements)
