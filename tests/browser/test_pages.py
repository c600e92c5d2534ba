"""Each page as the person whom it is for: at a desk and on a phone, by day and by night.

Every one must answer 200 with a title, complain of nothing in the console, break no rule of its
Content Security Policy, pass axe and scroll in one direction only. Screens are kept for looking.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.capture import list_captured, read_captured
from tests.browser.conftest import Person, Running, campus_of, somebody, take_screen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
OFFICER = "Officer Dana Whitfield"
PRINCIPAL = "Maria Ochoa"
OFFICE = "Jo Brandt"
DISTRICT = "Samuel Reyes"
TEACHER = "Carl Jensen"
AUDITOR = "Ada Quill"
SERGEANT = "Sgt. Alan Pruitt"
CAPTAIN = "Capt. Rosa Lindqvist"
STRANGER = ""
OVERLAPS = Path(__file__).parent / "overlaps.js"

PAGES: dict[str, tuple[str, str]] = {
    "sign-in": (STRANGER, "/sign-in/"),
    "forgotten": (STRANGER, "/sign-in/forgotten/"),
    "forgotten-sent": (STRANGER, "/sign-in/forgotten/sent/"),
    "packet-by-link": (STRANGER, "mail:/p/"),
    "acknowledge": (STRANGER, "mail:/ack/"),
    "today-officer": (OFFICER, "/"),
    "today-district": (DISTRICT, "/"),
    "today-office": (OFFICE, "/"),
    "today-responder": (SERGEANT, "/"),
    "campuses": (DISTRICT, "/campuses/"),
    "campuses-responder": (SERGEANT, "/campuses/"),
    "plan": (OFFICER, "{campus}plan/"),
    "plan-staff": (TEACHER, "{campus}plan/"),
    "plan-not-started": (OFFICER, "{harbor}plan/"),
    "section": (OFFICER, "{campus}plan/sections/FA-EVAC/"),
    "section-auditor": (AUDITOR, "{campus}plan/versions/1/read/restricted/"),
    "posts": (OFFICER, "{campus}plan/posts/"),
    "first-page": (OFFICER, "{campus}plan/first-page/"),
    "contact-sheet": (OFFICE, "{campus}plan/contacts/"),
    "adopt": (PRINCIPAL, "{campus}plan/adopt/"),
    "signatures": (DISTRICT, "{campus}plan/signatures/"),
    "versions": (OFFICER, "{campus}plan/versions/"),
    "read-responder": (OFFICER, "{campus}plan/versions/1/read/responder/"),
    "withdraw": (PRINCIPAL, "link:{campus}plan/versions/"),
    "map": (OFFICER, "{campus}map/"),
    "map-found": (OFFICER, "{campus}map/?q=AED"),
    "map-import": (OFFICER, "{campus}map/import/"),
    "map-none": (OFFICER, "{harbor}map/"),
    "conditions": (OFFICER, "{campus}conditions/"),
    "condition-new": (OFFICER, "{campus}conditions/new/"),
    "condition-report": (TEACHER, "{campus}conditions/new/"),
    "condition": (OFFICER, "link:{campus}conditions/"),
    "packet": (OFFICE, "{campus}packet/"),
    "packet-responder": (SERGEANT, "{campus}packet/"),
    "packet-open": (OFFICE, "{campus}packet/open/"),
    "agencies-told": (OFFICE, "{campus}packet/agencies/"),
    "drills": (DISTRICT, "/drills/"),
    "drills-office": (OFFICE, "/drills/"),
    "drills-responder": (SERGEANT, "/drills/"),
    "drills-feed": (OFFICER, "/drills/feed/"),
    "drills-calendar": (DISTRICT, "/drills/calendar/"),
    "campus-drills": (OFFICE, "{campus}drills/"),
    "campus-drills-staff": (TEACHER, "{campus}drills/"),
    "campus-drills-calendar": (PRINCIPAL, "{campus}drills/calendar/"),
    "drill-new": (OFFICE, "{campus}drills/new/"),
    "drill-record": (OFFICE, "{campus}drills/record/"),
    "drill-proposed": (OFFICE, "/drills/{proposed}/"),
    "drill-accept": (OFFICE, "/drills/{proposed}/accept/"),
    "drill-move": (OFFICE, "/drills/{proposed}/move/"),
    "drill-cancel": (OFFICE, "/drills/{proposed}/cancel/"),
    "drill-reviewed": (OFFICE, "/drills/{reviewed}/"),
    "drill-auditor": (AUDITOR, "/drills/{reviewed}/"),
    "drill-review": (PRINCIPAL, "/drills/{reviewed}/review/"),
    "drill-evidence": (DISTRICT, "/drills/{reviewed}/evidence/"),
    "drill-invited": (DISTRICT, "/drills/{scheduled}/"),
    "drill-come": (CAPTAIN, "/drills/{scheduled}/come/"),
    "agency-today": (CAPTAIN, "/agency/"),
    "board": (SERGEANT, "/board/"),
    "campus-people": (OFFICE, "{campus}people/"),
    "notices": (DISTRICT, "/notices/"),
    "notices-responder": (SERGEANT, "/notices/"),
    "inbox": (OFFICE, "/inbox/"),
    "inbox-message": (OFFICE, "/inbox/1/"),
    "settings": (DISTRICT, "/settings/"),
    "settings-office": (OFFICE, "/settings/"),
    "account": (OFFICER, "/settings/account/"),
    "password": (OFFICER, "/settings/password/"),
    "sessions": (OFFICER, "/settings/sessions/"),
    "tokens": (OFFICER, "/settings/tokens/"),
    "second-factor": (OFFICER, "/settings/second-factor/"),
    "district": (DISTRICT, "/settings/district/"),
    "add-campus": (DISTRICT, "/settings/campuses/add/"),
    "people": (DISTRICT, "/settings/people/"),
    "invite": (DISTRICT, "/settings/people/invite/"),
    "person": (DISTRICT, "link:/settings/people/"),
    "agencies": (DISTRICT, "/settings/agencies/"),
    "agency": (DISTRICT, "link:/settings/agencies/"),
    "add-agency": (DISTRICT, "/settings/agencies/add/"),
    "coverage": (DISTRICT, "/settings/agencies/coverage/"),
    "import": (DISTRICT, "/settings/import/"),
    "audit": (AUDITOR, "/settings/audit/"),
    "kept": (OFFICER, "/kept/"),
}


@dataclass
class Offices:
    """One browser for each person and width, opened when first asked for."""

    chromium: Any
    running: Running
    open: dict[tuple[str, bool], Person]

    def of(self, name: str, *, phone: bool) -> Person:
        """Return the browser of a person."""
        key = (name, phone)
        if key not in self.open:
            self.open[key] = somebody(self.chromium, self.running.url, name, phone=phone)
        found = self.open[key]
        found.complaints.clear()
        return found


@pytest.fixture(scope="module")
def offices(chromium: Any, running: Running) -> Iterator[Offices]:
    made = Offices(chromium, running, {})
    officer = made.of(OFFICER, phone=False)
    campus = campus_of(officer)
    officer.go(f"{campus}plan/")
    start = officer.page.get_by_role("button", name="Start a new draft")
    if start.count():
        start.click()
    yield made
    for found in made.open.values():
        found.page.context.close()


def mailed_link(running: Running, part: str) -> str:
    """Return the path of the newest link mailed to the sergeant whose address holds `part`."""
    folder = running.data / "inbox"
    for captured in reversed(list_captured(folder)):
        if not captured.recipient.startswith("alan.pruitt@"):
            continue
        for link in read_captured(folder, captured.number).links:
            if part in link:
                return re.sub(r"^https?://[^/]+", "", link)
    raise AssertionError(f"no captured message holds a link with {part}")


def drill_of(found: Person, state: str) -> str:
    """Return the id of a drill in this state that the person may read."""
    drills = found.page.request.get(f"{found.url}/api/v1/drills/").json()["results"]
    return str(next(row["id"] for row in drills if row["state"] == state))


def address_of(path: str, found: Person, running: Running) -> str:
    """Return the path of a row of the table, with campus, mailed link or first row filled in."""
    if path.startswith("mail:"):
        return mailed_link(running, path.removeprefix("mail:"))
    names = {}
    if "{campus}" in path:
        names["campus"] = campus_of(found)
    if "{harbor}" in path:
        names["harbor"] = campus_of(found, "Harbor Middle School")
    for state in ("proposed", "reviewed", "scheduled"):
        if f"{{{state}}}" in path:
            names[state] = drill_of(found, state)
    path = path.format_map(names)
    if not path.startswith("link:"):
        return path
    overview = path.removeprefix("link:")
    found.go(overview)
    is_row = re.compile(rf"^{re.escape(overview)}([0-9a-f-]{{36}}|\d+/withdraw)/$")
    rows = found.page.locator("main a")
    links: list[str] = rows.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return next(link for link in links if link and is_row.match(link))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_by_day_and_night(
    offices: Offices, running: Running, name: str, phone: bool
) -> None:
    who, path = PAGES[name]
    found = offices.of(who, phone=phone)
    address = address_of(path, found, running)
    width = "phone" if phone else "desk"
    found.page.emulate_media(color_scheme="light")
    answer = found.page.goto(found.url + address)
    assert answer.status == 200, address
    found.page.wait_for_load_state("networkidle")
    assert re.fullmatch(r".{2,} · Muster|.*[Pp]acket.*", found.page.title()), found.page.title()
    assert found.page.locator("h1").count() == 1
    assert found.page.evaluate(OVERLAPS.read_text()) == [], "texts lie on one another"
    take_screen(found, f"{name}-{width}-day")
    found.check()
    found.page.emulate_media(color_scheme="dark")
    take_screen(found, f"{name}-{width}-night")
    found.check_colors()


def test_an_address_that_is_not_there_says_so_in_words(offices: Offices) -> None:
    found = offices.of(OFFICER, phone=True)
    answer = found.page.goto(f"{found.url}/campuses/nowhere-000000/plan/")
    assert answer.status == 404
    take_screen(found, "not-there-phone-day")
    found.complaints.clear()
    found.check()
