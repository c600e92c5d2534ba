"""The audit log by role, its export, and the command that finds a broken chain."""

import json

import pytest
from django.db import connection

from backend.audit import record as audit
from backend.audit.commands import verify_chains
from backend.audit.models import AuditEvent
from backend.directory.access import reach_of
from backend.tenancy import reach
from backend.tenancy.owner import as_owner
from tests.cast import NOW, Cast

CHANGED = (
    "UPDATE audit_auditevent SET body = jsonb_set(body, '{actor}', '\"Nobody\"')"
    " WHERE sequence = 2 AND district_id = %s"
)


def done(cast: Cast, word: str, action: str, campus) -> AuditEvent:
    actor = cast.actor(word)
    with reach_of(actor):
        return audit.record(action, actor=actor, subject=campus, at=NOW)


@pytest.fixture
def events(cast: Cast) -> Cast:
    done(cast, "district", "plan.published", cast.cedar_ridge)
    done(cast, "principal", "plan.edited", cast.lincoln)
    done(cast, "office", "contact.seen", cast.lincoln)
    done(cast, "stranger", "plan.withdrawn", cast.other_campus)
    return cast


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("district", {"plan.published", "plan.edited", "contact.seen"}),
        ("auditor", {"plan.published", "plan.edited", "contact.seen"}),
        ("principal", {"plan.edited", "contact.seen"}),
        ("office", {"contact.seen"}),
        ("stranger", {"plan.withdrawn"}),
    ],
)
def test_each_role_reads_its_part_of_the_log(events: Cast, word: str, seen: set[str]) -> None:
    rows = events.client(word).get("/api/v1/audit-events/").json()["results"]
    assert {row["action"] for row in rows} == seen
    page = events.client(word).get("/settings/audit/").content.decode()
    assert all(action in page for action in seen)


@pytest.mark.parametrize("word", ["staff", "captain"])
def test_who_reads_no_log(events: Cast, word: str) -> None:
    assert events.client(word).get("/settings/audit/").status_code == 403
    assert events.client(word).get("/api/v1/audit-events/").json()["results"] == []


def test_the_log_is_searched_by_word_and_day(events: Cast) -> None:
    client = events.client("district")
    found = client.get("/api/v1/audit-events/?words=ochoa").json()["results"]
    assert [row["action"] for row in found] == ["plan.edited"]
    assert client.get("/api/v1/audit-events/?since=2026-09-09").json()["results"] == []
    assert len(client.get("/api/v1/audit-events/?until=2026-09-08").json()["results"]) == 3


def test_an_export_is_itself_an_event(events: Cast) -> None:
    client = events.client("auditor")
    text = client.get("/settings/audit/export.csv").content.decode("utf-8-sig")
    assert text.count("\r\n") == 4
    rows = client.get("/api/v1/audit-events/").json()["results"]
    assert rows[0]["action"] == "audit.exported"


def test_whole_chains_are_found_whole(events: Cast) -> None:
    verdict = verify_chains(None)
    assert verdict["ok"]
    assert verdict["exit_code"] == 0
    numbers = {chain["district"]: chain["events"] for chain in verdict["chains"]}
    assert numbers[str(events.district.pk)] == 3
    assert json.dumps(verdict)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        (CHANGED, 2),
        ("DELETE FROM audit_auditevent WHERE sequence = 2 AND district_id = %s", 2),
        ("DELETE FROM audit_auditevent WHERE sequence = 3 AND district_id = %s", 3),
    ],
)  # fmt: skip
def test_a_chain_broken_by_hand_is_found(
    transactional_db: None, statement: str, sequence: int
) -> None:
    from tests.cast import assemble

    cast = assemble()
    for word in ("district", "principal", "office"):
        done(cast, word, "plan.edited", cast.lincoln)
    connection.close()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement, [cast.district.pk])
    connection.close()
    verdict = verify_chains(None)
    assert not verdict["ok"]
    assert verdict["exit_code"] == 1
    broken = {chain["district"]: chain["broken"] for chain in verdict["chains"]}
    assert broken[str(cast.district.pk)]["sequence"] == sequence
    assert broken[str(cast.district.pk)]["why"]


def test_the_application_may_not_change_an_event(events: Cast) -> None:
    from django.db.utils import ProgrammingError

    with reach.of_districts(events.district.pk), pytest.raises(ProgrammingError):
        AuditEvent.objects.update(action="nothing")
