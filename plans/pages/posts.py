"""Who holds which post: one table, saved whole."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.directory.access import DistrictRequest
from backend.directory.models import Campus, Membership
from backend.directory.queries import current
from backend.problems import BadInput
from plans.content.document import RoleAssignment
from plans.content.positions import POSITIONS, position_name
from plans.models import PlanState
from plans.pages.shell import campus_page, shell, work_of
from plans.queries import document_of
from plans.services import roles as services

FIELDS = ("position", "person", "first_alternate", "second_alternate", "phone")


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.draft")
def posts(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Who holds which post, and who steps in?"""
    at = timezone.now()
    version = work_of(campus, PlanState.DRAFT)
    if request.method != "POST":
        rows = list(document_of(version).roles)
        return _form(request, campus, rows or _usual(), services.roles_mark(version), at)
    rows, expected = _typed(request.POST), request.POST.get("expected", "")
    if request.POST.get("do") == "add":
        return _form(request, campus, [*rows, RoleAssignment("", "")], expected, at)
    try:
        services.edit_roles(
            version=version,
            expected=expected,
            roles=[row for row in rows if any((row.position, row.person))],
            actor=request.actor,
            at=at,
        )
    except services.RolesEditedMeanwhile as conflict:
        mark = services.marks_of(conflict.theirs)
        theirs = [(role, _words(role)) for role in conflict.theirs]
        more = {"conflict": conflict, "their_rows": theirs, "status": 412}
        return _form(request, campus, rows, mark, at, **more)
    except BadInput as problem:
        return _form(request, campus, rows, expected, at, problem=problem, status=422)
    messages.success(request, _("The posts are saved."))
    return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)


def _usual() -> list[RoleAssignment]:
    """Return the posts of a school's command chart, all empty."""
    return [RoleAssignment(code, "") for code in POSITIONS]


def _typed(post: QueryDict) -> list[RoleAssignment]:
    columns = [post.getlist(name) for name in FIELDS]
    count = min(len(column) for column in columns)
    rows = [[column[place].strip() for column in columns] for place in range(count)]
    return [RoleAssignment(_code(post_words), *rest) for post_words, *rest in rows]


def _code(words: str) -> str:
    """Return the code of a post called by its name; other words are a post of a district."""
    codes = {name: code for code, name in POSITIONS.items()}
    return codes.get(words.casefold(), words)


def _words(role: RoleAssignment) -> str:
    """Return how a post is called, as it begins a line."""
    return capfirst(position_name(role.position))


def _form(
    request: DistrictRequest,
    campus: Campus,
    rows: list[RoleAssignment],
    expected: str,
    at: datetime,
    **more: Any,
) -> HttpResponse:
    status = more.pop("status", 200)
    people = Membership.objects.filter(
        current(campus.local_date(at)), district=campus.district_id
    ).select_related("user")
    context = {
        **shell(request, campus, at),
        "rows": [(row, _words(row)) for row in rows],
        "expected": expected,
        "people": sorted({row.user.name for row in people if row.campus_id in {None, campus.pk}}),
        "positions": [(code, capfirst(name)) for code, name in POSITIONS.items()],
        **more,
    }
    return TemplateResponse(request, "plans/posts.html", context, status=status)
