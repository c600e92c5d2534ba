"""Agencies at a drill: asked, answered, there; and a crew or officer wanted in two places."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.test import Client

from backend.directory.access import reach_of
from backend.directory.models import AgencyMember, Membership
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from drills.models import Drill, DrillState, Invitation, InvitationState
from drills.queries.compliance import _present
from drills.queries.evidence import record_of
from drills.refusals import Clashes
from drills.services import inviting, moments, real_emergency, scheduling
from notifications.models import Delivery, Notice
from tests.cast import LONG_AGO, Cast, covers
from tests.drills.holding import (
    AT_TEN,
    BEFORE,
    DAY,
    STARTS,
    acting,
    announced,
    cleared,
    fresh,
    held,
    in_district,
    member,
    scheduled,
)
from tests.drills.test_pages import soon

LATER = BEFORE + timedelta(hours=2)
ENGINE = "Engine 4"


def invited(cast: Cast, drill: Drill, *, agency: UUID | None = None, by: str = "principal",
            part: str = "observe") -> Invitation:  # fmt: skip
    """Ask the fire department to a drill."""
    with acting(cast, by) as actor:
        return inviting.invite(
            drill_id=drill.pk, agency_id=agency or cast.fire.pk, part=part, actor=actor, at=BEFORE
        )


def says(cast: Cast, drill: Drill, crew: str = ENGINE, **more: object) -> Invitation:
    """Let the captain say who comes."""
    return inviting.answer(
        actor=cast.actor("captain"), drill_id=drill.pk, is_coming=bool(crew), crew=crew,
        at=LATER, how="account", **more,
    )  # fmt: skip


def in_the_next_district(cast: Cast, start: time = time(10, 20)) -> Drill:
    """Schedule a fire drill at the school of the other district that the fire department covers."""
    wanted = scheduling.Wanted(type="fire", day=DAY, time=start, callback_phone="555-0901")
    with acting(cast, "stranger") as actor:
        drill = scheduling.schedule(
            campus_id=cast.other_campus.pk, wanted=wanted, actor=actor, at=BEFORE
        )
    invited(cast, drill, by="stranger")
    return drill


def test_an_agency_is_asked_by_a_message_with_a_link_and_answers_by_it(cast: Cast) -> None:
    drill = scheduled(cast)
    row = invited(cast, drill)
    with in_district(cast):
        notice = Notice.objects.get(subject_id=drill.pk, kind="drill.invited")
        assert Delivery.objects.get(lines__notice=notice).agency_id == cast.fire.pk
    token = cast.link("captain", cast.lincoln, "clear", drill.pk)
    said = inviting.answer(
        actor=cast.link_actor(token), drill_id=drill.pk, is_coming=True, crew=" Engine  4 ",
        said_by="Capt. Lindqvist", at=LATER,
    )  # fmt: skip
    assert (said.pk, said.state, said.crew) == (row.pk, InvitationState.COMING, ENGINE)
    assert (said.how, said.answered_by) == ("link", "Capt. Lindqvist")


def test_the_last_answer_counts(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    says(cast, drill)
    declined = says(cast, drill, "", note="All crews at a training")
    assert (declined.state, declined.note) == (InvitationState.DECLINED, "All crews at a training")
    assert says(cast, drill).state == InvitationState.COMING


def test_who_comes_must_be_said(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    with pytest.raises(BadInput) as refusal:
        inviting.answer(actor=cast.actor("captain"), drill_id=drill.pk, is_coming=True,
                        crew="  ", at=LATER)  # fmt: skip
    assert refusal.value.where == "crew"


def test_an_agency_is_asked_once_and_only_where_itcovers(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    with pytest.raises(BadInput):
        invited(cast, drill)
    with pytest.raises(BadInput):
        invited(cast, drill, agency=cast.uncovering.pk)
    with pytest.raises(BadInput) as refusal:
        invited(cast, drill, agency=cast.police.pk, part="command")
    assert refusal.value.where == "part"


def test_a_crew_wanted_in_another_district_is_told_to_its_agency_and_to_nobody_else(
    cast: Cast,
) -> None:
    here, there = scheduled(cast), in_the_next_district(cast)
    invited(cast, here)
    says(cast, there)
    with pytest.raises(Clashes) as refusal:
        says(cast, here, "engine 4")
    assert "Northfield High School at 10:20" in refusal.value.message
    stands = says(cast, here, clash_reason="Two engines go out as Engine 4")
    assert stands.state == InvitationState.COMING
    with acting(cast, "principal") as actor:  # the office moves it and learns nothing
        moved = scheduling.move(drill_id=here.pk, day=DAY, time=time(10, 30), actor=actor, at=LATER)
    assert moved.clash_reason == ""


def test_a_link_of_one_campus_learns_of_the_clash_without_the_name_of_the_other_school(
    cast: Cast,
) -> None:
    here, there = scheduled(cast), in_the_next_district(cast)
    invited(cast, here)
    says(cast, there)
    token = cast.link("captain", cast.lincoln, "clear", here.pk)
    with pytest.raises(Clashes) as refusal:
        inviting.answer(actor=cast.link_actor(token), drill_id=here.pk, is_coming=True,
                        crew=ENGINE, at=LATER)  # fmt: skip
    assert "Northfield" not in refusal.value.message


def test_the_office_is_refused_a_time_at_which_its_crew_is_elsewhere_in_the_district(
    cast: Cast,
) -> None:
    covers(cast.district, cast.cedar_ridge, cast.fire)
    first = scheduled(cast)
    invited(cast, first)
    says(cast, first)
    with acting(cast, "district") as actor:
        second = scheduling.schedule(
            campus_id=cast.cedar_ridge.pk, actor=actor, at=BEFORE,
            wanted=scheduling.Wanted(type="fire", day=DAY, time=time(13, 0)),
        )  # fmt: skip
    invited(cast, second, by="district")
    says(cast, second)
    with acting(cast, "district") as actor, pytest.raises(Clashes) as refusal:
        scheduling.move(drill_id=second.pk, day=DAY, time=AT_TEN, actor=actor, at=LATER)
    assert ENGINE in refusal.value.message
    assert "Lincoln High School" in refusal.value.message


def test_a_move_asks_everybody_anew_and_keeps_who_was_to_come(cast: Cast) -> None:
    drill = scheduled(cast)
    row = invited(cast, drill)
    says(cast, drill)
    with acting(cast, "principal") as actor:
        scheduling.move(drill_id=drill.pk, day=date(2026, 9, 17), time=AT_TEN, actor=actor,
                        at=LATER)  # fmt: skip
    with in_district(cast):
        former, now = Invitation.objects.filter(drill=drill).order_by("pk")
        assert (former.pk, former.state) == (row.pk, InvitationState.VOID)
        assert (now.state, now.crew) == (InvitationState.ASKED, ENGINE)
        assert now.starts_at == fresh(cast, drill).starts_at
        assert Notice.objects.filter(subject_id=drill.pk, kind="drill.invited").count() == 2


def test_who_counts_on_a_drill_is_told_that_it_is_off_and_who_declined_is_not(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    invited(cast, drill, agency=cast.police.pk)
    says(cast, drill, "")
    with acting(cast, "principal") as actor:
        scheduling.cancel(drill_id=drill.pk, cause="staffing", reason="", actor=actor, at=LATER)
    with in_district(cast):
        off = Notice.objects.get(subject_id=drill.pk, kind="drill.called_off")
        told = set(Delivery.objects.filter(lines__notice=off).values_list("agency", flat=True))
        assert told == {cast.dispatch.pk, cast.police.pk}
        assert not Invitation.objects.filter(drill=drill, ended_at=None).exists()


def test_a_real_emergency_is_told_to_who_was_to_come(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    with in_district(cast):
        Drill.objects.filter(pk=drill.pk).update(state=DrillState.SCHEDULED)
    invited(cast, fresh(cast, drill))
    with acting(cast, "principal") as actor:
        real_emergency.stop(drill_id=drill.pk, what="Smoke", happened_at=STARTS, actor=actor,
                            at=STARTS)  # fmt: skip
    with in_district(cast):
        notice = Notice.objects.get(subject_id=drill.pk, kind="real.stop")
        told = set(Delivery.objects.filter(lines__notice=notice).values_list("agency", flat=True))
    assert told == {cast.dispatch.pk, cast.fire.pk}


def test_an_unused_window_ends_its_invitations(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    late = STARTS + timedelta(hours=2)
    with in_district(cast):
        assert moments.close_unused([drill.pk], at=late) == 1
        assert Invitation.objects.get(drill=drill).state == InvitationState.VOID


def test_the_crew_of_a_drill_that_is_over_is_free_again(cast: Cast) -> None:
    first = scheduled(cast)
    row = invited(cast, first)
    says(cast, first)
    held(cast, cleared(cast, first))
    second = scheduled(cast, time=time(10, 21))
    invited(cast, second)
    with in_district(cast):
        assert Invitation.objects.get(pk=row.pk).state == InvitationState.COMING
    assert says(cast, second).crew == ENGINE


def test_an_arrival_is_noted_once_by_the_school_or_the_agency(cast: Cast) -> None:
    drill = scheduled(cast)
    row = invited(cast, drill)
    says(cast, drill)
    with pytest.raises(WrongState):
        inviting.record_arrival(invitation_id=row.pk, actor=cast.actor("captain"), at=LATER)
    announced(cast, drill)
    at = STARTS - timedelta(minutes=5)
    first = inviting.record_arrival(invitation_id=row.pk, actor=cast.actor("captain"), at=at)
    again = inviting.record_arrival(
        invitation_id=row.pk, actor=cast.actor("office"), at=at + timedelta(minutes=1)
    )
    assert first.arrived_at == again.arrived_at == at
    with in_district(cast):
        assert _present([drill])[drill.pk] == {"fire": True, "dispatch": False}
        (said,) = record_of(fresh(cast, drill))["invitations"]
        assert (said["crew"], said["arrived_by"]) == (ENGINE, "Capt. Rosa Lindqvist")


def test_an_invitation_is_taken_back_and_the_agency_told(cast: Cast) -> None:
    drill = scheduled(cast)
    row = invited(cast, drill)
    with acting(cast, "office") as actor:
        ended = inviting.withdraw(invitation_id=row.pk, actor=actor, at=LATER)
        assert ended.state == InvitationState.VOID
        assert Notice.objects.filter(subject_id=drill.pk, kind="drill.not_needed").exists()
        with pytest.raises(WrongState):
            inviting.withdraw(invitation_id=row.pk, actor=actor, at=LATER)
    with pytest.raises(NotFound):
        says(cast, drill)


@pytest.mark.parametrize("word", ["patrol", "stranger", "uncovering", "principal"])
def test_nobody_else_answers_for_an_agency(cast: Cast, word: str) -> None:
    drill = scheduled(cast)
    row = invited(cast, drill)
    with pytest.raises((NotFound, NotAllowed)):
        inviting.answer(actor=cast.actor(word), drill_id=drill.pk, is_coming=True, crew="Car 1",
                        at=LATER)  # fmt: skip
    if word != "principal":
        with pytest.raises(NotFound):
            inviting.record_arrival(invitation_id=row.pk, actor=cast.actor(word), at=STARTS)


def test_an_agency_sees_only_its_own_invitations(cast: Cast) -> None:
    drill = scheduled(cast)
    invited(cast, drill)
    invited(cast, drill, agency=cast.police.pk)
    with reach_of(cast.actor("captain")):
        assert [row.agency_id for row in Invitation.objects.all()] == [cast.fire.pk]


def elsewhere_soon(cast: Cast, drill: Drill, *, conductor: UUID | None = None) -> Drill:
    """Schedule a drill of the other district ten minutes after one that is soon."""
    at = drill.starts_at + timedelta(minutes=10)
    local = at.astimezone(drill.zone)
    wanted = scheduling.Wanted(
        type="fire", day=local.date(), time=local.time().replace(second=0, microsecond=0),
        pupils_present=False, callback_phone="555-0901", conductor=conductor,
    )  # fmt: skip
    with acting(cast, "stranger") as actor:
        return scheduling.schedule(
            campus_id=cast.other_campus.pk, wanted=wanted, actor=actor, at=at - timedelta(hours=2)
        )


def ask_and_accept(cast: Cast, drill: Drill, by: str, reason: str = "") -> None:
    at = drill.starts_at - timedelta(hours=1)
    with acting(cast, by) as actor:
        inviting.invite(drill_id=drill.pk, agency_id=cast.fire.pk, part="take_part", actor=actor,
                        at=at)  # fmt: skip
    inviting.answer(actor=cast.actor("captain"), drill_id=drill.pk, is_coming=True, crew=ENGINE,
                    clash_reason=reason, how="account", at=at)  # fmt: skip


def test_the_agencys_own_page_says_which_crew_is_wanted_twice(cast: Cast) -> None:
    here = soon(cast)
    there = elsewhere_soon(cast, here)
    ask_and_accept(cast, here, "principal")
    ask_and_accept(cast, there, "stranger", "Two engines go out")
    text = cast.client("captain").get("/agency/").content.decode()
    assert "Engine 4 is wanted at Northfield High School too" in text
    assert "Engine 4 is wanted at Lincoln High School too" in text
    principal = cast.client("principal").get(f"/drills/{here.pk}/").content.decode()
    assert ENGINE in principal
    assert "Northfield" not in principal


def test_an_officer_who_conducts_in_two_districts_is_seen_by_the_own_agency(cast: Cast) -> None:
    officer = cast.users["sro"]
    AgencyMember.objects.create(agency=cast.fire, user=officer, starts_on=LONG_AGO)
    with reach.of_districts(cast.other_district.pk):
        beyond = Membership.objects.create(
            district=cast.other_district, user=officer, role="sro", campus=cast.other_campus,
            starts_on=LONG_AGO,
        )  # fmt: skip
    here = soon(cast, conductor=member(cast, "sro"))
    elsewhere_soon(cast, here, conductor=beyond.pk)
    captain = cast.client("captain")
    assert f"{officer.name} is wanted at Northfield High School too" in (
        captain.get("/agency/").content.decode()
    )
    assert f"{officer.name}: also Northfield High School" in captain.get("/board/").content.decode()
    office = cast.client("office").get(f"/drills/{here.pk}/").content.decode()
    assert "Northfield" not in office


@pytest.mark.parametrize("word", ["principal", "uncovering", "nobody_yet"])
def test_the_page_of_an_agency_belongs_to_its_people(cast: Cast, word: str) -> None:
    assert cast.client(word).get("/agency/").status_code == 404


def test_the_pages_ask_answer_and_note_the_arrival(cast: Cast) -> None:
    drill = soon(cast)
    page, office = f"/drills/{drill.pk}/", cast.client("office")
    assert "Ask an agency" in office.get(page).content.decode()
    assert office.post(f"{page}invite/", {"agency": cast.fire.pk, "part": "observe"}
                       ).status_code == 303  # fmt: skip
    captain = cast.client("captain")
    assert "asks you to its drill" in captain.get("/").content.decode()
    assert captain.post(f"{page}come/", {"crew": "", "come": "1"}).status_code == 422
    assert captain.post(f"{page}come/", {"crew": ENGINE, "come": "1"}).status_code == 303
    with in_district(cast):
        row = Invitation.objects.get(drill=drill)
    assert captain.post(f"{page}invitations/{row.pk}/arrived/").status_code == 303
    assert "There" in office.get(page).content.decode()


def test_the_link_of_an_agency_that_clears_nothing_asks_only_who_comes(cast: Cast) -> None:
    drill = soon(cast)
    with acting(cast, "office") as actor:
        inviting.invite(drill_id=drill.pk, agency_id=cast.fire.pk, part="observe", actor=actor,
                        at=drill.starts_at - timedelta(hours=1))  # fmt: skip
    address = f"/clear/{cast.link('captain', cast.lincoln, 'clear', drill.pk)}/"
    client = Client()
    text = client.get(address).content.decode()
    assert "Will you come?" in text
    assert "Clear this drill" not in text
    assert client.post(address, {"crew": ENGINE, "come": "1"}).status_code == 303
    assert client.post(address, {"arrive": "1"}).status_code == 303
    with in_district(cast):
        row = Invitation.objects.get(drill=drill)
    assert row.crew == ENGINE
    assert row.arrived_by.startswith("Capt. Rosa Lindqvist")
    assert client.post(address, {"clear": "1", "operator": "1"}).status_code in {404, 422}
