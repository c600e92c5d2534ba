"""The packet as one file on a phone without network: with and without scripts, by day and night."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from tests.browser.conftest import PHONE, SCREENS, Person, Running
from tests.browser.test_pages import mailed_link

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
DARK, LIGHT = 40, 200  # of 255: the ground is below the one by night, above the other by day

Arrive = Callable[..., Person]


@dataclass
class Shown:
    """The saved file in a browser of its own; what it asked for and complained of is gathered."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def saved(chromium: Any, running: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the packet as a patrol officer saves it from the link in the mail."""
    context = chromium.new_context(viewport=PHONE, accept_downloads=True)
    page = context.new_page()
    page.goto(running.url + mailed_link(running, "/p/"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save for use without network").click()
    path: Path = tmp_path_factory.mktemp("saved") / waiting.value.suggested_filename
    waiting.value.save_as(path)
    context.close()
    return path


@pytest.fixture
def shown(chromium: Any, saved: Path) -> Iterator[Callable[..., Shown]]:
    """Return a function that opens the saved file from disk, without network."""
    contexts = []

    def open_it(*, scripts: bool, night: bool = False) -> Shown:
        context = chromium.new_context(
            viewport=PHONE,
            java_script_enabled=scripts,
            color_scheme="dark" if night else "light",
            has_touch=True,
            offline=True,
        )
        contexts.append(context)
        made = Shown(context.new_page())
        made.page.on("request", lambda request: made.asked.append(request.url))
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.goto(saved.as_uri())
        return made

    yield open_it
    for context in contexts:
        context.close()


def ground_of(path: Path) -> float:
    """Return how bright the left edge of a screen is, 0 to 255."""
    with Image.open(path) as picture:
        edge = picture.convert("L").crop((0, 120, 6, 600))
        return float(ImageStat.Stat(edge).mean[0])


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_page_one_and_room_204_are_reached_by_links_without_scripts(
    shown: Callable[..., Shown], saved: Path, night: bool
) -> None:
    packet = shown(scripts=False, night=night)
    page = packet.page
    assert "Lincoln High School" in page.locator("h1").inner_text()
    first = page.locator("#first").inner_text()
    for words in ("2100 Alder Street", "Main door 1", "Key box", "Panel", "555-0100"):
        assert words in first
    SCREENS.mkdir(parents=True, exist_ok=True)
    screen = SCREENS / f"packet-file-{'night' if night else 'day'}.png"
    page.screenshot(path=screen)
    assert ground_of(screen) < DARK if night else ground_of(screen) > LIGHT
    page.get_by_role("link", name="Rooms", exact=True).first.click()
    page.get_by_role("link", name="204").first.click()
    room = page.locator("#room-204")
    box = room.locator("h3").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"]
    assert "Nearest exterior door" in room.inner_text()
    assert room.locator("svg").first.is_visible()
    page.screenshot(path=SCREENS / f"packet-file-204-{'night' if night else 'day'}.png")
    assert [url for url in packet.asked if not url.startswith((saved.as_uri(), "data:"))] == []
    assert packet.complaints == []


def test_all_names_and_numbers_are_there_without_scripts(shown: Callable[..., Shown]) -> None:
    page = shown(scripts=False).page
    assert page.locator("#level-1").count() == 1
    assert page.locator("#level-2").count() == 1
    assert page.locator(".index a").count() > 40
    assert page.locator("a[href='tel:5550100']").count() >= 1


def test_no_link_inside_the_packet_is_dead(shown: Callable[..., Shown]) -> None:
    page = shown(scripts=True).page
    dead = page.locator("a[href^='#']").evaluate_all(
        "all => all.map(a => a.getAttribute('href').slice(1))"
        ".filter(id => id && !document.getElementById(id))"
    )
    assert dead == []


def test_with_scripts_the_search_finds_room_204(shown: Callable[..., Shown], saved: Path) -> None:
    packet = shown(scripts=True, night=True)
    packet.page.get_by_role("link", name="Rooms", exact=True).first.click()
    packet.page.locator("#find").fill("room 204")
    visible = packet.page.locator(".index li:visible")
    assert visible.count() == 1
    packet.page.keyboard.press("Enter")
    box = packet.page.locator("#room-204 h3").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"]
    assert [url for url in packet.asked if not url.startswith((saved.as_uri(), "data:"))] == []
    assert packet.complaints == []


def test_its_own_switch_turns_day_into_night(shown: Callable[..., Shown], tmp_path: Path) -> None:
    page = shown(scripts=True).page
    page.get_by_role("button", name="Night").click()
    page.screenshot(path=tmp_path / "night.png")
    assert ground_of(tmp_path / "night.png") < DARK
    page.get_by_role("button", name="Day").click()
    page.screenshot(path=tmp_path / "day.png")
    assert ground_of(tmp_path / "day.png") > LIGHT


def test_the_saved_packet_is_usable_by_all_by_day_and_night(shown: Callable[..., Shown]) -> None:
    opened = shown(scripts=True)
    somebody_outside = Person(opened.page, "", opened.complaints)
    somebody_outside.check()
    opened.page.emulate_media(color_scheme="dark")
    somebody_outside.check_colors()
