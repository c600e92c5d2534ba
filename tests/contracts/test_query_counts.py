"""How many statements each page takes: reviewed figures, and the same with more rows.

Every address of the table that a district administrator may read is counted, so a new list comes
under this contract with its row in the access table. After a wanted change run
`RENEW_QUERY_COUNTS=1 pytest tests/contracts/test_query_counts.py` and review the file.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.directory.models import (
    AcceptedAddress,
    Agency,
    AgencyMember,
    ApiToken,
    Campus,
    Coverage,
    Device,
    Membership,
    ResponderContact,
    User,
)
from backend.directory.models.link import hash_of
from backend.jobs.run import run_due
from maps.services import checks, conditions
from plans.models import ContactSheetCopy
from plans.services import opening, packets, prints
from tests.cast import NOW
from tests.contracts.addresses import table
from tests.contracts.rows import Filler
from tests.contracts.world import World, standing
from tests.plans.app import writing
from tests.plans.app.writing import TODAY

pytestmark = pytest.mark.django_db
COUNTS = Path(__file__).parent / "query_counts.json"
MORE = 3
READER = "district"
ALSO = (("captain", "/"), ("captain", "/notices/"), ("sro", "/"), ("auditor", "/notices/"))
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("mail")) as made:
        yield made


def pages() -> list[tuple[str, str]]:
    """Return who reads which address."""
    read = [
        (READER, row.path)
        for row in table()
        if row.get and READER in row.get and row.state == "draft"
    ]
    return [*read, *ALSO]


def counts(world: World) -> dict[str, int]:
    """Return the number of statements of each address, read a second time."""
    clients: dict[str, Client] = {}
    found = {}
    for word, path in pages():
        client = clients.setdefault(word, world.client(word))
        address = path.format_map(world.names)
        cookies = {name: item.value for name, item in client.cookies.items()}
        with transaction.atomic():
            client.get(address)
            client.cookies.load(cookies)
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address)
            client.cookies.load(cookies)
            transaction.set_rollback(True)
        assert answer.status_code < 400, path
        found[f"{word} {path}"] = sum(
            not query["sql"].startswith(NOT_COUNTED) for query in captured.captured_queries
        )
    return found


def grow(world: World) -> None:
    """Let the district and the campus have three more of everything that a page lists."""
    cast = world.cast
    fillers = [_another(world, number) for number in range(MORE)]
    with writing.in_district(cast):
        packets.ask_for_missing(at=timezone.now())
    run_due()
    for filler in fillers:
        filler.fill()


def _another(world: World, number: int) -> Filler:
    """Add people, an agency and rows at our campus; return what fills one more campus."""
    cast = world.cast
    user = User.objects.create(email=f"more{number}@example.org", name=f"More {number}")
    agency = Agency.objects.create(
        name=f"Agency {number}", kind="fire", time_zone="America/Detroit"
    )
    contact = ResponderContact.objects.create(
        agency=agency, name="Desk", order=1, email=f"desk{number}@example.org"
    )
    member = AgencyMember.objects.create(agency=cast.police, user=user, starts_on=TODAY)
    device = Device.objects.create(
        agency=cast.police, name=f"Car {number}", token_hash=hash_of(f"more {number}")
    )
    ApiToken.objects.create(user=cast.users[READER], name="x", token_hash=hash_of(f"t{number}"))
    with writing.in_district(cast):
        _at_our_campus(world, number, user, contact)
        campus = Campus.objects.create(
            district=cast.district, name=f"School {number}", address="1 Long Road",
            city="Cedar Valley", state="MI", time_zone="America/Detroit",
        )  # fmt: skip
    opening.open_packet(
        actor=cast.actor("captain"), campus_id=cast.lincoln.pk, form="html", at=timezone.now()
    )
    filler = Filler(cast.district, campus, agency, contact)
    filler.others = {User: user, AgencyMember: member, Device: device}
    with writing.in_district(cast):
        filler.made[ContactSheetCopy] = ContactSheetCopy.objects.create(
            district=cast.district, campus=campus, document="{}", content_hash="m1:x",
            confirmed_at=NOW, confirmed_by="x",
        )  # fmt: skip
    return filler


def _at_our_campus(world: World, number: int, user: User, contact: ResponderContact) -> None:
    cast, now = world.cast, timezone.now()
    sro, office = writing.person(cast, "sro"), writing.person(cast, "office")
    place: dict[str, Any] = {"district": cast.district, "campus": cast.lincoln}
    Membership.objects.create(**place, user=user, role="staff", starts_on=TODAY)
    Coverage.objects.create(**place, agency=contact.agency, starts_on=TODAY)
    AcceptedAddress.objects.create(district=cast.district, contact=contact, address=contact.email)
    told = conditions.Told(
        kind="gas", text="Off.", ends_at=now + timedelta(days=2), place=f"Valve {number}"
    )
    conditions.publish(campus_id=cast.lincoln.pk, told=told, actor=sro, at=now)
    paper = f"Engine {number}"
    prints.register_print(campus_id=cast.lincoln.pk, number=1, place=paper, actor=office, at=now)
    gate = UUID(world.names["gate"])
    checks.record_feature_check(
        campus_id=cast.lincoln.pk, feature_key=gate, as_on_map=True, actor=sro, at=now
    )


def test_every_page_takes_the_reviewed_number_of_statements(world: World) -> None:
    cache.clear()
    present = counts(world)
    if os.environ.get("RENEW_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(present, indent=1) + "\n")
    reviewed = json.loads(COUNTS.read_text())
    differing = {
        name: f"{reviewed.get(name)} reviewed, {present.get(name)} now"
        for name in reviewed.keys() | present.keys()
        if reviewed.get(name) != present.get(name)
    }
    assert not differing, json.dumps(differing, indent=1)


def test_no_page_takes_more_statements_for_more_rows(world: World) -> None:
    cache.clear()
    before = counts(world)
    grow(world)
    cache.clear()
    after = counts(world)
    grown = {
        name: f"{before[name]} → {after[name]}" for name in before if after[name] > before[name]
    }
    assert not grown, json.dumps(grown, indent=1, ensure_ascii=False)
