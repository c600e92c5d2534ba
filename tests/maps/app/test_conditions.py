"""A condition from first word to its end: who may, what is refused, what the clock does."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from backend.audit.models import AuditEvent
from backend.directory.access import reach_of
from backend.files import store
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from maps import queries, tasks
from maps.models import Condition
from maps.services import conditions
from maps.services.conditions import Told
from tests.cast import NOW, Cast
from tests.maps.app.conftest import acting

DAY = timedelta(days=1)


def told(**more: Any) -> Told:
    return Told(**{
        "kind": "access", "text": "Gate 4 is chained.", "place": "Gate 4, Birch Avenue",
        "ends_at": NOW + 3 * DAY, **more,
    })  # fmt: skip


def published_by(cast: Cast, word: str = "sro", **more: Any) -> Condition:
    with acting(cast, word) as actor:
        return conditions.publish(campus_id=cast.lincoln.pk, told=told(**more), actor=actor, at=NOW)


def reported_by(cast: Cast, word: str) -> Condition:
    return conditions.report(campus_id=cast.lincoln.pk, told=told(), actor=cast.actor(word), at=NOW)


def photo() -> bytes:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    Image.new("RGB", (2400, 1200), "red").save(picture, "JPEG", exif=exif)
    return picture.getvalue()


def test_a_published_condition_is_in_force_at_once(cast: Cast) -> None:
    condition = published_by(cast)
    with reach.of_districts(cast.district.pk):
        assert list(queries.conditions_in_force(cast.lincoln, at=NOW)) == [condition]
        event = AuditEvent.objects.get(action="condition.published")
    assert (condition.published_by, event.subject_id) == ("Officer Dana Whitfield", condition.pk)


def test_a_condition_ends_by_itself_at_its_moment(cast: Cast) -> None:
    condition = published_by(cast)
    with reach.of_districts(cast.district.pk):
        last = condition.ends_at - timedelta(seconds=1)
        assert queries.conditions_in_force(cast.lincoln, at=last).exists()
        assert not queries.conditions_in_force(cast.lincoln, at=condition.ends_at).exists()


def test_a_condition_that_starts_later_is_not_yet_in_force(cast: Cast) -> None:
    published_by(cast, starts_at=NOW + DAY)
    with reach.of_districts(cast.district.pk):
        assert not queries.conditions_in_force(cast.lincoln, at=NOW).exists()
        assert queries.conditions_in_force(cast.lincoln, at=NOW + DAY).exists()


def test_the_tick_ends_what_is_over_once_and_nothing_else(cast: Cast) -> None:
    long_over = datetime(2026, 1, 10, tzinfo=UTC)
    with acting(cast, "sro") as actor:
        over = conditions.publish(
            campus_id=cast.lincoln.pk,
            told=told(ends_at=long_over),
            actor=actor,
            at=long_over - DAY,
        )
        stands = conditions.publish(
            campus_id=cast.lincoln.pk,
            told=told(ends_at=datetime.now(UTC) + 3 * DAY),
            actor=actor,
            at=datetime.now(UTC),
        )
    assert tasks.end_conditions() == 1
    assert tasks.end_conditions() == 0
    with reach.of_districts(cast.district.pk):
        over.refresh_from_db()
        stands.refresh_from_db()
        assert AuditEvent.objects.filter(action="condition.over").count() == 1
    assert (over.state, over.ended_at, over.ended_by) == ("ended", long_over, "Muster")
    assert stands.state == "published"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_at", NOW + timedelta(days=30, seconds=1)),
        ("ends_at", NOW),
        ("starts_at", NOW - DAY),
        ("text", "  "),
        ("place", ""),
        ("kind", "flood"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast: Cast, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refusal:
        published_by(cast, **{field: value})
    assert refusal.value.where == field
    assert refusal.value.mend


def test_thirty_days_are_allowed(cast: Cast) -> None:
    assert published_by(cast, ends_at=NOW + timedelta(days=30)).pk


def test_a_chosen_feature_gives_the_place_its_words(cast: Cast, keys: dict[str, str]) -> None:
    condition = published_by(cast, place="", feature_key=keys["AED 1"])
    assert condition.place == "AED 1, Floor 1, C2"


def test_a_feature_that_is_not_on_the_map_is_refused(cast: Cast, published: object) -> None:
    with pytest.raises(BadInput) as refusal:
        published_by(cast, feature_key="01990000-0000-7000-8000-000000000001")
    assert refusal.value.where == "feature"


def test_a_photo_is_kept_without_what_the_camera_wrote(cast: Cast) -> None:
    condition = published_by(cast, photo=photo())
    assert condition.photo
    with reach.of_districts(cast.district.pk):
        kept = Image.open(io.BytesIO(store.read(condition.photo)))
    assert (kept.size, dict(kept.getexif())) == ((1600, 800), {})


def test_a_file_that_is_no_picture_publishes_nothing(cast: Cast) -> None:
    with pytest.raises(BadInput):
        published_by(cast, photo=b"%PDF-1.7")
    with reach.of_districts(cast.district.pk):
        assert not Condition.objects.exists()


def test_the_publisher_is_not_the_second_person(cast: Cast) -> None:
    condition = published_by(cast)
    with acting(cast, "sro") as actor, pytest.raises(NotAllowed):
        conditions.mark_seen(condition_id=condition.pk, actor=actor, at=NOW)
    with acting(cast, "principal") as actor:
        seen = conditions.mark_seen(condition_id=condition.pk, actor=actor, at=NOW + DAY)
        assert (seen.seen_by, seen.seen_at) == ("Maria Ochoa", NOW + DAY)
        with pytest.raises(WrongState):
            conditions.mark_seen(condition_id=condition.pk, actor=actor, at=NOW + DAY)


@pytest.mark.parametrize("word", ["office", "staff", "access"])
def test_who_may_only_report_does_not_publish(cast: Cast, word: str) -> None:
    with pytest.raises(NotAllowed):
        published_by(cast, word)
    assert reported_by(cast, word).state == "reported"


@pytest.mark.parametrize("word", ["auditor", "evaluator", "district"])
def test_who_has_no_report_in_the_table_does_not_report(cast: Cast, word: str) -> None:
    with pytest.raises(NotAllowed):
        reported_by(cast, word)


def test_a_responder_reports_at_a_covered_campus_and_does_not_read_the_report(cast: Cast) -> None:
    condition = reported_by(cast, "patrol")
    assert condition.reported_by == "Sgt. Alan Pruitt"
    with acting(cast, "patrol"):
        assert not Condition.objects.exists()


def test_a_link_reports_at_its_campus(cast: Cast) -> None:
    actor = cast.link_actor(cast.link("patrol", cast.lincoln))
    condition = conditions.report(campus_id=cast.lincoln.pk, told=told(), actor=actor, at=NOW)
    assert condition.state == "reported"


def test_a_responder_does_not_report_where_its_agency_covers_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        conditions.report(
            campus_id=cast.cedar_ridge.pk, told=told(), actor=cast.actor("patrol"), at=NOW
        )


def test_a_report_stands_in_no_packet_until_it_is_accepted(cast: Cast) -> None:
    condition = reported_by(cast, "staff")
    with acting(cast, "principal") as actor:
        assert not queries.conditions_in_force(cast.lincoln, at=NOW).exists()
        assert list(queries.conditions_reported(cast.lincoln, at=NOW)) == [condition]
        accepted = conditions.accept_report(condition_id=condition.pk, actor=actor, at=NOW)
        assert list(queries.conditions_in_force(cast.lincoln, at=NOW)) == [accepted]
    assert (accepted.reported_by, accepted.published_by) == ("Tom Albers", "Maria Ochoa")
    with acting(cast, "patrol"):
        assert list(Condition.objects.all()) == [accepted]


def test_a_published_condition_is_not_accepted_again(cast: Cast) -> None:
    condition = published_by(cast)
    with acting(cast, "principal") as actor, pytest.raises(WrongState):
        conditions.accept_report(condition_id=condition.pk, actor=actor, at=NOW)


def test_an_ended_condition_is_out_of_force_and_ends_once(cast: Cast) -> None:
    condition = published_by(cast)
    with acting(cast, "principal") as actor:
        ended = conditions.end(condition_id=condition.pk, actor=actor, at=NOW + DAY)
        assert (ended.ended_by, ended.ended_at) == ("Maria Ochoa", NOW + DAY)
        assert not queries.conditions_in_force(cast.lincoln, at=NOW + DAY).exists()
        with pytest.raises(WrongState):
            conditions.end(condition_id=condition.pk, actor=actor, at=NOW + DAY)


def test_a_renewed_condition_goes_on_as_a_new_one_to_be_seen_again(cast: Cast) -> None:
    condition = published_by(cast)
    later = NOW + 2 * DAY
    with acting(cast, "principal") as actor:
        renewed = conditions.renew(
            condition_id=condition.pk, ends_at=later + 30 * DAY, actor=actor, at=later
        )
        condition.refresh_from_db()
        assert list(queries.conditions_in_force(cast.lincoln, at=later)) == [renewed]
    assert (condition.state, renewed.text, renewed.seen_at) == ("ended", condition.text, None)


def test_who_registered_hears_of_it_inside_the_transaction(cast: Cast) -> None:
    heard: list[str] = []

    def refuse(condition: Condition, **_: Any) -> None:
        heard.append(condition.place)
        raise WrongState("The agencies cannot be told.")

    forget = conditions.on_published.register(refuse)
    try:
        with pytest.raises(WrongState):
            published_by(cast)
    finally:
        forget()
    with reach.of_districts(cast.district.pk):
        assert not Condition.objects.exists()
    assert heard == ["Gate 4, Birch Avenue"]


def test_another_district_finds_no_condition(cast: Cast) -> None:
    condition = published_by(cast)
    with acting(cast, "stranger") as actor, pytest.raises(NotFound):
        conditions.end(condition_id=condition.pk, actor=actor, at=NOW)


def test_a_responder_reads_a_condition_in_force_and_may_not_end_it(cast: Cast) -> None:
    condition = published_by(cast)
    actor = cast.actor("patrol")
    with reach_of(actor), pytest.raises(NotAllowed):
        conditions.end(condition_id=condition.pk, actor=actor, at=NOW)


def test_the_same_form_sent_twice_makes_one_condition(cast: Cast) -> None:
    officer, key = cast.actor("sro"), uuid4()
    told = Told(
        kind="access", text="Chained.", place="Gate 4", ends_at=NOW + timedelta(days=2), key=key
    )
    with reach_of(officer):
        made = [
            conditions.publish(campus_id=cast.lincoln.pk, told=told, actor=officer, at=NOW)
            for _ in range(2)
        ]
        assert made[0].pk == made[1].pk == key
        assert Condition.objects.count() == 1
