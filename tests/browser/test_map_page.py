"""The map in a browser: found by typing, checked with one press, a condition in a minute."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser
OFFICER = "Officer Dana Whitfield"
Arrive = Callable[..., Person]


def open_map(somebody: Person) -> str:
    """Go to the map of Lincoln High School and return the campus's address."""
    campuses = somebody.page.request.get(f"{somebody.url}/api/v1/campuses/").json()["results"]
    slug = next(row["slug"] for row in campuses if row["name"] == "Lincoln High School")
    somebody.go(f"/campuses/{slug}/map/")
    somebody.page.wait_for_selector("[data-map-levels] button")
    return f"/campuses/{slug}/"


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("night", [False, True])
def test_the_map_page_is_usable_by_all(person: Arrive, phone: bool, night: bool) -> None:
    officer = person(OFFICER, phone=phone, night=night)
    open_map(officer)
    officer.check()


def test_a_sign_typed_in_the_search_opens_its_card(person: Arrive) -> None:
    officer = person(OFFICER)
    open_map(officer)
    officer.page.fill("[data-map-search]", "AED 2")
    officer.page.keyboard.press("Enter")
    card = officer.page.locator("#map-card")
    card.get_by_text("Nearest door").wait_for()
    assert "AED 2" in card.inner_text()
    assert "feature=" in officer.page.url
    officer.check()


def test_a_feature_is_seen_with_one_press_without_leaving_the_map(person: Arrive) -> None:
    officer = person(OFFICER, phone=True)
    open_map(officer)
    officer.page.fill("[data-map-search]", "Key box 1")
    officer.page.keyboard.press("Enter")
    officer.press("Seen, all right")
    officer.page.locator("#map-card").get_by_text("(now) by Officer Dana Whitfield").wait_for()
    assert officer.presses == 1
    assert officer.complaints == []


def test_a_condition_is_published_from_a_phone_in_three_presses(person: Arrive) -> None:
    officer = person(OFFICER, phone=True)
    campus = open_map(officer)
    began = time.monotonic()
    officer.go(f"{campus}conditions/new/")
    officer.check()
    officer.press("Way in closed or changed", role="radio")
    officer.page.get_by_label("Where").fill("Gate 3")
    officer.page.get_by_label("What to know").fill("Chained until the crane has gone.")
    officer.press("3 days", role="radio")
    officer.press("Publish now")
    officer.page.get_by_text("In force. Packets and map show it from now on.").wait_for()
    assert officer.presses == 3
    assert time.monotonic() - began < 60
    officer.check()
    officer.go(f"{campus}map/")
    officer.page.get_by_text("Chained until the crane has gone.").first.wait_for()


def test_the_map_works_without_scripts(person: Arrive) -> None:
    officer = person(OFFICER)
    campus = open_map(officer)
    context: Any = officer.page.context.browser.new_context(
        java_script_enabled=False, storage_state=officer.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{officer.url}{campus}map/?q=library")
    page.get_by_role("link", name="Room 135").first.click()
    assert "Nearest door" in page.locator("#map-card").inner_text()
    page.wait_for_load_state("load")
    picture = page.locator(".map-still__picture")
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    context.close()
