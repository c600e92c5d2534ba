"""Every row lock of the product lets foreign keys of other transactions be checked meanwhile.

A plain FOR UPDATE bars the key share that a deferred foreign key takes at COMMIT; with the head of
the audit chain that is a deadlock (PostgreSQL manual, Explicit Locking, Row-Level Locks).
"""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOTS = ("backend", "plans", "drills", "notifications", "maps")
FILES = sorted(
    file
    for root in ROOTS
    for file in (PROJECT / root).rglob("*.py")
    if "migrations" not in file.parts
)
BARRING = re.compile(r"\bFOR UPDATE\b")


def barring_locks(source: str) -> list[int]:
    """Return the lines that lock a row so that no foreign key to it can be checked."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "select_for_update":
                given = {word.arg: word.value for word in node.keywords}
                kept = given.get("no_key")
                if not (isinstance(kept, ast.Constant) and kept.value is True):
                    found.append(node.lineno)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and BARRING.search(node.value)
        ):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("rows.select_for_update()", [1]),
        ("rows.select_for_update(of=('self',), no_key=False)", [1]),
        ("rows.select_for_update(no_key=True, of=('self',))", []),
        ("x = 1\ny = 'SELECT 1 FROM t FOR UPDATE'", [2]),
        ("y = 'SELECT 1 FROM t FOR UPDATE OF t'", [1]),
        ("y = 'SELECT 1 FROM t FOR NO KEY UPDATE OF t'", []),
    ],
)
def test_the_check_tells_one_lock_from_the_other(source: str, lines: list[int]) -> None:
    assert barring_locks(source) == lines


def test_no_lock_bars_the_foreign_keys_of_others() -> None:
    assert len(FILES) > 100
    found = [
        f"{file.relative_to(PROJECT)}:{line}"
        for file in FILES
        for line in barring_locks(file.read_text(encoding="utf-8"))
    ]
    assert found == [], "lock these rows with no_key=True, or FOR NO KEY UPDATE"
