"""The audit log as people read it: a sentence per deed, and the day of the reader's zone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from backend.audit import record as audit
from backend.directory import audit_log
from backend.directory.audit_sentences import SENTENCES, sentences_of
from backend.tenancy import reach
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[2]
DEED = re.compile(
    r'(?:audit\.record(?:_each)?|record_account|_ended|_in_force|_fixed)\([^"]{0,80}?"([a-z_]+\.[a-z_]+)"'
)


def sentence(cast: Cast, action: str, word: str = "principal", **details: object) -> str:
    actor = cast.actor(word)
    with reach.of_districts(cast.district.pk):
        event = audit.record(action, actor=actor, subject=cast.lincoln, at=NOW, details=details)
        return sentences_of([event])[event.pk]


def test_every_deed_of_the_code_has_its_sentence() -> None:
    found = set()
    for room in ("backend", "maps", "plans", "drills", "notifications"):
        for file in (PROJECT / room).rglob("*.py"):
            found |= set(DEED.findall(file.read_text()))
    assert len(found) > 85
    assert found <= SENTENCES.keys()


def test_every_sentence_can_be_said_of_an_event_without_details(cast: Cast) -> None:
    for action in SENTENCES:
        said = sentence(cast, action)
        assert said
        assert "%(" not in said


def test_a_signature_is_told_in_a_sentence(cast: Cast) -> None:
    said = sentence(cast, "plan.signed", number=2, role="principal", hash="m1:" + "ab" * 32)
    assert said == "Maria Ochoa signed plan v2 of Lincoln High School: as principal"


def test_an_agency_that_stands_by_its_id_is_named(cast: Cast) -> None:
    said = sentence(cast, "acknowledgement.recorded", agency=str(cast.fire.pk), said_by="Lindqvist")
    assert "Lindqvist of Cedar Valley Fire & Rescue has it" in said


def test_a_deed_without_a_sentence_stands_as_it_is(cast: Cast) -> None:
    said = sentence(cast, "moon.landed")
    assert said == "Maria Ochoa: moon.landed, Lincoln High School"


def test_a_sentence_is_made_in_the_readers_language(cast: Cast) -> None:
    with translation.override("es"):
        assert sentence(cast, "plan.started", number=1).startswith("Maria Ochoa")


def test_a_day_of_the_log_is_one_of_the_readers_zone(cast: Cast) -> None:
    actor = cast.actor("district")
    late = datetime(2026, 9, 9, 2, 0, tzinfo=UTC)  # Sep 8, 10 PM in Michigan
    with reach.of_districts(cast.district.pk):
        audit.record("plan.started", actor=actor, subject=cast.lincoln, at=late)
        zone = audit_log.zone_of(actor)
        asked = {"since": "2026-09-08", "until": "2026-09-08"}
        assert audit_log.events(actor, **asked, zone=zone).count() == 1
        assert audit_log.events(actor, **asked).count() == 0


def test_the_page_shows_sentences_and_the_export_stays_raw(cast: Cast) -> None:
    sentence(cast, "plan.signed", number=2, role="principal", hash="m1:" + "ab" * 32)
    client = cast.client("district")
    page = client.get("/settings/audit/").content.decode()
    assert "Maria Ochoa signed plan v2 of Lincoln High School" in page
    assert "Times are Detroit time." in page
    assert "ab" * 32 not in page
    raw = client.get("/settings/audit/export.csv").content.decode()
    assert "plan.signed" in raw
    assert "ab" * 32 in raw


def test_a_campus_is_found_in_the_log_by_its_name(cast: Cast) -> None:
    actor = cast.actor("district")
    with reach.of_districts(cast.district.pk):
        audit.record("plan.started", actor=actor, subject=cast.lincoln, at=NOW)
        assert audit_log.events(actor, words="Lincoln").count() == 1
        assert audit_log.events(actor, words="Cedar").count() == 0
