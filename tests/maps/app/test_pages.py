"""The pages of the map and of conditions, by role, without any script."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from backend.tenancy import reach
from maps import places, queries
from maps.formats.reading import read_map
from maps.models import Condition, FeatureCheck, MapVersion
from tests.cast import Cast
from tests.maps.app.conftest import Importer
from tests.maps.app.small_school import features, file_of

ZONE = ZoneInfo("America/Detroit")


def page(cast: Cast, client: Client, rest: str) -> Any:
    return client.get(f"/campuses/{cast.lincoln.slug}/{rest}")


def send(cast: Cast, client: Client, rest: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/campuses/{cast.lincoln.slug}/{rest}", body or {})


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def told(**more: Any) -> dict[str, Any]:
    return {
        "kind": "access",
        "place": "Gate 4, F3",
        "text": "Chained by the contractor.",
        "until": "3",
        **more,
    }


def picture(name: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


def only_condition(cast: Cast) -> Condition:
    with reach.of_districts(cast.district.pk):
        return Condition.objects.get()


@pytest.mark.parametrize(
    "word", ["sro", "principal", "office", "staff", "access", "district", "auditor"]
)
def test_members_see_the_map_with_every_feature_in_the_list(
    cast: Cast, published: MapVersion, word: str
) -> None:
    answer = page(cast, cast.client(word), "map/")
    assert answer.status_code == 200
    for sign in ("Room 101", "Media Center", "Door 1", "AED 1", "Gas shut-off", "Gate 4", "A1"):
        assert sign in text_of(answer)
    assert "verified on site by Officer Dana Whitfield" in text_of(answer)


@pytest.mark.parametrize("word", ["stranger", "patrol", "principal_elsewhere"])
@pytest.mark.parametrize(
    "rest", ["map/", "map/document.json", "map/import/", "map/draft/", "map/draft/document.json"]
)
def test_the_map_is_not_found_from_outside_the_campus(
    cast: Cast, published: MapVersion, word: str, rest: str
) -> None:
    assert page(cast, cast.client(word), rest).status_code == 404


@pytest.mark.parametrize("word", ["office", "staff", "auditor"])
def test_who_may_not_edit_finds_no_import_and_no_draft(
    cast: Cast, bring_in: Importer, word: str
) -> None:
    bring_in()
    client = cast.client(word)
    assert "A draft map" not in text_of(page(cast, client, "map/"))
    for rest in ("map/import/", "map/draft/"):
        assert page(cast, client, rest).status_code == 404
    for rest in ("map/draft/publish/", "map/draft/discard/"):
        assert send(cast, client, rest).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    assert page(cast, Client(), "map/")["Location"].startswith("/sign-in/")


def test_an_address_with_the_old_name_leads_to_the_new_one(cast: Cast) -> None:
    answer = cast.client("sro").get(f"/campuses/old-name-{cast.lincoln.short_id}/map/?q=204")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/campuses/{cast.lincoln.slug}/map/?q=204",
    )


def test_the_viewer_gets_the_map_once_and_then_304(cast: Cast, published: MapVersion) -> None:
    client = cast.client("staff")
    first = page(cast, client, "map/document.json")
    assert first.json()["grid"]["cell_meters"] == 20
    again = client.get(
        f"/campuses/{cast.lincoln.slug}/map/document.json",
        headers={"If-None-Match": first["ETag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_viewer_gets_conditions_and_ages(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    officer = cast.client("sro")
    tag = page(cast, officer, "map/document.json")["ETag"]
    send(cast, officer, "conditions/new/", told())
    send(cast, officer, f"map/features/{keys['AED 1']}/wrong/", {"note": "Moved to room 101"})
    answer = page(cast, officer, "map/document.json")
    assert answer["ETag"] != tag
    assert answer.json()["ages"] == {keys["AED 1"]: "two_years"}
    (condition,) = answer.json()["conditions"]
    assert condition["feature"] == keys["Gate 4"]
    assert re.fullmatch(r"Gate 4 until [A-Z][a-z]{2}\s\d+(, \d{4})?", condition["text"])


def level_of(published: MapVersion, cast: Cast) -> str:
    with reach.of_districts(cast.district.pk):
        return str(published.levels.get(ordinal=0).key)


def test_a_level_is_printed_as_a_sheet_with_its_legend_and_its_day(
    cast: Cast, published: MapVersion
) -> None:
    level = level_of(published, cast)
    answer = page(cast, cast.client("staff"), f"map/levels/{level}/print/")
    sheet = text_of(answer)
    assert answer.status_code == 200
    for wanted in ("Print this level", "On this sheet", "FOR STAFF ONLY", "Map version 1", "m1:",
                   "verified on site by Officer Dana Whitfield", ">101</text>"):  # fmt: skip
        assert wanted in sheet
    assert "<style>" not in sheet  # the page's policy would refuse it
    assert f"map/levels/{level}/print/" in text_of(page(cast, cast.client("staff"), "map/"))


def test_the_sheet_of_a_level_bears_the_conditions_in_force(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    officer = cast.client("sro")
    with reach.of_districts(cast.district.pk):
        document = queries.document_of(published)
    place = places.place_words(document, document.feature(keys["AED 1"]))
    send(cast, officer, "conditions/new/", told(place=place))
    sheet = text_of(page(cast, officer, f"map/levels/{level_of(published, cast)}/print/"))
    assert "Condition in force" in sheet


def test_a_level_that_the_map_has_not_is_not_printed(cast: Cast, published: MapVersion) -> None:
    nowhere = f"map/levels/{cast.lincoln.pk}/print/"
    assert page(cast, cast.client("staff"), nowhere).status_code == 404


def test_the_map_page_offers_its_layers_as_check_boxes(cast: Cast, published: MapVersion) -> None:
    shown = text_of(page(cast, cast.client("staff"), "map/"))
    boxes = re.findall(r'<input type="checkbox" value="(\w+)"[^>]* checked>', shown)
    assert boxes == ["rooms", "doors", "utilities", "safety", "places", "roads", "conditions"]


@pytest.mark.parametrize(
    ("words", "found"), [("library", "Room 201"), ("C1", "Room 102"), ("gas", "Gas shut-off")]
)
def test_search_works_without_scripts(
    cast: Cast, published: MapVersion, words: str, found: str
) -> None:
    answer = page(cast, cast.client("staff"), f"map/?q={words}")
    results = text_of(answer).split("Found for")[1].split("</section>")[0]
    assert found in results


def test_a_search_that_finds_nothing_says_how_to_search(cast: Cast, published: MapVersion) -> None:
    assert "Nothing of that name" in text_of(page(cast, cast.client("staff"), "map/?q=zzz"))


def test_the_chosen_feature_has_its_card(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    answer = text_of(page(cast, cast.client("sro"), f"map/?feature={keys['AED 1']}"))
    card = answer.split('id="map-card"')[1].split("</section>")[0]
    for words in ("Floor 1", "C2", "Door 1, about 100 ft", "Outside 102", "Seen, all right"):
        assert words in card


def test_the_office_has_no_buttons_on_the_card(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    answer = text_of(page(cast, cast.client("office"), f"map/?feature={keys['AED 1']}"))
    assert "Nearest door" in answer
    assert "Seen, all right" not in answer


def test_one_press_records_that_a_feature_was_seen(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    answer = send(cast, cast.client("sro"), f"map/features/{keys['AED 1']}/seen/")
    assert (answer.status_code, answer.url.endswith(keys["AED 1"])) == (303, True)
    with reach.of_districts(cast.district.pk):
        assert FeatureCheck.objects.get().as_on_map


def test_a_difference_without_words_is_asked_for_again(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    answer = send(cast, cast.client("sro"), f"map/features/{keys['AED 1']}/wrong/", {"note": ""})
    assert answer.status_code == 422
    assert "field__error" in text_of(answer)


def test_a_difference_keeps_its_photo_for_members(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    client = cast.client("sro")
    body = {"note": "Moved to room 101", "photo": picture("kit.png")}
    answer = send(cast, client, f"map/features/{keys['AED 1']}/wrong/", body)
    assert answer.status_code == 303
    card = text_of(client.get(answer.url))
    address = card.split('href="')[1:]
    (photo,) = {part.split('"')[0] for part in address if "photo.jpg" in part}
    assert client.get(photo)["Content-Type"] == "image/jpeg"
    assert cast.client("patrol").get(photo).status_code == 404


def test_a_file_becomes_a_draft_that_is_looked_at_and_published(cast: Cast) -> None:
    client = cast.client("principal")
    file = SimpleUploadedFile("school.geojson", file_of())
    answer = send(cast, client, "map/import/", {"file": file})
    assert answer.url == f"/campuses/{cast.lincoln.slug}/map/draft/"
    draft = text_of(page(cast, client, "map/draft/"))
    assert "school.geojson" in draft
    assert "room_without_door" in draft
    published = send(cast, client, "map/draft/publish/", {"verified_on": "2026-08-20"})
    assert published.status_code == 303
    assert "Map version 1 is published" in text_of(page(cast, client, "map/"))


def test_a_refused_file_is_shown_with_code_place_and_mend(cast: Cast) -> None:
    drawing = SimpleUploadedFile("plan.png", b"\x89PNG\r\n\x1a\n")
    answer = send(cast, cast.client("principal"), "map/import/", {"file": drawing})
    assert answer.status_code == 422
    for words in (
        "file_picture",
        "plan.png",
        "Give GeoJSON, an IMDF archive",
        "nothing has changed",
    ):
        assert words in text_of(answer)


def test_a_walk_in_the_future_is_refused_at_its_field(cast: Cast, bring_in: Importer) -> None:
    bring_in()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    answer = send(cast, cast.client("principal"), "map/draft/publish/", {"verified_on": tomorrow})
    assert answer.status_code == 422
    assert "lies in the future" in text_of(answer)


def test_the_draft_tells_what_changes(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    bring_in(file_of(*features()[:-1]))
    draft = text_of(page(cast, cast.client("sro"), "map/draft/"))
    assert "Changes since version 1" in draft
    assert "Removed" in draft


def test_a_discarded_draft_leaves_the_page(cast: Cast, bring_in: Importer) -> None:
    bring_in()
    client = cast.client("principal")
    assert "A draft map" in text_of(page(cast, client, "map/"))
    assert send(cast, client, "map/draft/discard/").status_code == 303
    assert "A draft map" not in text_of(page(cast, client, "map/"))


def test_an_officer_publishes_a_condition_with_photo_from_one_page(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    client = cast.client("sro")
    answer = send(cast, client, "conditions/new/", told(photo=picture("gate.png")))
    assert answer.status_code == 303, text_of(answer)
    condition = only_condition(cast)
    assert (condition.state, str(condition.feature_key)) == ("published", keys["Gate 4"])
    end = condition.ends_at.astimezone(ZONE)
    assert (end.hour, end.minute) == (23, 59)
    assert (end.date() - datetime.now(ZONE).date()).days == 3
    shown = client.get(f"{answer.url}photo.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert "Chained by the contractor." in text_of(page(cast, client, "map/"))


def test_a_place_that_is_not_on_the_map_is_kept_as_words(cast: Cast) -> None:
    send(cast, cast.client("sro"), "conditions/new/", told(place="Behind the dumpsters"))
    condition = only_condition(cast)
    assert (condition.place, condition.feature_key) == ("Behind the dumpsters", None)


def test_what_was_typed_comes_back_with_the_error(cast: Cast) -> None:
    answer = send(cast, cast.client("sro"), "conditions/new/", told(until="date"))
    assert answer.status_code == 422
    assert "Give the last day" in text_of(answer)
    assert 'value="Chained by the contractor."' in text_of(answer)


@pytest.mark.parametrize(("days", "status"), [(29, 303), (31, 422)])
def test_a_condition_holds_for_thirty_days_at_most(cast: Cast, days: int, status: int) -> None:
    day = (datetime.now(ZONE).date() + timedelta(days=days)).isoformat()
    answer = send(cast, cast.client("sro"), "conditions/new/", told(until="date", until_date=day))
    assert answer.status_code == status


def test_a_file_that_is_no_photo_is_refused_at_its_field(cast: Cast) -> None:
    photo = SimpleUploadedFile("gate.pdf", b"%PDF-1.7")
    answer = send(cast, cast.client("sro"), "conditions/new/", told(photo=photo))
    assert answer.status_code == 422
    assert "not a picture" in text_of(answer)


def test_a_teacher_reports_and_the_principal_publishes(cast: Cast) -> None:
    send(cast, cast.client("staff"), "conditions/new/", told())
    condition = only_condition(cast)
    assert condition.state == "reported"
    principal = cast.client("principal")
    assert "1 report waits for you" in text_of(page(cast, principal, "conditions/"))
    send(cast, principal, f"conditions/{condition.pk}/accept/")
    assert only_condition(cast).state == "published"


def test_a_responder_reports_and_sees_what_is_in_force_only(cast: Cast) -> None:
    patrol = cast.client("patrol")
    assert page(cast, patrol, "conditions/new/").status_code == 200
    assert send(cast, patrol, "conditions/new/", told()).status_code == 303
    condition = only_condition(cast)
    assert page(cast, patrol, f"conditions/{condition.pk}/").status_code == 404
    assert "Chained" not in text_of(page(cast, patrol, "conditions/"))
    send(cast, cast.client("principal"), f"conditions/{condition.pk}/accept/")
    shown = page(cast, patrol, f"conditions/{condition.pk}/")
    assert (shown.status_code, "End it now" in text_of(shown)) == (200, False)
    assert send(cast, patrol, f"conditions/{condition.pk}/end/").status_code == 403


def test_a_second_person_looks_and_anybody_entitled_ends(cast: Cast) -> None:
    officer, principal = cast.client("sro"), cast.client("principal")
    send(cast, officer, "conditions/new/", told())
    rest = f"conditions/{only_condition(cast).pk}/"
    assert "Seen, it is so" not in text_of(page(cast, officer, rest))
    assert "Seen, it is so" in text_of(page(cast, principal, rest))
    assert send(cast, principal, f"{rest}seen/").status_code == 303
    assert only_condition(cast).seen_by == "Maria Ochoa"
    assert send(cast, officer, f"{rest}end/").status_code == 303
    assert only_condition(cast).state == "ended"


def test_a_condition_is_renewed_from_its_page(cast: Cast) -> None:
    officer = cast.client("sro")
    send(cast, officer, "conditions/new/", told())
    rest = f"conditions/{only_condition(cast).pk}/renew/"
    assert send(cast, officer, rest, {"until": ""}).status_code == 422
    assert send(cast, officer, rest, {"until": "7"}).status_code == 303
    with reach.of_districts(cast.district.pk):
        assert set(Condition.objects.values_list("state", flat=True)) == {"ended", "published"}


@pytest.mark.parametrize("word", ["auditor", "evaluator"])
def test_who_only_reads_tells_no_condition(cast: Cast, word: str) -> None:
    client = cast.client(word)
    assert page(cast, client, "conditions/").status_code == 200
    assert page(cast, client, "conditions/new/").status_code == 403


@pytest.mark.parametrize("rest", ["conditions/", "conditions/new/"])
def test_another_district_finds_no_conditions(cast: Cast, rest: str) -> None:
    assert page(cast, cast.client("stranger"), rest).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind"),
    [("geojson", "application/geo+json"), ("imdf", "zip"), ("kmz", "kmz"), ("tak", "zip"),
     ("svg", "zip"), ("pdf", "pdf"), ("kml", "kml+xml")],
)  # fmt: skip
def test_the_published_map_goes_into_other_software_and_comes_back(
    cast: Cast, published: MapVersion, form: str, kind: str
) -> None:
    answer = page(cast, cast.client("office"), f"map/export/{form}/")
    assert answer.status_code == 200
    assert kind in answer["Content-Type"]
    assert f"{cast.lincoln.slug}-map-v1-{form}" in answer["Content-Disposition"]
    if form not in {"svg", "pdf"}:
        read = read_map("map", answer.content)
        with reach.of_districts(cast.district.pk):
            whole = queries.document_of(published)
        assert {f.label for f in read.features if f.label} >= {
            f.label for f in whole.features if f.kind == "room"
        }


def test_a_format_that_is_not_written_is_not_there(cast: Cast, published: MapVersion) -> None:
    assert page(cast, cast.client("office"), "map/export/dwg/").status_code == 404


KML = b"""<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Floor 1</name>
<Placemark id="r1"><name>Room 101</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
-84.7405,43.211 -84.7404,43.211 -84.7404,43.2111 -84.7405,43.2111 -84.7405,43.211
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"""


def test_a_map_drawn_in_google_earth_becomes_a_draft(cast: Cast) -> None:
    client = cast.client("principal")
    answer = send(cast, client, "map/import/", {"file": SimpleUploadedFile("school.kml", KML)})
    assert answer.url == f"/campuses/{cast.lincoln.slug}/map/draft/"
    assert "school.kml" in text_of(page(cast, client, "map/draft/"))


def test_a_drawing_alone_says_that_it_needs_its_place(cast: Cast) -> None:
    drawing = SimpleUploadedFile(
        "plan.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><rect id="room100" x="0" y="0" '
        b'width="9" height="9"/></svg>'
    )  # fmt: skip
    answer = send(cast, cast.client("principal"), "map/import/", {"file": drawing})
    assert answer.status_code == 422
    assert "control points" in text_of(answer)
