"""Bases of every record: identity, ownership by a district, and who reads across districts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from uuid_utils import compat as uuid_utils

from backend.tenancy import reach
from backend.tenancy.reach import NoReach

Owned = TypeVar("Owned", bound="DistrictOwned")


def new_id() -> UUID:
    """Return a UUIDv7: unique, and in order of creation."""
    return uuid_utils.uuid7()


class Identified(models.Model):
    """A record with a UUIDv7 key and the moment the database first held it.

    Rows of an APPEND_ONLY model are never changed or removed: the application's role has no right
    to.
    """

    APPEND_ONLY: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class ResponderRule:
    """Which rows agencies, links and devices read; one expression for manager and policy.

    `campus` and `agency` name the columns compared with the reach: a row is read when each named
    column is in it. `where` are further equalities of columns. With `agency_may_be_null`, a row
    addressed to no agency is read by all that reach the campus.
    """

    campus: str | None = "campus_id"
    agency: str | None = None
    agency_may_be_null: bool = False
    where: dict[str, Sequence[str]] = field(default_factory=dict)
    null: tuple[str, ...] = ()

    def filter(self, present: reach.Reach) -> Q:
        """Return the manager's filter."""
        rule = Q()
        if self.campus:
            rule &= Q(**{f"{self.campus}__in": present.campuses})
        if self.agency:
            mine = Q(**{f"{self.agency}__in": present.agencies})
            rule &= (
                mine | Q(**{f"{self.agency}__isnull": True}) if self.agency_may_be_null else mine
            )
        for column, values in self.where.items():
            rule &= Q(**{f"{column}__in": list(values)})
        for column in self.null:
            rule &= Q(**{f"{column}__isnull": True})
        return rule

    def policy(self) -> str:
        """Return the same as SQL for the row-level policy."""
        parts = []
        if self.campus:
            parts.append(f"{_column(self.campus)} = ANY ({setting('muster.campuses')})")
        if self.agency:
            mine = f"{_column(self.agency)} = ANY ({setting('muster.agencies')})"
            if self.agency_may_be_null:
                mine = f"({mine} OR {_column(self.agency)} IS NULL)"
            parts.append(mine)
        for column, values in sorted(self.where.items()):
            listed = ", ".join(f"'{value}'" for value in sorted(values))
            parts.append(f"{_column(column)} IN ({listed})")
        parts += [f"{_column(column)} IS NULL" for column in self.null]
        return " AND ".join(parts)


def _column(name: str) -> str:
    return "id" if name == "pk" else name


def setting(name: str) -> str:
    """Return SQL that reads a list of ids from a transaction's setting; unset gives NULL."""
    return f"(SELECT NULLIF(current_setting('{name}', true), '')::uuid[])::uuid[]"


class ScopedManager(models.Manager[Owned]):
    """Rows of the open reach; raises NoReach where none is open."""

    def get_queryset(self) -> models.QuerySet[Owned]:
        """Return the queryset that both walls allow."""
        present = reach.present()
        if present.crossing:
            raise NoReach(f"objects was used inside the crossing “{present.crossing}”")
        rule = Q(**{f"{self.model.DISTRICT_FIELD}__in": present.districts})
        if self.model.RESPONDERS is not None and present.campuses | present.agencies:
            rule |= self.model.RESPONDERS.filter(present)
        return super().get_queryset().filter(rule)


class CrossingManager(models.Manager[Owned]):
    """Rows of all districts, inside a crossing that the model lists by name."""

    def get_queryset(self) -> models.QuerySet[Owned]:
        """Return all rows; raises NoReach outside a listed crossing."""
        name = reach.present().crossing
        if name not in self.model.CROSSINGS:
            raise NoReach(f"{self.model.__name__} is not crossed by “{name}”")
        return super().get_queryset()


class DistrictOwned(Identified):
    """A record of exactly one district. Its walls are derived from this class after migrate."""

    DISTRICT_FIELD: ClassVar[str] = "district_id"
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {}
    RESPONDERS: ClassVar[ResponderRule | None] = None

    district = models.ForeignKey("directory.District", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Self]] = ScopedManager()
    across_districts: ClassVar[models.Manager[Self]] = CrossingManager()

    class Meta:
        abstract = True

    @classmethod
    def parents(cls) -> list[tuple[str, type["DistrictOwned"]]]:
        """Return (column, model) of each foreign key to another record of a district.

        A key to its own table is left out (a policy may not read its own table): the service that
        writes it finds the row under the same reach.
        """
        found: list[tuple[str, type[DistrictOwned]]] = []
        for item in cls._meta.concrete_fields:
            target: Any = item.related_model
            if (
                isinstance(item, models.ForeignKey)
                and isinstance(target, type)
                and issubclass(target, DistrictOwned)
                and item.name != "district"
                and target is not cls
            ):
                found.append((item.column, target))
        return found
