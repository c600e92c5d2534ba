"""A notice and its deliveries are owed in one transaction, held until a channel is released."""

from datetime import timedelta

import pytest
from django.db import transaction

from backend.audit.models import AuditEvent
from backend.directory.models import AcceptedAddress, ResponderContact
from backend.problems import BadInput, NotAllowed
from backend.tenancy import reach
from notifications.models import ChannelRelease, Delivery, DeliveryLine, Notice
from notifications.services.claiming import claim_due
from notifications.services.escalating import queue_stragglers
from notifications.services.writing import release_channel
from tests.cast import NOW, Cast
from tests.notifications.outbox import deliveries, owe_memo, register_memo, release


@pytest.fixture(autouse=True)
def memo() -> None:
    register_memo()


def test_the_first_reachable_contact_of_each_covering_agency_is_told(cast: Cast) -> None:
    owed = owe_memo(cast.lincoln)
    assert sorted(deliveries(cast)) == ["captain", "dispatcher", "patrol"]
    assert owed.unreachable == ()


def test_a_contact_that_has_left_is_passed_over(cast: Cast) -> None:
    ResponderContact.objects.filter(pk=cast.contacts["patrol"].pk).update(ended_at=NOW)
    owe_memo(cast.lincoln)
    assert "night_desk" in deliveries(cast)


def test_a_contact_whose_address_was_never_accepted_is_passed_over(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        AcceptedAddress.objects.filter(contact=cast.contacts["patrol"]).delete()
    owe_memo(cast.lincoln)
    assert "patrol" not in deliveries(cast)


def test_an_agency_that_cannot_be_written_to_is_reported_and_told_to_the_district(
    cast: Cast,
) -> None:
    ResponderContact.objects.filter(agency=cast.fire).update(ended_at=NOW)
    owed = owe_memo(cast.lincoln)
    assert owed.unreachable == (cast.fire,)
    with reach.of_districts(cast.district.pk):
        step = owed.notice.steps.get(agency=cast.fire)
    assert (step.action, step.done_at) == ("fallback", NOW)


def test_whoever_opened_one_before_is_told_as_well(cast: Cast) -> None:
    owe_memo(cast.lincoln, also=[cast.contacts["night_desk"].pk])
    assert sorted(deliveries(cast)) == ["captain", "dispatcher", "night_desk", "patrol"]


def test_everything_is_held_until_the_channel_is_released(cast: Cast) -> None:
    owe_memo(cast.lincoln)
    rows = deliveries(cast).values()
    assert {(row.state, row.held_because) for row in rows} == {("held", "channel")}
    assert claim_due(limit=10, at=NOW) == []
    release(cast)
    assert len(claim_due(limit=10, at=NOW)) == 3


def test_only_a_district_administrator_releases_a_channel(cast: Cast) -> None:
    principal, administrator = cast.actor("principal"), cast.actor("district")
    with reach.of_districts(cast.district.pk):
        with pytest.raises(NotAllowed):
            release_channel(district=cast.district, channel="email", actor=principal, at=NOW)
        assert not ChannelRelease.objects.exists()
        release_channel(district=cast.district, channel="email", actor=administrator, at=NOW)
        assert ChannelRelease.objects.get().released_by == "Samuel Reyes"
        assert AuditEvent.objects.filter(action="channel.released").count() == 1


def test_a_channel_that_does_not_exist_is_refused(cast: Cast) -> None:
    administrator = cast.actor("district")
    with reach.of_districts(cast.district.pk), pytest.raises(BadInput, match="pigeon"):
        release_channel(district=cast.district, channel="pigeon", actor=administrator, at=NOW)


def test_a_release_frees_no_other_district(cast: Cast) -> None:
    with reach.of_districts(cast.other_district.pk):
        AcceptedAddress.objects.create(
            district=cast.other_district,
            contact=cast.contacts["captain"],
            address=cast.contacts["captain"].email,
        )
    owe_memo(cast.other_campus)
    release(cast)
    with reach.of_districts(cast.other_district.pk):
        assert {row.state for row in Delivery.objects.all()} == {"held"}


def test_what_was_written_at_the_moment_of_the_release_is_queued_by_the_tick(cast: Cast) -> None:
    release(cast)
    owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        Delivery.objects.update(state="held", held_because="channel")
    assert queue_stragglers(at=NOW) == 3
    assert {row.state for row in deliveries(cast).values()} == {"queued"}


def test_a_new_notice_joins_the_message_that_still_waits(cast: Cast) -> None:
    owe_memo(cast.lincoln)
    owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        assert Delivery.objects.count() == 3
        assert DeliveryLine.objects.count() == 6


def test_a_notice_does_not_join_a_message_that_a_worker_has(cast: Cast) -> None:
    release(cast)
    owe_memo(cast.lincoln)
    claim_due(limit=10, at=NOW)
    owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        assert Delivery.objects.count() == 6
        assert DeliveryLine.objects.count() == 6


def test_a_batch_is_one_message_a_recipient_due_when_it_ends(cast: Cast) -> None:
    release(cast)
    end = NOW + timedelta(hours=1)
    for _ in range(40):
        owe_memo(cast.lincoln, batch="reunification annex", due_at=end)
    with reach.of_districts(cast.district.pk):
        assert Delivery.objects.count() == 3
        assert {row.due_at for row in Delivery.objects.all()} == {end}
        assert {row.lines.count() for row in Delivery.objects.all()} == {40}


def test_an_urgent_notice_has_a_message_of_its_own(cast: Cast) -> None:
    owe_memo(cast.lincoln)
    owe_memo(cast.lincoln, urgent=True)
    with reach.of_districts(cast.district.pk):
        assert sorted(row.priority for row in Delivery.objects.all()) == [1, 1, 1, 5, 5, 5]


def test_nothing_is_owed_when_the_event_is_undone(cast: Cast) -> None:
    with transaction.atomic():
        owe_memo(cast.lincoln)
        transaction.set_rollback(True)
    with reach.of_districts(cast.district.pk):
        assert not Notice.objects.exists()
        assert not Delivery.objects.exists()
