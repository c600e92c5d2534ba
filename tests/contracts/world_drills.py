"""The drills of the world in which every address is walked."""

import io
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from PIL import Image

from backend.directory.actor import Actor
from backend.files import store
from drills.models import AfterActionReview, Drill, SchoolMessage, TimelineEntry
from drills.services import (
    calendars,
    clearing,
    corrective,
    feeds,
    inviting,
    moments,
    recording,
    scheduling,
)
from tests.cast import NOW, Cast
from tests.plans.app import writing


def drills_of(cast: Cast) -> dict[str, str]:
    """Announce one drill for now, propose one, and record one from paper with an open review."""
    now = timezone.now()
    principal = writing.person(cast, "principal")
    with writing.in_district(cast):
        roles = {word: cast.users[word].memberships.all()[0].pk for word in ("principal", "sro")}
        start = (now + timedelta(minutes=20)).astimezone(ZoneInfo(cast.lincoln.time_zone))
        wanted = scheduling.Wanted(
            type="fire",
            day=start.date(),
            time=start.time().replace(second=0, microsecond=0),
            pupils_present=False,
            conductor=roles["principal"],
            alternate=roles["sro"],
        )
        soon = scheduling.schedule(
            campus_id=cast.lincoln.pk, wanted=wanted, actor=principal, at=now - timedelta(hours=1)
        )
        moments.announce([soon.pk], at=now)
        invitation = inviting.invite(
            drill_id=soon.pk, agency_id=cast.fire.pk, part="observe", actor=principal, at=now
        )
        call = clearing.record_phone_call(
            drill_id=soon.pk,
            agency_id=cast.dispatch.pk,
            said_by="",
            operator="214",
            line_called="",
            called_at=now - timedelta(minutes=1),
            actor=principal,
            at=now,
        )
        proposed = Drill.objects.create(
            district=cast.district, campus=cast.lincoln, type="lockdown", state_since=now,
            day=start.date() + timedelta(days=30), time=time(10, 15),
            starts_at=now + timedelta(days=30), requirement="MI.LOCK",
        )  # fmt: skip
        message = SchoolMessage.objects.filter(drill=soon).order_by("pk")[0]
        years = calendars.write_calendar(
            owner=cast.district,
            year=calendars.Year(date(2026, 8, 31), date(2027, 6, 10), time(7, 50), time(14, 40)),
            actor=writing.person(cast, "district"),
            at=NOW,
        )
        return _held_on_paper(cast, principal, roles["principal"]) | {
            "drill": str(soon.pk),
            "drill_month": f"{start:%Y-%m}",
            "proposed_drill": str(proposed.pk),
            "school_message": str(message.pk),
            "school_calendar": str(years.pk),
            "clearance": str(call.pk),
            "invitation": str(invitation.pk),
            "police": str(cast.police.pk),
            "clear_link": cast.link("dispatcher", cast.lincoln, "clear", soon.pk),
            "dispatch": str(cast.dispatch.pk),
            "feed": feeds.token_for(actor=principal, at=now),
            "principal_membership": str(roles["principal"]),
        }


def _held_on_paper(cast: Cast, actor: Actor, owner: UUID) -> dict[str, str]:
    """Record a drill from paper, with an action and a photo in its open review."""
    ended = recording.record_afterwards(
        campus_id=cast.lincoln.pk,
        held=recording.Held("fire", date(2026, 9, 3), time(9, 10), 6, paper=b"%PDF-1.7 the paper"),
        actor=actor,
        at=NOW,
    )
    review = AfterActionReview.objects.get(drill=ended)
    action = corrective.add(
        review_id=review.pk,
        deed=corrective.Deed(
            "Adjust the closer of door 8",
            "equipment",
            "work_order",
            owner,
            date(2027, 1, 10),
        ),
        actor=actor,
        at=NOW,
    )
    photo = store.put(
        district_id=cast.district.pk, content=small_photo(), content_type="image/jpeg", name="p.jpg"
    )
    entry = TimelineEntry.objects.create(
        district=cast.district, drill=ended, campus=cast.lincoln, kind="photo", photo=photo,
        happened_at=NOW, device_at=NOW, received_at=NOW, by="Maria",
    )  # fmt: skip
    return {
        "ended_drill": str(ended.pk),
        "drill_review": str(review.pk),
        "drill_action": str(action.pk),
        "drill_entry": str(entry.pk),
    }


def small_photo() -> bytes:
    """Return a picture of a few pixels."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "JPEG")
    return picture.getvalue()
