"""The main job, clicked once through by its people: from a sentence to a packet in hand.

Officer, principal and office sit at desks with browsers of their own; a patrol officer has a phone
and no account. Budgets of presses and seconds are those of the design.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.capture import CapturedMessage, list_captured, read_captured
from tests.browser.conftest import (
    PHONE,
    Person,
    Running,
    campus_of,
    somebody,
    take_screen,
    wait_for,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OFFICER = "Officer Dana Whitfield"
PRINCIPAL = "Maria Ochoa"
OFFICE = "Jo Brandt"
DISTRICT = "Samuel Reyes"
PATROL = "alan.pruitt@police.cedarvalley.example"
SHIFT_A = "shift.a@lakeshore-ems.example"
SECTION = "plan/sections/FA-EVAC/"
PACKET_MARK, CONDITION_MARK = "[PACKET]", "[CONDITION]"
BY_A_SCANNER_SECONDS = 10  # an answer sooner after the message may be a mail scanner's
CONDITION_SECONDS = 60

Arrive = Callable[..., Person]


@dataclass
class Desks:
    """Who takes part, each at a browser that stays open through the whole journey."""

    officer: Person
    principal: Person
    office: Person
    district: Person
    running: Running
    campus: str
    seen: int = 0

    def newest(self, recipient: str, words: str) -> CapturedMessage:
        """Return the message that came to somebody since the journey began; waits for it."""
        folder = self.running.data / "inbox"
        found: list[int] = []

        def has_come() -> bool:
            found[:] = [
                one.number
                for one in list_captured(folder, after=self.seen)
                if one.recipient == recipient and words in one.subject
            ]
            return bool(found)

        assert wait_for(has_come, seconds=60), f"no mail with {words} came to {recipient}"
        return read_captured(folder, found[-1])


@pytest.fixture(scope="module")
def desks(chromium: Any, running: Running) -> Iterator[Desks]:
    officer, principal, office, district = (
        somebody(chromium, running.url, name) for name in (OFFICER, PRINCIPAL, OFFICE, DISTRICT)
    )
    captured = list_captured(running.data / "inbox")
    seen = captured[-1].number if captured else 0
    yield Desks(officer, principal, office, district, running, campus_of(officer), seen)
    for found in (officer, principal, office, district):
        found.page.context.close()


def link_in(message: CapturedMessage, part: str) -> str:
    """Return the path of the link of a message whose address holds `part`."""
    link = next(link for link in message.links if part in link)
    return re.sub(r"^https?://[^/]+", "", link)


def draft_in_work(found: Person, campus: str) -> None:
    """Open the plan; start a draft where none is in work."""
    found.go(f"{campus}plan/")
    start = found.page.get_by_role("button", name="Start a new draft")
    if start.count():
        start.click()
    found.page.get_by_role("button", name="Send to review").wait_for()


def write_at_the_end(found: Person, words: str, *, text: int = 0) -> None:
    """Put words behind the last ones of a text of the section."""
    found.page.locator(".editor__text.prose").nth(text).click()
    found.page.keyboard.press("Control+End")
    found.page.keyboard.type(f" {words}")


def insert_reference(found: Person, words: str) -> None:
    """Insert a live reference where the cursor stands, found by typing."""
    found.page.keyboard.press("Control+k")
    found.page.locator("[data-reference-search]").fill(words)
    found.page.locator("[data-reference-list] button").first.wait_for()
    found.page.keyboard.press("Enter")


def save(found: Person) -> None:
    """Save the section; return when the answer has come."""
    with found.page.expect_navigation():
        found.page.locator(".editor-foot").get_by_role("button", name="Save").click()


def written(found: Person) -> str:
    """Return all that stands in the texts of the section."""
    found.page.locator(".editor__text.prose").first.wait_for()
    return "\n".join(found.page.locator(".editor__text.prose").all_inner_texts())


def test_a_section_gets_a_reference_and_a_step_that_points_at_the_map(desks: Desks) -> None:
    officer = desks.officer
    draft_in_work(officer, desks.campus)
    officer.go(desks.campus + SECTION)
    write_at_the_end(officer, "Bring the radio to")
    insert_reference(officer, "AED 2")
    chip = officer.page.locator(".editor__text.prose").first.locator("[data-reference], .reference")
    chip.last.wait_for()
    step = officer.page.locator("li.step").first
    step.locator("summary").click()
    place = step.get_by_label("Where on the map")
    offered = officer.page.locator("#places option").evaluate_all("all => all.map(o => o.value)")
    gate = next(name for name in offered if name.startswith("Gate 1"))
    place.fill(gate)
    save(officer)
    officer.page.locator("li.step summary").first.get_by_text(gate).wait_for()
    assert "AED 2" in written(officer)
    take_screen(officer, "thread-section-desk")
    officer.check()


def test_of_two_who_write_at_once_neither_loses_a_word(desks: Desks) -> None:
    officer, principal = desks.officer, desks.principal
    for found in (officer, principal):
        found.go(desks.campus + SECTION)
    write_at_the_end(officer, "Buses stay off Birch Avenue.")
    write_at_the_end(principal, "Visitors go with their host.")
    save(officer)
    assert "Buses stay off Birch Avenue." in written(officer)
    save(principal)
    principal.page.get_by_text(f"{OFFICER} wrote here:").wait_for()
    take_screen(principal, "thread-conflict-desk")
    theirs = principal.page.locator(".theirs").inner_text()
    assert "Buses stay off Birch Avenue." in theirs
    assert "Visitors go with their host." in written(principal)
    principal.complaints.clear()  # the browser reports the status 409 of this page
    principal.check()
    write_at_the_end(principal, "Buses stay off Birch Avenue.")
    save(principal)
    assert principal.page.locator(".theirs").count() == 0
    officer.go(desks.campus + SECTION)
    words = written(officer)
    assert "Buses stay off Birch Avenue." in words
    assert "Visitors go with their host." in words


def test_the_principal_sends_it_back_with_a_reason_and_gets_it_mended(desks: Desks) -> None:
    officer, principal = desks.officer, desks.principal
    officer.go(f"{desks.campus}plan/")
    officer.press("Send to review")
    principal.go(f"{desks.campus}plan/review/")
    take_screen(principal, "thread-review-desk")
    principal.check()
    principal.page.get_by_text("Send back with a reason").click()
    principal.page.locator("details[open] textarea, details[open] input[type=text]").first.fill(
        "Say which host."
    )
    principal.press("Send it back")
    officer.go(f"{desks.campus}plan/")
    officer.page.get_by_text("Say which host.").wait_for()
    take_screen(officer, "thread-sent-back-desk")
    officer.check()
    officer.go(desks.campus + SECTION)
    write_at_the_end(officer, "The host is who signed them in.")
    save(officer)
    assert "The host is who signed them in." in written(officer)
    officer.go(f"{desks.campus}plan/")
    officer.press("Send to review")


def test_both_sign_and_the_principal_publishes_it_in_force_today(desks: Desks) -> None:
    officer, principal = desks.officer, desks.principal
    officer.go(f"{desks.campus}plan/review/")
    officer.press("Sign as SRO")
    principal.go(f"{desks.campus}plan/review/")
    assert "The host is who signed them in." in principal.page.locator("main").inner_text()
    principal.press("Sign as principal")
    principal.page.get_by_role("link", name="Publish").first.click()
    take_screen(principal, "thread-publish-desk")
    principal.check()
    principal.page.get_by_role("button", name=re.compile(r"^Publish v\d+$")).click()
    principal.page.get_by_text(re.compile(r"Plan v\d+ is in force since")).first.wait_for()
    principal.check()


def test_the_worker_makes_the_packet_and_the_mail_comes(desks: Desks) -> None:
    message = desks.newest(PATROL, PACKET_MARK)
    version = re.search(r"packet v(\d+)", message.envelope.subject)
    assert version
    desks.office.go(f"{desks.campus}packet/")
    assert f"acknowledged v{version.group(1)}" in desks.office.page.locator("h1").inner_text()
    desks.office.page.get_by_role("link", name="Packet, PDF").wait_for(timeout=60_000)
    desks.office.go(f"/inbox/?to={PATROL}")
    desks.office.page.get_by_text(message.envelope.subject).first.wait_for()
    desks.office.check()


def test_a_patrol_officer_has_page_one_with_one_press_and_room_204_with_two_more(
    desks: Desks, person: Arrive, record_property: Callable[[str, object], None]
) -> None:
    patrol = person(phone=True)
    began = time.monotonic()
    patrol.go(link_in(desks.newest(PATROL, PACKET_MARK), "/p/"))
    patrol.presses += 1  # the link in the mail
    page_one = patrol.page.locator("main")
    assert "Lincoln High School" in page_one.locator("h1").inner_text()
    page_one.get_by_text("Main door 1").wait_for()
    assert patrol.presses == 1
    record_property("seconds_to_page_one", round(time.monotonic() - began, 1))
    take_screen(patrol, "thread-packet-phone")
    began = time.monotonic()
    patrol.press("Rooms", role="link", exact=True)
    patrol.press("204", role="link")
    room = patrol.page.locator("#room-204")
    assert room.is_visible()
    box = room.locator("h3").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"]
    assert "Nearest exterior door" in room.inner_text()
    assert patrol.presses == 3
    record_property("seconds_to_room_204", round(time.monotonic() - began, 1))
    assert patrol.complaints == []


def test_acknowledging_takes_two_presses_and_the_office_sees_it_without_asking(
    desks: Desks, person: Arrive
) -> None:
    message = desks.newest(PATROL, PACKET_MARK)
    office = desks.office
    office.go(f"{desks.campus}packet/")
    band = office.page.locator("tbody").filter(has_text="Cedar Valley Police Department")
    assert "Acknowledged" not in band.locator("tr").first.inner_text()
    age = time.time() - message.envelope.at.timestamp()
    time.sleep(max(0.0, BY_A_SCANNER_SECONDS + 1 - age))
    patrol = person(phone=True)
    patrol.go(link_in(message, "/ack/"))
    take_screen(patrol, "thread-acknowledge-phone")
    patrol.press("We have it", role="radio")
    patrol.press("Send the answer")
    patrol.page.get_by_text("The school sees that you have it").wait_for()
    assert patrol.presses == 2
    patrol.check()
    band.locator("tr").first.get_by_text("Acknowledged").wait_for(timeout=15_000)
    take_screen(office, "thread-office-packet-desk")
    office.check()


def test_the_office_writes_down_that_dispatch_said_so_by_phone(desks: Desks) -> None:
    office = desks.office
    office.go(f"{desks.campus}packet/")
    form = office.page.locator("#phone-call")
    form.get_by_label("Agency").select_option(label="Wexley County 911")
    form.get_by_label("Who said it").fill("Operator 214")
    form.get_by_label("Line called").fill("555-0191")
    form.get_by_role("button", name="Record that they have it").click()
    band = office.page.locator("tbody").filter(has_text="Wexley County 911")
    band.locator("tr").first.get_by_text("by phone").wait_for()
    office.check()


def photo(folder: Path) -> Path:
    """Return a photo as a phone takes it."""
    path = folder / "gate.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, quality=80)
    return path


def test_a_condition_with_a_photo_stands_in_the_packet_within_a_minute(
    desks: Desks,
    person: Arrive,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    picture = photo(tmp_path)
    officer = person(OFFICER, phone=True)
    began = time.monotonic()
    officer.go(f"{desks.campus}conditions/new/")
    officer.presses += 1  # as from the map's or the packet's page
    officer.press("Way in closed or changed", role="radio")
    officer.page.get_by_label("Where").fill("Gate 1")
    officer.page.get_by_label("What to know").fill("The lock is frozen. Use gate 2.")
    officer.page.get_by_label("Photo").set_input_files(picture)
    officer.presses += 2  # the field, and the shutter
    officer.press("3 days", role="radio")
    officer.press("Publish now")
    officer.page.get_by_text("In force. Packets and map show it from now on.").wait_for()
    seconds = time.monotonic() - began
    record_property("seconds_to_condition", round(seconds, 1))
    assert officer.presses == 6
    assert seconds < CONDITION_SECONDS
    officer.check()
    message = desks.newest(PATROL, CONDITION_MARK)
    assert "Gate 1" in message.envelope.subject
    patrol = person(phone=True)
    patrol.go(link_in(message, "/p/"))
    first = patrol.page.locator("#first")
    first.get_by_text("The lock is frozen. Use gate 2.").wait_for()
    take_screen(patrol, "thread-packet-with-condition-phone")
    assert patrol.complaints == []


def test_an_ended_link_shows_only_a_number_that_answers(desks: Desks, person: Arrive) -> None:
    link = link_in(desks.newest(SHIFT_A, PACKET_MARK), "/p/")
    district = desks.district
    district.go("/settings/agencies/")
    district.page.get_by_role("link", name="Lakeshore EMS").first.click()
    contact = district.page.locator("li.item").filter(has_text=SHIFT_A)
    contact.get_by_role("button", name="Stop writing").click()
    patrol = person(phone=True)
    answer = patrol.page.goto(patrol.url + link)
    assert answer.status == 410
    words = patrol.page.locator("main").inner_text()
    assert "This link has ended" in words
    assert "555-0100" in words
    assert "Lincoln" not in patrol.page.content()
    take_screen(patrol, "thread-link-ended-phone")
    patrol.complaints.clear()  # the browser reports the status 410 of this page
    patrol.check()
    contact.get_by_role("button", name="Accept this address").click()
