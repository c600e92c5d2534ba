"""Packets, paper copies and signature lists over the API."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from backend.jobs.run import run_due
from plans.models import PacketAccess, Publication
from plans.services import packets
from tests.cast import NOW, Cast
from tests.plans.app.writing import confirmed_sheet, in_district, person, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(cast: Cast) -> Publication:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
        return published(cast)


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(
        path,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), "X-CSRFToken": "x"},
    )


def test_a_responder_fetches_the_packet_and_the_opening_is_recorded(
    cast: Cast, publication: Publication
) -> None:
    address = f"/api/v1/packets/{cast.lincoln.pk}"
    assert cast.client("patrol").get(f"{address}/pdf/").status_code == 409
    run_due()
    with in_district(cast):
        packets.ask_for_missing(at=NOW)
    run_due()
    html = cast.client("patrol").get(f"{address}/html/")
    pdf = cast.client("patrol").get(f"{address}/pdf/")
    assert b"Lincoln High School" in html.content
    assert pdf.content.startswith(b"%PDF")
    with in_district(cast):
        assert set(PacketAccess.objects.values_list("form", flat=True)) == {"html", "pdf"}


@pytest.mark.parametrize("word", ["stranger", "uncovering", "principal_elsewhere", "ended"])
def test_others_do_not_learn_that_there_is_a_packet(
    cast: Cast, publication: Publication, word: str
) -> None:
    answer = cast.client(word).get(f"/api/v1/packets/{cast.lincoln.pk}/html/")
    assert answer.status_code == 404


def test_a_paper_is_registered_once_for_its_key_and_swapped(
    cast: Cast, publication: Publication
) -> None:
    office = cast.client("office")
    body = {"campus": str(cast.lincoln.pk), "number": publication.number, "place": "Engine 2"}
    made = post(office, "/api/v1/prints/", body)
    assert made.status_code == 201
    swapped = post(office, f"/api/v1/prints/{made.json()['id']}/swapped/", {})
    assert swapped.json()["swapped_at"]
    listed = office.get(f"/api/v1/prints/?campus={cast.lincoln.pk}").json()["results"]
    assert [row["place"] for row in listed] == ["Engine 2"]
    refused = post(cast.client("principal_elsewhere"), "/api/v1/prints/", body)
    assert refused.status_code == 404


def test_only_the_district_writes_the_signature_list(cast: Cast) -> None:
    body = {
        "campus": str(cast.lincoln.pk),
        "signatures": [{"role": "principal"}, {"role": "agency", "agency": str(cast.fire.pk)}],
    }
    written = post(cast.client("district"), "/api/v1/signature-requirements/write/", body)
    assert [row["role"] for row in written.json()] == ["principal", "agency"]
    refused = post(cast.client("principal"), "/api/v1/signature-requirements/write/", body)
    assert refused.status_code == 404
    unfit = {**body, "signatures": [{"role": "agency", "agency": str(cast.uncovering.pk)}]}
    answer = post(cast.client("district"), "/api/v1/signature-requirements/write/", unfit)
    assert answer.status_code == 422
    assert answer.json()["where"] == "signatures[0]"
