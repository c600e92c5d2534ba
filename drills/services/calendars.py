"""Write a school year's calendar: every rule and every proposal counts its days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Campus, District
from backend.problems import BadInput
from drills.models import SchoolCalendar

MOST_DAYS = 400
MOST_WINDOWS = 60


@dataclass(frozen=True, slots=True)
class Year:
    """One school year. `testing` are (first, last) days of state tests, both included."""

    first_day: date
    last_day: date
    day_starts: time
    day_ends: time
    lunch_starts: time | None = None
    lunch_ends: time | None = None
    no_school: Sequence[date] = field(default_factory=tuple)
    testing: Sequence[tuple[date, date]] = field(default_factory=tuple)


@transaction.atomic
def write_calendar(
    *, owner: District | Campus, year: Year, actor: Actor, at: datetime
) -> SchoolCalendar:
    """Write the calendar of a district, or of one campus that differs; the same year is replaced.

    Raises NotAllowed, and BadInput with the field as `where`.
    """
    allow(actor, "school_calendar.edit", owner)
    _require(year)
    campus = owner if isinstance(owner, Campus) else None
    district_id: UUID = owner.district_id if isinstance(owner, Campus) else owner.pk
    row, made = SchoolCalendar.objects.update_or_create(
        district_id=district_id,
        campus=campus,
        first_day=year.first_day,
        defaults={
            "last_day": year.last_day,
            "day_starts": year.day_starts,
            "day_ends": year.day_ends,
            "lunch_starts": year.lunch_starts,
            "lunch_ends": year.lunch_ends,
            "no_school": sorted({day.isoformat() for day in year.no_school}),
            "testing": [
                {"from": first.isoformat(), "to": last.isoformat()}
                for first, last in sorted(year.testing)
            ],
        },
    )
    audit.record("school_calendar.written", actor=actor, subject=row, at=at, details={
        "first_day": year.first_day.isoformat(), "last_day": year.last_day.isoformat(),
        "new": made})  # fmt: skip
    return row


def _require(year: Year) -> None:
    if not year.first_day < year.last_day:
        raise BadInput(_("The last day lies before the first."), where="last_day",
                       mend=_("Write the last day of school."))  # fmt: skip
    if (year.last_day - year.first_day).days > MOST_DAYS:
        raise BadInput(_("A school year is shorter than this."), where="last_day",
                       mend=_("Write one year, not two."))  # fmt: skip
    if not year.day_starts < year.day_ends:
        raise BadInput(_("The school day ends before it starts."), where="day_ends",
                       mend=_("Write when the last lesson ends."))  # fmt: skip
    if (year.lunch_starts is None) != (year.lunch_ends is None) or (
        year.lunch_starts and year.lunch_ends and not year.lunch_starts < year.lunch_ends
    ):
        raise BadInput(_("Lunch has a start and a later end."), where="lunch_ends",
                       mend=_("Write both, or neither."))  # fmt: skip
    for day in year.no_school:
        if not year.first_day <= day <= year.last_day:
            raise BadInput(
                _("%(day)s lies outside the school year.") % {"day": day.isoformat()},
                where="no_school",
                mend=_("Leave it out."),
            )
    if len(year.testing) > MOST_WINDOWS:
        raise BadInput(_("These are more than 60 windows of tests."), where="testing",
                       mend=_("Join those that touch."))  # fmt: skip
    for first, last in year.testing:
        if first > last:
            raise BadInput(
                _("The test window of %(day)s ends before it begins.") % {"day": first.isoformat()},
                where="testing",
                mend=_("Write its first day, then its last."),
            )
