"""The saved packet in a phone: from disk, without network, scripts off; then with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plans.packets.html import render
from tests.browser.conftest import AXE, PHONE, headless_browser
from tests.plans.packets.campus import tree

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with headless_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("phone") / "packet.html"
    file.write_text(render(tree(), copy_lines=("For Sgt. Pruitt", "Copy 7KQ2M9XD")).page)
    return file.as_uri()


def opened(browser: Any, address: str, **more: Any) -> tuple[Any, list[str]]:
    context = browser.new_context(viewport=PHONE, offline=True, **more)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


def seen(page: Any, words: str) -> bool:
    """Return whether some element with these words lies in the window."""
    box = page.get_by_text(words, exact=True).first.bounding_box()
    return box is not None and 0 <= box["y"] < PHONE["height"]


def test_room_204_is_two_presses_from_page_one_with_scripts_off(browser: Any, address: str) -> None:
    page, complaints = opened(browser, address, java_script_enabled=False)
    assert seen(page, "2100 Alder Street, Cedar Valley")
    page.click('.tabs a[href="#rooms"]')
    page.click('.index a[href="#room-204"]')
    page.wait_for_timeout(300)
    assert seen(page, "Room 204")
    box = page.locator("#room-204 .view").bounding_box()
    assert box["y"] < PHONE["height"]
    assert complaints == []


def test_the_page_follows_the_night_of_the_device_without_scripts(
    browser: Any, address: str
) -> None:
    from PIL import Image

    def corner(scheme: str) -> tuple[int, ...]:
        import io

        page, _said = opened(browser, address, java_script_enabled=False, color_scheme=scheme)
        picture = Image.open(io.BytesIO(page.screenshot()))
        return tuple(picture.convert("RGB").getpixel((3, 300)))

    assert max(corner("dark")) < 20
    assert min(corner("light")) > 235


def test_scripts_add_search_and_the_night_switch(browser: Any, address: str) -> None:
    page, complaints = opened(browser, address, color_scheme="light")
    page.fill("#find", "204")
    assert page.inner_text("#found-count") == "1 room"
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("location.hash") == "#room-204"
    page.click("#night")
    assert page.evaluate("document.documentElement.dataset.theme") == "night"
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_never_scrolls_sideways(
    browser: Any, address: str, scheme: str
) -> None:
    page, _said = opened(browser, address, color_scheme=scheme)
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
    )
    violations = [
        f"{item['id']}: {item['help']}: {[node['html'][:140] for node in item['nodes'][:3]]}"
        for item in found["violations"]
    ]
    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_numbers_to_dial_are_20_pixels_and_easy_to_press(browser: Any, address: str) -> None:
    page, _said = opened(browser, address)
    sizes = page.evaluate(
        "[...document.querySelectorAll('#first .dial')].map(e => "
        "[parseFloat(getComputedStyle(e).fontSize), e.getBoundingClientRect().height])"
    )
    assert len(sizes) == 8
    assert all(size >= 20 and height >= 48 for size, height in sizes)
