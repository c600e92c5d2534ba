"""Conditions: published in a minute by one, seen by a second, ended by themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach, in_district_of, reach_of
from backend.directory.actor import SYSTEM, Actor
from backend.directory.models import Campus
from backend.files import store
from backend.files.models import StoredFile
from backend.files.pictures import clean_photo
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy.models import new_id
from maps import queries
from maps.models import Condition, ConditionKind, ConditionState
from maps.models.condition import LONGEST
from maps.places import place_words
from maps.services.hearers import Hearers

LONGEST_PLACE = 200
LONGEST_TEXT = 300

# Called for each condition that comes in force: published, accepted or renewed.
on_published = Hearers()


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says about a condition: what, where, what to know, until when, a photo.

    `feature_key` is a feature of the published map; `place` in words replaces the words made from
    it, and is needed without it. `starts_at` is now when None. `photo` is the file as it came.
    """

    kind: str
    text: str
    ends_at: datetime
    place: str = ""
    feature_key: UUID | None = None
    starts_at: datetime | None = None
    photo: bytes | None = None
    key: UUID | None = None  # of the form: sent twice, it is one condition


@transaction.atomic
def publish(*, campus_id: UUID, told: Told, actor: Actor, at: datetime) -> Condition:
    """Publish a condition at once: page one of packets, board and map show it from now on.

    Raises NotFound, NotAllowed, and BadInput with the field as `where`.
    """
    campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
    allow(actor, "condition.publish", campus)
    if known := _told_before(campus, told):
        return known
    condition = _made(campus, told, actor=actor, at=at)
    condition.state = ConditionState.PUBLISHED
    condition.published_by, condition.published_by_key = actor.label, actor.key
    condition.published_at = at
    condition.save(force_insert=True)
    return _in_force("condition.published", condition, actor=actor, at=at)


def report(*, campus_id: UUID, told: Told, actor: Actor, at: datetime) -> Condition:
    """Report a condition; it waits for an entitled person and stands in no packet until then.

    An answering service: a responder finds the campus in its own reach, and the report is written
    in the campus's district. Raises NotFound, NotAllowed, BadInput as `publish` does.
    """
    with reach_of(actor):
        campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
        allow(actor, "condition.report", campus)
    with in_district_of(campus):
        if known := _told_before(campus, told):
            return known
        condition = _made(campus, told, actor=actor, at=at)
        condition.state = ConditionState.REPORTED
        condition.save(force_insert=True)
        audit.record("condition.reported", actor=actor, subject=condition, at=at,
                     details=_details(condition))  # fmt: skip
    return condition


@transaction.atomic
def accept_report(*, condition_id: UUID, actor: Actor, at: datetime) -> Condition:
    """Publish what was reported, as it stands; raises NotFound, NotAllowed, WrongState."""
    condition = _locked(condition_id, actor)
    if condition.ends_at <= at:
        raise WrongState(_("The time of this report is over."), mend=_("Report it again."))
    _move(
        condition,
        ConditionState.REPORTED,
        state=ConditionState.PUBLISHED,
        published_by=actor.label,
        published_by_key=actor.key,
        published_at=at,
    )
    return _in_force("condition.accepted", condition, actor=actor, at=at)


@transaction.atomic
def mark_seen(*, condition_id: UUID, actor: Actor, at: datetime) -> Condition:
    """Say that a second person has looked at it; raises NotAllowed for the one who published it."""
    condition = _locked(condition_id, actor)
    if condition.published_by_key == actor.key:
        raise NotAllowed(
            _("You published this condition, so a second person must look at it."),
            mend=_("Ask another person who may publish conditions at this campus."),
        )
    if condition.seen_at:
        raise WrongState(
            _("%(name)s has looked at it already.") % {"name": condition.seen_by},
            mend=_("Nothing needs to be done."),
        )
    _move(condition, ConditionState.PUBLISHED, seen_by=actor.label, seen_at=at)
    audit.record("condition.seen", actor=actor, subject=condition, at=at)
    return condition


@transaction.atomic
def end(*, condition_id: UUID, actor: Actor, at: datetime) -> Condition:
    """End a condition before its time, or set a report aside; raises WrongState when ended."""
    condition = _locked(condition_id, actor)
    return _ended(condition, "condition.ended", by=actor, ended_at=at, at=at)


@transaction.atomic
def renew(*, condition_id: UUID, ends_at: datetime, actor: Actor, at: datetime) -> Condition:
    """End a condition and publish its continuation from now on, for 30 days at most.

    The continuation is a row of its own, so a second person looks at it anew. Raises NotFound,
    NotAllowed, WrongState, BadInput.
    """
    former = _locked(condition_id, actor)
    if former.state == ConditionState.REPORTED:
        raise WrongState(_("A report is accepted first."), mend=_("Accept it, then renew it."))
    _require_span(at, ends_at, at=at)
    if former.state == ConditionState.PUBLISHED:
        _ended(former, "condition.renewed", by=actor, ended_at=at, at=at)
    condition = Condition(
        district_id=former.district_id,
        campus_id=former.campus_id,
        kind=former.kind,
        state=ConditionState.PUBLISHED,
        feature_key=former.feature_key,
        place=former.place,
        text=former.text,
        starts_at=at,
        ends_at=ends_at,
        photo=former.photo,
        reported_by=former.reported_by,
        published_by=actor.label,
        published_by_key=actor.key,
        published_at=at,
    )
    condition.save()
    return _in_force("condition.published", condition, actor=actor, at=at)


