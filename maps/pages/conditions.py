"""Conditions of a campus: what holds now, one told in a minute, one seen and ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, get_in_reach, may, reach_of
from backend.directory.models import Campus, Coverage
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import campus_by_slug, current
from backend.files import store
from backend.problems import NotAllowed, NotFound, Problem
from maps import places, queries
from maps.document import MapDocument
from maps.models import Condition, ConditionState
from maps.pages.campus import campus_page, moved, shell
from maps.pages.forms import ConditionForm, UntilForm
from maps.pages.rows import row_of
from maps.services import conditions as services

ENDED_SHOWN = 20
# What a person names by its sign; interior doors and grounds are found by the room beside them.
NAMED_KINDS = frozenset(
    {
        "gate", "exterior_door", "elevator", "stair", "room", "corridor", "utility_shut_off",
        "fire_panel", "annunciator", "standpipe", "sprinkler_riser", "fire_department_connection",
        "hydrant", "fire_lane", "key_box", "aed", "trauma_kit", "assembly_area", "refuge_area",
        "parking", "generator", "reunification_site",
    }
)  # fmt: skip
FIELD_OF = {"ends_at": "until", "feature": "place"}


@require_safe
@campus_page("condition.read")
def campus_conditions(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """What is out of order here now?"""
    at = timezone.now()
    rows = [
        row_of(condition, campus=campus, actor=request.actor, at=at)
        for condition in queries.conditions_of(campus, at=at)
    ]
    over = Condition.objects.filter(campus=campus, state=ConditionState.ENDED)
    context = {
        **shell(campus),
        "rows": rows,
        "in_force_count": sum(row.condition.starts_at <= at for row in rows),
        "reported": [
            row_of(condition, campus=campus, actor=request.actor, at=at)
            for condition in queries.conditions_reported(campus, at=at)
        ],
        "ended": [
            row_of(condition, campus=campus, actor=request.actor, at=at)
            for condition in over.order_by("-ended_at", "-pk")[:ENDED_SHOWN]
        ],
        "may_tell": _may_tell(request, campus),
        "may_publish": may(request.actor, "condition.publish", campus),
        "now": at,
    }
    return TemplateResponse(request, "maps/conditions.html", context)


def _may_tell(request: DistrictRequest, campus: Campus) -> bool:
    return may(request.actor, "condition.publish", campus) or may(
        request.actor, "condition.report", campus
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.answer_page
def new_condition(request: DistrictRequest, slug: str) -> HttpResponse:
    """Tell what is out of order: published by the entitled, reported by everybody else."""
    at = timezone.now()
    with reach_of(request.actor):
        campus = campus_by_slug(request.actor, slug, "condition.read")
        if way := moved(request, slug, campus):
            return way
        if not _may_tell(request, campus):
            raise NotAllowed(
                _("Your role does not include this."),
                mend=_("Tell the office of the campus what you have seen."),
            )
        document = _document_for(request, campus)
        choices = _choices(document)
    form = ConditionForm(
        request.POST or None, request.FILES or None, campus=campus, at=at,
        initial={"place": _asked_place(request, choices), "kind": request.GET.get("kind")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            condition = _tell(request, campus, form, choices)
        except Problem as problem:
            problem.where = FIELD_OF.get(problem.where, problem.where)
            problem_to_form(problem, form)
        else:
            return _told_answer(request, campus, condition)
    with reach_of(request.actor):
        return access.finished(
            TemplateResponse(
                request,
                "maps/new_condition.html",
                {
                    **shell(campus),
                    "form": form,
                    "choices": [words for words, _key in choices],
                    "may_publish": may(request.actor, "condition.publish", campus),
                    "agency_count": _agencies(request, campus),
                },
                status=422 if form.errors else 200,
            )
        )


def _document_for(request: DistrictRequest, campus: Campus) -> MapDocument | None:
    """Return the published map for those who may read it; a responder writes the place."""
    version = queries.published_map(campus) if may(request.actor, "map.read", campus) else None
    return queries.document_of(version) if version else None


def _choices(document: MapDocument | None) -> list[tuple[str, str]]:
    """Return the words and the id of each place that can be chosen, each wording once."""
    if document is None:
        return []
    found: dict[str, str] = {}
    for group in places.groups_of(document):
        for row in group.features:
            if row.kind in NAMED_KINDS:
                words = places.place_words(document, document.feature(row.id))
                found.setdefault(words, row.id)
    return list(found.items())


def _asked_place(request: DistrictRequest, choices: list[tuple[str, str]]) -> str:
    asked = request.GET.get("feature", "")
    return next((words for words, key in choices if key == asked), "")


def _tell(
    request: DistrictRequest, campus: Campus, form: ConditionForm, choices: list[tuple[str, str]]
) -> Condition:
    data = form.cleaned_data
    key = dict(choices).get(data["place"].strip())
    told = services.Told(
        kind=data["kind"],
        text=data["text"],
        ends_at=data["ends_at"],
        place=data["place"],
        feature_key=UUID(key) if key else None,
        photo=data["photo"].read() if data["photo"] else None,
        key=data["key"],
    )
    at = timezone.now()
    if not may(request.actor, "condition.publish", campus):
        return services.report(campus_id=campus.pk, told=told, actor=request.actor, at=at)
    with reach_of(request.actor):
        return services.publish(campus_id=campus.pk, told=told, actor=request.actor, at=at)


def _told_answer(request: DistrictRequest, campus: Campus, condition: Condition) -> HttpResponse:
    if condition.state == ConditionState.REPORTED:
        messages.success(request, _("Reported. An administrator of the campus looks at it."))
        where = reverse("campus-conditions", args=[campus.slug])
    else:
        messages.success(request, _("In force. Packets and map show it from now on."))
        where = reverse("condition", args=[campus.slug, condition.pk])
    return HttpResponseRedirect(where, status=303)


def _agencies(request: DistrictRequest, campus: Campus) -> int:
    today = campus.local_date(timezone.now())
    rows = Coverage.objects.filter(current(today), campus=campus)
    return rows.values("agency").distinct().count()


@require_safe
@campus_page("condition.read")
def condition(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """Show one condition with what may be done about it."""
    found = _condition(request, campus, condition_id)
    form = UntilForm(campus=campus, at=timezone.now())
    return _condition_page(request, campus, found, form)


def _condition(request: DistrictRequest, campus: Campus, condition_id: UUID) -> Condition:
    rows = Condition.objects.filter(campus=campus).select_related("photo")
    return get_in_reach(request.actor, "condition.read", rows, pk=condition_id)


def _condition_page(
    request: DistrictRequest, campus: Campus, found: Condition, form: UntilForm
) -> HttpResponse:
    at = timezone.now()
    is_member = any(role.district_id == campus.district_id for role in request.actor.roles)
    context: dict[str, Any] = {
        **shell(campus),
        "row": row_of(found, campus=campus, actor=request.actor, at=at),
        "condition": found,
        "photo": found.photo_id if is_member else None,
        "form": form,
        "now": at,
    }
    return TemplateResponse(
        request, "maps/condition.html", context, status=422 if form.errors else 200
    )


@require_safe
@campus_page("map.read")
def photo(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """Return the photo of a condition to members of the district."""
    found = _condition(request, campus, condition_id)
    if found.photo is None:
        raise NotFound(_("This condition has no photo."))
    return HttpResponse(store.read(found.photo), content_type=found.photo.content_type)


@require_POST
@campus_page("condition.read")
def accept(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """Publish a report."""
    found = _condition(request, campus, condition_id)
    services.accept_report(condition_id=found.pk, actor=request.actor, at=timezone.now())
    messages.success(request, _("In force. Packets and map show it from now on."))
    return _back(campus, found)


@require_POST
@campus_page("condition.read")
def seen(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """Record the second look."""
    found = _condition(request, campus, condition_id)
    services.mark_seen(condition_id=found.pk, actor=request.actor, at=timezone.now())
    messages.success(request, _("Your look at it is recorded."))
    return _back(campus, found)


@require_POST
@campus_page("condition.read")
def end(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """End a condition now."""
    found = _condition(request, campus, condition_id)
    services.end(condition_id=found.pk, actor=request.actor, at=timezone.now())
    messages.success(request, _("Ended. Packets and map no longer show it."))
    return _back(campus, found)


@require_POST
@campus_page("condition.read")
def renew(request: DistrictRequest, campus: Campus, condition_id: UUID) -> HttpResponse:
    """Let a condition go on until another day."""
    at = timezone.now()
    found = _condition(request, campus, condition_id)
    form = UntilForm(request.POST, campus=campus, at=at)
    if form.is_valid():
        try:
            renewed = services.renew(
                condition_id=found.pk,
                ends_at=form.cleaned_data["ends_at"],
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem.where = FIELD_OF.get(problem.where, problem.where)
            problem_to_form(problem, form)
        else:
            messages.success(request, _("It goes on, and a second person looks at it again."))
            return _back(campus, renewed)
    return _condition_page(request, campus, found, form)


def _back(campus: Campus, found: Condition) -> HttpResponse:
    return HttpResponseRedirect(reverse("condition", args=[campus.slug, found.pk]), status=303)
