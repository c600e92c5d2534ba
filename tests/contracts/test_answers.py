"""Only the listed services open a district for an actor who may be no member of it."""

import ast
from pathlib import Path

from backend.directory.access import ANSWERS

PROJECT = Path(__file__).resolve().parents[2]


def callers_of(name: str) -> set[str]:
    """Return the dotted names of the top-level functions that call `name`."""
    found = set()
    for root in ("backend", "maps", "plans", "drills", "notifications"):
        for file in (PROJECT / root).rglob("*.py"):
            module = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
            for item in ast.parse(file.read_text()).body:
                calls = {
                    node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                    for node in ast.walk(item)
                    if isinstance(node, ast.Call)
                    and isinstance(node.func, (ast.Name, ast.Attribute))
                }
                if name in calls and isinstance(item, (ast.FunctionDef, ast.ClassDef)):
                    found.add(f"{module}.{item.name}")
    return found


def test_only_listed_services_answer_in_another_districts_reach() -> None:
    found = callers_of("in_district_of")
    public = {name for name in found if not name.rpartition(".")[2].startswith("_")}
    modules = {name.rpartition(".")[0] for name in ANSWERS}
    assert public <= ANSWERS
    assert {name.rpartition(".")[0] for name in found} <= modules


def test_each_listed_service_stands() -> None:
    for name in ANSWERS:
        module, _, function = name.rpartition(".")
        source = (PROJECT / (module.replace(".", "/") + ".py")).read_text()
        assert f"def {function}(" in source
