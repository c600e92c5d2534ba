"""One row of every record of a district, so that no table can be forgotten by the wall tests."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from backend.directory.models import Agency, Campus, District, ResponderContact
from backend.tenancy import reach
from backend.tenancy.models import DistrictOwned
from backend.tenancy.walls import tenant_models

AT = datetime(2026, 9, 8, 13, 0, tzinfo=UTC)

# What a field's type does not say: values that a check constraint asks for.
SPECIAL: dict[str, dict[str, Any]] = {
    "Membership": {"role": "staff", "starts_on": date(2020, 1, 1), "acting_for": None},
    "Grant": {"device": None},
    "Condition": {
        "kind": "access",
        "state": "published",
        "starts_at": AT,
        "ends_at": AT + timedelta(days=1),
    },
    "MapVersion": {"state": "draft"},
    "PlanVersion": {"state": "draft"},
    "Publication": {"audience": "responder", "agency": None},
    "SignatureRequirement": {"role": "principal", "agency": None},
    "Block": {"audience": "public"},
    "Delivery": {"state": "queued", "user": None},
    "Drill": {"state": "scheduled"},
    "SchoolCalendar": {
        "last_day": date(2027, 6, 10),
        "day_starts": time(7, 50),
        "day_ends": time(14, 40),
    },
    "Notice": {"kind": "test"},
}


@dataclass
class Filler:
    """Makes one row of each model in one district, parents first."""

    district: District
    campus: Campus
    agency: Agency
    contact: ResponderContact
    others: dict[type[models.Model], models.Model] = field(default_factory=dict)
    made: dict[type[models.Model], models.Model] = field(default_factory=dict)

    def fill(self) -> dict[type[models.Model], models.Model]:
        """Return one row of every record of a district."""
        self.made |= {District: self.district, Campus: self.campus}
        with reach.of_districts(self.district.pk):
            for model in tenant_models():
                self.row(model)
        return self.made

    def row(self, model: type[models.Model]) -> models.Model:
        """Return the row of a model, made now if there is none."""
        if model in self.made:
            return self.made[model]
        if not issubclass(model, DistrictOwned):
            return self._above(model)
        values = dict(SPECIAL.get(model.__name__, {}))
        for item in model._meta.concrete_fields:
            if item.name in values or item.primary_key or item.has_default():
                continue
            if isinstance(item, models.ForeignKey):
                values[item.name] = self._parent(model, item)
            elif item.name != "created_at":
                values[item.name] = self._value(item)
        try:
            with transaction.atomic():
                self.made[model] = model._base_manager.create(**values)
        except IntegrityError:  # the cast already has such a row
            self.made[model] = model._base_manager.filter(district=self.district).latest("id")
        return self.made[model]

    def _parent(self, model: type[models.Model], item: Any) -> Any:
        target: Any = item.related_model
        if target is model:
            return None
        return self.row(target)

    def _above(self, model: type[models.Model]) -> models.Model:
        if model is Agency:
            return self.agency
        if model is ResponderContact:
            return self.contact
        return self.others[model]

    @staticmethod
    def _value(item: Any) -> Any:
        if item.null:
            return None
        if isinstance(item, models.UUIDField):
            return uuid4()
        if isinstance(item, models.DateTimeField):
            return AT
        if isinstance(item, models.DateField):
            return AT.date()
        if isinstance(item, models.TimeField):
            return AT.time()
        if isinstance(item, (models.IntegerField, models.FloatField)):
            return 1
        if isinstance(item, models.BooleanField):
            return False
        if isinstance(item, models.BinaryField):
            return b"x"
        if isinstance(item, models.JSONField):
            return {}
        if item.choices:
            return next(iter(item.choices))[0]
        text = uuid4().hex if item.unique else str(item.name)
        return text[: item.max_length or 60]
