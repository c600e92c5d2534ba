"""What every resource shares: keys, states, problems; odd bodies are refused, never a crash."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/prints/"


def post(client: Client, body: Any, **headers: str) -> Any:
    return client.post(
        TOKENS, body, content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), **headers},
    )  # fmt: skip


@pytest.mark.parametrize("body", ['"text"', "5", "[1]", "null"])
def test_a_body_that_is_no_object_is_refused_with_its_mend(cast: Cast, body: str) -> None:
    answer = post(cast.client("office"), body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_json_that_nests_too_deeply_is_refused(cast: Cast) -> None:
    answer = post(cast.client("office"), "[" * 100_000 + "]" * 100_000)
    assert answer.status_code == 400


def test_a_nul_character_is_refused_everywhere(cast: Cast) -> None:
    office = cast.client("office")
    assert post(office, '{"place": "a\\u0000b"}').status_code == 400
    for address in ("/campuses/?q=%00", "/check/%00/", "/api/v1/campuses/?q=%00"):
        assert office.get(address).status_code == 400


def test_a_call_without_a_key_says_what_to_send(cast: Cast) -> None:
    answer = cast.client("office").post(TOKENS, "{}", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["where"] == "Idempotency-Key"


def test_a_key_serves_one_call_only(cast: Cast) -> None:
    district, key = cast.client("district"), str(uuid4())
    body = {"campus": str(cast.lincoln.pk), "signatures": [{"role": "principal"}]}
    address = "/api/v1/signature-requirements/write/"
    headers = {"Idempotency-Key": key}
    first = district.post(address, body, content_type="application/json", headers=headers)
    again = district.post(address, body, content_type="application/json", headers=headers)
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    other = {**body, "signatures": []}
    reused = district.post(address, other, content_type="application/json", headers=headers)
    assert reused.json()["code"] == "idempotency_key_reused"


def test_an_unknown_address_of_the_api_answers_in_its_own_form(cast: Cast) -> None:
    for client in (Client(enforce_csrf_checks=True), cast.client("office")):
        answer = client.post("/api/v1/nothing/", "{}", content_type="application/json")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_nobody_is_asked_to_identify(cast: Cast) -> None:
    answer = Client().get("/api/v1/campuses/")
    assert answer.status_code == 401
    assert answer.json()["code"]


def test_the_schema_is_openapi_3_1(cast: Cast) -> None:
    document = cast.client("office").get("/api/v1/schema/").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/plan-versions/{id}/publish/" in document["paths"]
