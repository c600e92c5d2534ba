"""The second wall: row-level security, with the first one out of the way."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from backend.directory.models import Campus, District
from backend.tenancy import reach, walls
from backend.tenancy.owner import as_owner

pytestmark = pytest.mark.django_db


def new_district(name: str) -> District:
    with reach.crossing("set-up"):
        return District.across_districts.create(
            name=name, state="MI", answering_name="Duty desk", answering_phone="555-0100"
        )


def new_campus(district: District, name: str) -> Campus:
    with reach.of_districts(district.pk):
        return Campus.objects.create(
            district=district, name=name, address="1 Elm", city="X", state="MI", time_zone="UTC"
        )


def test_tests_run_as_the_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("muster_app",)


def test_the_walls_stand_as_the_models_ask() -> None:
    assert walls.differences() == []


@pytest.mark.django_db(transaction=True)
def test_a_right_to_change_rows_that_are_only_added_is_reported(
    transactional_db: None,
) -> None:
    name = "the application's role may change rows of drills_recordseal"
    connection.close()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON drills_recordseal TO muster_app")
    try:
        assert walls.differences() == [name]
    finally:
        with as_owner():
            walls.raise_walls("default")
    assert walls.differences() == []


def test_without_a_reach_the_manager_refuses_and_sql_sees_nothing() -> None:
    new_campus(new_district("A"), "One")
    with pytest.raises(reach.NoReach):
        Campus.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_campus")
        assert cursor.fetchone() == (0,)


def test_another_districts_rows_are_not_seen_even_by_sql() -> None:
    mine, theirs = new_district("A"), new_district("B")
    new_campus(mine, "Mine")
    new_campus(theirs, "Theirs")
    with reach.of_districts(mine.pk), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM directory_campus")
        assert cursor.fetchall() == [("Mine",)]


def test_a_row_cannot_be_written_into_another_district() -> None:
    mine, theirs = new_district("A"), new_district("B")
    with (
        reach.of_districts(mine.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Campus.objects.create(
            district=theirs, name="X", address="1", city="X", state="MI", time_zone="UTC"
        )


def test_a_child_of_another_districts_parent_is_refused() -> None:
    from maps.models import MapVersion

    mine, theirs = new_district("A"), new_district("B")
    campus = new_campus(theirs, "Theirs")
    with (
        reach.of_districts(mine.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        MapVersion.objects.create(district=mine, campus_id=campus.pk, number=1)


def test_a_responder_sees_only_campuses_it_reaches() -> None:
    district = new_district("A")
    covered, other = new_campus(district, "Covered"), new_campus(district, "Other")
    with reach.of_responder(campuses=[covered.pk], agencies=[uuid4()]):
        assert list(Campus.objects.all()) == [covered]
        assert not Campus._base_manager.filter(pk=other.pk).exists()


def test_a_scope_may_narrow_but_never_widen() -> None:
    mine, theirs = new_district("A"), new_district("B")
    with reach.of_districts(mine.pk, theirs.pk):
        with reach.of_districts(mine.pk):
            assert District.objects.count() == 1
        assert District.objects.count() == 2
        with pytest.raises(reach.NoReach), reach.crossing("delivery"):
            pass
    with (
        reach.of_districts(mine.pk),
        pytest.raises(reach.NoReach),
        reach.of_districts(theirs.pk),
    ):
        pass


def test_the_setting_does_not_outlive_its_transaction() -> None:
    district = new_district("A")
    new_campus(district, "One")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('muster.districts', true)")
        assert cursor.fetchone()[0] in (None, "", "{}")


def test_an_unlisted_crossing_sees_nothing() -> None:
    new_campus(new_district("A"), "One")
    with reach.crossing("delivery"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent")
        assert cursor.fetchone() == (0,)
