"""What the outbox says of packets and conditions, and what follows from a condition."""

from datetime import timedelta

import pytest

from backend.jobs.models import Job
from maps.services import conditions
from maps.services.conditions import Told
from notifications.models import Notice
from notifications.subjects import subject_of
from plans.models import Publication
from plans.services import publishing
from plans.services.opening import open_packet
from tests.cast import NOW, Cast
from tests.plans.app.writing import confirmed_sheet, in_district, person, published


@pytest.fixture
def publication(cast: Cast) -> Publication:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
        return published(cast)


def test_a_packet_in_force_is_told_with_its_day_and_lasting_link(
    cast: Cast, publication: Publication
) -> None:
    with in_district(cast):
        notice = Notice.objects.get(kind="packet.ready")
        said = subject_of("plan packet").line_for(notice)
        link = subject_of("plan packet").link_for(publication.pk, cast.contacts["patrol"])
    assert said.subject.startswith("[PACKET] Lincoln High School: response packet v1")
    assert "Tue, Sep\u00a08, 2026" in said.subject
    assert f"{{{{link:packet:{cast.lincoln.pk}}}}}" in "\n".join(said.lines)
    assert link is not None
    assert (link.purpose, link.path, link.campus_id) == ("packet", "/p/{token}/", cast.lincoln.pk)


def test_a_withdrawal_says_why(cast: Cast, publication: Publication) -> None:
    with in_district(cast):
        publishing.withdraw(
            version=publication.version, reason="Wrong map", actor=person(cast, "principal"), at=NOW
        )
        notice = Notice.objects.get(kind="packet.withdrawn")
        said = subject_of("plan packet").line_for(notice)
    assert "is withdrawn" in said.subject
    assert "Reason: Wrong map" in said.lines


def test_an_opening_is_known_to_the_board(cast: Cast, publication: Publication) -> None:
    actor = cast.link_actor(cast.link("patrol", cast.lincoln))
    open_packet(actor=actor, campus_id=cast.lincoln.pk, form="html", at=NOW)
    with in_district(cast):
        notice = Notice.objects.get(kind="packet.ready")
        (opening,) = subject_of("plan packet").openings_of(notice)
    assert opening.agency_id == cast.police.pk
    assert opening.contact_id == cast.contacts["patrol"].pk


@pytest.mark.parametrize(("kind", "told"), [("access", 1), ("elevator", 0)])
def test_a_condition_asks_for_a_new_pdf_and_tells_agencies_where_it_touches_their_work(
    cast: Cast, publication: Publication, kind: str, told: int
) -> None:
    with in_district(cast):
        conditions.publish(
            campus_id=cast.lincoln.pk,
            told=Told(kind, "Chained", NOW + timedelta(days=3), place="Gate 4"),
            actor=person(cast, "sro"),
            at=NOW,
        )
        assert Job.objects.filter(kind="packet", subject_id=publication.pk).count() == 1
        notices = list(Notice.objects.filter(kind="condition.published"))
        assert len(notices) == told
        for notice in notices:
            said = subject_of("condition").line_for(notice)
            assert "Gate 4" in said.subject
            assert notice.is_urgent
