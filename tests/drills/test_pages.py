"""The pages of drills, as their people use them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from drills.models import AfterActionReview, Clearance, Drill, DrillState, SchoolMessage
from drills.services import moments, scheduling
from tests.cast import Cast
from tests.drills.holding import (
    AT_TEN,
    acting,
    calendar,
    calendar_around,
    cleared,
    fresh,
    held,
    in_district,
    member,
    scheduled,
)


def soon(cast: Cast, *, minutes: int = 20, **more: Any) -> Drill:
    """Schedule a drill that begins in a few minutes of the real clock, announced by the clock."""
    at = timezone.now()
    local = (at + timedelta(minutes=minutes)).astimezone(
        Drill(campus=cast.lincoln).zone
    )  # a test that runs at midnight still gets a day and a time that fit
    wanted = scheduling.Wanted(
        type="fire", day=local.date(), time=local.time().replace(second=0, microsecond=0),
        pupils_present=False, callback_phone="555-0142", **more,
    )  # fmt: skip
    with acting(cast, "principal") as actor:
        drill = scheduling.schedule(
            campus_id=cast.lincoln.pk, wanted=wanted, actor=actor, at=at - timedelta(hours=1)
        )
    with in_district(cast):
        moments.announce([drill.pk], at=at)
    return fresh(cast, drill)


def test_the_year_shows_the_month_and_who_is_in_trouble(cast: Cast) -> None:
    calendar(cast)
    scheduled(cast)
    page = cast.client("district").get("/drills/?month=2026-09")
    text = page.content.decode()
    assert page.status_code == 200
    assert "10:15 AM Fire drill" in text
    assert "Who is in trouble?" in text
    assert "Cedar Ridge Elementary" in text


def test_a_campus_without_rules_says_so(cast: Cast) -> None:
    calendar(cast)
    with in_district(cast):
        cast.lincoln.state = "ZZ"
        cast.lincoln.save()
    page = cast.client("principal").get(f"{cast.lincoln.get_absolute_url()}drills/")
    assert "Rules of ZZ are not yet loaded" in page.content.decode()


def test_the_office_schedules_a_drill_by_the_form(cast: Cast) -> None:
    calendar_around(cast, timezone.now().date())
    client = cast.client("office")
    address = f"{cast.lincoln.get_absolute_url()}drills/new/"
    assert client.get(address).status_code == 200
    day = timezone.now().date() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    answer = client.post(address, {
        "type": "fire", "day": day.isoformat(), "time": "10:15", "minutes": "10",
        "place_in_day": "class", "exits": "normal", "conductor": str(member(cast, "principal")),
        "pupils_present": "on",
    })  # fmt: skip
    assert answer.status_code == 303, answer.content.decode()
    with in_district(cast):
        assert Drill.objects.get().state == DrillState.SCHEDULED


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(cast: Cast) -> None:
    calendar(cast)
    answer = cast.client("office").post(f"{cast.lincoln.get_absolute_url()}drills/new/", {
        "type": "fire", "day": "2027-04-13", "time": "10:15", "minutes": "10",
        "place_in_day": "class", "exits": "normal", "conductor": str(member(cast, "principal")),
        "pupils_present": "on", "note": "Bell 2 is weak",
    })  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "A state test is held on this day" in text
    assert "Bell 2 is weak" in text


def test_move_is_two_presses(cast: Cast) -> None:
    drill = soon(cast, minutes=60 * 24 * 3)
    with in_district(cast):
        Drill.objects.filter(pk=drill.pk).update(time=AT_TEN)
    calendar_around(cast, timezone.now().date())
    client = cast.client("principal")
    page = client.get(f"/drills/{drill.pk}/move/")
    offers = page.context["offers"]
    assert len(offers) == 3
    answer = client.post(f"/drills/{drill.pk}/move/", {
        "day": offers[1].day.isoformat(), "time": AT_TEN.isoformat("minutes"),
        "edition": drill.edition,
    })  # fmt: skip
    assert answer.status_code == 303
    assert fresh(cast, drill).day == offers[1].day


def test_moving_a_proposal_tells_nobody_and_says_so(cast: Cast) -> None:
    drill = scheduled(cast)
    with in_district(cast):
        Drill.objects.filter(pk=drill.pk).update(state=DrillState.PROPOSED)
    page = cast.client("office").get(f"/drills/{drill.pk}/move/").content.decode()
    assert "Nobody yet: it is a proposal until somebody accepts it." in page
    assert cast.dispatch.name not in page


def test_a_new_drills_alternate_is_somebody_else(cast: Cast) -> None:
    page = cast.client("office").get(f"{cast.lincoln.get_absolute_url()}drills/new/")
    shown = page.context["form"].initial
    assert shown["conductor"]
    assert shown["alternate"] != shown["conductor"]


def test_a_new_drill_at_lunch_begins_at_lunch(cast: Cast) -> None:
    calendar_around(cast, timezone.now().date())
    page = cast.client("office").get(f"{cast.lincoln.get_absolute_url()}drills/new/")
    shown = page.context["form"].initial
    is_lunch = "11:30" <= shown["time"] <= "12:30"
    assert is_lunch == (shown["place_in_day"] == "lunch")


def test_dispatch_clears_in_two_presses(cast: Cast) -> None:
    drill = soon(cast)
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    from django.test import Client

    client = Client()
    page = client.get(f"/clear/{token}/")
    text = page.content.decode()
    assert "Every 911 call from this school is real." in text
    assert "555-0142" in text
    answer = client.post(f"/clear/{token}/", {"clear": "1", "operator": ""})
    assert answer.status_code == 303
    assert fresh(cast, drill).state == DrillState.CLEARED
    assert "Cleared" in client.get(f"/clear/{token}/").content.decode()


def test_a_packet_link_clears_nothing(cast: Cast) -> None:
    from django.test import Client

    token = cast.link("dispatcher", cast.lincoln)
    assert Client().get(f"/clear/{token}/").status_code == 404


def test_the_school_records_a_clearance_by_phone(cast: Cast) -> None:
    drill = soon(cast)
    client = cast.client("office")
    assert "Cleared by phone" in client.get(f"/drills/{drill.pk}/").content.decode()
    answer = client.post(f"/drills/{drill.pk}/phone-clearance/", {
        "agency": str(cast.dispatch.pk), "operator": "214",
    })  # fmt: skip
    assert answer.status_code == 303
    with in_district(cast):
        assert Clearance.objects.get(drill=drill, step="cleared").recorded_by == "Jo Brandt"


def test_a_phone_clearance_without_a_name_is_refused(cast: Cast) -> None:
    drill = soon(cast)
    answer = cast.client("office").post(f"/drills/{drill.pk}/phone-clearance/", {
        "agency": str(cast.dispatch.pk), "operator": " ",
    })  # fmt: skip
    assert answer.status_code == 422
    assert fresh(cast, drill).state == DrillState.ANNOUNCED


def test_a_review_closes_in_one_press_and_its_evidence_prints(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    client = cast.client("principal")
    page = client.get(f"/drills/{drill.pk}/review/").content.decode()
    assert "All out or secured after 2 min" in page
    answer = client.post(f"/drills/{drill.pk}/review/close/", {"nothing_to_fix": "on"})
    assert answer.status_code == 303
    assert fresh(cast, drill).state == DrillState.REVIEWED
    evidence = client.get(f"/drills/{drill.pk}/evidence/").content.decode()
    assert "Recorded live by the phones that ran it." in evidence
    pdf = client.get(f"/drills/{drill.pk}/evidence.pdf")
    assert pdf.content.startswith(b"%PDF-")


def test_an_action_is_added_and_finished_with_its_proof(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    client = cast.client("principal")
    answer = client.post(f"/drills/{drill.pk}/review/actions/", {
        "what": "Adjust the closer of door 8", "outcome": "work_order", "element": "equipment",
        "owner": str(member(cast, "principal")), "due_on": "2027-01-10",
    })  # fmt: skip
    assert answer.status_code == 303, answer.content.decode()
    with in_district(cast):
        review = AfterActionReview.objects.get(drill=drill)
        action = review.actions.get()
    client.post(f"/drills/{drill.pk}/review/actions/{action.pk}/done/", {"proof": "Order 5521"})
    assert "Order 5521" in client.get(f"/drills/{drill.pk}/review/").content.decode()


def test_a_name_in_a_finding_is_flagged(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    client = cast.client("principal")
    client.post(f"/drills/{drill.pk}/review/", {
        "worked": "", "did_not": "Albers came late to the gym", "edition": "1",
    })  # fmt: skip
    assert "Tom Albers" in client.get(f"/drills/{drill.pk}/review/").content.decode()


def test_a_message_to_families_says_only_what_is_true(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    client = cast.client("office")
    text = client.get(f"/drills/{drill.pk}/").content.decode()
    assert "We found things to improve and are working on them." in text
    assert "Everyone was accounted for" not in text
    with in_district(cast):
        row = SchoolMessage.objects.get(drill=drill, audience="families", occasion="after")
    client.post(f"/drills/{drill.pk}/messages/{row.pk}/given/")
    with in_district(cast):
        row.refresh_from_db()
    assert row.given_by == "Jo Brandt"
    assert "THIS WAS A DRILL." in row.text_en
    assert "FUE UN SIMULACRO." in row.text_es


@pytest.mark.parametrize("word", ["stranger", "principal_elsewhere", "uncovering", "ended"])
def test_who_has_no_part_in_it_finds_no_drill(cast: Cast, word: str) -> None:
    drill = scheduled(cast)
    assert cast.client(word).get(f"/drills/{drill.pk}/").status_code == 404


def test_a_responder_sees_the_drill_and_nothing_of_the_review(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    client = cast.client("patrol")
    assert client.get(f"/drills/{drill.pk}/").status_code == 200
    assert client.get(f"/drills/{drill.pk}/review/").status_code in {403, 404}
    assert client.get(f"/drills/{drill.pk}/evidence.pdf").status_code in {403, 404}


def test_a_record_made_afterwards_says_so(cast: Cast) -> None:
    client = cast.client("office")
    answer = client.post(f"{cast.lincoln.get_absolute_url()}drills/record/", {
        "type": "fire", "day": "2026-09-03", "time": "09:10", "minutes": "6", "happened": "drill",
        "place_in_day": "class", "exits": "normal", "pupils_present": "on",
    })  # fmt: skip
    assert answer.status_code == 303, answer.content.decode()
    assert "Recorded afterwards" in client.get(answer["Location"]).content.decode()
