"""What drills need of a person now: a proposal, a clearance, a review, a fix."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.access import in_reach_of, may
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.home.need import Need, Weight
from backend.web import words
from drills.models import (
    ActionState,
    AfterActionReview,
    Clearance,
    ClearanceState,
    CorrectiveAction,
    Drill,
    DrillState,
    Invitation,
    InvitationState,
    SchoolMessage,
)
from drills.queries.drills import WINDOW_BEFORE
from drills.services.moments import is_overdue, panel_is_overdue

SOON = timedelta(days=14)
Campuses = Mapping[UUID, Campus]


def drill_needs(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    """Yield what drills ask of this actor."""
    yield from _now(actor, campuses, at)
    yield from _proposals(actor, campuses)
    yield from _reviews(actor, campuses, at)
    yield from _fixes(actor, campuses, at)
    yield from _messages(actor, campuses, at)
    yield from _asked(actor, campuses, at)
    yield from _asked_to_come(actor, at)


def _now(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    live = Q(state=DrillState.RUNNING) | Q(
        state__in=[DrillState.ANNOUNCED, DrillState.CLEARED], starts_at__gt=at - WINDOW_BEFORE * 3
    )
    on_test = Q(alarm_on_test=True, alarm_back_at=None, ended_at__isnull=False)
    rows = Drill.objects.filter(live | on_test).select_related("campus", "conductor__user")
    for drill in in_reach_of(actor, "drill.report_place", rows.order_by("starts_at", "pk")):
        facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
        if panel_is_overdue(drill, at):
            yield _need("overdue", _("Alarm panel still on test: %(campus)s") % facts,
                        _("A real alarm would reach nobody"), drill, action=_("Close it"),
                        since=drill.ended_at)  # fmt: skip
        elif is_overdue(drill, at):
            yield _need("overdue", _("%(drill)s not ended: %(campus)s") % facts,
                        _("Nobody knows whether the next call is real"), drill, action=_("End it"),
                        since=drill.started_at)  # fmt: skip
        elif drill.state == DrillState.RUNNING:
            yield _need("due", _("%(drill)s runs at %(campus)s") % facts, "", drill,
                        action=_("Open"), since=drill.started_at)  # fmt: skip
        elif drill.state in {DrillState.ANNOUNCED, DrillState.CLEARED}:
            words = (
                _("Dispatch has cleared it")
                if drill.state == DrillState.CLEARED
                else _("Not cleared yet: it does not begin before that")
            )
            yield _need("due", _("%(drill)s at %(campus)s begins soon") % facts, words, drill,
                        action=_("Run it"), since=drill.starts_at)  # fmt: skip


def _need(
    weight: Weight, title: str, reason: str, drill: Drill, *, action: str, since: datetime | None
) -> Need:
    return Need(
        weight,
        title,
        reason,
        reverse("drill", args=[drill.pk]),
        action,
        drill.campus.name,
        since,
        drill.campus.time_zone,
    )


def _proposals(actor: Actor, campuses: Campuses) -> Iterator[Need]:
    rows = Drill.objects.filter(state=DrillState.PROPOSED).select_related("campus")
    for drill in in_reach_of(actor, "drill.schedule", rows.order_by("day", "pk")):
        facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
        yield Need(
            "due",
            _("%(drill)s proposed for %(campus)s") % facts,
            drill.why,
            reverse("drill-accept", args=[drill.pk]),
            _("Accept or change"),
            drill.campus.name,
            drill.starts_at,
            drill.campus.time_zone,
        )


def _reviews(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    rows = AfterActionReview.objects.filter(closed_at=None).select_related("drill__campus")
    for review in in_reach_of(actor, "review.write", rows.order_by("due_on", "pk")):
        drill = review.drill
        facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
        is_late = review.due_on < drill.campus.local_date(at)
        yield Need(
            "overdue" if is_late else "due",
            _("Review the %(drill)s of %(campus)s") % facts,
            _("“Nothing to fix” closes it in one press")
            if not drill.is_exercise
            else _("Rate its objectives, then close it"),
            reverse("drill-review", args=[drill.pk]),
            _("Review"),
            drill.campus.name,
            drill.ended_at,
            drill.campus.time_zone,
        )


def _fixes(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    if actor.key is None or actor.kind != "user":
        return
    rows = (
        CorrectiveAction.objects.filter(owner__user=actor.key)
        .exclude(state=ActionState.DONE)
        .select_related("review__drill", "campus")
    )
    for action in rows.order_by("due_on", "pk"):
        today = action.campus.local_date(at)
        weight: Weight = "on_track" if action.due_on > today + SOON else "due"
        yield Need(
            "overdue" if action.due_on < today else weight,
            action.what,
            _("%(outcome)s from the %(drill)s of %(campus)s, due %(day)s")
            % {
                "outcome": action.get_outcome_display(),
                "drill": action.review.drill.get_type_display(),
                "campus": action.campus.name,
                "day": words.day(action.due_on, language=get_language() or "en"),
            },
            reverse("drill-review", args=[action.review.drill_id]),
            _("See it"),
            action.campus.name,
            None,
            action.campus.time_zone,
        )


def _messages(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    held = [DrillState.ENDED, DrillState.REVIEWED]
    rows = SchoolMessage.objects.filter(
        Q(occasion="ahead") | Q(drill__state__in=held),
        due_at__lte=at,
        given_at=None,
        ended_at=None,
    ).select_related("drill__campus")
    for message in in_reach_of(actor, "drill.schedule", rows.order_by("due_at", "pk")):
        drill = message.drill
        yield Need(
            "due",
            _("Tell %(who)s: %(drill)s at %(campus)s")
            % {
                "who": str(message.get_audience_display()).lower(),
                "drill": drill.get_type_display(),
                "campus": drill.campus.name,
            },
            _("The words are ready, in English and Spanish"),
            f"{reverse('drill', args=[drill.pk])}#to-school",
            _("Give it"),
            drill.campus.name,
            message.due_at,
            drill.campus.time_zone,
        )


def _asked(actor: Actor, campuses: Campuses, at: datetime) -> Iterator[Need]:
    if not actor.agencies:
        return
    rows = Clearance.objects.filter(
        state=ClearanceState.ASKED, ended_at=None, drill__starts_at__gt=at - WINDOW_BEFORE
    ).select_related("drill__campus")
    for row in in_reach_of(actor, "clearance.give", rows.order_by("drill__starts_at", "pk")):
        drill = row.drill
        if not may(actor, "drill.read", drill):
            continue
        facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
        yield _need("due", _("%(drill)s at %(campus)s waits for your center") % facts,
                    _("Answer by the link in your message, or on the board"), drill,
                    action=_("See it"), since=drill.starts_at)  # fmt: skip


def _asked_to_come(actor: Actor, at: datetime) -> Iterator[Need]:
    if not actor.agencies:
        return
    rows = Invitation.objects.filter(
        state=InvitationState.ASKED, ended_at=None, ends_at__gt=at
    ).select_related("drill__campus")
    for row in in_reach_of(actor, "invitation.answer", rows.order_by("starts_at", "pk")):
        drill = row.drill
        if not may(actor, "drill.read", drill):
            continue
        facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
        yield Need(
            "due",
            _("%(campus)s asks you to its drill: %(drill)s") % facts,
            _("The school waits to hear who comes"),
            reverse("drill-come", args=[drill.pk]),
            _("Say who comes"),
            drill.campus.name,
            row.starts_at,
            drill.campus.time_zone,
        )
