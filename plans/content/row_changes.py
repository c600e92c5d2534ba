"""Differences inside a block: rows of people and tables, and where its references lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from plans.content.markdown import block_tree, references_in
from plans.content.markdown_tree import BlockNode, LiveReference, Table, block_text, inline_text
from plans.content.pairing import pairs_of
from plans.content.word_difference import alikeness

ChangeKind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of contacts, roles, pictures or a table that differs."""

    kind: ChangeKind
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class TableChanges:
    """The rows that differ in the tables of a text, and whether the text around them is the same.

    Rows are keyed by the words that head their columns.
    """

    rows: tuple[RowChange, ...]
    around_same: bool


NO_TABLES = TableChanges((), around_same=False)


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A live reference of a text that leads elsewhere, is new, or is gone."""

    kind: ChangeKind
    before: LiveReference | None
    after: LiveReference | None


def row_changes(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> tuple[RowChange, ...]:
    """Return the rows that differ, paired by likeness, in the order of the newer list."""
    pairs = pairs_of(
        before,
        after,
        identity=lambda row: tuple(sorted(row.items())),
        alike=lambda a, b: alikeness(" ".join(a.values()), " ".join(b.values())),
    )
    return tuple(
        RowChange(kind_of(pair.before, pair.after), pair.before, pair.after)
        for pair in pairs
        if pair.before != pair.after or pair.moved
    )


def kind_of(before: object | None, after: object | None) -> ChangeKind:
    """Return what happened to a thing that was before and is after; None where it is not."""
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "moved" if before == after else "changed"


def table_changes(before: str, after: str) -> TableChanges:
    """Return what differs in the tables of two texts; no rows where neither has a table."""
    if before == after or ("|" not in before and "|" not in after):
        return TableChanges((), around_same=before == after)
    old, new = block_tree(before), block_tree(after)
    rows = row_changes(_rows(old), _rows(new))
    return TableChanges(rows, around_same=_around(old) == _around(new))


def reference_changes(before: str, after: str) -> tuple[ReferenceChange, ...]:
    """Return the references of two texts that differ, those with the same words paired first."""
    if before == after:
        return ()
    pairs = pairs_of(
        references_in(before),
        references_in(after),
        identity=lambda reference: (reference.scheme, reference.id),
        alike=lambda old, new: float(old.scheme == new.scheme and old.text == new.text),
    )
    return tuple(
        ReferenceChange(kind_of(pair.before, pair.after), pair.before, pair.after)
        for pair in pairs
        if _target(pair.before) != _target(pair.after)
    )


def _target(reference: LiveReference | None) -> tuple[str, str] | None:
    return None if reference is None else (reference.scheme, reference.id)


def _rows(nodes: Sequence[BlockNode]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for node in nodes:
        if isinstance(node, Table):
            head = [inline_text(cell) for cell in node.header]
            for row in node.rows:
                cells = [inline_text(cell) for cell in row]
                found.append(
                    {
                        f"{head[place] if place < len(head) else ''}" or f"column {place + 1}": cell
                        for place, cell in enumerate(cells)
                    }
                )
    return found


def _around(nodes: Sequence[BlockNode]) -> str:
    return block_text(tuple(node for node in nodes if not isinstance(node, Table)))
