"""The published map as a file for other software."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.directory.access import DistrictRequest
from backend.directory.models import Campus
from maps.downloads import map_file
from maps.pages.campus import campus_page
from maps.pages.map_page import published


@require_safe
@campus_page("map.read")
def export(request: DistrictRequest, campus: Campus, form: str) -> HttpResponse:
    """Return the published map in a format."""
    return map_file(published(campus), form, at=timezone.now())
