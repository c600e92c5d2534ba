"""A map version as a file for other software; pages and API give the same."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from backend.problems import NotFound
from maps import queries
from maps.formats.export import EXPORT_FORMATS, Site
from maps.formats.writing import write_map
from maps.models import MapVersion


def map_file(version: MapVersion, form: str, *, at: datetime) -> HttpResponse:
    """Return a map version in a format, as a download named by campus, version and format.

    Raises NotFound for a format that is not written.
    """
    if form not in EXPORT_FORMATS:
        raise NotFound(
            _("A map is not written as “%(form)s”.") % {"form": form},
            mend=_("Take one of: %(forms)s.") % {"forms": ", ".join(EXPORT_FORMATS)},
        )
    campus = version.campus
    site = Site(
        campus.name,
        address=campus.address,
        locality=campus.city,
        province=f"US-{campus.state}" if campus.state else "",
        postal_code=campus.postal_code,
    )
    written = write_map(queries.document_of(version), form, site=site, at=at)
    answer = HttpResponse(written.content, content_type=written.content_type)
    name = f"{campus.slug}-map-v{version.number}-{form}{written.suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
