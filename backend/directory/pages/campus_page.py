"""A page of one campus: found by its address, redirected when the name in it is old."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from backend.directory import access
from backend.directory.access import DistrictRequest
from backend.directory.queries import campus_by_slug

View = Callable[..., HttpResponse]


def campus_page(verb: str) -> Callable[[View], View]:
    """Give the view the campus of `slug` with which the actor may do `verb`, inside the reach.

    The view takes (request, campus, …). A GET at an old name leads to the present one.
    """

    def around(view: View) -> View:
        @access.page
        @wraps(view)
        def inside(request: DistrictRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            campus = campus_by_slug(request.actor, slug, verb)
            if slug != campus.slug and request.method in {"GET", "HEAD"}:
                path = request.get_full_path().replace(slug, campus.slug, 1)
                return HttpResponseRedirect(path)
            return view(request, campus, *args, **kwargs)

        return inside

    return around
