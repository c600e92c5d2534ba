"""What of a section is still to be filled in: blanks, brackets, prompts and a form's guidance."""

import re
from collections.abc import Sequence

from plans.content.wording import has_words
from plans.reading.source import Element, Paragraph, Picture, SetAside, Table

BLANK = re.compile(r"_{3,}|\.{8,}|‹[^‹›]*›|\{\{[^}]*\}\}|<<[^>]*>>")
BRACKETS = re.compile(
    r"\[(?=[^\]]*[A-Za-z])(?!note\b|see\b|sros?\]|sic\])[^\[\]\n]{1,80}\](?!\()", re.IGNORECASE
)
SIGNATURE = re.compile(r"^\s*(?:\\?_){10,}")
_PLACEHOLDER = re.compile(
    r"\b(?:in the (?:field|box|space|table)s? below|click (?:here|or tap)|insert .{0,60} here"
    r"|type .{0,40} here|(?:cut and )?paste your|delete this (?:text|note|box)|replace this text"
    r"|to be (?:completed|determined|added|developed)\W*$|^tbd\b|^n/?a$|^lorem ipsum)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:complete the following|please (?:cut|paste|write|insert|enter|list|identify|describe"
    r"|attach|upload|complete|fill|provide|add|type)|sample (?:text|language)|instructions?:)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-Z][\w.'’-]*,?\s+){1,4}[A-Z][\w.'’-]*(?:\n.{1,60}){0,2}")
_LABEL = re.compile(r"[^.!?]{1,80}:\s*")


def is_blank(text: str) -> bool:
    """Tell whether a text is only blanks, brackets, check boxes and signs."""
    return not has_words(BLANK.sub(" ", text).replace("\\", ""))


def is_instruction(text: str) -> bool:
    """Tell whether a text tells the planner what to write here."""
    return bool(_PLACEHOLDER.search(text) or _ASKS.search(text))


def is_empty(elements: Sequence[Element]) -> bool:
    """Tell whether what stands under a heading says nothing of a school yet.

    Empty is: no words but prompts and labels of blanks; or a form's guidance that asks for an
    answer, with the blank or the empty table for it still there.
    """
    content = [e for e in elements if isinstance(e, (Paragraph, Table))]
    if any(isinstance(e, Picture) and e.content for e in elements):
        return False
    slots = any(_is_slot(item) for item in content)
    asks = any(isinstance(e, Paragraph) and is_instruction(e.text) for e in content)
    tables = [e for e in content if isinstance(e, Table)]
    if asks and slots and not any(_is_filled(table) for table in tables):
        return True
    return not any(_says(content, place, slots=slots) for place in range(len(content)))


def _says(content: Sequence[Element], place: int, *, slots: bool) -> bool:
    item = content[place]
    if isinstance(item, Table):
        return _is_filled(item)
    if not isinstance(item, Paragraph) or item.prompt or is_blank(item.text):
        return False
    if _PLACEHOLDER.search(item.text) or (slots and _ASKS.search(item.text)):
        return False
    following = content[place + 1] if place + 1 < len(content) else None
    own_blank = bool(BLANK.search(item.text)) and is_label(BLANK.sub("", item.text))
    asked = _LABEL.fullmatch(item.text.strip()) and following is not None and _is_slot(following)
    return not own_blank and not asked


def is_label(text: str) -> bool:
    """Tell whether a text is only the label of a blank: “Date:”, “School name: Phone:”."""
    return bool(re.fullmatch(r"\s*(?:[^:.]{1,60}:\s*)+", text)) or not has_words(text)


def _is_slot(item: Element) -> bool:
    if isinstance(item, Table):
        return not _is_filled(item)
    return isinstance(item, Paragraph) and (item.prompt or is_blank(item.text))


def _is_filled(table: Table) -> bool:
    """Tell whether a table says anything below its head row, or beside its labels."""
    rows = table.rows[1:] if len(table.rows) > 1 else table.rows
    for row in rows:
        values = row[1:] if len(row) > 1 and row[0].strip() else row
        if any(cell.strip() and not is_blank(cell) for cell in values):
            return True
    return False


def signers(elements: Sequence[Element]) -> dict[int, tuple[str, ...]]:
    """Return who is asked to sign, by the place of the paragraph that opens with the line.

    A line of ten underscores and more is for a signature when a name or post follows it, in the
    same paragraph or as a short one of its own.
    """
    found: dict[int, tuple[str, ...]] = {}
    for place, item in enumerate(elements):
        if not isinstance(item, Paragraph) or not SIGNATURE.match(item.text):
            continue
        told = [told for line in item.text.split("\n") if (told := line.strip(" _\\\t"))]
        following = elements[place + 1] if place + 1 < len(elements) else None
        if (
            not told
            and isinstance(following, Paragraph)
            and _NAME.fullmatch(following.text.strip())
        ):
            told = [line.strip() for line in following.text.split("\n")]
        if told:
            found[place] = tuple(told)
    return found


def blanks_of(elements: Sequence[Element]) -> tuple[int, tuple[str, ...]]:
    """Return how many blanks are left, lines for signatures apart, and the brackets to fill."""
    count = 0
    brackets: list[str] = []
    signed = signers(elements)
    for place, item in enumerate(elements):
        if isinstance(item, (Picture, SetAside)):
            continue
        count += 0 if place in signed else len(BLANK.findall(item.text))
        brackets.extend(BRACKETS.findall(item.text))
    return count, tuple(brackets)
