"""The path of a new district to its first packet: seven steps, each with its one next action."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from backend.directory.models import AcceptedAddress, Campus, Coverage
from backend.directory.queries import current
from maps.models import MapState, MapVersion
from notifications.models import Acknowledgement
from plans.models import ContactSheetCopy, PlanVersion, Publication
from plans.queries.versions import RESPONDER

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done or not, and where it is done; no address while an earlier one is open."""

    title: str
    words: str
    url: str
    action: str
    is_done: bool


def steps(district_id: UUID, *, at: datetime) -> list[Step]:
    """Return the seven steps of the campus that has come furthest; none once one is through.

    A district is through when an agency has acknowledged a packet.
    """
    acknowledged = Acknowledgement.objects.filter(
        district_id=district_id, is_unconfirmed=False, disputed_at=None
    )
    if acknowledged.exists():
        return []
    campus = _furthest(district_id)
    return _of_nobody() if campus is None else _of(campus, at.date())


def _furthest(district_id: UUID) -> Campus | None:
    """Return the campus with a publication, else with a plan, a map, else the oldest."""
    campuses = Campus.objects.filter(district_id=district_id)
    return (
        campuses.annotate(
            is_published=Exists(Publication.objects.filter(campus=OuterRef("pk"))),
            is_planned=Exists(PlanVersion.objects.filter(campus=OuterRef("pk"))),
            is_mapped=Exists(MapVersion.objects.filter(campus=OuterRef("pk"))),
        )
        .order_by("-is_published", "-is_planned", "-is_mapped", "id")
        .first()
    )


def _of_nobody() -> list[Step]:
    first = Step(
        _("Add a campus"),
        _("By hand, or all at once from a spreadsheet"),
        "/settings/campuses/add/",
        _("Add a campus"),
        is_done=False,
    )
    later = [Step(title, words, "", "", is_done=False) for title, words in _words()[1:]]
    return [first, *later]


def _of(campus: Campus, today: date) -> list[Step]:
    place = campus.get_absolute_url()
    covered = Coverage.objects.filter(current(today), campus=campus)
    accepted = AcceptedAddress.objects.filter(
        district_id=campus.district_id, contact__agency__in=covered.values("agency")
    )
    done = [
        True,
        _at(campus, MapVersion.objects.filter(state=MapState.PUBLISHED)).exists(),
        _at(campus, PlanVersion.objects.all()).exists(),
        _at(campus, ContactSheetCopy.objects.all()).exists(),
        accepted.exists(),
        _at(campus, Publication.objects.filter(audience=RESPONDER, agency=None)).exists(),
        False,
    ]
    actions = [
        ("", ""),
        (f"{place}map/import/", _("Bring in a map")),
        (f"{place}plan/", _("Start a plan")),
        (f"{place}plan/contacts/", _("Write the sheet")),
        ("/settings/agencies/", _("Add agencies")),
        (f"{place}plan/", _("Publish the plan")) if done[2] else ("", ""),
        (f"{place}packet/", _("See who has it")) if done[5] else ("", ""),
    ]
    return [
        Step(title, words, url, action, is_done)
        for (title, words), (url, action), is_done in zip(_words(), actions, done, strict=True)
    ]


def _at(campus: Campus, rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.filter(campus=campus)


def _words() -> list[tuple[str, str]]:
    return [
        (_("Add a campus"), _("By hand, or all at once from a spreadsheet")),
        (
            _("Bring in its map"),
            _("A file, or floor plans placed on the ground; what is wrong in it is listed"),
        ),
        (
            _("Start its plan"),
            _("From the federal template, or the plan you have adopted, as it stands"),
        ),
        (_("Confirm its contact sheet"), _("Who answers on a school day, and who at night")),
        (
            _("Add the agencies that cover it"),
            _("Police, fire, EMS and dispatch, each with a contact"),
        ),
        (_("Publish"), _("Signed or adopted, in force from a date you choose")),
        (_("An agency acknowledges"), _("By its link, or you write down its phone call")),
    ]
