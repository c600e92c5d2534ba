"""Publishing: what responders get, what never changes, dates, adoption, withdrawal."""

import io
import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from backend.files import store
from backend.problems import BadInput, NotAllowed, WrongState
from notifications.models import Delivery, Notice
from plans.content.audiences import blocks_above
from plans.content.hashing import from_json
from plans.models import PlanState, PlanVersion, Publication, PublishedAs
from plans.packets.facts import first_page_of
from plans.queries import (
    coming,
    document_of,
    in_force,
    publication_coming,
    publication_in_force,
)
from plans.queries.publications import cut, own_hash
from plans.queries.recipients import who_is_told
from plans.services import adopting, drafting, publishing, roles, sections, submitting
from plans.tasks import put_in_force
from tests.cast import NOW, Cast
from tests.plans.app.writing import (
    TODAY,
    blocks,
    drafted,
    in_district,
    person,
    published,
    section,
    signed,
    submitted,
)

TOMORROW = TODAY + timedelta(days=1)


def second_version(cast: Cast, in_force_from: date = TODAY) -> Publication:
    """Return the publication of a second version, in which a post has changed hands."""
    draft = drafting.start_from_published(campus=cast.lincoln, actor=person(cast, "sro"), at=NOW)
    held = document_of(draft).roles
    changed = [type(held[0])("IC", "Thomas Adler", "Maria Ochoa", "Helen Marsh"), *held[1:]]
    changed[4] = type(held[0])("OSC", "Ana Lopez", "Carl Jensen", "Helen Marsh")
    roles.edit_roles(
        version=draft,
        expected=roles.roles_mark(draft),
        roles=changed,
        actor=person(cast, "sro"),
        at=NOW,
    )
    submitting.submit(version=draft, actor=person(cast, "sro"), at=NOW)
    draft.refresh_from_db()
    return publishing.publish(
        version=signed(cast, draft),
        in_force_from=in_force_from,
        actor=person(cast, "principal"),
        at=NOW,
    )


def test_nothing_is_published_before_every_place_is_signed(cast: Cast) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast), ("sro", "sro"))
        with pytest.raises(publishing.ApprovalsMissing) as refused:
            publishing.publish(
                version=version, in_force_from=TODAY, actor=person(cast, "principal"), at=NOW
            )
        assert refused.value.where == "Principal"
        assert not Publication.objects.exists()
        assert not Notice.objects.exists()


@pytest.mark.parametrize("word", ["sro", "auditor"])
def test_who_reads_the_plan_does_not_publish_it(cast: Cast, word: str) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast))
        with pytest.raises(NotAllowed):
            publishing.publish(
                version=version, in_force_from=TODAY, actor=person(cast, word), at=NOW
            )


def test_a_day_that_has_passed_is_refused(cast: Cast) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast))
        with pytest.raises(BadInput) as refused:
            publishing.publish(
                version=version,
                in_force_from=TODAY - timedelta(days=1),
                actor=person(cast, "principal"),
                at=NOW,
            )
        version.refresh_from_db()
    assert refused.value.where == "in_force_from"
    assert version.state == PlanState.APPROVED


def test_publishing_owes_each_covering_agency_one_message(cast: Cast) -> None:
    with in_district(cast):
        told = who_is_told(cast.lincoln, NOW)
        publication = published(cast)
        notice = Notice.objects.get(subject="plan packet", subject_id=publication.pk)
        assert {row.agency_id for row in Delivery.objects.filter(lines__notice=notice)} == {
            agency.pk for agency in told.agencies
        }
        assert publication.version.state == PlanState.PUBLISHED
    assert len(told.contacts) == 3
    assert notice.wording["number"] == 1


