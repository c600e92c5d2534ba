"""The API of maps: the same deeds as the pages, with ETags and keys."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maps.models import MapVersion
from tests.cast import Cast
from tests.maps.app.conftest import Importer
from tests.maps.app.small_school import file_of


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(
        f"/api/v1/{path}", body or {}, content_type="application/json", headers={**key(), **headers}
    )


def send_file(cast: Cast, client: Client, content: bytes, headers: dict[str, str]) -> Any:
    file = SimpleUploadedFile("school.geojson", content)
    body = {"campus": str(cast.lincoln.pk), "file": file}
    return client.post("/api/v1/map-versions/", body, headers=headers)


def condition(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "campus": str(cast.lincoln.pk),
        "kind": "access",
        "text": "Gate 4 is chained.",
        "place": "Gate 4",
        "ends_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(),
        **more,
    }


def test_a_file_is_imported_and_published_with_its_etag(cast: Cast) -> None:
    client = cast.client("principal")
    answer = send_file(cast, client, file_of(), key())
    assert answer.status_code == 201, answer.content
    draft = answer.json()
    assert (draft["state"], draft["number"]) == ("draft", 1)
    address = f"map-versions/{draft['id']}/publish/"
    assert post(client, address).status_code == 428
    assert post(client, address, **{"If-Match": '"older"'}).status_code == 412
    published = post(client, address, **{"If-Match": answer["ETag"]})
    assert published.status_code == 200, published.content
    assert published.json()["content_hash"].startswith("m1:")


def test_an_import_sent_twice_with_one_key_is_one_import(cast: Cast) -> None:
    client, once = cast.client("principal"), key()
    first = send_file(cast, client, file_of(), once)
    again = send_file(cast, client, file_of(), once)
    assert again["Idempotent-Replay"] == "true"
    assert again.json()["id"] == first.json()["id"]


def test_a_refused_file_is_a_problem_with_code_place_and_mend(cast: Cast) -> None:
    answer = send_file(cast, cast.client("principal"), b"\x89PNG\r\n\x1a\n", key())
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["code"], bool(problem["where"]), bool(problem["mend"])) == (
        "file_picture",
        True,
        True,
    )


def test_a_draft_is_discarded_only_in_the_state_that_was_read(
    cast: Cast, bring_in: Importer
) -> None:
    draft, client = bring_in(), cast.client("principal")
    address = f"/api/v1/map-versions/{draft.pk}/"
    assert client.delete(address).status_code == 428
    tag = client.get(address)["ETag"]
    assert client.delete(address, headers={"If-Match": tag}).status_code == 204
    assert client.get(address).status_code == 404


def test_the_document_is_geojson(cast: Cast, published: MapVersion) -> None:
    answer = cast.client("staff").get(f"/api/v1/map-versions/{published.pk}/document/")
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    assert {f["type"] for f in body["features"]} == {"Feature"}
    assert [level["name"] for level in body["levels"]] == ["Floor 1", "Floor 2"]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("kind=aed", {"AED 1"}),
        ("q=media center", {"201"}),
        ("q=gas", {"Gas shut-off"}),
        ("q=A1", {"A1"}),
        ("q=nowhere", set()),
    ],
)
def test_features_are_found_by_kind_name_and_cell(
    cast: Cast, published: MapVersion, query: str, labels: set[str]
) -> None:
    answer = cast.client("staff").get(f"/api/v1/features/?campus={cast.lincoln.pk}&{query}")
    assert {row["label"] for row in answer.json()["results"]} == labels


def test_features_of_one_level_are_those_on_it(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    client = cast.client("staff")
    library = client.get(f"/api/v1/features/?campus={cast.lincoln.pk}&kind=room&q=201").json()
    level = library["results"][0]["levels"][0]
    rows = client.get(f"/api/v1/features/?level={level}").json()["results"]
    assert {row["label"] for row in rows} == {"201", "Floor 2"}


def test_a_search_without_campus_says_what_is_missing(cast: Cast, published: MapVersion) -> None:
    answer = cast.client("staff").get("/api/v1/features/?q=204")
    assert (answer.status_code, answer.json()["where"]) == (422, "campus")


def test_a_condition_lives_from_publishing_to_its_end(cast: Cast) -> None:
    officer, principal = cast.client("sro"), cast.client("principal")
    made = post(officer, "conditions/", condition(cast))
    assert made.status_code == 201, made.content
    address = f"conditions/{made.json()['id']}/"
    assert post(officer, f"{address}seen/").status_code == 403
    assert post(principal, f"{address}seen/").json()["seen_by"] == "Maria Ochoa"
    assert post(principal, f"{address}end/").json()["state"] == "ended"
    assert post(principal, f"{address}end/").status_code == 409


def test_a_condition_without_key_is_refused(cast: Cast) -> None:
    answer = cast.client("sro").post(
        "/api/v1/conditions/", condition(cast), content_type="application/json"
    )
    assert answer.json()["code"] == "idempotency_key_missing"


def test_a_report_of_a_responder_is_accepted_and_then_read_by_it(cast: Cast) -> None:
    patrol, principal = cast.client("patrol"), cast.client("principal")
    reported = post(patrol, "condition-reports/", condition(cast))
    assert reported.status_code == 201, reported.content
    assert patrol.get("/api/v1/conditions/").json()["results"] == []
    address = f"conditions/{reported.json()['id']}/"
    assert post(patrol, f"{address}accept/").status_code == 404
    assert post(principal, f"{address}accept/").json()["state"] == "published"
    assert len(patrol.get("/api/v1/conditions/").json()["results"]) == 1


def test_a_renewal_is_a_new_condition(cast: Cast) -> None:
    client = cast.client("sro")
    made = post(client, "conditions/", condition(cast)).json()
    later = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    renewed = post(client, f"conditions/{made['id']}/renew/", {"ends_at": later})
    assert (renewed.status_code, renewed.json()["id"] != made["id"]) == (201, True)
    states = {row["state"] for row in client.get("/api/v1/conditions/").json()["results"]}
    assert states == {"ended", "published"}


def test_a_look_on_site_is_recorded(cast: Cast, keys: dict[str, str]) -> None:
    body = {"campus": str(cast.lincoln.pk), "feature": keys["AED 1"], "as_on_map": True}
    client = cast.client("sro")
    assert post(client, "feature-checks/", body).json()["label"] == "AED 1"
    listed = client.get(f"/api/v1/feature-checks/?campus={cast.lincoln.pk}").json()["results"]
    assert [row["checked_by"] for row in listed] == ["Officer Dana Whitfield"]


@pytest.mark.parametrize("word", ["stranger", "patrol", "principal_elsewhere"])
def test_maps_are_not_found_from_outside_the_campus(
    cast: Cast, published: MapVersion, word: str
) -> None:
    client = cast.client(word)
    assert client.get(f"/api/v1/map-versions/{published.pk}/").status_code == 404
    assert client.get("/api/v1/map-versions/").json()["results"] == []
    assert client.get("/api/v1/features/").json()["results"] == []
    assert client.get("/api/v1/feature-checks/").json()["results"] == []


def test_a_stranger_does_not_find_a_condition(cast: Cast) -> None:
    made = post(cast.client("sro"), "conditions/", condition(cast)).json()
    stranger = cast.client("stranger")
    assert stranger.get(f"/api/v1/conditions/{made['id']}/").status_code == 404
    assert post(stranger, f"conditions/{made['id']}/end/").status_code == 404


def test_the_schema_names_every_resource_of_maps(db: None) -> None:
    from drf_spectacular.generators import SchemaGenerator

    from maps.api.urls import urlpatterns

    generator: Any = SchemaGenerator
    paths = generator(patterns=urlpatterns).get_schema(public=True)["paths"]
    assert {
        "/map-versions/", "/map-versions/{id}/", "/map-versions/{id}/document/",
        "/map-versions/{id}/export/", "/map-versions/{id}/publish/", "/features/", "/conditions/",
        "/conditions/{id}/",
        "/conditions/{id}/accept/", "/conditions/{id}/seen/", "/conditions/{id}/end/",
        "/conditions/{id}/renew/", "/condition-reports/", "/feature-checks/",
    } == set(paths)  # fmt: skip
    publish = paths["/map-versions/{id}/publish/"]["post"]
    assert {p["name"] for p in publish["parameters"]} == {"id", "If-Match", "Idempotency-Key"}
