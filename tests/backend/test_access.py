"""The gate: the policy table and what it leaves of a list."""

from uuid import uuid4

import pytest

from backend.directory.access import allow, get_in_reach, in_reach_of, may, reach_of
from backend.directory.actor import SYSTEM
from backend.directory.identify import LinkEnded
from backend.directory.models import Campus, Link
from backend.problems import NotAllowed, NotFound
from backend.tenancy import reach
from tests.cast import Cast


def test_a_verb_that_is_not_in_the_table_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        allow(cast.actor("district"), "plan.burn", cast.lincoln)


def test_a_principal_drafts_at_the_own_campus_only(cast: Cast) -> None:
    principal = cast.actor("principal")
    assert may(principal, "plan.draft", cast.lincoln)
    assert not may(principal, "plan.draft", cast.cedar_ridge)


def test_a_district_administrator_drafts_everywhere_in_the_district_only(cast: Cast) -> None:
    administrator = cast.actor("district")
    assert may(administrator, "plan.draft", cast.cedar_ridge)
    assert not may(administrator, "plan.draft", cast.other_campus)


def test_an_ended_membership_gives_nothing(cast: Cast) -> None:
    ended = cast.actor("ended")
    assert not may(ended, "campus.read", cast.lincoln)
    with pytest.raises(NotFound):
        reach_of(ended)


def test_an_agency_reads_what_it_covers_and_nothing_else(cast: Cast) -> None:
    captain = cast.actor("captain")
    assert may(captain, "packet.read", cast.lincoln)
    assert may(captain, "packet.read", cast.other_campus)
    assert not may(captain, "packet.read", cast.cedar_ridge)
    assert not may(captain, "plan.read_draft", cast.lincoln)


def test_lists_are_narrowed_to_the_role(cast: Cast) -> None:
    principal = cast.actor("principal")
    with reach_of(principal):
        assert list(in_reach_of(principal, "plan.draft", Campus.objects.all())) == [cast.lincoln]
        with pytest.raises(NotFound):
            get_in_reach(principal, "plan.draft", Campus.objects.all(), pk=cast.cedar_ridge.pk)


def test_an_agency_that_covers_nothing_reaches_nothing(cast: Cast) -> None:
    assert cast.actor("uncovering").covered == ()


def test_a_link_acts_for_its_contact_at_its_campus(cast: Cast) -> None:
    actor = cast.link_actor(cast.link("patrol", cast.lincoln))
    assert actor.contact_id == cast.contacts["patrol"].pk
    assert [item.campus_id for item in actor.covered] == [cast.lincoln.pk]


def test_an_ended_link_gives_the_number_that_answers(cast: Cast) -> None:
    token = cast.link("patrol", cast.lincoln)
    with reach.of_districts(cast.district.pk):
        Link.objects.update(ended_at="2026-01-01T00:00Z")
    with pytest.raises(LinkEnded, match="555-0100"):
        cast.link_actor(token)


def test_a_token_that_never_was_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        cast.link_actor(str(uuid4()))


def test_the_system_may_do_nothing_a_person_would_decide(cast: Cast) -> None:
    assert not may(SYSTEM, "plan.publish", cast.lincoln)