def test_the_responders_copy_holds_nothing_restricted(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
        whole = document_of(publication.version)
    text = publication.document
    hidden = [b for s in whole.sections for b in s.blocks if b.audience == "restricted"]
    assert hidden
    assert all(json.dumps(block.markdown)[1:60] not in text for block in hidden)
    blocks_above(from_json(json.loads(text)), "responder")
    assert "tenant" not in text


def test_a_publication_is_cut_again_the_same(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
        publication.refresh_from_db()
        again = cut(PlanVersion.objects.get(pk=publication.version_id), at=NOW, in_force_from=TODAY)
    assert own_hash(publication) == publication.own_hash == again.own_hash
    assert publication.content_hash == again.content_hash


@pytest.mark.parametrize("field", ["document", "map_document", "own_hash"])
def test_the_database_keeps_what_was_published(cast: Cast, field: str) -> None:
    with in_district(cast):
        publication = published(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.filter(pk=publication.pk).update(**{field: "{}"})
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanVersion.objects.filter(pk=publication.version_id).update(content_hash="m1:0")
        with pytest.raises(IntegrityError), transaction.atomic():
            section(publication.version, "FA-LOCK").delete()


def test_the_next_version_tells_what_changed_and_supersedes(cast: Cast) -> None:
    with in_district(cast):
        first = published(cast)
        second = second_version(cast)
        first.version.refresh_from_db()
        assert first.version.state == PlanState.SUPERSEDED
        assert in_force(cast.lincoln, TODAY) == second.version
        assert publication_in_force(cast.lincoln, TODAY) == second
    texts = [change["text"] for change in second.changes]
    assert "Thomas Adler is incident commander, in place of Maria Ochoa." in texts
    assert len(texts) == 5
    assert second.replaces_number == 1


def test_a_version_with_a_later_date_waits_for_it(cast: Cast) -> None:
    with in_district(cast):
        first = published(cast)
        second = second_version(cast, in_force_from=TOMORROW)
        first.version.refresh_from_db()
        assert first.version.state == PlanState.PUBLISHED
        assert in_force(cast.lincoln, TODAY) == first.version
        assert coming(cast.lincoln, TODAY) == second.version
        assert publication_coming(cast.lincoln, TODAY) == second
        assert in_force(cast.lincoln, TOMORROW) == second.version
        # 11:59 PM and midnight in Michigan, which is UTC-4 in September
        assert publishing.put_in_force(at=NOW.replace(day=9, hour=3, minute=59)) == 0
        assert publishing.put_in_force(at=NOW.replace(day=9, hour=4, minute=0)) == 1
        assert publishing.put_in_force(at=NOW.replace(day=9, hour=4, minute=1)) == 0
        first.version.refresh_from_db()
    assert first.version.state == PlanState.SUPERSEDED


def test_the_tick_finds_the_districts_by_itself(cast: Cast) -> None:
    with in_district(cast):
        published(cast)
        second_version(cast, in_force_from=TOMORROW)
    assert put_in_force() == 1  # the date lies before the clock of this machine
    assert put_in_force() == 0


def scan() -> bytes:
    """Return a photo of a signature page."""
    output = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(output, "PNG")
    return output.getvalue()


def test_an_adopted_plan_comes_in_as_it_stands_and_restricted_until_marked(cast: Cast) -> None:
    with in_district(cast):
        version = drafted(cast)
        row = section(version, "FA-LOCK")
        sections.edit_section(
            section=row,
            expected_edits=0,
            blocks=[],
            actor=person(cast, "sro"),
            at=NOW,
        )  # a gap that would block an approval
        publication = adopting.adopt(
            version=version,
            signature_page=scan(),
            adopted_on=date(2025, 8, 1),
            in_force_from=TODAY,
            audiences={"FA-EVAC": "responder", "FA-SHEL": "as_marked"},
            actor=person(cast, "principal"),
            at=NOW,
        )
        version = publication.version
        shown = [item.template_id for item in from_json(json.loads(publication.document)).sections]
        assert version.signature_page is not None
        page = store.read(version.signature_page)
    assert version.published_as == PublishedAs.ADOPTED
    assert version.adopted_on == date(2025, 8, 1)
    assert shown == ["FA-EVAC", "FA-SHEL"]
    assert page.startswith(b"\xff\xd8")


def test_a_signature_page_that_is_none_changes_nothing(cast: Cast) -> None:
    with in_district(cast):
        version = drafted(cast)
        before = [block.audience for block in blocks(section(version, "FA-EVAC"))]
        with pytest.raises(BadInput) as refused:
            adopting.adopt(
                version=version,
                signature_page=b"%PDF-1.7 broken",
                adopted_on=TODAY,
                in_force_from=TODAY,
                audiences={},
                actor=person(cast, "principal"),
                at=NOW,
            )
        version.refresh_from_db()
        after = [block.audience for block in blocks(section(version, "FA-EVAC"))]
    assert refused.value.where == "signature_page"
    assert version.state == PlanState.DRAFT
    assert before == after


def test_withdrawing_takes_the_packet_back_and_tells(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
        publishing.withdraw(
            version=publication.version,
            reason="The map is of another school.",
            actor=person(cast, "district"),
            at=NOW,
        )
        assert publication_in_force(cast.lincoln, TODAY) is None
        assert in_force(cast.lincoln, TODAY) is None
        kinds = set(Notice.objects.filter(ended_at=None).values_list("kind", flat=True))
        with pytest.raises(WrongState):
            publishing.withdraw(
                version=publication.version, reason="x", actor=person(cast, "district"), at=NOW
            )
    assert kinds == {"packet.withdrawn"}


def test_the_packet_reads_the_first_page_of_a_publication(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
    page = first_page_of(publication.facts["first_page"])
    assert page.address == "2100 Alder Street, Cedar Valley"
    assert page.people_by_hour[2] == (8, 1210)
    assert page.hazards[2].room_label == "Cafeteria"