@transaction.atomic
def end_over(*, condition_id: UUID, at: datetime) -> bool:
    """End a condition whose time is over; return whether this call did it. For the tick."""
    condition = (
        Condition.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=condition_id, ends_at__lte=at)
        .exclude(state=ConditionState.ENDED)
        .first()
    )
    if condition is None:
        return False
    _ended(condition, "condition.over", by=SYSTEM, ended_at=condition.ends_at, at=at)
    return True


def _told_before(campus: Campus, told: Told) -> Condition | None:
    """Return the condition that the same form made; the campus is locked, so two presses queue."""
    if told.key is None:
        return None
    Campus.objects.select_for_update(no_key=True, of=("self",)).get(pk=campus.pk)
    return Condition.objects.filter(pk=told.key, campus=campus).first()


def _made(campus: Campus, told: Told, *, actor: Actor, at: datetime) -> Condition:
    """Return an unsaved condition of what was told; raises BadInput."""
    if told.kind not in ConditionKind.values:
        raise BadInput(_("This is no kind of condition."), where="kind",
                       mend=_("Choose one of the kinds."))  # fmt: skip
    starts_at = told.starts_at or at
    if starts_at < at:
        raise BadInput(_("It would start in the past."), where="starts_at",
                       mend=_("Leave the start out: it begins now."))  # fmt: skip
    _require_span(starts_at, told.ends_at, at=at)
    text = told.text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise BadInput(_("Say in 1 to 300 characters what to know."), where="text",
                       mend=_("One sentence is enough: “Gate 4 is chained.”"))  # fmt: skip
    return Condition(
        id=told.key or new_id(),
        district_id=campus.district_id,
        campus=campus,
        kind=told.kind,
        feature_key=told.feature_key,
        place=_place(campus, told),
        text=text,
        starts_at=starts_at,
        ends_at=told.ends_at,
        photo=_kept(campus, told.photo) if told.photo else None,
        reported_by=actor.label,
    )


def _place(campus: Campus, told: Told) -> str:
    words = told.place.strip()
    if told.feature_key:
        version = queries.published_map(campus)
        try:
            if version is None:
                raise NotFound(_("This campus has no published map."))  # noqa: TRY301
            document = queries.document_of(version)
            made = place_words(document, queries.feature_of(document, told.feature_key))
        except NotFound as error:
            raise BadInput(
                error.message,
                where="feature",
                mend=_("Choose another place, or write where it is."),
            ) from error
        words = words or made[:LONGEST_PLACE]
    if not words or len(words) > LONGEST_PLACE:
        raise BadInput(
            _("Say in 1 to 200 characters where it is."),
            where="place",
            mend=_("Choose a place of the map, or write one: “Gate 4, Birch Avenue”."),
        )
    return words


def _kept(campus: Campus, photo: bytes) -> StoredFile:
    return store.put(
        district_id=campus.district_id,
        content=clean_photo(photo),
        content_type="image/jpeg",
        name="photo.jpg",
    )


def _require_span(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    if ends_at <= max(starts_at, at):
        raise BadInput(_("It would end before it begins."), where="ends_at",
                       mend=_("Choose a later end."))  # fmt: skip
    if ends_at > starts_at + LONGEST:
        raise BadInput(
            _("A condition holds for 30 days at most."),
            where="ends_at",
            mend=_("Choose an earlier end and renew it then, or change the map."),
        )


def _locked(condition_id: UUID, actor: Actor) -> Condition:
    found = get_in_reach(actor, "condition.read", Condition.objects.all(), pk=condition_id)
    allow(actor, "condition.publish", found)
    return Condition.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.pk)


def _move(condition: Condition, former: ConditionState, /, **values: object) -> None:
    """Write values while the condition is still in this state, or raise WrongState."""
    if not Condition.objects.filter(pk=condition.pk, state=former).update(**values):
        raise WrongState(
            _("This condition is “%(state)s”.") % {"state": condition.get_state_display()},
            mend=_("Open it again to see how it stands."),
        )
    for name, value in values.items():
        setattr(condition, name, value)


def _ended(
    condition: Condition, action: str, *, by: Actor, ended_at: datetime, at: datetime
) -> Condition:
    if condition.state == ConditionState.ENDED:
        raise WrongState(
            _("This condition has ended already."), mend=_("Nothing needs to be done.")
        )
    state = ConditionState(condition.state)
    _move(condition, state, state=ConditionState.ENDED, ended_at=ended_at, ended_by=by.label)
    audit.record(action, actor=by, subject=condition, at=at, details=_details(condition))
    return condition


def _in_force(action: str, condition: Condition, *, actor: Actor, at: datetime) -> Condition:
    on_published.tell(condition, actor=actor, at=at)
    audit.record(action, actor=actor, subject=condition, at=at, details=_details(condition))
    return condition


def _details(condition: Condition) -> dict[str, object]:
    return {
        "kind": condition.kind,
        "place": condition.place,
        "from": condition.starts_at.isoformat(),
        "until": condition.ends_at.isoformat(),
    }
