"""A page of one campus: found by its address within the reach, and sent on when the name is old."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from backend.directory import access
from backend.directory.access import DistrictRequest
from backend.directory.models import Campus
from backend.directory.queries import campus_by_slug

CampusView = Callable[..., HttpResponse]


def campus_page(verb: str) -> Callable[[CampusView], access.View]:
    """Open the reach, find the campus of the address for this verb, and call the view with it."""

    def decorate(view: CampusView) -> access.View:
        @wraps(view)
        def inside(request: DistrictRequest, slug: str, *args: Any, **more: Any) -> HttpResponse:
            campus = campus_by_slug(request.actor, slug, verb)
            return moved(request, slug, campus) or view(request, campus, *args, **more)

        return access.page(inside)

    return decorate


def moved(request: DistrictRequest, slug: str, campus: Campus) -> HttpResponse | None:
    """Return the way to the campus's present address, when a page was asked for at an old one."""
    if slug == campus.slug or request.method not in {"GET", "HEAD"}:
        return None
    return HttpResponseRedirect(request.get_full_path().replace(slug, campus.slug, 1))


def shell(campus: Campus, tab: str = "map") -> dict[str, Any]:
    """Return what each page of a campus shows around its content."""
    return {"campus": campus, "tab": tab}
