"""The editor of a section: by keyboard alone, and as plain Markdown where no script runs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import Person, campus_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
OFFICER = "Officer Dana Whitfield"
LOCKDOWN = "plan/sections/FA-LOCK/"
FOCUSED = "document.activeElement"
TABS_TO_SAVE = 300

Arrive = Callable[..., Person]


def open_section(officer: Person) -> str:
    """Open the editor of a section in the draft of Lincoln High School; return its address."""
    campus = campus_of(officer)
    officer.go(f"{campus}plan/")
    start = officer.page.get_by_role("button", name="Start a new draft")
    if start.count():
        start.click()
    officer.go(f"{campus}{LOCKDOWN}")
    officer.page.locator(".editor__text").first.wait_for()
    return f"{campus}{LOCKDOWN}"


def tab_until(officer: Person, found: str) -> None:
    """Press Tab until an expression about the focused element holds."""
    for _ in range(TABS_TO_SAVE):
        officer.page.keyboard.press("Tab")
        if officer.page.evaluate(f"(focused => Boolean({found}))({FOCUSED})"):
            return
    raise AssertionError(f"Tab never came to where {found}")


def first_text(officer: Person) -> str:
    """Return what stands in the first text of the section."""
    return str(officer.page.locator(".editor__text.prose").first.inner_text())


@pytest.fixture
def officer(person: Arrive) -> Person:
    return person(OFFICER)


def test_a_sentence_and_a_reference_are_written_and_saved_by_keyboard_alone(
    officer: Person,
) -> None:
    open_section(officer)
    keyboard = officer.page.keyboard
    tab_until(officer, "focused.matches('.editor__text.prose')")
    keyboard.press("Control+End")
    keyboard.type(" Nobody waits at ")
    keyboard.press("Control+k")
    officer.page.wait_for_selector("[data-reference-list] button")
    keyboard.type("AED 2")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.type(" for a friend.")
    tab_until(officer, "focused.matches('.editor-foot button[value=save]')")
    with officer.page.expect_navigation():
        keyboard.press("Enter")
    words = re.sub(r"\s+", " ", first_text(officer))
    assert "Nobody waits at AED 2 for a friend." in words
    assert officer.complaints == []


def test_tab_leaves_the_text_and_shift_tab_comes_back(officer: Person) -> None:
    open_section(officer)
    tab_until(officer, "focused.matches('.editor__text.prose')")
    before = first_text(officer)
    officer.page.keyboard.press("Tab")
    assert not officer.page.evaluate(f"{FOCUSED}.matches('.editor__text.prose')")
    officer.page.keyboard.press("Shift+Tab")
    assert officer.page.evaluate(f"{FOCUSED}.matches('.editor__text.prose')")
    assert first_text(officer) == before


def test_alt_f10_goes_to_the_toolbar_and_escape_back_to_the_text(officer: Person) -> None:
    open_section(officer)
    tab_until(officer, "focused.matches('.editor__text.prose')")
    officer.page.keyboard.press("Alt+F10")
    assert officer.page.evaluate(f"Boolean({FOCUSED}.closest('[role=toolbar]'))")
    officer.page.keyboard.press("Escape")
    assert officer.page.evaluate(f"{FOCUSED}.matches('.editor__text.prose')")


def test_what_was_typed_and_not_saved_is_back_after_a_reload(officer: Person) -> None:
    address = open_section(officer)
    officer.page.locator(".editor__text.prose").first.click()
    officer.page.keyboard.press("Control+End")
    officer.page.keyboard.type(" Half a thought")
    officer.go(address)
    officer.page.get_by_text("What you typed before is back.").wait_for()
    assert "Half a thought" in first_text(officer)
    with officer.page.expect_navigation():
        officer.press("Clear it")
    assert "Half a thought" not in first_text(officer)


@pytest.fixture
def without_scripts(officer: Person) -> Iterator[Any]:
    """Return a page of the signed-in officer in a browser that runs no script."""
    context = officer.page.context.browser.new_context(
        java_script_enabled=False, storage_state=officer.page.context.storage_state()
    )
    yield context.new_page()
    context.close()


def test_without_scripts_the_markdown_is_edited_and_saved(
    officer: Person, without_scripts: Any
) -> None:
    address = open_section(officer)
    without_scripts.goto(officer.url + address)
    text = without_scripts.get_by_role("textbox", name="Text", exact=True).first
    text.fill(f"{text.input_value()}\n\nWritten **without** scripts.")
    without_scripts.locator(".editor-foot").get_by_role("button", name="Save").click()
    saved = text.input_value()
    assert saved.endswith("Written **without** scripts.")
    officer.go(address)
    assert "Written without scripts." in first_text(officer)


def test_without_scripts_a_step_is_added_and_filled(officer: Person, without_scripts: Any) -> None:
    address = open_section(officer)
    without_scripts.goto(officer.url + address)
    steps = without_scripts.locator("ol.step-list").first.locator("li.step")
    before = steps.count()
    without_scripts.get_by_role("button", name="Step", exact=True).first.click()
    assert steps.count() == before + 1
    steps.last.locator(".step__actor").fill("Night custodian")
    steps.last.locator("textarea").fill("checks that the outer doors are locked.")
    without_scripts.locator(".editor-foot").get_by_role("button", name="Save").click()
    assert steps.last.locator(".step__actor").input_value() == "Night custodian"
    assert steps.count() == before + 1
