"""Today by role, the way to a new condition, the navigation, and the first packet's seven steps."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.directory.models import (
    Agency,
    Campus,
    District,
    Membership,
    ResponderContact,
)
from backend.tenancy import reach
from maps.services import conditions
from notifications.models import Acknowledgement, EscalationStep, Notice
from plans.models import Publication
from tests.cast import LONG_AGO, NOW, Cast
from tests.notifications.outbox import deliver, owe_memo, register_memo, relay, release
from tests.plans.app import writing

pytestmark = pytest.mark.django_db
STEP = re.compile(r'<a class="button" href="([^"]+)">')


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[None]:
    register_memo()
    release(cast)
    with relay(settings):
        yield


def today(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def navigation(client: Client, path: str = "/") -> list[tuple[str, str]]:
    """Return address and name of what stands at the foot of a phone."""
    bar = client.get(path).content.decode().partition('<nav class="tab-bar"')[2]
    found = re.findall(r'<a href="([^"]+)"[^>]*>.*?</svg>([^<]+)</a>', bar.partition("</nav>")[0])
    return [(address, name.strip()) for address, name in found]


def let_an_agency_be_silent(cast: Cast) -> None:
    """Owe a notice that the police was reminded of, and never answered."""
    owed = owe_memo(cast.lincoln)
    deliver()
    with reach.of_districts(cast.district.pk):
        EscalationStep.objects.update_or_create(
            district=cast.district,
            notice=owed.notice,
            agency=cast.police,
            number=1,
            defaults={"action": "reminder", "due_at": NOW, "done_at": NOW},
        )


def acknowledged_by(
    agency: Agency, contact: ResponderContact, notice: Notice, *, said_by: str = "x", **more: Any
) -> Acknowledgement:
    return Acknowledgement.objects.create(
        district=notice.district,
        notice=notice,
        agency=agency,
        contact=contact,
        how="link",
        said_by=said_by,
        acknowledged_at=NOW,
        **more,
    )


def of_an_empty_district(cast: Cast) -> Client:
    """Return a browser of the administrator of a district without a campus."""
    with reach.crossing("set-up"):
        district = District.across_districts.create(
            name="Pine Public Schools", state="MI", time_zone="America/Detroit"
        )
    with reach.of_districts(district.pk):
        Membership.objects.create(
            district=district,
            user=cast.users["nobody_yet"],
            role="district_administrator",
            starts_on=LONG_AGO,
        )
    return cast.client("nobody_yet")


def steps_of(page: str) -> list[str]:
    """Return where the open steps of the first packet lead."""
    return STEP.findall(page.partition('id="first-packet"')[2].partition("</ol>")[0])


def publish_packet(cast: Cast) -> Publication:
    """Return a publication of Lincoln for its responders, in force today."""
    writing.meet(cast)
    with writing.in_district(cast):
        version = writing.submitted(cast)
        return Publication.objects.create(
            district=cast.district,
            version=version,
            campus=cast.lincoln,
            audience="responder",
            number=1,
            document="{}",
            map_document="{}",
            in_force_from=LONG_AGO,
            published_at=NOW,
            content_hash="m1:x",
            own_hash="m1:y",
        )


def test_a_principal_sees_what_waits_for_the_signature(cast: Cast) -> None:
    with writing.in_district(cast):
        writing.submitted(cast)
    page = today(cast.client("principal"))
    assert "Plan v1 of Lincoln High School waits for your signature" in page
    assert "Sent by Officer Dana Whitfield" in page


def test_what_a_principal_has_signed_waits_no_more(cast: Cast) -> None:
    with writing.in_district(cast):
        version = writing.submitted(cast)
        writing.signed(cast, version, ("principal", "principal"))
    assert "waits for your signature" not in today(cast.client("principal"))


def test_the_principal_of_another_campus_sees_nothing_of_it(cast: Cast) -> None:
    with writing.in_district(cast):
        writing.submitted(cast)
    assert "Lincoln" not in today(cast.client("principal_elsewhere"))


def test_an_sro_sees_the_unsigned_plan_the_second_look_and_the_silent_agency(
    cast: Cast, outbox: None
) -> None:
    now = timezone.now()
    with writing.in_district(cast):
        writing.submitted(cast)
        told = conditions.Told(
            kind="gas", text="Off.", ends_at=now + timedelta(days=2), place="Valve 3"
        )
        principal = writing.person(cast, "principal")
        conditions.publish(campus_id=cast.lincoln.pk, told=told, actor=principal, at=now)
    let_an_agency_be_silent(cast)
    page = today(cast.client("sro"))
    assert "waits for your signature" in page
    assert "Second look: Valve 3" in page
    assert "Cedar Valley Police Department has not acknowledged: Lincoln High School" in page
    assert page.index("has not acknowledged") < page.index("Second look")


def test_an_answer_that_came_too_fast_leaves_the_agency_silent(cast: Cast, outbox: None) -> None:
    let_an_agency_be_silent(cast)
    with reach.of_districts(cast.district.pk):
        step = EscalationStep.objects.get(agency=cast.police)
        given = acknowledged_by(
            cast.police,
            cast.contacts["patrol"],
            step.notice,
            said_by="Scanner",
            is_unconfirmed=True,
        )
    assert "has not acknowledged" in today(cast.client("sro"))
    with reach.of_districts(cast.district.pk):
        Acknowledgement.objects.filter(pk=given.pk).update(is_unconfirmed=False)
    assert "has not acknowledged" not in today(cast.client("sro"))


def test_a_responder_sees_that_the_packet_waits_and_then_who_has_it(
    cast: Cast, outbox: None
) -> None:
    packet = publish_packet(cast)
    client = cast.client("patrol")
    assert "No message about it went to your agency" in today(client)
    owed = owe_memo(cast.lincoln, subject_id=packet.pk)
    page = today(client)
    assert "Packet v1 of Lincoln High School waits for your acknowledgement" in page
    with reach.of_districts(cast.district.pk):
        acknowledged_by(cast.police, cast.contacts["night_desk"], owed.notice, said_by="Sgt. Cole")
    page = today(client)
    assert "waits for your acknowledgement" not in page
    assert "Acknowledged by Sgt. Cole" in page


def test_another_agencys_answer_is_not_the_responders_own(cast: Cast, outbox: None) -> None:
    packet = publish_packet(cast)
    owed = owe_memo(cast.lincoln, subject_id=packet.pk)
    with reach.of_districts(cast.district.pk):
        acknowledged_by(cast.fire, cast.contacts["captain"], owed.notice, said_by="Lindqvist")
    page = today(cast.client("patrol"))
    assert "waits for your acknowledgement" in page
    assert "Lindqvist" not in page


def test_moments_are_shown_in_the_zone_and_on_the_clock_that_the_reader_chose(cast: Cast) -> None:
    with writing.in_district(cast):
        writing.submitted(cast)
    principal = cast.users["principal"]
    assert "9:50\xa0AM" in today(cast.client("principal"))
    principal.time_zone, principal.clock = "America/Los_Angeles", "24"
    principal.save()
    assert "06:50" in today(cast.client("principal"))


def test_a_district_without_a_campus_starts_its_first_packet(cast: Cast) -> None:
    page = today(of_an_empty_district(cast))
    assert "First packet" in page
    assert "0 of 7 done" in page
    assert steps_of(page) == ["/settings/campuses/add/"]


def test_the_first_packet_is_done_as_far_as_its_campus_has_come(cast: Cast) -> None:
    assert "1 of 7 done" in today(cast.client("stranger"))
    with writing.in_district(cast):
        writing.drafted(cast)
    page = today(cast.client("district"))
    assert "4 of 7 done" in page  # campus, map, plan, agencies; neither sheet nor publication
    assert f"/campuses/{cast.lincoln.slug}/plan/contacts/" in steps_of(page)


def test_the_first_packet_goes_once_an_agency_has_acknowledged(cast: Cast, outbox: None) -> None:
    owed = owe_memo(cast.lincoln)
    client = cast.client("district")
    assert "First packet" in today(client)
    with reach.of_districts(cast.district.pk):
        acknowledged_by(cast.police, cast.contacts["patrol"], owed.notice)
    assert "First packet" not in today(client)


def test_each_step_of_the_first_packet_leads_to_a_page(cast: Cast) -> None:
    for client in (of_an_empty_district(cast), cast.client("stranger")):
        addresses = steps_of(today(client))
        assert addresses
        for address in addresses:
            assert client.get(address).status_code == 200, address


def test_somebody_of_one_campus_finds_it_by_name_and_its_condition_in_one_press(
    cast: Cast,
) -> None:
    client = cast.client("principal")
    lincoln = f"/campuses/{cast.lincoln.slug}/"
    assert navigation(client) == [
        ("/", "Today"),
        (lincoln, "Campus"),
        ("/condition/", "Condition"),
        ("/drills/", "Drills"),
        ("/notices/", "Notices"),
    ]
    answer = client.get("/condition/")
    assert (answer.status_code, answer["Location"]) == (302, f"{lincoln}conditions/new/")


def test_somebody_of_several_campuses_chooses_where(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        Membership.objects.create(
            district=cast.district,
            user=cast.users["sro"],
            role="sro",
            campus=cast.cedar_ridge,
            starts_on=LONG_AGO,
        )
    client = cast.client("sro")
    assert ("/campuses/", "Campuses") in navigation(client)
    page = client.get("/condition/").content.decode()
    for campus in (cast.lincoln, cast.cedar_ridge):
        assert f'href="/campuses/{campus.slug}/conditions/new/"' in page


def test_whoever_tells_no_conditions_is_not_led_there(cast: Cast) -> None:
    client = cast.client("evaluator")
    assert [name for _, name in navigation(client)] == ["Today", "Campus", "Drills", "Settings"]
    assert client.get("/condition/").status_code == 403


@pytest.mark.parametrize("word", ["sro", "district", "patrol"])
def test_today_takes_as_many_statements_for_more_campuses(cast: Cast, word: str) -> None:
    client = cast.client(word)
    today(client)
    with CaptureQueriesContext(connection) as before:
        today(client)
    with reach.of_districts(cast.district.pk):
        for number in range(4):
            campus = Campus.objects.create(
                district=cast.district,
                name=f"School {number}",
                address="1 Long Road",
                city="Cedar Valley",
                state="MI",
                time_zone="America/Detroit",
            )
            Membership.objects.create(
                district=cast.district,
                user=cast.users["sro"],
                role="sro",
                campus=campus,
                starts_on=LONG_AGO,
            )
    with CaptureQueriesContext(connection) as after:
        today(client)
    assert len(after) == len(before)
