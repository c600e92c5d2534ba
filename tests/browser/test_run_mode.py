"""Run mode on a phone: a drill in six presses, without network, killed, signed out, made real.

A drill is made beside the running copy around the present moment. The phone reaches the copy
through a wire that a test can cut: for the browser that is a server which is not there.
"""

import base64
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.browser.conftest import PHONE, Person, Running, somebody, take_screen, wait_for
from tests.browser.run_phones import (
    Killable,
    Office,
    Wire,
    check_whole,
    look,
    office_beside,
    open_run,
    press_next,
    ready_offline,
    rooms,
    sent,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PRINCIPAL = "Maria Ochoa"
OFFICER = "Officer Dana Whitfield"
DISTRICT = "Samuel Reyes"
TEACHER = "Carl Jensen"
MOST_PRESSES = 6
LONGEST_SIDE = 1600

WHAT_IS_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  }
  return found;
}"""
WHAT_IS_USED = "performance.getEntriesByType('resource').map((one) => one.name)"

Arrive = Callable[..., Person]


@pytest.fixture(scope="module")
def office(running: Running) -> Iterator[Office]:
    with office_beside(running) as opened:
        yield opened


@pytest.fixture
def wire(running: Running) -> Iterator[Wire]:
    """Return a wire that lets everything through."""
    made = Wire(target=int(running.url.rsplit(":", 1)[1]))
    made.join()
    yield made
    made.cut()


@pytest.fixture
def phone(chromium: Any, wire: Wire) -> Iterator[Arrive]:
    """Return a function that gives somebody a phone behind the wire."""
    here: list[Person] = []

    def arrive(name: str, **how: Any) -> Person:
        found = somebody(chromium, wire.url, name, phone=True, **how)
        here.append(found)
        return found

    yield arrive
    for found in here:
        found.page.context.close()


@pytest.fixture
def killable(chromium: Any, wire: Wire, tmp_path: Path) -> Iterator[Killable]:
    made = Killable(chromium, tmp_path / "profile", wire.url)
    yield made
    made.kill()


def test_a_fire_drill_is_run_and_its_review_closed_in_six_presses(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    page = principal.page
    assert page.locator("#run-title").inner_text() == "This drill may start"
    assert "By phone, recorded by" in page.locator("#run-facts").inner_text()
    spoken = page.locator("#run-before .run-say p").all_inner_texts()
    assert (spoken[0], spoken[-1]) == ("This is a drill.", "This is a drill.")
    look(principal, "before")
    press_next(principal, "Start the drill")
    press_next(principal, "All out")
    look(principal, "running")
    press_next(principal, "All rooms reported")
    page.get_by_text("Every room has reported").or_(page.locator("#run-release")).first.wait_for()
    assert re.fullmatch(r"(\d+) of \1 reported", page.locator("#run-rooms-head").inner_text())
    press_next(principal, "End the drill")
    page.get_by_role("heading", name="Three questions, then done").wait_for()
    look(principal, "over")
    principal.press("Nothing to fix, close")
    page.wait_for_url(f"**/drills/{drill}/")
    assert principal.presses <= MOST_PRESSES
    assert office.state_of(drill) == "reviewed"
    principal.complaints.clear()


def test_answers_to_the_questions_are_saved_before_the_review_is_closed(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    page = principal.page
    for name in ("Start the drill", "All out", "All rooms reported", "End the drill"):
        press_next(principal, name)
    page.fill("#run-did-not", "Hall B did not hear the bell.")
    page.reload()
    page.wait_for_selector("#run-save:visible")
    assert page.input_value("#run-did-not") == "Hall B did not hear the bell."
    principal.press("Save the answers")
    page.wait_for_url("**/review/")
    assert page.get_by_label("What did not?").input_value() == "Hall B did not hear the bell."


def test_a_room_is_told_by_a_tap_a_long_press_the_dots_and_the_keyboard(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    press_next(principal, "Start the drill")
    page, sheet = principal.page, principal.page.locator("#run-room-sheet")
    total = rooms(principal).count()
    rooms(principal).nth(0).click()
    page.get_by_text(f"1 of {total} reported", exact=True).wait_for()
    box = rooms(principal).nth(1).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    sheet.get_by_role("button", name="Somebody missing").wait_for()
    page.mouse.up()
    assert page.get_by_text(f"1 of {total} reported", exact=True).count() == 1
    look_at = sheet.bounding_box()
    assert look_at["y"] + look_at["height"] <= PHONE["height"] + 1
    sheet.get_by_role("button", name="Somebody missing").click()
    page.locator(".run-room__dots").nth(2).focus()
    page.keyboard.press("Enter")
    page.get_by_label("In words").fill("One more than on the list")
    sheet.get_by_role("button", name="Somebody extra").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Problem 2").click()
    assert page.locator(".run-room:visible").count() == 2
    page.get_by_role("button", name=f"Not reported {total - 3}").click()
    still = rooms(principal).nth(5)
    still.click()
    assert still.is_visible(), "nothing moves under a finger"
    page.get_by_role("button", name=re.compile(r"^All \d")).click()
    rooms(principal).nth(0).click()
    sheet.get_by_role("button", name="Need help").click()
    page.get_by_role("button", name="Another place").click()
    sheet.get_by_role("button", name="All accounted").click()
    assert page.get_by_text("Write which place.").is_visible()
    page.get_by_label("Which place").fill("Bus 4")
    sheet.get_by_role("button", name="All accounted").click()
    assert wait_for(lambda: sent(principal))
    told = [(one["status"], one["text"]) for one in office.entries_of(drill, "place_report")]
    check_whole(principal)
    assert told == [
        ("accounted", ""), ("missing", ""), ("extra", "One more than on the list"),
        ("accounted", ""), ("need_help", ""), ("accounted", ""),
    ]  # fmt: skip


def test_a_photo_is_made_small_before_it_is_kept_and_sent(
    office: Office, phone: Arrive, tmp_path: Path
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    bodies: list[dict[str, Any]] = []
    principal.page.on(
        "request",
        lambda asked: (
            bodies.append(json.loads(asked.post_data)) if asked.url.endswith("/entries/") else None
        ),
    )
    open_run(principal, drill)
    press_next(principal, "Start the drill")
    page = principal.page
    file = tmp_path / "gate.jpg"
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(file, quality=90)
    page.get_by_role("button", name="Note or photo").click()
    page.get_by_role("button", name="Keep it").click()
    assert page.get_by_text("Write what you see, or take a photo.").is_visible()
    page.get_by_label("What you see").fill("Gate 4 is chained")
    page.get_by_label("Photo (optional)").set_input_files(file)
    check_whole(principal)
    page.get_by_role("button", name="Keep it").click()
    page.locator(".run-entry", has_text="Gate 4 is chained").wait_for()
    assert wait_for(lambda: sent(principal))
    (photo,) = [one["photo"] for body in bodies for one in body["entries"] if one["photo"]]
    with Image.open(io.BytesIO(base64.b64decode(photo))) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", LONGEST_SIDE)
    (kept,) = office.entries_of(drill, "photo")
    assert kept["photo"]
    assert kept["text"] == "Gate 4 is chained"


def test_a_browser_killed_three_times_without_network_loses_nothing_and_doubles_nothing(
    office: Office, wire: Wire, killable: Killable
) -> None:
    drill = office.drill("cleared")
    found = Person(killable.start(), wire.url)
    found.go("/sign-in/")
    found.press(PRINCIPAL)
    open_run(found, drill)
    ready_offline(found)
    press_next(found, "Start the drill")
    assert wait_for(lambda: sent(found))
    wire.cut()
    for number in range(20):
        rooms(found).nth(number).click()
    found.page.get_by_text("20 entries kept here", exact=True).wait_for()
    wire.loses_answers = True
    for time_killed in range(3):
        wire.cut()
        killable.kill()
        found = Person(killable.start(), wire.url)
        found.go(f"/drills/{drill}/run/")
        found.page.get_by_text("20 entries kept here", exact=True).wait_for()
        if time_killed == 0:
            assert found.page.locator("#run-elapsed").inner_text() != ""
            found.page.locator("#run-silence").wait_for()
            take_screen(found, "run-offline-phone-day")
        wire.lost = 0
        wire.join()
        assert wait_for(lambda: wire.lost > 0), "nothing was sent"
    wire.loses_answers = False
    wire.cut()
    wire.join()
    assert wait_for(lambda: sent(found), seconds=40)
    reports = office.entries_of(drill, "place_report")
    assert len(reports) == 20
    assert len({one["place"] for one in reports}) == 20
    assert len(office.entries_of(drill, "start")) == 1


def test_everything_the_page_is_made_of_is_kept_and_opens_with_the_server_stopped(
    office: Office, wire: Wire, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    ready_offline(principal)
    page = principal.page
    kept = set(page.evaluate(WHAT_IS_KEPT))
    used = {urlsplit(address).path for address in page.evaluate(WHAT_IS_USED)}
    assert {path for path in used if path.startswith("/static/")} <= kept
    assert len(used) > 30
    assert f"/drills/{drill}/run/" in kept
    assert not [path for path in kept if path.startswith("/sign-in")]
    wire.cut()
    principal.complaints.clear()
    began = time.monotonic()
    page.reload()
    page.get_by_role("button", name="Start the drill").wait_for()
    assert time.monotonic() - began < 3
    refused = "Failed to load resource: net::ERR_CONNECTION_REFUSED"
    assert [one for one in principal.complaints if refused not in one] == []
    for name in ("Start the drill", "All out"):
        press_next(principal, name)
    page.get_by_text("2 entries kept here", exact=True).wait_for()
    assert page.locator(".run-entry[data-fate=kept]").count() == 2
    page.get_by_text("This phone", exact=True).click()
    page.get_by_role("button", name="Copy entries as text").click()
    text = page.get_by_label("Entries as text").input_value()
    assert "Started · kept here" in text
    assert "All out · kept here" in text
    wire.join()
    assert wait_for(lambda: sent(principal))
    assert office.state_of(drill) == "running"


def test_a_phone_shut_out_keeps_its_entries_until_somebody_signs_in_again(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    ready_offline(principal)
    press_next(principal, "Start the drill")
    assert wait_for(lambda: sent(principal))
    office.ask("shut_out", drill)
    page = principal.page
    page.context.clear_cookies()
    for number in range(3):
        rooms(principal).nth(number).click()
    page.get_by_text("Sign in again: 3 entries kept here").wait_for()
    take_screen(principal, "run-signed-out-phone-day")
    assert len(office.entries_of(drill, "place_report")) == 0
    principal.complaints.clear()
    principal.press("Sign in again", role="link")
    principal.press(PRINCIPAL)
    principal.page.wait_for_selector("body[data-offline]")
    assert wait_for(lambda: sent(principal))
    assert len(office.entries_of(drill, "place_report")) == 3


def test_entries_of_somebody_else_are_never_sent_under_another_name(
    office: Office, wire: Wire, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    found = phone(PRINCIPAL)
    open_run(found, drill)
    press_next(found, "Start the drill")
    assert wait_for(lambda: sent(found))
    wire.cut()
    rooms(found).nth(0).click()
    found.page.get_by_text("1 entry kept here", exact=True).wait_for()
    found.page.goto("about:blank")
    office.ask("shut_out", drill)
    wire.join()
    found.page.context.clear_cookies()
    found.go("/sign-in/")
    found.press(OFFICER)
    open_run(found, drill)
    rooms(found).nth(1).click()
    found.page.get_by_text(f"1 entry of {PRINCIPAL} is kept here.").wait_for()
    assert wait_for(lambda: sent(found))
    assert [one["by"] for one in office.entries_of(drill, "place_report")] == [OFFICER]


def test_two_phones_show_each_other_what_each_has_told(office: Office, phone: Arrive) -> None:
    drill = office.drill("cleared")
    principal, teacher = phone(PRINCIPAL), phone(TEACHER)
    open_run(principal, drill)
    open_run(teacher, drill)
    assert teacher.page.locator("#run-next, #run-end-early").count() == 0
    press_next(principal, "Start the drill")
    rooms(teacher).nth(3).wait_for()
    rooms(teacher).nth(3).click()
    teacher.page.locator(".run-room__dots").nth(4).click()
    teacher.page.get_by_role("button", name="Somebody missing").click()
    page = principal.page
    page.get_by_text(re.compile(r"^2 of \d+ reported$")).wait_for()
    line = page.locator(".run-entry", has_text="Somebody missing")
    line.wait_for()
    assert TEACHER in line.inner_text()
    assert page.locator("#run-live").inner_text() == "Live"
    check_whole(teacher)


def test_a_start_that_is_refused_says_why_and_the_drill_waits(
    office: Office, wire: Wire, phone: Arrive
) -> None:
    drill = office.drill("asked")
    principal = phone(PRINCIPAL)
    open_run(principal, drill)
    page = principal.page
    call = page.get_by_role("link", name="Record a call that cleared it")
    assert call.get_attribute("href") == f"/drills/{drill}/#phone-call"
    assert page.locator("#run-next").is_hidden()
    look(principal, "uncleared")
    wire.cut()
    page.get_by_role("button", name="Start the drill").wait_for()
    assert "not cleared when last heard" in page.locator("#run-next").inner_text()
    press_next(principal, "Start the drill")
    page.get_by_text("1 entry kept here", exact=True).wait_for()
    wire.join()
    page.get_by_text("Started: refused").wait_for()
    assert "Wexley County 911" in page.locator("#run-refused-why").inner_text()
    assert page.locator("#run-title").inner_text() == "This drill is not cleared yet"
    principal.press("I have read it")
    page.locator("#run-refused").wait_for(state="hidden")
    office.ask("clear", drill)
    page.get_by_role("button", name="Start the drill").wait_for()
    press_next(principal, "Start the drill")
    assert wait_for(lambda: office.state_of(drill) == "running")


def test_a_district_administrator_starts_without_clearance_after_a_call_that_was_tried(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("asked")
    director = phone(DISTRICT)
    open_run(director, drill)
    page = director.page
    page.locator("#run-uncleared summary").click()
    page.locator("#run-uncleared-form button").click()
    assert page.locator("#run-uncleared-error").is_visible()
    page.get_by_label("Number called").fill("555-0191")
    page.get_by_label("Why it starts all the same").fill("Nobody answers")
    check_whole(director)
    page.locator("#run-uncleared-form button").click()
    page.locator("#run-clock").wait_for()
    assert wait_for(lambda: office.state_of(drill) == "running")
    assert office.ask("read", drill)["uncleared_reason"] == "Nobody answers"


def assert_no_drill_words(found: Person) -> None:
    """Assert that nothing of practice stands on the screen but that it has ended."""
    words = found.page.locator("body").inner_text().replace("The drill has ended.", "")
    assert "drill" not in words.lower()
    assert "Muster does not call 911" in words
    call = found.page.get_by_role("link", name="Call 911")
    assert call.get_attribute("href") == "tel:911"


def test_stop_ends_the_drill_in_two_presses_and_says_who_is_told(
    office: Office, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal, teacher = phone(PRINCIPAL), phone(TEACHER)
    open_run(principal, drill)
    open_run(teacher, drill)
    press_next(principal, "Start the drill")
    assert wait_for(lambda: sent(principal))
    teacher.press("STOP: real emergency")
    teacher.page.get_by_label("What is happening").fill("Smoke in the kitchen")
    take_screen(teacher, "run-stop-sheet-phone-day")
    check_whole(teacher)
    teacher.press("STOP now: it is real")
    assert teacher.presses == 2
    teacher.page.get_by_text("Sent at").wait_for()
    assert "Wexley County 911" in teacher.page.locator("#run-real-sent").inner_text()
    assert_no_drill_words(teacher)
    look(teacher, "real")
    found = office.ask("read", drill)
    assert (found["state"], found["stopped_in_words"]) == ("stopped", "Smoke in the kitchen")
    principal.page.get_by_text("Somebody at the school has said so").wait_for()
    assert_no_drill_words(principal)


def test_stop_without_network_says_so_and_goes_out_first_when_it_returns(
    office: Office, wire: Wire, phone: Arrive
) -> None:
    drill = office.drill("cleared")
    principal = phone(PRINCIPAL)
    posts: list[str] = []
    open_run(principal, drill)
    ready_offline(principal)
    press_next(principal, "Start the drill")
    assert wait_for(lambda: sent(principal))
    wire.cut()
    page = principal.page
    rooms(principal).nth(0).click()
    page.get_by_text("1 entry kept here", exact=True).wait_for()
    principal.press("STOP: real emergency")
    principal.press("STOP now: it is real")
    page.get_by_text("Not sent yet: no network. Call 911.").wait_for()
    page.get_by_text("1 more thing is not sent").wait_for()
    assert_no_drill_words(principal)
    take_screen(principal, "run-real-unsent-phone-day")
    page.reload()
    page.get_by_text("Not sent yet: no network. Call 911.").wait_for()
    page.on("response", lambda one: posts.append(urlsplit(one.url).path.split("/")[-2])
            if one.request.method == "POST" else None)  # fmt: skip
    wire.join()
    page.get_by_text("Sent at").wait_for()
    page.locator("#run-real-kept").wait_for(state="hidden")
    assert posts[0] == "stop"
    found = office.ask("read", drill)
    assert found["state"] == "stopped"
    assert [one["kind"] for one in found["entries"]] == ["start", "place_report"]
