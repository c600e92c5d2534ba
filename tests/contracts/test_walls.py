"""With the manager's filter taken away, nobody sees what the second wall does not let them see.

Every record of a district is filled in two districts, so a new table is tested the day it is made.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.directory.actor import Actor
from backend.directory.identify import actor_of_device
from backend.directory.models import AgencyMember, Campus, Device, District, Grant, User
from backend.directory.models.link import hash_of
from backend.tenancy import reach, walls
from backend.tenancy.models import DistrictOwned
from tests.cast import Cast
from tests.contracts.rows import Filler

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "policies.json"

# What an agency, a link or a device reads of a campus it covers; nothing else, ever.
READ_BY_RESPONDERS = {
    "Acknowledgement",
    "Approval",
    "Campus",
    "Clearance",
    "Condition",
    "ContactSheetCopy",
    "Coverage",
    "Delivery",
    "Drill",
    "PacketBase",
    "Publication",
}


def filled(cast: Cast) -> dict[str, dict[Any, Any]]:
    """Fill both districts; the other one belongs to an agency that is no one's of the first."""
    rows = {}
    for name, district, campus, word in (
        ("mine", cast.district, cast.lincoln, "captain"),
        ("theirs", cast.other_district, cast.other_campus, "uncovering"),
    ):
        contact = cast.contacts[word]
        filler = Filler(district, campus, contact.agency, contact)
        filler.others = {
            User: cast.users["nobody_yet"],
            AgencyMember: AgencyMember.objects.create(
                agency=contact.agency, user=cast.users["nobody_yet"], starts_on=date(2020, 1, 1)
            ),
            Device: Device.objects.create(
                agency=contact.agency, name=name, token_hash=hash_of(name)
            ),
        }
        rows[name] = filler.fill()
    return rows


def seen_by(scope: reach.Reach) -> dict[str, list[DistrictOwned]]:
    """Return what plain SQL gives in a scope: every row of every table, no manager in between."""
    with reach.entered(scope):
        found = {model.__name__: list(model._base_manager.all()) for model in walls.tenant_models()}
    return {name: rows for name, rows in found.items() if rows}


def districts_of(rows: Iterable[DistrictOwned]) -> set[Any]:
    return {row.district_id for row in rows}


def test_every_table_of_a_district_has_a_row_in_this_test(cast: Cast) -> None:
    rows = filled(cast)
    assert set(rows["mine"]) == set(walls.tenant_models())


@pytest.mark.parametrize(
    "word",
    ["sro", "principal", "office", "access", "staff", "evaluator", "district", "auditor"],
)
def test_a_member_sees_no_row_of_another_district(cast: Cast, word: str) -> None:
    filled(cast)
    for rows in seen_by(cast.actor(word).reach).values():
        assert districts_of(rows) == {cast.district.pk}


def test_an_ended_membership_has_no_reach(cast: Cast) -> None:
    assert cast.actor("ended").reach == reach.NOTHING
    assert cast.actor("nobody_yet").reach == reach.NOTHING


def _responders(cast: Cast) -> dict[str, Actor]:
    device = Device.objects.create(
        agency=cast.police, name="Car 12", token_hash=hash_of("device token")
    )
    with reach.of_districts(cast.district.pk):
        Grant.objects.create(district=cast.district, device=device)
    found = actor_of_device("device token", today=datetime.now(UTC).date())
    assert found is not None
    return {
        "agency": cast.actor("patrol"),
        "link": cast.link_actor(cast.link("patrol", cast.lincoln)),
        "device": found,
    }


@pytest.mark.parametrize("word", ["agency", "link", "device"])
def test_a_responder_sees_the_named_tables_of_its_campuses_only(cast: Cast, word: str) -> None:
    filled(cast)
    actor = _responders(cast)[word]
    seen = seen_by(actor.reach)
    assert set(seen) <= READ_BY_RESPONDERS
    assert {"Campus", "Publication", "Condition", "ContactSheetCopy"} <= set(seen)
    for name, rows in seen.items():
        for row in rows:
            campus = row.pk if isinstance(row, Campus) else getattr(row, "campus_id", None)
            agency = getattr(row, "agency_id", None)
            assert campus == cast.lincoln.pk or agency == cast.police.pk, name


def test_what_is_addressed_to_another_agency_is_not_seen(cast: Cast) -> None:
    rows = filled(cast)["mine"]
    seen = seen_by(cast.actor("patrol").reach)
    addressed = [row for row in rows.values() if getattr(row, "agency_id", None) == cast.fire.pk]
    assert addressed
    for row in addressed:
        assert row not in seen.get(type(row).__name__, [])


def test_an_agency_without_coverage_has_no_reach(cast: Cast) -> None:
    assert seen_by_or_nothing(cast.actor("uncovering")) == {}


def seen_by_or_nothing(actor: Actor) -> dict[str, list[DistrictOwned]]:
    return {} if actor.reach == reach.NOTHING else seen_by(actor.reach)


def test_a_captain_of_two_districts_sees_the_covered_campus_of_each(cast: Cast) -> None:
    seen = seen_by(cast.actor("captain").reach)
    assert {row.pk for row in seen["Campus"]} == {cast.lincoln.pk, cast.other_campus.pk}


def test_a_crossing_sees_only_the_tables_that_list_it(cast: Cast) -> None:
    filled(cast)
    for name in ("sign-in", "link", "delivery", "jobs", "ticks", "audit-verify"):
        listed = {m.__name__ for m in walls.tenant_models() if name in m.CROSSINGS}
        assert set(seen_by(reach.Reach(crossing=name))) <= listed


def test_the_policies_are_the_reviewed_ones() -> None:
    present = [
        {
            "table": policy.table,
            "name": policy.name,
            "command": policy.command,
            "using": policy.using,
            "check": policy.check,
        }
        for policy in walls.wanted()
    ]
    text = json.dumps(present, indent=1) + "\n"
    assert GOLDEN.exists(), "write tests/contracts/policies.json from this and review it"
    assert GOLDEN.read_text() == text, "a wall has changed: review the difference, then renew it"


def test_the_tables_above_districts_are_listed() -> None:
    from django.apps import apps

    owned = set(walls.tenant_models())
    above = {
        model.__name__
        for model in apps.get_models()
        if model not in owned and model._meta.app_label in OUR_APPS
    }
    assert above == ABOVE_DISTRICTS
    assert District in owned


OUR_APPS = {
    "api", "audit", "directory", "drills", "files", "jobs", "maps", "notifications", "plans",
}  # fmt: skip
ABOVE_DISTRICTS = {
    "AccountEvent",
    "AccountHead",
    "AccountMessage",
    "Agency",
    "AgencyMember",
    "ApiToken",
    "CalendarFeed",
    "Device",
    "DevicePairing",
    "KeptAnswer",
    "KeptForm",
    "ResponderContact",
    "Tick",
    "User",
}
