"""The Spanish catalog: `python -m backend.web.messages` gathers and compiles it.

With `--check` nothing is written, and exit 1 says that the catalog or its compiled form is not
what the sources ask for. Needs GNU gettext and polib; both are tools of developers and CI, since
the compiled catalog is committed.
"""

import argparse
import contextlib
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polib  # type: ignore[import-untyped]
from django.core.management import CommandError, call_command
from django.core.management.commands import makemessages

PROJECT = Path(__file__).resolve().parents[2]
CATALOG = PROJECT / "backend" / "locale" / "es" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOG.with_suffix(".mo")
SOURCES = ("backend", "maps", "plans", "notifications", "drills")
KINDS = {".html", ".py"}
NO_SOURCE = {"vendor", "migrations", "locale", "static", "__pycache__"}
LINE = 100
SHOWN = 5
# Django's own Spanish has these three forms: one, whole millions, all others. A catalog of two
# forms would show English for most numbers.
PLURAL_FORMS = "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;"
FORMS = 3
OWN_NAME = "lazy"
TITLE = "Spanish of the pages, messages and papers. “make messages” gathers and compiles it."
EMPTY = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
HEADER = {
    "Project-Id-Version": "Muster",
    "Language": "es",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURAL_FORMS,
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the sources ask for: the catalog's text, its compiled bytes, what waits for words."""

    text: str
    compiled: bytes
    count: int
    untranslated: tuple[str, ...]


class _Gather(makemessages.Command):
    """Django's command for one folder: no settings, and no guess from a similar message.

    `lazy` is the one name besides Django's own under which a module may import gettext_lazy.
    """

    settings_available = False
    xgettext_options = [*makemessages.Command.xgettext_options, f"--keyword={OWN_NAME}"]  # noqa: RUF012
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012


def gather(project: Path = PROJECT, catalog: Path = CATALOG) -> Gathered:
    """Return the catalog with every message of the sources and the translations it has.

    Works on a copy of the sources: the command lays files beside the templates it reads. Raises
    CommandError where GNU gettext is missing or cannot read a source.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        merged = copy / "locale" / "es" / "LC_MESSAGES" / "django.po"
        merged.parent.mkdir(parents=True)
        if catalog.exists():
            shutil.copyfile(catalog, merged)
        for name in SOURCES:
            shutil.copytree(project / name, copy / name, ignore=_no_source)
        with contextlib.chdir(copy):
            call_command(
                _Gather(),
                locale=["es"],
                domain="django",
                no_location=True,
                no_obsolete=True,
                verbosity=0,
            )
        return _settled(polib.pofile(str(merged), wrapwidth=LINE))


def _no_source(folder: str, names: list[str]) -> set[str]:
    """Return the names that hold no message of ours."""
    here = Path(folder)
    return {
        name
        for name in names
        if name in NO_SOURCE or ((here / name).is_file() and Path(name).suffix not in KINDS)
    }


def _settled(catalog: Any) -> Gathered:
    """Return a catalog with our header, without dates and places, each plural in all its forms."""
    catalog.header = TITLE
    catalog.metadata = dict(HEADER)
    catalog.metadata_is_fuzzy = False
    for entry in catalog:
        entry.occurrences = []
        if entry.msgid_plural:
            entry.msgstr_plural = {n: entry.msgstr_plural.get(n, "") for n in range(FORMS)}
    return Gathered(
        text=f"{catalog}".rstrip("\n") + "\n",
        compiled=catalog.to_binary(),
        count=len(catalog),
        untranslated=tuple(entry.msgid for entry in catalog if not entry.translated()),
    )


def differences(gathered: Gathered, catalog: Path = CATALOG) -> list[str]:
    """Return what is not as gathered, one sentence each; nothing where all is."""
    compiled = catalog.with_suffix(".mo")
    found = []
    kept = catalog.read_text(encoding="utf-8") if catalog.exists() else ""
    if kept != gathered.text:
        ours = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(kept or EMPTY)}
        asked = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(gathered.text)}
        found.append(
            f"{catalog.name} is not what the sources ask for:"
            f" {_some('missing', asked - ours)}, {_some('no longer used', ours - asked)}."
        )
    if not compiled.exists() or compiled.read_bytes() != gathered.compiled:
        found.append(f"{compiled.name} is not compiled from {catalog.name} as it stands.")
    return found


def _some(word: str, messages: set[tuple[str | None, str]]) -> str:
    names = sorted(message for _context, message in messages)
    shown = ", ".join(repr(name) for name in names[:SHOWN])
    return f"{len(names)} {word}" + (
        f" ({shown}{', …' if len(names) > SHOWN else ''})" * bool(names)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather and compile, or check; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m backend.web.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if outdated")
    checks = parser.parse_args(arguments).check
    try:
        gathered = gather()
    except CommandError as error:
        _say(f"The messages could not be gathered: {error}", sys.stderr)
        return 1
    if checks:
        found = differences(gathered)
        for sentence in found:
            _say(sentence, sys.stderr)
        if found:
            _say("Run “make messages”, translate what is new, and run it again.", sys.stderr)
        return bool(found)
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    CATALOG.write_text(gathered.text, encoding="utf-8")
    COMPILED.write_bytes(gathered.compiled)
    _say(f"{gathered.count} messages, {len(gathered.untranslated)} without a translation.")
    for message in gathered.untranslated:
        _say(f"  {message}")
    return 0


def _say(text: str, stream: Any = None) -> None:
    print(text, file=stream or sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
