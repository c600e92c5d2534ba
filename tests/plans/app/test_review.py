"""Review: freezing, sending back, signing by role, by account and by code."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from backend.directory.models import AccountMessage, Membership
from backend.encryption import decrypt
from backend.problems import BadInput, EditConflict, NotAllowed, NotFound, WrongState
from notifications.models import Delivery, Notice
from plans.content.document import AUDIENCES
from plans.content.hashing import plan_hash
from plans.models import Approval, PlanState, PlanVersion, Publication
from plans.queries import document_of
from plans.queries.signatures import places
from plans.services import drafting, sections, signature_lists, signing, submitting
from tests.cast import LONG_AGO, NOW, Cast
from tests.plans.app.writing import (
    TODAY,
    blocks,
    drafted,
    in_district,
    person,
    section,
    signed,
    submitted,
)


def test_an_empty_plan_is_not_ready_and_says_what_is_missing(cast: Cast) -> None:
    with in_district(cast):
        version = drafting.start_plan(
            campus=cast.lincoln, hazards=[], actor=person(cast, "sro"), at=NOW
        )
        with pytest.raises(submitting.GapsBlock, match="more") as refused:
            submitting.submit(version=version, actor=person(cast, "sro"), at=NOW)
        version.refresh_from_db()
    assert refused.value.gaps[0].code == "CK-01"
    assert version.state == PlanState.DRAFT


def test_what_is_in_review_is_frozen_with_its_hash(cast: Cast) -> None:
    with in_district(cast):
        version = submitted(cast)
        assert version.state == PlanState.IN_REVIEW
        assert version.content_hash == plan_hash(document_of(version))
        row = section(version, "FA-LOCK")
        with pytest.raises(WrongState, match="frozen"):
            sections.edit_section(
                section=row, expected_edits=1, blocks=[], actor=person(cast, "sro"), at=NOW
            )


def test_sending_back_lets_signatures_lapse_and_the_same_text_has_the_same_hash(
    cast: Cast,
) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast), ("sro", "sro"))
        first = version.content_hash
        submitting.send_back(
            version=version, reason="Door 7 is chained.", actor=person(cast, "principal"), at=NOW
        )
        version.refresh_from_db()
        assert version.state == PlanState.DRAFT
        assert version.sent_back_reason == "Door 7 is chained."
        assert not Approval.objects.filter(version=version, lapsed_at=None).exists()
        again = submitting.submit(version=version, actor=person(cast, "sro"), at=NOW)
        assert again.content_hash == first
        assert [place.approval for place in places(again, TODAY)] == [None, None]


def test_sending_back_needs_a_reason(cast: Cast) -> None:
    with in_district(cast):
        version = submitted(cast)
        with pytest.raises(BadInput) as refused:
            submitting.send_back(
                version=version, reason="  ", actor=person(cast, "principal"), at=NOW
            )
    assert refused.value.where == "reason"


def test_principal_and_sro_sign_and_the_version_is_approved(cast: Cast) -> None:
    with in_district(cast):
        version = submitted(cast)
        version = signed(cast, version, ("sro", "sro"))
        assert version.state == PlanState.IN_REVIEW
        version = signed(cast, version, ("principal", "principal"))
        assert version.state == PlanState.APPROVED
        hashes = set(Approval.objects.values_list("content_hash", flat=True))
    assert hashes == {version.content_hash}


def test_nobody_signs_twice_nor_in_a_role_they_do_not_hold(cast: Cast) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast), ("sro", "sro"))
        for role, word, refusal in (
            ("sro", "sro", WrongState),
            ("principal", "sro", NotAllowed),
            ("principal", "principal_elsewhere", NotFound),
            ("district", "district", WrongState),
            ("mayor", "principal", BadInput),
        ):
            with pytest.raises(refusal):
                signed(cast, version, (role, word))


def test_a_text_changed_since_it_was_read_is_not_signed(cast: Cast) -> None:
    with in_district(cast):
        version = submitted(cast)
        with pytest.raises(EditConflict):
            signing.sign_as(
                version=version,
                role="principal",
                content_hash="m1:another",
                actor=person(cast, "principal"),
                at=NOW,
            )


def test_a_campus_without_sro_needs_principal_and_district(cast: Cast) -> None:
    with in_district(cast):
        Membership.objects.filter(role="sro").update(ends_on=LONG_AGO)
        version = submitted(cast, author="principal")
        assert [place.role for place in places(version, TODAY)] == ["principal", "district"]


def test_nobody_approves_alone_what_they_wrote_alone(cast: Cast) -> None:
    with in_district(cast):
        signature_lists.edit_signature_list(
            campus=cast.lincoln,
            needed=[("principal", None)],
            actor=person(cast, "district"),
            at=NOW,
        )
        version = signed(cast, submitted(cast, author="principal"), ("principal", "principal"))
        assert version.state == PlanState.IN_REVIEW
        second = places(version, TODAY)[-1]
        assert (second.role, second.is_added) == ("district", True)
        assert signed(cast, version, ("district", "district")).state == PlanState.APPROVED


def test_a_list_of_the_principal_alone_is_enough_where_others_wrote_too(cast: Cast) -> None:
    with in_district(cast):
        signature_lists.edit_signature_list(
            campus=cast.lincoln,
            needed=[("principal", None)],
            actor=person(cast, "district"),
            at=NOW,
        )
        version = signed(cast, submitted(cast, author="sro"), ("principal", "principal"))
    assert version.state == PlanState.APPROVED


def test_who_acts_for_the_principal_is_printed_as_acting(cast: Cast) -> None:
    with in_district(cast):
        held = Membership.objects.get(user=cast.users["principal"])
        Membership.objects.create(
            district=cast.district,
            user=cast.users["nobody_yet"],
            role="campus_administrator",
            campus=cast.lincoln,
            starts_on=LONG_AGO,
            acting_for=held,
        )
    with in_district(cast):
        version = submitted(cast)
    acting = cast.actor("nobody_yet")
    with in_district(cast):
        approval = signing.sign_as(
            version=version,
            role="principal",
            content_hash=version.content_hash,
            actor=acting,
            at=NOW,
        )
    assert approval.signed_by == "Uma Blank"
    assert approval.acting_for == "Maria Ochoa"


def asked_fire(cast: Cast) -> tuple[PlanVersion, Publication]:
    """Return a version in review that fire must sign, too, and fire's review copy."""
    with in_district(cast):
        signature_lists.edit_signature_list(
            campus=cast.lincoln,
            needed=[("principal", None), ("sro", None), ("agency", cast.fire.pk)],
            actor=person(cast, "district"),
            at=NOW,
        )
        version = submitted(cast)
        copy = Publication.objects.get(version=version, agency=cast.fire)
    return version, copy


