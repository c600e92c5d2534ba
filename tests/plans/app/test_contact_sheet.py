"""The contact sheet: edited by the office, confirmed by others, private numbers kept."""

import json

import pytest

from backend.canonical import content_hash
from backend.problems import BadInput, NotAllowed, WrongState
from plans.models import ContactSheetCopy
from plans.queries.sheets import is_confirmed, newest_copy, sheet_of
from plans.services import contact_sheet
from tests.cast import NOW, Cast
from tests.plans.app.writing import in_district, person, sheet_content


def test_the_office_edits_and_may_not_confirm(cast: Cast) -> None:
    with in_district(cast):
        office = person(cast, "office")
        row = contact_sheet.edit_sheet(
            campus=cast.lincoln, expected_edits=0, content=sheet_content(), actor=office, at=NOW
        )
        assert row.edits == 1
        with pytest.raises(NotAllowed):
            contact_sheet.confirm_sheet(campus=cast.lincoln, expected_edits=1, actor=office, at=NOW)


def test_confirming_freezes_duty_numbers_without_private_ones(cast: Cast) -> None:
    with in_district(cast):
        sro = person(cast, "sro")
        contact_sheet.edit_sheet(
            campus=cast.lincoln, expected_edits=0, content=sheet_content(), actor=sro, at=NOW
        )
        assert not is_confirmed(sheet_of(cast.lincoln), newest_copy(cast.lincoln))
        copy = contact_sheet.confirm_sheet(campus=cast.lincoln, expected_edits=1, actor=sro, at=NOW)
        assert is_confirmed(sheet_of(cast.lincoln), newest_copy(cast.lincoln))
    assert "555-0199" not in copy.document
    assert "555-0141" in copy.document
    assert copy.content_hash == content_hash(json.loads(copy.document))


def test_a_second_writer_is_told_and_nothing_is_lost(cast: Cast) -> None:
    with in_district(cast):
        first, second = person(cast, "office"), person(cast, "sro")
        contact_sheet.edit_sheet(
            campus=cast.lincoln, expected_edits=0, content=sheet_content(), actor=first, at=NOW
        )
        other = sheet_content() | {"radio_channel": "CV TAC 5"}
        with pytest.raises(contact_sheet.SheetEditedMeanwhile, match="Jo Brandt") as conflict:
            contact_sheet.edit_sheet(
                campus=cast.lincoln, expected_edits=0, content=other, actor=second, at=NOW
            )
    assert conflict.value.theirs.content == sheet_content()


def test_an_empty_sheet_is_not_confirmed(cast: Cast) -> None:
    with in_district(cast):
        sro = person(cast, "sro")
        with pytest.raises(WrongState):
            contact_sheet.confirm_sheet(campus=cast.lincoln, expected_edits=0, actor=sro, at=NOW)
        assert not ContactSheetCopy.objects.exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"school_day": [{"post": "Office", "phone": "call me"}]}, "school_day[0].phone"),
        ({"school_day": [{"phone": "555-0100"}]}, "school_day[0].post"),
        ({"alarm_phone": "none"}, "alarm_phone"),
        ({"pager": "1"}, "sheet"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(
    cast: Cast, change: dict[str, object], where: str
) -> None:
    with in_district(cast):
        sro = person(cast, "sro")
        with pytest.raises(BadInput) as refused:
            contact_sheet.edit_sheet(
                campus=cast.lincoln,
                expected_edits=0,
                content=sheet_content() | change,
                actor=sro,
                at=NOW,
            )
    assert refused.value.where == where
