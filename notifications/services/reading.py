"""Read what is needed to judge and write the messages of one chunk, a few statements for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from backend.directory.models import Coverage, District, Membership
from notifications.models import Acknowledgement, Notice
from notifications.queries.recipients import EMAIL, is_same_address
from notifications.services.escalating import CHASING
from notifications.services.wording import Addressee, Text

# Row security alone says whose rows these are: it is read inside an open district.
_READ = """
SELECT d.id, d.contact_id, d.address, coalesce(c.language, u.language), d.grouping_key,
    coalesce(g.name, ''), d.user_id, d.agency_id, coalesce(c.email, u.email),
    CASE WHEN d.user_id IS NULL THEN c.ended_at IS NOT NULL ELSE NOT u.is_active END,
    coalesce(a.address, u.email, ''),
    t.subject, t.body, t.rendered_at,
    ARRAY (SELECT l.notice_id FROM notifications_deliveryline l
           WHERE l.delivery_id = d.id ORDER BY l.notice_id)
FROM notifications_delivery d
LEFT JOIN directory_respondercontact c ON c.id = d.contact_id
LEFT JOIN directory_agency g ON g.id = d.agency_id
LEFT JOIN directory_user u ON u.id = d.user_id
LEFT JOIN directory_acceptedaddress a ON a.contact_id = d.contact_id
    AND a.district_id = d.district_id AND a.channel = %s
LEFT JOIN notifications_deliverytext t ON t.delivery_id = d.id
WHERE d.id = ANY (%s) AND d.state = 'sending'
ORDER BY d.priority, d.due_at, d.id
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One claimed delivery as it is now: to whom, and whether that address still counts."""

    to: Addressee
    agency_id: UUID | None
    present_address: str
    contact_has_ended: bool
    accepted_address: str
    text: Text | None
    notice_ids: Sequence[UUID]

    @property
    def is_chasing(self) -> bool:
        """Return whether it only goes because somebody stayed silent."""
        return self.to.grouping_key.startswith(CHASING)

    @property
    def is_accepted(self) -> bool:
        """Return whether its address is the one that the district accepted and the agency gives."""
        accepted = self.accepted_address
        return is_same_address(accepted, self.to.address) and is_same_address(
            accepted, self.present_address
        )


@dataclass(frozen=True, slots=True)
class Chunk:
    """Claimed deliveries of one district with all that is needed to judge and write them."""

    district: District
    due: Sequence[Due]
    notices: Mapping[UUID, Notice]
    covered: frozenset[tuple[UUID, UUID]]
    members: frozenset[tuple[UUID, UUID | None]]
    answered: frozenset[tuple[UUID, UUID]]

    def wanted(self, due: Due) -> list[Notice]:
        """Return the notices that this recipient should still get."""
        return [
            notice
            for notice in (self.notices[pk] for pk in due.notice_ids)
            if notice.ended_at is None
            and self._reaches(due, notice)
            and not (due.is_chasing and (notice.pk, due.agency_id) in self.answered)
        ]

    def _reaches(self, due: Due, notice: Notice) -> bool:
        """Return whether the recipient still has to do with the campus: covers it, works there."""
        if (user_id := due.to.user_id) is not None:
            here = {(user_id, notice.campus_id), (user_id, None)}
            return not here.isdisjoint(self.members)
        return notice.campus_id is None or (notice.campus_id, due.agency_id) in self.covered


def read_chunk(district_id: UUID, delivery_ids: Sequence[UUID], *, at: datetime) -> Chunk:
    """Return what is known of claimed deliveries; inside the open district."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [EMAIL, list(delivery_ids)])
        due = [_due(row) for row in cursor.fetchall()]
    notice_ids = {pk for one in due for pk in one.notice_ids}
    told = Notice.objects.filter(pk__in=notice_ids).select_related("campus")
    notices = {notice.pk: notice for notice in told}
    agencies = {one.agency_id for one in due if one.agency_id}
    users = {one.to.user_id for one in due if one.to.user_id}
    today = Q(ends_on=None) | Q(ends_on__gte=at.date())
    members = Membership.objects.filter(today, user__in=users) if users else None
    covering = Coverage.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=at.date()),
        campus__in={notice.campus_id for notice in notices.values() if notice.campus_id},
        agency__in=agencies,
    )
    answered: frozenset[tuple[UUID, UUID]] = frozenset()
    if any(one.is_chasing for one in due):
        valid = Acknowledgement.objects.filter(
            notice__in=notice_ids, agency__in=agencies, is_unconfirmed=False, disputed_at=None
        )
        answered = frozenset(valid.values_list("notice_id", "agency_id"))
    return Chunk(
        district=District.objects.get(pk=district_id),
        due=due,
        notices=notices,
        covered=frozenset(covering.values_list("campus_id", "agency_id")),
        members=frozenset(members.values_list("user_id", "campus_id") if members else ()),
        answered=answered,
    )


def _due(row: tuple[Any, ...]) -> Due:
    *to, agency_id, email, has_ended, accepted, subject, body, written_at, notice_ids = row
    text = None if body is None else Text(subject, body, written_at)
    return Due(Addressee(*to), agency_id, email, has_ended, accepted, text, notice_ids)
