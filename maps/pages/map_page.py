"""The map of a campus: list, search, card and drawing say the same."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.canonical import content_hash
from backend.directory.access import DistrictRequest, get_in_reach, may
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.files import store
from backend.problems import NotFound, Problem
from backend.web import words
from maps import places, queries
from maps.document import Feature, MapDocument, to_json
from maps.drawing import DrawingIncomplete, draw_level, paper_stylesheet
from maps.models import Condition, FeatureCheck, MapVersion
from maps.pages.campus import campus_page, shell
from maps.pages.forms import DifferenceForm
from maps.pages.rows import row_of
from maps.services import checks

NIL = UUID(int=0)
STILL = (792.0, 612.0)  # points: Letter, lying


EXPORTS: tuple[tuple[str, Any], ...] = (
    ("geojson", "GeoJSON"),
    ("imdf", "IMDF"),
    ("kmz", "Google Earth (KMZ)"),
    ("tak", "TAK"),
    ("svg", gettext_lazy("Pictures (SVG)")),
    ("pdf", gettext_lazy("Sheets (PDF)")),
)


@require_safe
@campus_page("map.read")
def campus_map(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Where is everything at this campus?"""
    at = timezone.now()
    version = queries.published_map(campus)
    may_edit = may(request.actor, "map.edit", campus)
    draft = queries.draft_map(campus) if may_edit else None
    in_force = queries.conditions_in_force(campus, at=at)
    context: dict[str, Any] = {
        **shell(campus),
        "version": version,
        "draft": draft,
        "may_edit": may_edit,
        "may_publish_condition": may(request.actor, "condition.publish", campus),
        "may_report": may(request.actor, "condition.report", campus),
        "conditions": [row_of(c, campus=campus, actor=request.actor, at=at) for c in in_force],
        "now": at,
    }
    if version is not None:
        context |= _shown(request, campus, version, at=at)
    return TemplateResponse(request, "maps/map.html", context)


def _shown(
    request: DistrictRequest, campus: Campus, version: MapVersion, *, at: datetime
) -> dict[str, Any]:
    document = queries.document_of(version)
    asked = request.GET.get("feature", "")
    asked_words = request.GET.get("q", "").strip()
    chosen = next((f for f in document.features if f.id == asked), None)
    context: dict[str, Any] = {
        "groups": places.groups_of(document, opened=asked),
        "source": reverse("campus-map-document", args=[campus.slug]),
        "card_source": _card_source(campus),
        "words": asked_words,
        "found": places.find(document, asked_words) if asked_words else [],
        "levels": places.levels_of(document, shown=request.GET.get("level", "")),
        "exports": EXPORTS,
        "campus_note": _note(campus, version, document, at=at),
    }
    if chosen is not None:
        context |= _card(request, campus, version, document, chosen, at=at)
    return context


def _note(campus: Campus, version: MapVersion, document: MapDocument, *, at: datetime) -> str:
    """Return which map this is, what it holds and who compared it with the building."""
    zone, language = ZoneInfo(campus.time_zone), get_language() or "en"
    today = at.astimezone(zone).date()
    rooms = sum(feature.kind == "room" for feature in document.features)
    parts = [
        ngettext("%(count)d room", "%(count)d rooms", rooms) % {"count": rooms},
        _("%(count)d things on the map") % {"count": len(document.features)},
    ]
    if version.published_at:
        since = version.published_at.astimezone(zone).date()
        parts.insert(0, _("Map version %(number)s, in force since %(day)s") % {
            "number": version.number, "day": words.day(since, language=language, today=today),
        })  # fmt: skip
    if version.verified_on:
        parts.append(_("verified on site by %(name)s, %(day)s") % {
            "name": version.verified_by,
            "day": words.day(version.verified_on, language=language, today=today),
        })  # fmt: skip
    else:
        parts.append(_("not verified on site"))
    return " · ".join(parts)


def _card_source(campus: Campus) -> str:
    """Return the address of a feature's card with `{id}` where the viewer puts the id."""
    return reverse("campus-map-feature", args=[campus.slug, NIL]).replace(str(NIL), "{id}")


def _card(
    request: DistrictRequest,
    campus: Campus,
    version: MapVersion,
    document: MapDocument,
    feature: Feature,
    *,
    at: datetime,
) -> dict[str, Any]:
    known = FeatureCheck.objects.filter(campus=campus, feature_key=feature.id)
    check = known.order_by("-checked_at", "-pk").first()
    ages = queries.ages_of(version, document, {feature.id: check} if check else {}, at=at)
    here = queries.conditions_in_force(campus, at=at).filter(feature_key=feature.id)
    return {
        "facts": places.facts_of(document, feature),
        "check": check,
        "verified_on": version.verified_on,
        "verified_by": version.verified_by,
        "age": ages.get(feature.id, ""),
        "may_verify": may(request.actor, "map.verify_on_site", campus),
        "may_tell": may(request.actor, "condition.publish", campus)
        or may(request.actor, "condition.report", campus),
        "card_conditions": [row_of(c, campus=campus, actor=request.actor, at=at) for c in here],
        "campus": campus,
        "now": at,
    }


