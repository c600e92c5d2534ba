"""Looks on site and the ages they give."""

from datetime import date, timedelta

import pytest

from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from maps import queries
from maps.models import MapVersion
from maps.services.checks import record_feature_check
from tests.cast import NOW, Cast
from tests.maps.app.conftest import acting

LATER = NOW + timedelta(days=800)


def ages(cast: Cast, version: MapVersion, at: object = NOW) -> dict[str, str]:
    with reach.of_districts(cast.district.pk):
        document = queries.document_of(version)
        checks = queries.last_checks(cast.lincoln)
        found = queries.ages_of(version, document, checks, at=at)  # type: ignore[arg-type]
        return {document.feature(key).label: age for key, age in found.items()}


def check(cast: Cast, key: str, *, right: bool = True, word: str = "sro", note: str = "") -> None:
    with acting(cast, word) as actor:
        record_feature_check(
            campus_id=cast.lincoln.pk,
            feature_key=key,  # type: ignore[arg-type]
            as_on_map=right,
            note=note,
            actor=actor,
            at=LATER,
        )


def test_a_map_verified_this_year_has_no_old_features(cast: Cast, published: MapVersion) -> None:
    assert ages(cast, published) == {}


@pytest.mark.parametrize(("days", "age"), [(365, None), (366, "year"), (731, "two_years")])
def test_features_of_critical_kinds_age_from_the_walk_on_site(
    cast: Cast, published: MapVersion, days: int, age: str | None
) -> None:
    walked = date(2026, 8, 20)
    at = NOW + timedelta(days=days - (NOW.date() - walked).days)
    assert ages(cast, published, at).get("Gate 4") == age
    assert "101" not in ages(cast, published, at)


def test_a_look_makes_a_feature_young_again(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    check(cast, keys["Gate 4"])
    assert "Gate 4" not in ages(cast, published, LATER)
    assert "AED 1" in ages(cast, published, LATER)


def test_what_was_seen_to_be_wrong_is_marked_until_seen_right(
    cast: Cast, published: MapVersion, keys: dict[str, str]
) -> None:
    check(cast, keys["AED 1"], right=False, note="Moved to room 101")
    assert ages(cast, published, LATER)["AED 1"] == "two_years"
    check(cast, keys["AED 1"])
    assert "AED 1" not in ages(cast, published, LATER)


def test_what_differs_needs_words(cast: Cast, keys: dict[str, str]) -> None:
    with pytest.raises(BadInput) as refusal:
        check(cast, keys["AED 1"], right=False)
    assert refusal.value.where == "note"


def test_a_feature_that_is_not_on_the_published_map_is_not_found(
    cast: Cast, published: MapVersion
) -> None:
    with pytest.raises(NotFound):
        check(cast, "01990000-0000-7000-8000-000000000001")


def test_without_a_published_map_nothing_can_be_checked(cast: Cast) -> None:
    with pytest.raises(WrongState):
        check(cast, "01990000-0000-7000-8000-000000000001")


def test_the_office_does_not_verify_on_site(cast: Cast, keys: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        check(cast, keys["AED 1"], word="office")
