"""The API of plans: the same deeds as the pages, with ETags, keys and the same walls."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from backend.audit.models import AuditEvent
from plans.models import PlanVersion, Publication
from plans.services import drafting, signature_lists, submitting
from tests.cast import NOW, Cast
from tests.plans.app.writing import (
    confirmed_sheet,
    drafted,
    in_district,
    person,
    published,
    section,
    sheet_content,
    submitted,
)

API = "/api/v1/"


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(
        API + path, body or {}, content_type="application/json", headers={**key(), **headers}
    )


def patch(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.patch(API + path, body, content_type="application/json", headers=headers)


def results(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    with in_district(cast):
        return drafting.start_plan(
            campus=cast.lincoln, hazards=[], actor=person(cast, "sro"), at=NOW
        )


def test_a_draft_is_started_once_for_one_key(cast: Cast) -> None:
    client, once = cast.client("principal"), key()
    body = {"campus": str(cast.lincoln.pk), "hazards": ["fire"]}
    first = post(client, "plan-versions/", body, **once)
    again = post(client, "plan-versions/", body, **once)
    assert first.status_code == 201, first.content
    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true"
    assert post(client, "plan-versions/", body).status_code == 409
    assert len(results(client, "plans/")) == 1


def test_a_section_is_edited_with_its_etag(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    with in_district(cast):
        path = f"sections/{section(draft, 'FA-LOCK').pk}/"
    read = client.get(API + path)
    blocks = read.json()["blocks"]
    blocks[0]["markdown"] = "A lockdown is called when danger is inside."
    body = {"blocks": [*blocks, {"kind": "text", "audience": "staff", "markdown": "New."}]}
    assert patch(client, path, body).status_code == 428
    answer = patch(client, path, body, **{"If-Match": read["ETag"]})
    assert answer.status_code == 200, answer.content
    assert answer.json()["blocks"][-1]["markdown"] == "New."
    assert patch(client, path, body, **{"If-Match": read["ETag"]}).status_code == 412


def test_a_bad_block_is_refused_with_its_place(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    with in_district(cast):
        path = f"sections/{section(draft, 'FA-LOCK').pk}/"
    etag = client.get(API + path)["ETag"]
    for blocks, where in (
        ([{"kind": "text", "audience": "secret"}], "blocks[0].audience"),
        ([{"kind": "text", "audience": "staff", "colour": "red"}], "blocks[0]"),
        ({}, "blocks"),
        ([{"kind": "text", "audience": "staff", "id": str(uuid4())}], "blocks[0].id"),
    ):
        answer = patch(client, path, {"blocks": blocks}, **{"If-Match": etag})
        assert answer.status_code == 422, answer.content
        assert answer.json()["where"] == where


def test_posts_are_added_changed_and_taken_out(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    made = post(
        client,
        "role-assignments/",
        {"version": str(draft.pk), "position": "IC", "person": "Maria Ochoa"},
    )
    assert made.status_code == 201, made.content
    path = f"role-assignments/{made.json()['id']}/"
    changed = patch(client, path, {"person": "Thomas Adler"}, **{"If-Match": made["ETag"]})
    assert changed.json()["person"] == "Thomas Adler"
    assert patch(client, path, {"person": "x"}, **{"If-Match": made["ETag"]}).status_code == 412
    gone = client.delete(API + path, headers={"If-Match": changed["ETag"]})
    assert gone.status_code == 204
    assert results(client, "role-assignments/") == []


def test_the_facts_of_the_first_page_have_an_etag_too(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    path = f"plan-versions/{draft.pk}/"
    etag = client.get(API + path)["ETag"]
    body = {"facts": {"panel": "Inside door 1"}}
    assert patch(client, path, body, **{"If-Match": etag}).status_code == 200
    assert patch(client, path, {"facts": {}}, **{"If-Match": etag}).status_code == 412


def test_from_review_to_publication_over_the_api(cast: Cast) -> None:
    with in_district(cast):
        version = drafted(cast)
    sro, principal = cast.client("sro"), cast.client("principal")
    path = f"plan-versions/{version.pk}/"
    assert not any(gap["blocks_approval"] for gap in sro.get(f"{API}{path}gaps/").json())
    frozen = post(sro, path + "submit/").json()
    assert frozen["state"] == "in_review"
    body = {"content_hash": frozen["content_hash"]}
    assert post(sro, path + "sign/", body | {"role": "sro"}).status_code == 201
    refused = post(principal, path + "publish/", {"in_force_from": "2030-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "approvals_missing")
    assert post(principal, path + "sign/", body | {"role": "principal"}).status_code == 201
    far = post(principal, path + "publish/", {"in_force_from": "2030-01-01"})
    assert (far.status_code, far.json()["where"]) == (422, "in_force_from")
    today = principal.get(API + path).json()["state_since"][:10]
    done = post(principal, path + "publish/", {"in_force_from": today})
    assert done.status_code == 201, done.content
    assert done.json()["content_hash"] == frozen["content_hash"]
    document = principal.get(API + path + "document/").json()
    assert document["form"] == "plan-document-1"


def test_sending_back_over_the_api_gives_the_reason(cast: Cast) -> None:
    with in_district(cast):
        version = submitted(cast)
    client = cast.client("principal")
    path = f"plan-versions/{version.pk}/send-back/"
    assert post(client, path, {"reason": ""}).status_code == 422
    assert post(client, path, {"reason": "Not yet."}).json()["sent_back_reason"] == "Not yet."


@pytest.mark.parametrize("word", ["patrol", "stranger", "principal_elsewhere", "staff", "auditor"])
def test_drafts_are_not_found_by_others(cast: Cast, draft: PlanVersion, word: str) -> None:
    client = cast.client(word)
    with in_district(cast):
        row = section(draft, "FA-LOCK")
    for path in (f"plan-versions/{draft.pk}/", f"sections/{row.pk}/"):
        assert client.get(API + path).status_code == 404
    assert results(client, "plan-versions/") == []
    assert results(client, "sections/") == []
    assert post(client, f"plan-versions/{draft.pk}/submit/").status_code == 404


def test_responders_read_the_publication_and_it_is_recorded(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
    client = cast.client("captain")
    assert [row["id"] for row in results(client, "publications/")] == [str(publication.pk)]
    answer = client.get(f"{API}publications/{publication.pk}/document/")
    assert answer.status_code == 200
    audiences = {
        block["audience"] for part in answer.json()["plan"]["sections"] for block in part["blocks"]
    }
    assert audiences == {"public", "staff", "responder"}
    with in_district(cast):
        event = AuditEvent.objects.get(action="publication.read")
    assert event.actor == "Capt. Rosa Lindqvist"
    for word in ("stranger", "uncovering"):
        other = cast.client(word).get(f"{API}publications/{publication.pk}/document/")
        assert other.status_code == 404


def test_an_agency_signs_its_copy_over_the_api(cast: Cast) -> None:
    with in_district(cast):
        signature_lists.edit_signature_list(
            campus=cast.lincoln,
            needed=[("principal", None), ("agency", cast.fire.pk)],
            actor=person(cast, "district"),
            at=NOW,
        )
        version = drafted(cast)
        submitting.submit(version=version, actor=person(cast, "sro"), at=NOW)
        copy = Publication.objects.get(agency=cast.fire)
    path = f"publications/{copy.pk}/sign/"
    assert post(cast.client("patrol"), path, {"own_hash": copy.own_hash}).status_code == 404
    answer = post(cast.client("captain"), path, {"own_hash": copy.own_hash})
    assert answer.status_code == 201, answer.content
    assert answer.json()["publication_hash"] == copy.own_hash


def test_the_contact_sheet_is_written_and_confirmed_with_its_etag(cast: Cast) -> None:
    office, principal = cast.client("office"), cast.client("principal")
    body = {"campus": str(cast.lincoln.pk), "content": sheet_content()}
    made = post(office, "contact-sheets/", body)
    assert made.status_code == 201, made.content
    path = f"contact-sheets/{made.json()['id']}/"
    change = {"content": sheet_content() | {"radio_channel": "CV TAC 5"}}
    changed = patch(office, path, change, **{"If-Match": made["ETag"]})
    assert changed.status_code == 200
    assert patch(office, path, change, **{"If-Match": made["ETag"]}).status_code == 412
    confirm = path + "confirm/"
    assert post(office, confirm, **{"If-Match": changed["ETag"]}).status_code == 403
    assert post(principal, confirm, **{"If-Match": made["ETag"]}).status_code == 412
    copy = post(principal, confirm, **{"If-Match": changed["ETag"]})
    assert copy.status_code == 201
    assert "private_phone" not in str(copy.json())


def test_responders_read_confirmed_numbers_and_never_the_sheet(cast: Cast) -> None:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
    client = cast.client("patrol")
    assert results(client, "contact-sheets/") == []
    (copy,) = results(client, "contact-sheet-copies/")
    assert "555-0199" not in str(copy)
