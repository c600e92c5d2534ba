"""`/notices/`: what was sent and how far it came, what waits for whom, and the release."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, may
from backend.directory.models import Agency, District
from backend.problems import NotFound, Problem
from notifications.models import Acknowledgement, Delivery, DeliveryLine, EscalationStep, Notice
from notifications.queries import (
    deliveries_for,
    held_channels,
    needs_a_person,
    notices_for,
    silent_agencies,
)
from notifications.queries.board_words import failure_words
from notifications.queries.lists import wanted_lines
from notifications.services.repairing import send_again
from notifications.services.writing import release_channel
from notifications.subjects import UnknownSubject, subject_of

NOTICES_A_PAGE = 25
STUCK_SHOWN = 50
FAILED = "failed"
CHIP = re.compile(r"^\[(?P<chip>[^\]]{1,20})\]\s*")
WAITING = {"held", "queued"}
DID_NOT_ARRIVE = {"failed", "expired"}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice of the list: what it says, how many agencies were told and how many have it.

    `sign` and `word` say how it stands; `waiting` messages have not gone out yet and `failed` ones
    did not arrive; `action` is what to do next, at `url`.
    """

    notice: Notice
    chip: str
    words: str
    told: int
    acknowledged: int
    sign: str
    word: str
    waiting: int
    failed: int
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class StuckRow:
    """One message that waits for a person: what happened, what mends it, may the reader."""

    delivery: Delivery
    reason: str
    about: str
    may_send_again: bool
    repair_url: str