def test_a_signing_agency_gets_a_review_copy_and_one_message(cast: Cast) -> None:
    version, copy = asked_fire(cast)
    with in_district(cast):
        notice = Notice.objects.get(subject="signature", subject_id=copy.pk)
        told = Delivery.objects.filter(lines__notice=notice)
        assert [row.contact_id for row in told] == [cast.contacts["captain"].pk]
    assert "restricted" not in copy.document
    assert copy.content_hash == version.content_hash


def test_an_agency_signs_by_account_over_both_hashes(cast: Cast) -> None:
    version, copy = asked_fire(cast)
    captain = cast.actor("captain")
    approval = signing.sign_as_agency(
        copy_id=copy.pk, publication_hash=copy.own_hash, actor=captain, at=NOW
    )
    assert (approval.content_hash, approval.publication_hash) == (
        version.content_hash, copy.own_hash,
    )  # fmt: skip
    with in_district(cast):
        version = signed(cast, version)
        copy.refresh_from_db()
    assert version.state == PlanState.APPROVED
    assert copy.withdrawn_at == NOW


def test_another_agency_does_not_find_the_copy(cast: Cast) -> None:
    _version, copy = asked_fire(cast)
    with pytest.raises(NotFound):
        signing.sign_as_agency(
            copy_id=copy.pk, publication_hash=copy.own_hash, actor=cast.actor("patrol"), at=NOW
        )


