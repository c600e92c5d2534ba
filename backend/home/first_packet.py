"""The path of a new district to its first packet: seven steps, each with its one next action."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from backend.directory.models import AcceptedAddress, Campus, Coverage
from maps.models import MapState, MapVersion
from notifications.models import Acknowledgement
from plans.models import ContactSheetCopy, Plan, Publication


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done or not, and where it is done."""

    title: str
    words: str
    url: str
    action: str
    is_done: bool


def steps(district_id: UUID) -> list[Step]:
    """Return the seven steps of a district; all done once an agency has acknowledged."""
    campus = Campus.objects.filter(district_id=district_id).order_by("id").first()
    place = campus.get_absolute_url() if campus else "/settings/campuses/"
    mine = {"district_id": district_id}
    has_map = MapVersion.objects.filter(**mine, state=MapState.PUBLISHED).exists()
    has_sheet = ContactSheetCopy.objects.filter(**mine).exists()
    has_agencies = (
        Coverage.objects.filter(**mine).exists() and AcceptedAddress.objects.filter(**mine).exists()
    )
    return [
        Step(
            _("Add a campus"),
            _("By hand, or all at once from a spreadsheet"),
            "/settings/import/",
            _("Import campuses"),
            campus is not None,
        ),
        Step(
            _("Bring in its map"),
            _("A GeoJSON or IMDF file; what is wrong in it is listed"),
            f"{place}map/import/",
            _("Bring in a map"),
            has_map,
        ),
        Step(
            _("Start its plan"),
            _("From the federal template, or the plan you have adopted, as it stands"),
            f"{place}plan/",
            _("Start a plan"),
            Plan.objects.filter(**mine).exists(),
        ),
        Step(
            _("Confirm its contact sheet"),
            _("Who answers on a school day, and who at night"),
            f"{place}plan/contacts/",
            _("Write the sheet"),
            has_sheet,
        ),
        Step(
            _("Add the agencies that cover it"),
            _("Police, fire, EMS and dispatch, each with a contact"),
            "/settings/agencies/",
            _("Add agencies"),
            has_agencies,
        ),
        Step(
            _("Publish"),
            _("Signed or adopted, in force from a date you choose"),
            f"{place}plan/",
            _("Publish the plan"),
            Publication.objects.filter(**mine, agency=None).exists(),
        ),
        Step(
            _("An agency acknowledges"),
            _("By its link, or you write down its phone call"),
            f"{place}packet/",
            _("See who has it"),
            Acknowledgement.objects.filter(**mine).exists(),
        ),
    ]
