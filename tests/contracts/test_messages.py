"""Each message has a Spanish of the same make; the catalog is what the sources ask for."""

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from backend.web.messages import (
    CATALOG,
    COMPILED,
    EMPTY,
    FORMS,
    OWN_NAME,
    SOURCES,
    Gathered,
    differences,
    gather,
)
from tests.cast import Cast

PROJECT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
ALL_NUMBER_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
ENTRIES = polib.pofile(str(CATALOG))
needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="GNU gettext is not on the PATH"
)


def pairs() -> list[tuple[str, str]]:
    """Return each English text beside each Spanish form that stands for it."""
    found: list[tuple[str, str]] = []
    for entry in ENTRIES:
        if not entry.msgid_plural:
            found.append((entry.msgid, entry.msgstr))
            continue
        for number, text in entry.msgstr_plural.items():
            found.append((entry.msgid if number == 0 else entry.msgid_plural, text))
    return found


def edges(text: str) -> tuple[str, str]:
    """Return the blanks and line ends before and after a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_no_message_is_without_its_spanish() -> None:
    assert [entry.msgid for entry in ENTRIES if not entry.translated()] == []


def test_no_translation_is_a_guess_or_left_over() -> None:
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete] == []


def test_each_plural_has_as_many_forms_as_djangos_spanish() -> None:
    assert f"nplurals={FORMS};" in ENTRIES.metadata["Plural-Forms"]
    short = [
        entry.msgid
        for entry in ENTRIES
        if entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(FORMS))
    ]
    assert short == []


def test_each_translation_has_the_placeholders_of_its_message() -> None:
    differing = [
        (english, spanish)
        for english, spanish in pairs()
        if Counter(PLACEHOLDER.findall(english)) != Counter(PLACEHOLDER.findall(spanish))
    ]
    assert differing == []


def test_each_translation_has_the_tags_of_its_message() -> None:
    differing = [
        (english, spanish)
        for english, spanish in pairs()
        if Counter(TAG.findall(english)) != Counter(TAG.findall(spanish))
    ]
    assert differing == []


def test_each_translation_begins_and_ends_with_the_blanks_of_its_message() -> None:
    differing = [pair for pair in pairs() if edges(pair[0]) != edges(pair[1])]
    assert differing == []


def test_no_translation_writes_a_date_in_numbers() -> None:
    assert [spanish for _english, spanish in pairs() if ALL_NUMBER_DATE.search(spanish)] == []


def test_the_compiled_catalog_is_that_of_the_text() -> None:
    assert COMPILED.read_bytes() == ENTRIES.to_binary()


@cache
def modules_with_messages() -> tuple[tuple[str, ast.Module], ...]:
    """Return each module of the sources that names gettext, by its path."""
    files = [file for root in SOURCES for file in sorted((PROJECT / root).rglob("*.py"))]
    texts = {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in files}
    return tuple((path, ast.parse(text)) for path, text in texts.items() if "gettext" in text)


def is_marked(node: ast.AST) -> bool:
    """Return whether a call marks a text for translation."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (node.func.id in {"_", OWN_NAME} or "gettext" in node.func.id)
    )


def test_every_name_of_gettext_is_one_that_gathering_knows() -> None:
    unknown = [
        f"{path}: {name.name} as {name.asname}"
        for path, module in modules_with_messages()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname not in {None, "_", OWN_NAME}
    ]
    assert unknown == []


def test_no_text_is_marked_inside_another_where_gathering_does_not_see_it() -> None:
    unseen = [
        f"{path}:{call.lineno}"
        for path, module in modules_with_messages()
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and is_marked(call)
    ]
    assert unseen == []


@needs_gettext
def test_gathering_again_changes_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "backend.web.messages", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr


def test_a_number_above_one_is_spoken_in_spanish() -> None:
    with translation.override("es"):
        spoken = [ngettext("%(n)s campus", "%(n)s campuses", n) % {"n": n} for n in (1, 12, 10**6)]
    assert spoken == ["1 plantel", "12 planteles", "1000000 planteles"]


def test_a_status_is_spoken_in_spanish() -> None:
    with translation.override("es"):
        assert gettext("Acknowledge") == "Confirmar recepción"


def test_a_page_of_a_spanish_reader_is_in_spanish(cast: Cast) -> None:
    reader = cast.users["district"]
    reader.language = "es"
    reader.save(update_fields=["language"])
    page = cast.client("district").get("/campuses/").content.decode()
    assert '<html lang="es"' in page
    assert "¿Qué planteles son suyos?" in page
    assert "Which campuses are yours?" not in page


def test_sign_in_speaks_the_language_of_the_browser(db: None) -> None:
    page = Client().get("/sign-in/", headers={"accept-language": "es-MX,es;q=0.9"})
    assert "Iniciar sesión" in page.content.decode()


def small_project(folder: Path, *, source: str, catalog: str = EMPTY) -> tuple[Path, Path]:
    """Lay a project of one template and its catalog into a folder; return both paths."""
    for name in ("backend", "maps", "plans", "notifications", "drills"):
        (folder / name).mkdir()
    (folder / "maps" / "page.html").write_text(f"{{% load i18n %}}{source}")
    file = folder / "django.po"
    file.write_text(catalog)
    return folder, file


def written(gathered: Gathered, file: Path) -> None:
    """Write what was gathered beside each other, as the command does."""
    file.write_text(gathered.text)
    file.with_suffix(".mo").write_bytes(gathered.compiled)


@needs_gettext
def test_a_new_plural_message_waits_for_three_forms(tmp_path: Path) -> None:
    source = (
        "{% blocktranslate count n=n %}{{ n }} door{% plural %}{{ n }} doors{% endblocktranslate %}"
    )
    gathered = gather(*small_project(tmp_path, source=source))
    assert gathered.untranslated == ("%(n)s door",)
    assert 'msgstr[2] ""' in gathered.text


@needs_gettext
def test_a_message_that_no_source_holds_is_dropped(tmp_path: Path) -> None:
    kept = EMPTY + '\nmsgid "Gone"\nmsgstr "Ido"\n\nmsgid "Stays"\nmsgstr "Queda"\n'
    source = '{% translate "Stays" %}'
    gathered = gather(*small_project(tmp_path, source=source, catalog=kept))
    assert "Gone" not in gathered.text
    assert 'msgstr "Queda"' in gathered.text


@needs_gettext
def test_a_similar_message_lends_no_translation(tmp_path: Path) -> None:
    kept = EMPTY + '\nmsgid "The draft is saved."\nmsgstr "Se guardó el borrador."\n'
    source = '{% translate "The drafts are saved." %}'
    gathered = gather(*small_project(tmp_path, source=source, catalog=kept))
    assert gathered.untranslated == ("The drafts are saved.",)


@needs_gettext
def test_a_message_missing_from_the_catalog_is_named(tmp_path: Path) -> None:
    folder, file = small_project(tmp_path, source='{% translate "Open the gate" %}')
    gathered = gather(folder, file)
    found = differences(gathered, file)
    assert "1 missing ('Open the gate')" in found[0]
    written(gathered, file)
    assert differences(gathered, file) == []


@needs_gettext
def test_a_compiled_catalog_of_another_text_is_told(tmp_path: Path) -> None:
    folder, file = small_project(tmp_path, source='{% translate "Open" %}')
    written(gather(folder, file), file)
    file.write_text(file.read_text().replace('"Open"\nmsgstr ""', '"Open"\nmsgstr "Abrir"'))
    assert differences(gather(folder, file), file) == [
        "django.mo is not compiled from django.po as it stands."
    ]
