"""The page of findings is equal to the code: every code, with its severity where that is fixed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "map-findings.md"
SOURCES = ("maps/geometry", "maps/routing", "maps/formats", "maps/services")
_ROW = re.compile(r"\| `([a-z_]+)` \| (error|warning|info) \| .+ \|")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def documented() -> list[tuple[str, str]]:
    return [(row[1], row[2]) for line in PAGE.read_text().splitlines() if (row := _ROW.match(line))]


def strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def first_of_rows(node: ast.AST) -> Iterator[str]:
    """Yield the first text of each tuple: tables of findings begin their rows with the code."""
    for part in ast.walk(node):
        if isinstance(part, ast.Tuple) and part.elts and isinstance(part.elts[0], ast.Constant):
            yield str(part.elts[0].value)


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that make a finding."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and part.args:
            name = part.func.attr if isinstance(part.func, ast.Attribute) else ""
            name = part.func.id if isinstance(part.func, ast.Name) else name
            if name in {"Finding", "_find"}:
                yield part


def codes_in(tree: ast.AST) -> Iterator[str]:
    for call in calls(tree):
        yield from strings(call.args[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if node.target.id.endswith("_CODES") and node.value is not None:
                yield from first_of_rows(node.value)
        elif isinstance(node, ast.FunctionDef) and any(calls(node)):
            yield from codes_named(node)


def codes_named(function: ast.FunctionDef) -> Iterator[str]:
    """Yield what a function that makes findings calls `code`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if "code" in names:
                yield from strings(node.value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
            first = node.target.elts[0]
            if isinstance(first, ast.Name) and first.id == "code":
                yield from first_of_rows(node.iter)


def written() -> set[str]:
    found: set[str] = set()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).glob("*.py")):
            found.update(codes_in(ast.parse(path.read_text())))
    return {code for code in found if _CODE.fullmatch(code)}


def test_every_code_of_the_program_is_on_the_page_and_no_other() -> None:
    assert {code for code, _ in documented()} == written()


def test_no_code_is_on_the_page_twice() -> None:
    codes = [code for code, _ in documented()]
    assert len(codes) == len(set(codes))


def test_the_severity_on_the_page_is_that_of_the_code() -> None:
    stated = dict(documented())
    for folder in SOURCES:
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                    continue
                if node.func.id == "Finding" and all(
                    isinstance(arg, ast.Constant) for arg in node.args[:2]
                ):
                    code, severity = (getattr(arg, "value", None) for arg in node.args[:2])
                    assert stated.get(str(code)) == severity, code
