"""The layers of the map page in a browser: switched by hand and by key, kept for the session."""

import pytest

from tests.browser.conftest import chromium, person, running
from tests.browser.test_map_page import OFFICER, Arrive, open_map

__all__ = ["chromium", "person", "running"]  # fixtures of the browser tests
pytestmark = pytest.mark.browser
SIGNS = "document.querySelector('[data-map]').mapView.shown.map((f) => f.get('kind'))"


def test_a_layer_is_switched_by_key_and_stays_off_for_the_session(person: Arrive) -> None:
    officer = person(OFFICER)
    campus = open_map(officer)
    page = officer.page
    assert "aed" in page.evaluate(SIGNS)
    page.locator("[data-map-layers] summary").focus()
    page.keyboard.press("Enter")
    for _ in range(4):  # rooms, doors, utilities, safety equipment
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    shown = page.evaluate(SIGNS)
    assert "aed" not in shown
    assert "room" in shown
    officer.check()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("[data-layers-off]").inner_text() == "1 off"
    officer.go(f"{campus}map/")
    page.get_by_text("1 off").wait_for()
    assert "aed" not in page.evaluate(SIGNS)
    assert page.locator("[data-feature-id]").count() > 200  # the list holds everything


def test_what_is_found_is_shown_though_its_layer_is_off(person: Arrive) -> None:
    officer = person(OFFICER)
    open_map(officer)
    page = officer.page
    page.click("[data-map-layers] summary")
    page.get_by_label("Safety equipment").uncheck()
    page.keyboard.press("Escape")
    page.fill("[data-map-search]", "AED 2")
    page.keyboard.press("Enter")
    page.locator("#map-card").get_by_text("Nearest door").wait_for()
    assert (
        page.evaluate(
            "document.querySelector('[data-map]').mapView.named.getSource().getFeatures().length"
        )
        == 1
    )


def test_a_phone_shows_fewer_signs_from_afar_and_says_so(person: Arrive) -> None:
    officer = person(OFFICER, phone=True)
    open_map(officer)
    officer.page.get_by_text("Come nearer to see all signs.").wait_for()
    officer.check()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("night", [False, True])
def test_the_sheet_of_a_level_is_a_page_of_its_own(
    person: Arrive, phone: bool, night: bool
) -> None:
    officer = person(OFFICER, phone=phone, night=night)
    open_map(officer)
    address = officer.page.locator('a[href$="/print/"]').first.get_attribute("href")
    officer.go(address)
    officer.page.get_by_role("button", name="Print this level").wait_for()
    officer.check()
