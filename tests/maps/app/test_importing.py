"""A file becomes the one draft; a refused one changes nothing; who is who survives."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from shapely.geometry import Point

from backend.audit.models import AuditEvent
from backend.files import store
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from maps import queries
from maps.document import Feature, MapDocument, to_json
from maps.models import MapFeature, MapLevel, MapState, MapVersion
from maps.services.importing import discard_draft, import_map
from maps.services.publishing import publish_map
from tests.cast import NOW, Cast
from tests.maps.app import small_school
from tests.maps.app.conftest import Importer, acting
from tests.maps.app.small_school import box, feature, features, file_of, point, without_ids


def ids(cast: Cast, version: MapVersion) -> dict[str, str]:
    with reach.of_districts(cast.district.pk):
        return {row.label: str(row.key) for row in MapFeature.objects.filter(version=version)}


def test_an_imported_file_becomes_a_draft_with_levels_features_and_grid(
    cast: Cast, bring_in: Importer
) -> None:
    draft = bring_in()
    with reach.of_districts(cast.district.pk):
        assert (draft.state, draft.number, draft.source_format) == ("draft", 1, "geojson")
        assert draft.imported_by == "Maria Ochoa"
        assert list(draft.levels.order_by("ordinal").values_list("name", flat=True)) == [
            "Floor 1",
            "Floor 2",
        ]
        assert draft.features.count() == 13
        assert draft.grid
        assert draft.grid["cell_meters"] == 20.0
        assert draft.source
        assert store.read(draft.source) == file_of()
        assert AuditEvent.objects.filter(action="map.imported", subject_id=draft.pk).exists()


def test_findings_name_the_feature_of_the_draft(cast: Cast, bring_in: Importer) -> None:
    draft = bring_in()
    missing = [f for f in draft.findings if f["code"] == "room_without_door"]
    assert {f["feature"] for f in missing} <= set(ids(cast, draft).values())
    assert missing


def test_a_second_file_replaces_the_draft(cast: Cast, bring_in: Importer) -> None:
    first = bring_in()
    second = bring_in(file_of(*features()[:4]))
    assert (second.pk, second.number) == (first.pk, 1)
    assert set(ids(cast, second)) == {"Main building", "Floor 1", "Floor 2", "101"}


def test_a_campus_has_one_draft_at_most(cast: Cast, bring_in: Importer) -> None:
    draft = bring_in()
    with (
        reach.of_districts(cast.district.pk),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        MapVersion.objects.create(district_id=draft.district_id, campus=cast.lincoln, number=2)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "file_picture"),
        ("empty.geojson", b"  ", "file_empty"),
        ("licence.txt", b"MIT License\nPermission is hereby granted", "file_licence"),
    ],
)
def test_a_refused_file_changes_nothing(
    cast: Cast, bring_in: Importer, name: str, content: bytes, code: str
) -> None:
    draft = bring_in()
    before = ids(cast, draft)
    with pytest.raises(BadInput) as refusal:
        bring_in(content, name)
    assert refusal.value.code == code
    assert name in refusal.value.where
    assert refusal.value.mend
    assert ids(cast, draft) == before


POINT_WITHOUT_PLACE = '{"type": "Feature", "properties": {"kind": "aed"}, "geometry": null}'


@pytest.mark.parametrize(
    "content",
    [
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "FeatureCollection", "features": [5, null]}',
        f'{{"type": "FeatureCollection", "features": [{POINT_WITHOUT_PLACE}]}}',
        POINT_WITHOUT_PLACE,
        "[]",
        '{"features": [5, null]}',
    ],
)
def test_a_file_with_nothing_on_it_is_refused_and_the_draft_stays(
    cast: Cast, bring_in: Importer, content: str
) -> None:
    draft = bring_in()
    before = ids(cast, draft)
    with pytest.raises(BadInput) as refusal:
        bring_in(content.encode(), "nothing.geojson")
    assert refusal.value.code in {"map_empty", "not_a_map"}
    assert "nothing.geojson" in refusal.value.where
    assert refusal.value.mend
    assert ids(cast, draft) == before


def test_the_refusal_of_an_empty_map_says_why_its_first_feature_has_no_place(
    bring_in: Importer,
) -> None:
    with pytest.raises(BadInput) as refusal:
        bring_in(POINT_WITHOUT_PLACE.encode(), "one.geojson")
    assert refusal.value.where.startswith("one.geojson, ")


def test_text_that_no_database_takes_is_refused_with_its_feature(
    cast: Cast, bring_in: Importer
) -> None:
    gate = Feature("7b1f3c6e-0000-4000-8000-000000000002", "gate", "Gate 4", Point(-84.74, 43.21))
    broken = MapDocument((), (replace(gate, properties={"note": "a\0b"}),))
    with pytest.raises(BadInput) as refusal:
        bring_in(json.dumps(to_json(broken)).encode())
    assert refusal.value.code == "text_broken"
    assert gate.id in refusal.value.where
    with reach.of_districts(cast.district.pk):
        assert not MapVersion.objects.exists()


def test_a_map_of_another_place_is_refused(cast: Cast, bring_in: Importer) -> None:
    elsewhere = {"type": "Point", "coordinates": [2.35, 48.85]}
    with pytest.raises(BadInput, match="km from the campus"):
        bring_in(file_of(feature("aed", "AED 1", elsewhere)))


def test_a_label_too_long_for_a_sign_is_cut_and_kept_among_the_names(
    cast: Cast, bring_in: Importer
) -> None:
    long = "Room " * 60
    draft = bring_in(file_of(feature("room", long, box(0, -10, 20, 0), 0)))
    with reach.of_districts(cast.district.pk):
        row = MapFeature.objects.get(version=draft)
    assert len(row.label) == 200
    assert long.strip() in row.names
    assert "label_cut" in {f["code"] for f in draft.findings}


def test_features_keep_their_ids_when_the_file_moves_them(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    moved = [*features()[:-2], feature("gate", "Gate 4", point(90, -40), None, id="g4")]
    assert ids(cast, bring_in(file_of(*moved)))["Gate 4"] == ids(cast, published)["Gate 4"]


def test_features_without_ids_keep_theirs_by_kind_level_and_sign(
    cast: Cast, bring_in: Importer
) -> None:
    first = bring_in(file_of(*without_ids(features())))
    with acting(cast, "sro") as actor:
        publish_map(version_id=first.pk, actor=actor, at=NOW)
    next_year = without_ids(features())
    next_year[5]["geometry"] = box(20, -10, 45, 0)
    second = bring_in(file_of(*next_year))
    assert second.pk != first.pk
    assert ids(cast, second) == ids(cast, first)


def test_two_features_of_one_sign_are_not_guessed_apart(cast: Cast, bring_in: Importer) -> None:
    kits = [feature("trauma_kit", "Kit", point(x, -12), 0) for x in (5, 25)]
    first = bring_in(file_of(*kits))
    with acting(cast, "sro") as actor:
        publish_map(version_id=first.pk, actor=actor, at=NOW)
        former = set(first.features.values_list("key", flat=True))
    second = bring_in(file_of(*[feature("trauma_kit", "Kit", point(x, -13), 0) for x in (5, 25)]))
    with reach.of_districts(cast.district.pk):
        assert former.isdisjoint(second.features.values_list("key", flat=True))


def test_the_grid_keeps_its_origin_and_grows(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    far = feature("gate", "Gate 9", point(300, -200), None, id="g9")
    draft = bring_in(file_of(*features(), far))
    assert draft.grid
    assert published.grid
    assert draft.grid["origin"] == published.grid["origin"]
    assert draft.grid["columns"] > published.grid["columns"]
    assert draft.grid["rows"] > published.grid["rows"]


def test_an_exported_map_comes_back_with_its_own_ids(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    with reach.of_districts(cast.district.pk):
        exported = json.dumps(to_json(queries.document_of(published))).encode()
    draft = bring_in(exported)
    with reach.of_districts(cast.district.pk):
        assert queries.document_of(draft) == queries.document_of(published)


def test_a_discarded_draft_is_gone_and_the_published_map_stands(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    bring_in()
    principal = cast.actor("principal")
    with reach.of_districts(cast.district.pk):
        discard_draft(campus_id=cast.lincoln.pk, actor=principal, at=NOW)
        assert list(MapVersion.objects.all()) == [published]
        assert MapLevel.objects.count() == 2
        with pytest.raises(WrongState):
            discard_draft(campus_id=cast.lincoln.pk, actor=principal, at=NOW)


@pytest.mark.parametrize("word", ["office", "staff", "auditor", "evaluator"])
def test_who_may_not_edit_the_map_may_not_import(cast: Cast, word: str) -> None:
    with acting(cast, word) as actor, pytest.raises(NotAllowed):
        import_map(
            campus_id=cast.lincoln.pk,
            name="school.geojson",
            content=small_school.file_of(),
            actor=actor,
            at=NOW,
        )


def test_another_district_does_not_find_the_campus(cast: Cast) -> None:
    with acting(cast, "stranger") as actor, pytest.raises(NotFound):
        import_map(
            campus_id=cast.lincoln.pk,
            name="school.geojson",
            content=small_school.file_of(),
            actor=actor,
            at=NOW,
        )


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "dresden-apb.geojson",
        "openindoormaps-demo-map.geojson",
        "paris-gare-de-l-est.geojson",
        "spbpu-campus-imdf.zip",
    ],
)
def test_a_real_map_becomes_a_published_map(
    cast: Cast, bring_in: Importer, shared_data: Path, name: str
) -> None:
    with reach.of_districts(cast.district.pk):
        type(cast.lincoln).objects.filter(pk=cast.lincoln.pk).update(longitude=None, latitude=None)
    draft = bring_in((shared_data / "maps" / name).read_bytes(), name)
    with acting(cast, "district") as actor:
        version = publish_map(version_id=draft.pk, actor=actor, at=NOW)
        document = queries.document_of(version)
        assert version.state == MapState.PUBLISHED
        assert len(document.features) > 100
        assert queries.hash_of(version, document) == version.content_hash
