"""`muster`: finds each app's commands by name; every subcommand calls one service or query."""

import argparse
import contextlib
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from backend import engines, env
from backend.problems import EngineUnavailable, Problem

COMMANDS = (
    "backend.supervise",
    "backend.demo.commands",
    "backend.directory.commands",
    "backend.audit.commands",
    "maps.commands",
    "plans.commands",
    "drills.commands",
    "notifications.commands",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return 0, 1 when input or state was refused, 2 on wrong usage."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    if not hasattr(given, "handler"):
        parser.parse_args([*(sys.argv[1:] if arguments is None else arguments), "--help"])
    try:
        with database() if given.needs_database else contextlib.nullcontext():
            result = given.handler(given)
    except Problem as problem:
        return _refuse(problem, as_json=given.json)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    exit_code = int(result.pop("exit_code", 0)) if isinstance(result, dict) else 0
    if given.json:
        print(json.dumps(result, ensure_ascii=False, default=str))  # noqa: T201
    else:
        text = getattr(given, "text", _as_lines)
        if printed := text(result):
            print(printed)  # noqa: T201
    return exit_code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every app's subcommands; each takes `--json`."""
    parser = argparse.ArgumentParser(
        prog="muster", description="School emergency planning and drill coordination."
    )
    subparsers = parser.add_subparsers(metavar="COMMAND")
    for name in COMMANDS:
        if find_spec(name):
            importlib.import_module(name).register(subparsers)
    _finish(parser)
    return parser


def _finish(parser: argparse.ArgumentParser) -> None:
    children = [
        child
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for child in set(action.choices.values())
    ]
    for child in children:
        _finish(child)
    if not children:
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        if parser.get_default("needs_database") is None:
            parser.set_defaults(needs_database=True)


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Make the database reachable: one's own server, a running copy, or engines started now."""
    if env.text("DATABASE_URL", ""):
        set_up_django()
        yield
        return
    data = env.data_folder()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(engines.locked(data))
        except EngineUnavailable:
            known = engines.describe(data)
            if known is None or not engines.answers(known):
                raise
        else:
            stack.enter_context(engines.running(data))
        set_up_django()
        migrate()
        yield
        close_connections()


def set_up_django() -> None:
    """Load the settings and the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    import django  # noqa: PLC0415

    from backend import celery  # noqa: F401, PLC0415 — what wakes workers is this app

    django.setup()


def close_connections() -> None:
    """Let go of the database, so that its engine can stop at once."""
    from django.db import connections  # noqa: PLC0415

    for connection in connections.all():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own


def migrate() -> None:
    """Apply what is missing; the walls are compared at each call, so old copies are mended."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from backend.tenancy import walls  # noqa: PLC0415 — after django.setup()

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or walls.differences():
        call_command("migrate", verbosity=0, interactive=False)


def _refuse(problem: Problem, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": problem.as_json()}, ensure_ascii=False))  # noqa: T201
    place = f" [{problem.where}]" if problem.where else ""
    print(f"muster: {problem}{place}", file=sys.stderr)  # noqa: T201
    return 1


def _as_lines(result: Any) -> str:
    if not isinstance(result, dict):
        return ""
    return "\n".join(f"{key}: {_as_text(value)}" for key, value in result.items())


def _as_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