@require_safe
@access.page
def notices(request: DistrictRequest) -> HttpResponse:
    """What was sent, and did it come?"""
    actor = request.actor
    if not actor.roles:
        return _agency_page(request)
    only_failed = request.GET.get("state") == FAILED
    listed = notices_for(actor)
    if only_failed:
        listed = listed.filter(pk__in=_told_by(needs_a_person(actor)), ended_at=None)
    page = Paginator(listed, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    districts = District.objects.filter(pk__in={role.district_id for role in actor.roles})
    silent = [row for district in districts for row in silent_agencies(district)]
    context = {
        "held": held_channels(actor),
        "stuck": _stuck(request),
        "silent": [row for row in silent if row.campus and may(actor, "coverage.read", row.campus)],
        "rows": notice_rows(list(page.object_list)),
        "page": page,
        "only_failed": only_failed,
        "query": f"state={FAILED}&" if only_failed else "",
        "clock": int(actor.clock),
        "now": timezone.now(),
    }
    return render(request, "notifications/notices.html", context)


def _told_by(deliveries: QuerySet[Delivery]) -> QuerySet[DeliveryLine, UUID]:
    lines = DeliveryLine.objects.filter(delivery__in=deliveries.order_by().values("pk"))
    return lines.values_list("notice", flat=True)


def notice_rows(shown: Sequence[Notice]) -> list[NoticeRow]:
    """Return the rows of these notices; three statements, whatever their number."""
    told: dict[UUID, set[UUID]] = {}
    states: dict[UUID, list[str]] = {}
    lines = DeliveryLine.objects.filter(notice__in=shown).select_related("delivery")
    for line in lines:
        if line.delivery.agency_id:
            told.setdefault(line.notice_id, set()).add(line.delivery.agency_id)
        states.setdefault(line.notice_id, []).append(line.delivery.state)
    answered: dict[UUID, set[UUID]] = {}
    given = Acknowledgement.objects.filter(notice__in=shown, is_unconfirmed=False, disputed_at=None)
    for notice_id, agency_id in given.values_list("notice_id", "agency_id"):
        answered.setdefault(notice_id, set()).add(agency_id)
    chased: dict[UUID, set[UUID]] = {}
    steps = EscalationStep.objects.filter(notice__in=shown, done_at__isnull=False, ended_at=None)
    for notice_id, agency_id in steps.values_list("notice_id", "agency_id"):
        chased.setdefault(notice_id, set()).add(agency_id)
    return [
        _row(
            notice,
            told=told.get(notice.pk, set()),
            answered=answered.get(notice.pk, set()),
            chased=chased.get(notice.pk, set()),
            states=states.get(notice.pk, []),
        )
        for notice in shown
    ]


def _row(
    notice: Notice,
    *,
    told: Collection[UUID],
    answered: Collection[UUID],
    chased: Collection[UUID],
    states: Sequence[str],
) -> NoticeRow:
    words = _words(notice)
    chip = CHIP.match(words)
    silent = set(told) - set(answered)
    late = len(silent & set(chased))
    sign, word, action = "on_track", _("Waits"), _("See who")
    if notice.ended_at is not None:
        sign, word = "not_applicable", _("Ended")
    elif not told:
        sign, word, action = "overdue", _("Nobody told"), _("See why")
    elif not silent:
        sign, word = "met", _("All have it")
    elif late:
        sign, action = "overdue", _("See who is silent")
        word = ngettext("%(n)s silent", "%(n)s silent", late) % {"n": late}
    url = ""
    if notice.campus:
        url = f"{reverse('campus-agencies', args=[notice.campus.slug])}?notice={notice.pk}"
    return NoticeRow(
        notice=notice,
        chip=chip["chip"].capitalize() if chip else "",
        words=CHIP.sub("", words),
        told=len(set(told) | set(answered)),
        acknowledged=len(answered),
        sign=sign,
        word=word,
        waiting=sum(state in WAITING for state in states),
        failed=sum(state in DID_NOT_ARRIVE for state in states),
        url=url,
        action=action,
    )


def _words(notice: Notice) -> str:
    try:
        return subject_of(notice.subject).line_for(notice).subject
    except UnknownSubject:
        return notice.kind


def _stuck(request: DistrictRequest) -> list[StuckRow]:
    rows = list(needs_a_person(request.actor)[:STUCK_SHOWN])
    about = wanted_lines(rows, request.actor)
    return [
        StuckRow(
            delivery=delivery,
            reason=failure_words(delivery),
            about=", ".join(_words(notice) for notice in about.get(delivery.pk, ())[:3]),
            may_send_again=may(request.actor, "channel.release", delivery),
            repair_url=_repair_url(about.get(delivery.pk, ())),
        )
        for delivery in rows
    ]


def _repair_url(about: Sequence[Notice]) -> str:
    campuses = [notice.campus for notice in about if notice.campus]
    return f"/campuses/{campuses[0].slug}/people/" if campuses else ""


def _agency_page(request: DistrictRequest) -> HttpResponse:
    """What was sent to the reader's own agency, without a word of any district's lists."""
    rows = deliveries_for(request.actor)
    page = Paginator(rows, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    zones = Agency.objects.filter(pk__in=request.actor.agencies).values_list("time_zone", flat=True)
    context: dict[str, Any] = {"page": page, "zone": next(iter(zones), "UTC")}
    return render(request, "notifications/agency_notices.html", context)


@require_POST
@access.page
def release(request: DistrictRequest) -> HttpResponse:
    """Release a channel: from then on what was held goes out."""
    named = request.POST.get("district", "")
    district = next((one for one in District.objects.all() if str(one.pk) == named), None)
    if district is None:
        raise NotFound(_("There is no such district, or not for you."))
    release_channel(
        district=district,
        channel=request.POST.get("channel", ""),
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Released. What was held goes out now."))
    return HttpResponseRedirect(reverse("notices"), status=303)


@require_POST
@access.page
def again(request: DistrictRequest, delivery_id: UUID) -> HttpResponse:
    """Send a message again that did not arrive."""
    try:
        send_again(delivery_id=delivery_id, actor=request.actor, at=timezone.now())
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("It goes out again now."))
    return HttpResponseRedirect(reverse("notices"), status=303)
