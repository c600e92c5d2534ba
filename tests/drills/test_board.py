"""A console is enrolled by its code, shows the board, and clears with the operator's number."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from backend.directory.models import Agency, AgencyMember, Campus, Device, Grant, User
from backend.directory.models.link import hash_of
from drills.models import Clearance, DrillState
from drills.services import moments
from tests.cast import LONG_AGO, Cast
from tests.drills.holding import fresh, in_district
from tests.drills.test_pages import soon


def console(cast: Cast, agency: Agency) -> Client:
    """Return the browser of an enrolled console of an agency."""
    device = Device.objects.create(agency=agency, name="Console 3", token_hash=hash_of("console"))
    with in_district(cast):
        Grant.objects.create(district=cast.district, device=device)
    client = Client()
    client.cookies["device"] = "console"
    return client


def test_a_console_shows_who_practices_and_clears_with_the_operators_number(cast: Cast) -> None:
    drill = soon(cast)
    client = console(cast, cast.dispatch)
    text = client.get("/board/").content.decode()
    assert "Every 911 call from this school is real" in text
    assert cast.lincoln.name in text
    assert "555-0142" in text
    assert "Not booked" in text
    starts = drill.starts_at.astimezone(drill.zone)
    assert f"<strong>{starts:%H:%M}</strong>" in text
    refused = client.post(f"/board/{drill.pk}/clear/", {"operator": " "})
    assert refused.status_code == 422
    assert client.post(f"/board/{drill.pk}/clear/", {"operator": "214"}).status_code == 303
    assert fresh(cast, drill).state == DrillState.CLEARED
    with in_district(cast):
        row = Clearance.objects.get(drill=drill, step="cleared")
    assert (row.how, row.operator) == ("board", "214")
    assert "Cleared" in client.get("/board/").content.decode()


def test_an_unchanged_board_answers_304(cast: Cast) -> None:
    soon(cast)
    client = console(cast, cast.dispatch)
    headers = {"HX-Request": "true", "X-Muster-Poll": "1"}
    first = client.get("/board/", headers=headers)
    again = client.get("/board/", headers={**headers, "If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_police_car_sees_the_board_and_clears_nothing(cast: Cast) -> None:
    drill = soon(cast)
    client = console(cast, cast.police)
    assert cast.lincoln.name in client.get("/board/").content.decode()
    assert client.post(f"/board/{drill.pk}/clear/", {"operator": "1"}).status_code == 404
    assert fresh(cast, drill).state == DrillState.ANNOUNCED


def test_a_drill_that_does_not_end_stands_on_top_as_overdue(cast: Cast) -> None:
    drill = soon(cast)
    with in_district(cast):
        type(drill).objects.filter(pk=drill.pk).update(
            state=DrillState.RUNNING, started_at=timezone.now() - timedelta(hours=1)
        )
    text = console(cast, cast.dispatch).get("/board/").content.decode()
    assert "Overdue" in text
    with in_district(cast):
        found = fresh(cast, drill)
        assert moments.is_overdue(found, timezone.now())


@pytest.mark.parametrize("word", ["principal", "stranger", "nobody_yet"])
def test_who_is_of_no_agency_has_no_board(cast: Cast, word: str) -> None:
    assert cast.client(word).get("/board/").status_code == 404


def test_a_console_is_enrolled_by_the_code_it_shows(cast: Cast) -> None:
    waiting = Client()
    code = waiting.get("/console/").context["code"]
    again = waiting.get("/console/")
    assert again.context["code"] == code
    user = User.objects.create(email="desk@example.org", name="Desk", must_use_second_factor=False)
    AgencyMember.objects.create(agency=cast.dispatch, user=user, starts_on=LONG_AGO)
    answer = cast.client("district").post(
        f"/settings/agencies/{cast.dispatch.pk}/devices/add/",
        {"name": "Console 3", "code": code.lower()},
    )
    assert answer.status_code in {302, 303}, answer.content.decode()
    taken = waiting.get("/console/")
    assert (taken.status_code, taken["Location"]) == (303, "/board/")
    assert Device.objects.get().name == "Console 3"
    assert waiting.get("/board/").status_code == 200


def test_a_code_that_no_console_shows_is_refused(cast: Cast) -> None:
    answer = cast.client("district").post(
        f"/settings/agencies/{cast.dispatch.pk}/devices/add/", {"name": "Console", "code": "ABCDEF"}
    )
    assert answer.status_code == 422
    assert "No console shows the code" in answer.content.decode()
    assert not Device.objects.exists()


def test_a_console_is_enrolled_by_the_code_that_it_shows_once(cast: Cast) -> None:
    bare, district = Client(), cast.client("district")
    code = bare.get("/console/").context["code"]
    assert bare.get("/console/").context["code"] == code
    enroll = f"/settings/agencies/{cast.dispatch.pk}/devices/add/"
    refused = district.post(enroll, {"name": "Console 3", "code": "XXXXXXXX"})
    assert refused.status_code == 422
    assert "No console shows the code" in refused.content.decode()
    assert district.post(enroll, {"name": "Console 3", "code": code}).status_code == 303
    again = district.post(enroll, {"name": "Console 4", "code": code})
    assert again.status_code == 422
    asked = bare.get("/console/", headers={"HX-Request": "true"})
    assert asked["HX-Redirect"] == "/board/"
    assert bare.get("/board/").status_code == 200
    assert bare.get("/console/").status_code == 303
    assert Client().get("/board/").status_code != 200
    assert Device.objects.filter(agency=cast.dispatch).count() == 1


def test_a_board_reads_the_clock_of_its_agency_and_says_what_it_is_at_the_school(
    cast: Cast,
) -> None:
    drill = soon(cast)
    with in_district(cast):
        Campus.objects.filter(pk=cast.lincoln.pk).update(time_zone="America/Menominee")
    text = console(cast, cast.dispatch).get("/board/").content.decode()
    here = drill.starts_at.astimezone(ZoneInfo("America/Detroit"))
    there = drill.starts_at.astimezone(ZoneInfo("America/Menominee"))
    assert f"<strong>{here:%H:%M}</strong>" in text
    assert f"{there:%H:%M} at the school" in text
