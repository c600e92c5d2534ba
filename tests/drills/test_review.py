"""The loop closes: review, corrective action, changed plan, sealed record."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from backend.problems import BadInput, NotAllowed, WrongState
from backend.tenancy.owner import as_owner
from drills.models import (
    ActionState,
    AfterActionReview,
    Amendment,
    CorrectiveAction,
    Drill,
    DrillState,
    Provenance,
    RecordSeal,
    TimelineEntry,
)
from drills.services import corrective, recording, reviewing
from drills.services.reviewing import ReviewEditedMeanwhile
from drills.services.sealing import first_broken
from plans.models import PlanState, Section
from plans.queries.publications import cut, own_hash
from plans.services import publishing, submitting
from tests.cast import NOW, Cast, assemble
from tests.drills.holding import (
    BEFORE,
    STARTS,
    acting,
    cleared,
    fresh,
    held,
    in_district,
    member,
    scheduled,
)
from tests.plans.app import writing

AFTER = STARTS + timedelta(hours=1)


def reviewed_drill(cast: Cast) -> tuple[Drill, AfterActionReview]:
    drill = held(cast, cleared(cast, scheduled(cast)))
    with in_district(cast):
        return drill, AfterActionReview.objects.get(drill=drill)


def deed(cast: Cast, **more: object) -> corrective.Deed:
    values: dict[str, object] = {
        "what": "Move the roll sheets to the gym doors.",
        "element": "equipment",
        "outcome": "work_order",
        "owner": member(cast, "principal"),
        "due_on": date(2026, 10, 1),
    }
    return corrective.Deed(**{**values, **more})  # type: ignore[arg-type]


def test_nothing_to_fix_closes_an_ordinary_drill_in_one_press(cast: Cast) -> None:
    drill, review = reviewed_drill(cast)
    with acting(cast, "principal") as actor:
        reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
    assert fresh(cast, drill).state == DrillState.REVIEWED
    with in_district(cast):
        assert RecordSeal.objects.get(drill=drill).number == 1
        assert first_broken(cast.lincoln) is None


def test_a_review_without_answer_and_action_is_not_closed(cast: Cast) -> None:
    _drill, review = reviewed_drill(cast)
    with acting(cast, "principal") as actor, pytest.raises(BadInput) as refusal:
        reviewing.close(review_id=review.pk, nothing_to_fix=False, actor=actor, at=AFTER)
    assert refusal.value.where == "actions"


def test_the_sro_writes_a_review_and_does_not_close_it(cast: Cast) -> None:
    _drill, review = reviewed_drill(cast)
    with acting(cast, "sro") as actor:
        reviewing.write(review_id=review.pk, worked="Quick", did_not="", expected=1, actor=actor,
                        at=AFTER)  # fmt: skip
        with pytest.raises(NotAllowed):
            reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)


def test_two_who_write_at_once_lose_nothing(cast: Cast) -> None:
    _drill, review = reviewed_drill(cast)
    with acting(cast, "sro") as actor:
        reviewing.write(review_id=review.pk, worked="Quick", did_not="", expected=1, actor=actor,
                        at=AFTER)  # fmt: skip
    with acting(cast, "principal") as actor, pytest.raises(ReviewEditedMeanwhile):
        reviewing.write(review_id=review.pk, worked="Slow", did_not="", expected=1, actor=actor,
                        at=AFTER)  # fmt: skip


def test_an_exercise_closes_with_its_ratings_only(cast: Cast) -> None:
    drill = held(
        cast,
        cleared(cast, scheduled(cast, type="tabletop", pupils_present=False, time=time(10, 15))),
    )
    with in_district(cast):
        review = AfterActionReview.objects.get(drill=drill)
    rated = reviewing.Rated("Command is named within two minutes", "Operational Coordination")
    with acting(cast, "principal") as actor:
        with pytest.raises(BadInput) as refusal:
            reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
        assert refusal.value.where == "objectives"
        reviewing.write(review_id=review.pk, worked="", did_not="", expected=1, actor=actor,
                        at=AFTER, objectives=[rated])  # fmt: skip
        with pytest.raises(BadInput):
            reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
        rated = reviewing.Rated(rated.objective, rated.capability, "S", "Clear", "")
        reviewing.write(review_id=review.pk, worked="", did_not="", expected=2, actor=actor,
                        at=AFTER, objectives=[rated])  # fmt: skip
        reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
    assert (review.due_on - drill.day).days == 30


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"what": " "}, "what"),
        ({"element": "luck"}, "element"),
        ({"outcome": "blame"}, "outcome"),
        ({"due_on": date(2026, 9, 1)}, "due_on"),
        ({"outcome": "no_change"}, "reason"),
        ({"outcome": "plan_change"}, "outcome"),  # nothing is published here
    ],
)
def test_an_action_that_cannot_be_is_refused(
    cast: Cast, changed: dict[str, object], where: str
) -> None:
    _drill, review = reviewed_drill(cast)
    wanted = deed(cast, **changed)
    with acting(cast, "principal") as actor, pytest.raises(BadInput) as refusal:
        corrective.add(review_id=review.pk, deed=wanted, actor=actor, at=AFTER)
    assert refusal.value.where == where


def test_a_work_order_ends_with_its_proof(cast: Cast) -> None:
    drill, review = reviewed_drill(cast)
    wanted = deed(cast)
    with acting(cast, "principal") as actor:
        action = corrective.add(review_id=review.pk, deed=wanted, actor=actor, at=AFTER)
        reviewing.close(review_id=review.pk, nothing_to_fix=False, actor=actor, at=AFTER)
        with pytest.raises(BadInput):
            corrective.finish(action_id=action.pk, proof=" ", actor=actor, at=AFTER)
        corrective.finish(action_id=action.pk, proof="Work order 5521", actor=actor, at=AFTER)
    with in_district(cast):
        assert RecordSeal.objects.filter(drill=drill).count() == 2
        assert first_broken(cast.lincoln) is None


def test_publishing_the_changed_plan_closes_the_action_and_the_packet_names_the_drill(
    cast: Cast,
) -> None:
    with writing.in_district(cast):
        first = writing.published(cast)
    _drill, review = reviewed_drill(cast)
    wanted = deed(cast, outcome="plan_change", element="planning", what="Use Gate 2 for buses.")
    with acting(cast, "principal") as actor:
        action = corrective.add(review_id=review.pk, deed=wanted, actor=actor, at=AFTER)
        reviewing.close(review_id=review.pk, nothing_to_fix=False, actor=actor, at=AFTER)
        version = corrective.open_plan_change(action_id=action.pk, actor=actor, at=AFTER)
        assert corrective.open_plan_change(action_id=action.pk, actor=actor, at=AFTER) == version
        with pytest.raises(WrongState):
            corrective.finish(action_id=action.pk, proof="x", actor=actor, at=AFTER)
    assert version.number == first.number + 1
    with writing.in_district(cast):
        frozen = submitting.submit(
            version=version, actor=writing.person(cast, "principal"), at=AFTER
        )
        signed = writing.signed(cast, frozen)
        assert signed.state == PlanState.APPROVED
        publication = publishing.publish(
            version=signed, in_force_from=date(2026, 9, 15),
            actor=writing.person(cast, "principal"), at=AFTER,
        )  # fmt: skip
        done = CorrectiveAction.objects.get(pk=action.pk)
        assert own_hash(cut(signed, at=AFTER, in_force_from=date(2026, 9, 15))) == (
            publication.own_hash
        )
    assert (done.state, done.plan_version_id) == (ActionState.DONE, signed.pk)
    assert publication.changes[0]["text"] == (
        "Use Gate 2 for buses (learned in the Fire drill of Tue, Sep\u00a015)."
    )


def test_changing_the_plan_opens_the_section_and_says_what_for(cast: Cast) -> None:
    with writing.in_district(cast):
        writing.published(cast)
        section = Section.objects.filter(version__campus=cast.lincoln).first()
    assert section is not None
    drill, review = reviewed_drill(cast)
    wanted = deed(
        cast, outcome="plan_change", element="planning", what="Use Gate 2 for buses.",
        section_key=section.key,
    )  # fmt: skip
    with acting(cast, "principal") as actor:
        action = corrective.add(review_id=review.pk, deed=wanted, actor=actor, at=AFTER)
    client = cast.client("sro")
    opened = client.post(f"/drills/{drill.pk}/review/actions/{action.pk}/change/", follow=True)
    assert opened.status_code == 200
    assert opened.request["PATH_INFO"].endswith(f"/plan/sections/{section.template_id}/")
    for page in (opened, client.get(f"{cast.lincoln.get_absolute_url()}plan/")):
        assert "Use Gate 2 for buses (learned in the Fire drill" in page.content.decode()


def test_a_drill_recorded_afterwards_says_so_for_ever(cast: Cast) -> None:
    paper = b"%PDF-1.7 scan"
    with acting(cast, "office") as actor:
        drill = recording.record_afterwards(
            campus_id=cast.lincoln.pk,
            held=recording.Held("fire", date(2026, 9, 3), time(9, 10), 6, paper=paper),
            actor=actor,
            at=NOW,
        )
    assert (drill.provenance, drill.recorded_by) == (Provenance.PAPER, "Jo Brandt")
    assert drill.state == DrillState.ENDED


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"day": date(2026, 9, 9)}, "time"),
        ({"minutes": 0}, "minutes"),
        ({"type": "surprise"}, "type"),
        ({"paper": b"GIF89a"}, "paper"),
        ({"real_event": True, "unplanned_alarm": True}, "real_event"),
    ],
)
def test_a_record_that_cannot_be_is_refused(
    cast: Cast, changed: dict[str, object], where: str
) -> None:
    values = {"type": "fire", "day": date(2026, 9, 3), "time": time(9, 10), "minutes": 6}
    told = recording.Held(**{**values, **changed})  # type: ignore[arg-type]
    with acting(cast, "office") as actor, pytest.raises(BadInput) as refusal:
        recording.record_afterwards(campus_id=cast.lincoln.pk, held=told, actor=actor, at=BEFORE)
    assert refusal.value.where == where


def test_a_record_is_corrected_by_amendment(cast: Cast) -> None:
    drill, review = reviewed_drill(cast)
    with acting(cast, "principal") as actor:
        reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
        amendment = recording.amend(
            drill_id=drill.pk, what="exits", now="blocked", reason="Door 3 was chained",
            actor=actor, at=AFTER,
        )  # fmt: skip
        with pytest.raises(BadInput):
            recording.amend(drill_id=drill.pk, what="ended_at", now="now", reason="x",
                            actor=actor, at=AFTER)  # fmt: skip
    assert (amendment.was, amendment.now) == ("normal", "blocked")
    with in_district(cast):
        seals = list(RecordSeal.objects.filter(drill=drill))
    assert len(seals) == 2
    assert seals[1].former_hash == seals[0].chain_hash


@pytest.mark.django_db(transaction=True)
def test_an_altered_record_is_found(transactional_db: None) -> None:
    cast = assemble()
    _drill, review = reviewed_drill(cast)
    with acting(cast, "principal") as actor:
        reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=AFTER)
    connection.close()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE drills_recordseal SET content = replace(content, 'Maria Ochoa', 'Mary Ochoa')"
        )
        assert cursor.rowcount == 1
    connection.close()
    with in_district(cast):
        assert first_broken(cast.lincoln) == RecordSeal.objects.get()


@pytest.mark.parametrize("model", [TimelineEntry, Amendment, RecordSeal])
def test_the_application_may_not_change_what_a_record_holds(
    cast: Cast, model: type[TimelineEntry]
) -> None:
    with in_district(cast), pytest.raises(ProgrammingError, match="permission denied"):
        model.objects.update(created_at=AFTER)


@pytest.mark.parametrize("model", [TimelineEntry, Amendment, RecordSeal])
def test_the_application_may_not_remove_what_a_record_holds(
    cast: Cast, model: type[TimelineEntry]
) -> None:
    with in_district(cast), pytest.raises(ProgrammingError, match="permission denied"):
        model.objects.all().delete()
