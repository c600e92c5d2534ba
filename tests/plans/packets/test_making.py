"""Bases of packets: asked for by a tick, made by a job, never twice; and codes of papers."""

from datetime import timedelta

import pytest

from backend.directory.models import District
from backend.jobs.models import Job, JobState
from backend.jobs.run import run_due
from backend.problems import NotFound
from backend.tenancy import reach
from plans import tasks
from plans.models import PacketBase, Publication
from plans.queries.packets import check_paper, code_of, hash_of_conditions, ingredients_of
from plans.services import packets, publishing
from plans.services.packets import base_for
from tests.cast import NOW, Cast
from tests.plans.app.writing import confirmed_sheet, in_district, person, published


@pytest.fixture
def publication(cast: Cast) -> Publication:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
        return published(cast)


def made(cast: Cast, publication: Publication) -> PacketBase:
    """Let the job make the base; return it."""
    with in_district(cast):
        assert packets.ask_for_missing(at=NOW) == 1
    run_due()
    with in_district(cast):
        job = Job.objects.get(kind="packet")
        assert job.state == JobState.DONE, job.outcome
        return PacketBase.objects.get(publication=publication)


def test_a_job_makes_the_base_with_progress_and_its_pages(
    cast: Cast, publication: Publication
) -> None:
    base = made(cast, publication)
    assert base.pages > 5
    assert len(base.code) == 8
    with in_district(cast):
        job = Job.objects.get(kind="packet")
        assert job.percent == 100
        assert job.outcome["pages"] == base.pages


def test_a_base_that_is_there_is_not_asked_for_again(cast: Cast, publication: Publication) -> None:
    made(cast, publication)
    with in_district(cast):
        assert packets.ask_for_missing(at=NOW) == 0


def test_asking_twice_gives_one_job(cast: Cast, publication: Publication) -> None:
    with in_district(cast):
        packets.ask_for_missing(at=NOW)
        packets.ask_for_missing(at=NOW)
        assert Job.objects.filter(kind="packet").count() == 1


def test_the_tick_asks_in_every_district(cast: Cast, publication: Publication) -> None:
    assert tasks.make_missing_packets() >= 1
    with in_district(cast):
        assert Job.objects.filter(kind="packet", subject_id=publication.pk).exists()


def test_a_job_that_failed_waits_ten_minutes(cast: Cast, publication: Publication) -> None:
    with in_district(cast):
        packets.ask_for_missing(at=NOW)
        Job.objects.update(state=JobState.FAILED)
        made_at = Job.objects.get(kind="packet").created_at
        assert packets.ask_for_missing(at=made_at + timedelta(minutes=1)) == 0
        assert packets.ask_for_missing(at=made_at + timedelta(minutes=11)) == 1


def test_a_new_contact_sheet_makes_a_new_base(cast: Cast, publication: Publication) -> None:
    first = made(cast, publication)
    with in_district(cast):
        confirmed_again(cast)
        assert base_for(publication, at=NOW) is None
        assert packets.ask_for_missing(at=NOW) == 1
    run_due()
    with in_district(cast):
        second = base_for(publication, at=NOW)
    assert second is not None
    assert second.code != first.code


def confirmed_again(cast: Cast) -> None:
    """Confirm the sheet as it stands, a minute later."""
    from plans.queries.sheets import sheet_of
    from plans.services import contact_sheet

    row = sheet_of(cast.lincoln)
    assert row is not None
    contact_sheet.confirm_sheet(
        campus=cast.lincoln, expected_edits=row.edits, actor=person(cast, "sro"),
        at=NOW + timedelta(minutes=1),
    )  # fmt: skip


def test_the_code_is_that_of_its_parts(cast: Cast, publication: Publication) -> None:
    base = made(cast, publication)
    with in_district(cast):
        district = District.objects.get(pk=cast.district.pk)
        parts = ingredients_of(publication, district, at=NOW)
    assert base.code == parts.code == code_of(publication, parts.sheet, hash_of_conditions(()))


def test_a_current_paper_is_current(cast: Cast, publication: Publication) -> None:
    code = made(cast, publication).code
    answer = check_paper(code.lower(), at=NOW)
    assert (answer.state, answer.held, answer.answering_phone) == ("current", 1, "555-0100")


def test_a_paper_with_former_numbers_of_the_same_words_stays_current(
    cast: Cast, publication: Publication
) -> None:
    code = made(cast, publication).code
    with in_district(cast):
        confirmed_again(cast)
    assert check_paper(code, at=NOW).state == "current"


def test_a_withdrawn_plan_makes_its_paper_worthless(cast: Cast, publication: Publication) -> None:
    code = made(cast, publication).code
    with in_district(cast):
        publishing.withdraw(
            version=publication.version, reason="Wrong map", actor=person(cast, "principal"), at=NOW
        )
    assert check_paper(code, at=NOW).state == "withdrawn"


def test_a_code_that_no_paper_has_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        check_paper("AAAAAAAA", at=NOW)


def test_checking_opens_no_district(cast: Cast, publication: Publication) -> None:
    code = made(cast, publication).code
    check_paper(code, at=NOW)
    assert not reach.is_open()


def test_people_do_not_read_what_the_compiler_said_and_administrators_do() -> None:
    problem = packets.PacketNotMade("The PDF could not be made.", cause="unknown variable: x")
    assert "unknown variable" not in str(problem)
    assert problem.as_json()["cause"] == "unknown variable: x"


def test_the_sheets_say_who_verified_the_map_and_when(cast: Cast, publication: Publication) -> None:
    verified = {"map_verified_on": "2026-08-20", "map_verified_by": "Officer Dana Whitfield"}
    with in_district(cast):
        publication.facts |= verified
        district = District.objects.get(pk=publication.district_id)
        made_from = ingredients_of(publication, district, at=NOW)
        edition = packets.packet_tree(made_from, at=NOW).edition
    assert edition.map_verified_on is not None
    assert edition.map_verified_on.isoformat() == "2026-08-20"
    assert edition.map_verified_by == "Officer Dana Whitfield"
