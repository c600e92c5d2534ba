"""Two people at the same moment, each with a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.problems import EditConflict
from plans.models import Approval, PlanState, PlanVersion
from plans.services import drafting, sections, signing
from tests.cast import NOW, Cast, assemble
from tests.plans.app.writing import blocks, in_district, person, section, submitted


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    return assemble()


@pytest.mark.django_db(transaction=True)
def test_of_two_signers_at_once_both_are_recorded_and_one_approves(crowd: Cast) -> None:
    with in_district(crowd):
        version = submitted(crowd)
    together = Barrier(2)

    def sign(role: str, actor: Actor) -> None:
        try:
            with reach_of(actor):
                together.wait(10)
                signing.sign_as(
                    version=version,
                    role=role,
                    content_hash=version.content_hash,
                    actor=actor,
                    at=NOW,
                )
        finally:
            connection.close()

    people = [("principal", crowd.actor("principal")), ("sro", crowd.actor("sro"))]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(sign, role, actor) for role, actor in people]:
            done.result(20)
    with in_district(crowd):
        version = PlanVersion.objects.get(pk=version.pk)
        assert version.state == PlanState.APPROVED
        assert Approval.objects.filter(version=version, lapsed_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_gets_the_other_s_text(crowd: Cast) -> None:
    with in_district(crowd):
        draft = drafting.start_plan(
            campus=crowd.lincoln, hazards=[], actor=person(crowd, "sro"), at=NOW
        )
        row = section(draft, "FA-EVAC")
        before = blocks(row)
    together = Barrier(2)

    def save(actor: Actor) -> str:
        try:
            with reach_of(actor):
                together.wait(10)
                sections.edit_section(
                    section=row,
                    expected_edits=0,
                    blocks=[
                        type(before[0])(before[0].id, "text", "public", f"By {actor.label}."),
                        *before[1:],
                    ],
                    actor=actor,
                    at=NOW,
                )
        except EditConflict as conflict:
            return str(conflict)
        finally:
            connection.close()
        return "saved"

    people = [crowd.actor("principal"), crowd.actor("sro")]
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(save, people, timeout=20))
    assert answers.count("saved") == 1
    assert any("Nothing of yours is lost." in answer for answer in answers)
    with in_district(crowd):
        assert section(draft, "FA-EVAC").edits == 1
