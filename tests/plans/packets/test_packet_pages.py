"""Packets by link and signed in: opened at once, recorded first, closed to everyone else."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from PIL import Image

from backend.audit.models import AuditEvent
from backend.directory.models import Link
from backend.jobs.run import run_due
from backend.tenancy import reach
from maps.models import Condition, ConditionState
from maps.services import conditions
from maps.services.conditions import Told
from plans.models import PacketAccess, PacketBase, PlanState, PlanVersion, Print, Publication
from plans.pages.packet_check import MOST_A_MINUTE
from plans.services import packets, publishing
from tests.cast import NOW, Cast
from tests.plans.app.writing import confirmed_sheet, in_district, person, published


@pytest.fixture
def publication(cast: Cast) -> Publication:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
        return published(cast)


@pytest.fixture
def packet_address(cast: Cast, publication: Publication) -> str:
    return f"/p/{cast.link('patrol', cast.lincoln)}/"


def accesses(cast: Cast) -> list[PacketAccess]:
    with in_district(cast):
        return list(PacketAccess.objects.order_by("pk"))


def make_pdf(cast: Cast) -> None:
    with in_district(cast):
        packets.ask_for_missing(at=NOW)
    run_due()


def test_a_link_shows_the_packet_at_once(cast: Cast, packet_address: str) -> None:
    answer = Client().get(packet_address)
    page = answer.content.decode()
    assert answer.status_code == 200
    for wanted in ("Lincoln High School", "555-0100", "In force since", "For Sgt. Alan Pruitt"):
        assert wanted in page


def test_an_opening_is_recorded_with_its_copy_code(cast: Cast, packet_address: str) -> None:
    page = Client().get(packet_address, headers={"User-Agent": "Car 12"}).content.decode()
    (row,) = accesses(cast)
    assert (row.form, row.user_agent, row.agency_id) == ("html", "Car 12", cast.police.pk)
    assert f"Copy {row.copy_code}" in page
    with in_district(cast):
        event = AuditEvent.objects.get(action="packet.opened")
    assert event.body["details"]["copy"] == row.copy_code


def test_the_answer_is_kept_by_nobody_and_bears_the_policy_of_its_blocks(
    packet_address: str,
) -> None:
    answer = Client().get(packet_address)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_no_token_is_in_page_or_file(cast: Cast, packet_address: str) -> None:
    token = packet_address.split("/")[2]
    assert token not in Client().get(packet_address).content.decode()
    kept = Client().get(f"{packet_address}packet.html")
    assert token not in kept.content.decode()
    assert kept["Content-Disposition"].startswith("attachment")
    assert 'class="online"' not in kept.content.decode()


def test_asking_only_for_the_head_records_nothing(cast: Cast, packet_address: str) -> None:
    assert Client().head(packet_address).status_code == 200
    assert Client().get(packet_address, headers={"Sec-Purpose": "prefetch"}).status_code == 403
    assert accesses(cast) == []


def test_writing_to_a_packet_is_refused(packet_address: str) -> None:
    assert Client().post(packet_address).status_code == 405


def test_the_pdf_says_how_far_it_is_and_then_names_its_reader(
    cast: Cast, packet_address: str
) -> None:
    waiting = Client().get(f"{packet_address}packet.pdf")
    assert waiting.status_code == 409
    assert waiting["Refresh"] == "5"
    assert accesses(cast) == []
    make_pdf(cast)
    answer = Client().get(f"{packet_address}packet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.pages[0].Resources.XObject["/MusterStamp"].read_bytes()
    assert [row.form for row in accesses(cast)] == ["pdf"]


def test_an_ended_link_says_so_with_a_number_that_answers(cast: Cast, packet_address: str) -> None:
    with reach.of_districts(cast.district.pk):
        Link.objects.update(ended_at=NOW)
    answer = Client().get(packet_address)
    assert answer.status_code == 410
    page = answer.content.decode()
    assert 'href="tel:' in page
    assert "555-0100" in page
    assert "may no longer be current" in page
    assert "is not current" not in page


def test_a_link_of_another_purpose_or_none_opens_nothing(
    cast: Cast, publication: Publication
) -> None:
    other = cast.link("patrol", cast.lincoln, purpose="acknowledge", subject_id=publication.pk)
    assert Client().get(f"/p/{other}/").status_code == 404
    assert Client().get("/p/never-was/").status_code == 404


def test_without_a_plan_in_force_there_is_no_packet(cast: Cast) -> None:
    assert Client().get(f"/p/{cast.link('patrol', cast.lincoln)}/").status_code == 404


@pytest.mark.parametrize("form", ["", "packet.html", "packet.pdf"])
def test_after_a_withdrawal_the_link_shows_who_answers(
    cast: Cast, publication: Publication, packet_address: str, form: str
) -> None:
    with in_district(cast):
        publishing.withdraw(
            version=publication.version, reason="Wrong", actor=person(cast, "principal"), at=NOW
        )
    answer = Client().get(f"{packet_address}{form}")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "No plan is in force" in page
    assert page.count('href="tel:') > 1  # the district's, and those of the contact sheet's copy
    assert "After hours" in page
    assert "Lincoln High School" in page
    for unwanted in ("Not found", "What needs me today", "/sign-in/"):
        assert unwanted not in page
    assert accesses(cast) == []


def test_without_a_contact_sheet_the_link_shows_the_number_of_the_district(cast: Cast) -> None:
    page = Client().get(f"/p/{cast.link('patrol', cast.lincoln)}/").content.decode()
    assert "555-0100" in page
    assert "Numbers as confirmed" not in page


def test_a_condition_stands_on_page_one_at_once(
    cast: Cast, publication: Publication, packet_address: str
) -> None:
    from django.utils import timezone

    now = timezone.now()
    with in_district(cast):
        Condition.objects.create(
            district=cast.district, campus=cast.lincoln, kind="access", place="Gate 4",
            text="Chained", state=ConditionState.PUBLISHED, reported_by="x",
            starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2),
        )  # fmt: skip
    assert "Gate 4: way in closed or changed" in Client().get(packet_address).content.decode()


def test_a_version_to_come_is_named_and_not_shown(
    cast: Cast, publication: Publication, packet_address: str
) -> None:
    from django.utils import timezone

    with in_district(cast):
        row = Publication.objects.get(pk=publication.pk)
        second = PlanVersion.objects.create(
            district=cast.district, plan=row.version.plan, campus=cast.lincoln, number=2,
            state=PlanState.PUBLISHED, state_since=NOW, content_hash="m1:2", frozen="{}",
        )  # fmt: skip
        Publication.objects.create(
            district=cast.district, version=second, campus=cast.lincoln, agency=None,
            audience="responder", number=2, document=row.document, map_document=row.map_document,
            facts=row.facts, published_at=NOW, content_hash="m1:2", own_hash="m1:2",
            in_force_from=timezone.now().date() + timedelta(days=9),
        )  # fmt: skip
    page = Client().get(packet_address).content.decode()
    assert "v2 comes into force on" in page
    assert "Packet v1" in page
    assert Client().get(f"{packet_address}?version=2").status_code == 404


def test_a_signed_in_responder_opens_the_same_packet(cast: Cast, publication: Publication) -> None:
    client = cast.client("captain")
    tab = client.get(f"/campuses/{cast.lincoln.slug}/packet/")
    assert tab.status_code == 200
    assert "Packet v1 is in force" in tab.content.decode()
    page = client.get(f"/campuses/{cast.lincoln.slug}/packet/open/").content.decode()
    assert "For Capt. Rosa Lindqvist, Cedar Valley Fire &amp; Rescue" in page
    assert accesses(cast)[0].agency_id == cast.fire.pk


@pytest.mark.parametrize("word", ["stranger", "uncovering", "principal_elsewhere", "staff"])
def test_others_do_not_learn_that_there_is_a_packet(
    cast: Cast, publication: Publication, word: str
) -> None:
    client = cast.client(word)
    for place in ("", "open/", "open/packet.pdf", "open/packet.html", "making/"):
        assert client.get(f"/campuses/{cast.lincoln.slug}/packet/{place}").status_code == 404
    assert accesses(cast) == []


def test_the_tab_answers_who_has_it_and_how_far_the_pdf_is(
    cast: Cast, publication: Publication
) -> None:
    client = cast.client("office")
    page = client.get(f"/campuses/{cast.lincoln.slug}/packet/").content.decode()
    assert "0 of 3 agencies have acknowledged v1" in page
    assert "The PDF is" in page
    make_pdf(cast)
    part = client.get(f"/campuses/{cast.lincoln.slug}/packet/making/").content.decode()
    assert re.search(r"PDF of \d+ pages", part)


def test_a_paper_is_registered_and_swapped(cast: Cast, publication: Publication) -> None:
    client = cast.client("office")
    address = f"/campuses/{cast.lincoln.slug}/packet/papers/"
    done = client.post(address, {"number": "1", "place": "Engine 2, glove box"})
    assert done.status_code == 303
    page = client.get(f"/campuses/{cast.lincoln.slug}/packet/").content.decode()
    assert "Engine 2, glove box" in page
    with in_district(cast):
        row = Print.objects.get()
    assert client.post(f"{address}{row.pk}/swapped/").status_code == 303
    with in_district(cast):
        assert Print.objects.get().swapped_at is not None
        assert AuditEvent.objects.filter(action__startswith="print.").count() == 2


def test_a_paper_without_a_place_is_refused_beside_the_field(
    cast: Cast, publication: Publication
) -> None:
    address = f"/campuses/{cast.lincoln.slug}/packet/papers/"
    answer = cast.client("office").post(address, {"number": "1", "place": " "})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_a_responder_does_not_write_into_the_register(cast: Cast, publication: Publication) -> None:
    address = f"/campuses/{cast.lincoln.slug}/packet/papers/"
    answer = cast.client("captain").post(address, {"number": "1", "place": "Car"})
    assert answer.status_code in {403, 404, 422}
    with in_district(cast):
        assert not Print.objects.exists()


def test_the_check_page_tells_only_whether_the_paper_is_current(
    cast: Cast, publication: Publication
) -> None:
    cache.clear()
    make_pdf(cast)
    with in_district(cast):
        code = PacketBase.objects.get().code
    for address in (f"/C/{code}", f"/c/{code.lower()}", f"/check/{code}/"):
        page = Client().get(address).content.decode()
        assert "Current: you hold v1" in page
        assert "555-0100" in page
        assert "Lincoln" not in page
    with in_district(cast):
        publishing.withdraw(
            version=publication.version, reason="Wrong", actor=person(cast, "principal"), at=NOW
        )
    assert "withdrawn" in Client().get(f"/C/{code}").content.decode()


def test_an_unknown_code_is_404_and_asking_too_often_is_429(db: None) -> None:
    cache.clear()
    answers = [Client().get("/C/AAAAAAAA").status_code for _n in range(MOST_A_MINUTE + 1)]
    assert answers[0] == 404
    assert answers[-1] == 429
    cache.clear()


def test_the_packet_leads_to_the_page_where_its_contact_answers(
    cast: Cast, packet_address: str
) -> None:
    assert "Say that you have it" in Client().get(packet_address).content.decode()
    led = Client().get(f"{packet_address}acknowledge/")
    assert led.status_code == 302
    page = Client().get(led["Location"])
    assert page.status_code == 200
    assert "Lincoln High School" in page.content.decode()


def test_a_contact_to_whom_nothing_was_sent_is_not_asked_to_answer(
    cast: Cast, publication: Publication
) -> None:
    address = f"/p/{cast.link('night_desk', cast.lincoln)}/"
    assert "Say that you have it" not in Client().get(address).content.decode()
    assert Client().get(f"{address}acknowledge/")["Location"] == "../"


def test_a_responder_sees_the_photo_of_a_condition(cast: Cast, packet_address: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (1200, 900), "#a33").save(picture, "JPEG")
    ends = timezone.now() + timedelta(days=3)
    told = Told("access", "Chained", ends, place="Gate 4",
                photo=picture.getvalue())  # fmt: skip
    with in_district(cast):
        conditions.publish(
            campus_id=cast.lincoln.pk, told=told, actor=person(cast, "sro"), at=timezone.now()
        )
    for address in (packet_address, f"{packet_address}packet.html"):
        page = Client().get(address).content.decode()
        assert 'alt="Photo of the condition: Gate 4: way in closed or changed' in page