def code_of(address: str) -> str:
    """Return the code in the newest message to an address."""
    message = AccountMessage.objects.filter(to=address).latest("pk")
    found = re.match(r"\d{6}", decrypt(message.body_sealed))
    assert found
    return found[0]


def ask(cast: Cast, copy: Publication, browser: str = "car 12") -> tuple[str, UUID]:
    """Ask for a code by the captain's link."""
    token = cast.link("captain", cast.lincoln, purpose="sign", subject_id=copy.pk)
    actor = cast.link_actor(token)
    signing.send_code(copy_id=copy.pk, actor=actor, browser=browser, at=NOW)
    return token, copy.pk


def by_link(
    cast: Cast,
    token: str,
    copy: Publication,
    code: str,
    *,
    browser: str = "car 12",
    minutes: int = 1,
) -> Approval:
    """Sign by link."""
    return signing.sign_as_agency(
        copy_id=copy.pk,
        publication_hash=copy.own_hash,
        actor=cast.link_actor(token),
        at=NOW + timedelta(minutes=minutes),
        name="Rosa Lindqvist",
        code=code,
        browser=browser,
    )


def test_an_agency_signs_by_link_with_the_code_it_was_sent(cast: Cast) -> None:
    _version, copy = asked_fire(cast)
    token, _key = ask(cast, copy)
    approval = by_link(cast, token, copy, code_of("captain@responders.example.org"))
    assert approval.signed_by == "Rosa Lindqvist, Capt. Rosa Lindqvist, Cedar Valley Fire & Rescue"


@pytest.mark.parametrize(("browser", "minutes"), [("another", 1), ("car 12", 11)])
def test_a_code_holds_in_its_browser_for_ten_minutes(
    cast: Cast, browser: str, minutes: int
) -> None:
    _version, copy = asked_fire(cast)
    token, _key = ask(cast, copy)
    code = code_of("captain@responders.example.org")
    with pytest.raises(BadInput) as refused:
        by_link(cast, token, copy, code, browser=browser, minutes=minutes)
    assert refused.value.where == "code"


def test_five_wrong_codes_end_the_right_one(cast: Cast) -> None:
    _version, copy = asked_fire(cast)
    token, _key = ask(cast, copy)
    code = code_of("captain@responders.example.org")
    for _try in range(5):
        with pytest.raises(BadInput):
            by_link(cast, token, copy, "x")
    with pytest.raises(BadInput):
        by_link(cast, token, copy, code)


def test_sending_back_ends_the_review_copy(cast: Cast) -> None:
    version, copy = asked_fire(cast)
    with in_district(cast):
        submitting.send_back(version=version, reason="Not yet.", actor=person(cast, "sro"), at=NOW)
        assert Notice.objects.get(subject_id=copy.pk).ended_at == NOW
    with pytest.raises(NotFound):
        signing.sign_as_agency(
            copy_id=copy.pk, publication_hash=copy.own_hash, actor=cast.actor("captain"), at=NOW
        )


def test_references_are_frozen_with_their_present_words(cast: Cast) -> None:
    with in_district(cast):
        version = drafted(cast)
        assert version.map_version is not None
        key = version.map_version.features.get(label="8").key
        row = section(version, "FA-EVAC")
        first, *rest = blocks(row)
        text = f"Leave by [Door 7](feature:{key})."
        sections.edit_section(
            section=row,
            expected_edits=0,
            blocks=[type(first)(first.id, "text", AUDIENCES[0], text), *rest],
            actor=person(cast, "sro"),
            at=NOW,
        )
        version = submitting.submit(version=version, actor=person(cast, "sro"), at=NOW)
        frozen = next(s for s in document_of(version).sections if s.template_id == "FA-EVAC")
    assert frozen.blocks[0].markdown == f"Leave by [Door 8](feature:{key})."