@require_safe
@campus_page("map.read")
def document(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Return the published map with ages and conditions for the viewer; 304 when it is known."""
    at = timezone.now()
    version = published(campus)
    shown = queries.document_of(version)
    ages = queries.ages_of(version, shown, queries.last_checks(campus), at=at)
    conditions = [
        {"feature": found.id, "text": _until(found, condition, campus, at=at)}
        for condition in queries.conditions_in_force(campus, at=at)
        for found in shown.features
        if found.id == str(condition.feature_key)
    ]
    return answer_document(request, {**to_json(shown), "ages": ages, "conditions": conditions})


def published(campus: Campus) -> MapVersion:
    """Return the campus's published map; raises NotFound without one."""
    version = queries.published_map(campus)
    if version is None:
        raise NotFound(_("This campus has no published map."), mend=_("Publish its map first."))
    return version


def _until(feature: Feature, condition: Condition, campus: Campus, *, at: datetime) -> str:
    """Return the place and until when: `Gate 4 until Sep 25`. What holds says the strip.

    The day alone, or on the last day the time: a label on the map must be short.
    """
    zone, language = ZoneInfo(campus.time_zone), get_language() or "en"
    ends, today = condition.ends_at.astimezone(zone), at.astimezone(zone).date()
    if ends.date() == today:
        day = words.time_of_day(ends, language=language)
    else:
        day = words.day(ends.date(), language=language, today=today, weekday=False)
    return _("%(place)s until %(day)s") % {"place": places.name_of(feature), "day": day}


def answer_document(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """Return a map document that a browser keeps and asks about each time."""
    tag = quote_etag(content_hash(body))
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = JsonResponse(body)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@campus_page("map.read")
def drawing(request: DistrictRequest, campus: Campus, level: UUID) -> HttpResponse:
    """Return one level of the published map as a picture, for browsers without scripts."""
    shown = queries.document_of(published(campus))
    try:
        drawn = draw_level(shown, str(level), width=STILL[0], height=STILL[1])
    except (KeyError, DrawingIncomplete) as error:
        raise NotFound(
            _("This level cannot be drawn as a picture."),
            mend=_("The list of the map holds all that stands on it."),
        ) from error
    head, bracket, rest = drawn.svg.partition(">")
    picture = f"{head}{bracket}<style>{paper_stylesheet()}</style>{rest}"
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@campus_page("map.read")
def feature(request: DistrictRequest, campus: Campus, key: UUID) -> HttpResponse:
    """Return the card of one feature for the viewer; as a page of its own, the map with it."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(_address(campus, key))
    return _card_answer(request, campus, key)


@require_POST
@campus_page("map.read")
def seen(request: DistrictRequest, campus: Campus, key: UUID) -> HttpResponse:
    """Record that the feature is as on the map."""
    checks.record_feature_check(
        campus_id=campus.pk,
        feature_key=key,
        as_on_map=True,
        actor=request.actor,
        at=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        return _card_answer(request, campus, key)
    return HttpResponseRedirect(_address(campus, key), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("map.verify_on_site")
def wrong(request: DistrictRequest, campus: Campus, key: UUID) -> HttpResponse:
    """Record what differs from the map, with a photo."""
    version = published(campus)
    shown = queries.document_of(version)
    form = DifferenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        photo = form.cleaned_data["photo"]
        try:
            checks.record_feature_check(
                campus_id=campus.pk,
                feature_key=key,
                as_on_map=False,
                note=form.cleaned_data["note"],
                photo=photo.read() if photo else None,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            return HttpResponseRedirect(_address(campus, key), status=303)
    return TemplateResponse(
        request,
        "maps/wrong.html",
        {
            **shell(campus),
            "form": form,
            "facts": places.facts_of(shown, queries.feature_of(shown, key)),
            "back_url": _address(campus, key),
        },
        status=422 if form.errors else 200,
    )


@require_safe
@campus_page("map.read")
def check_photo(request: DistrictRequest, campus: Campus, check_id: UUID) -> HttpResponse:
    """Return the photo of a look on site."""
    rows = FeatureCheck.objects.filter(campus=campus).select_related("photo")
    found = get_in_reach(request.actor, "map.read", rows, pk=check_id)
    if found.photo is None:
        raise NotFound(_("This look has no photo."))
    return HttpResponse(store.read(found.photo), content_type=found.photo.content_type)


def _address(campus: Campus, key: UUID) -> str:
    return f"{reverse('campus-map', args=[campus.slug])}?feature={key}"


def _card_answer(request: DistrictRequest, campus: Campus, key: UUID) -> HttpResponse:
    version = published(campus)
    shown = queries.document_of(version)
    found = queries.feature_of(shown, key)
    context = _card(request, campus, version, shown, found, at=timezone.now())
    return TemplateResponse(request, "maps/_feature_card.html", context)
