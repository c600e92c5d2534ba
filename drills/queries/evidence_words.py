"""The evidence page of a drill in words: one builder for the page and its PDF."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backend.web import words
from drills.models import (
    Audience,
    Clearance,
    ClearanceState,
    CorrectiveAction,
    Drill,
    DrillState,
    EntryKind,
    GivenBy,
    Invitation,
    PlaceStatus,
    Provenance,
    RecordSeal,
    SchoolMessage,
    TimelineEntry,
)
from drills.queries.attendance import invitations_of
from drills.queries.evidence import clearances_of
from drills.queries.places import Reported, all_safe, reports_of
from notifications.models import Delivery, Notice

DOUBTS = {
    "clock": "the phone's clock was off; its time is corrected",
    "place_gone": "the map of that day has no such place",
    "again": "pressed again on a second phone; the first one counts",
    "before_start": "made before the start",
    "outside_window": "begun outside the planned window, without network",
    "not_cleared": "begun without network while a clearance was missing",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: when, what, and what stands behind it."""

    when: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What proves one drill. `seal` is the record's hash, empty while its review is open.

    `rooms` are the places that reported everybody accounted for, with the time of each.
    """

    title: str
    campus: str
    address: str
    moment: str
    provenance: str
    facts: tuple[tuple[str, str], ...]
    clearances: tuple[Line, ...]
    invited: tuple[Line, ...]
    told: tuple[Line, ...]
    timeline: tuple[Line, ...]
    rooms: tuple[str, ...]
    places: str
    worked: str
    did_not: str
    closing: str
    actions: tuple[Line, ...]
    amendments: tuple[Line, ...]
    seal: str
    chain: str
    number: int | None


def evidence_page(drill: Drill) -> EvidencePage:
    """Return the evidence page of a drill, in the language and for the zone of its campus."""
    clock = _Clock(ZoneInfo(drill.campus.time_zone))
    entries = list(TimelineEntry.objects.filter(drill=drill))
    reports = reports_of(drill, entries) if drill.started_at else []
    review = getattr(drill, "review", None)
    seal = RecordSeal.objects.filter(drill=drill).order_by("-number").first()
    return EvidencePage(
        title=str(drill.get_type_display()),
        campus=drill.campus.name,
        address=drill.campus.full_address,
        moment=clock.moment(drill.started_at or drill.starts_at),
        provenance=_provenance(drill, clock),
        facts=tuple(_facts(drill, clock)),
        clearances=tuple(_clearance(row, clock) for row in clearances_of(drill)),
        invited=tuple(_invitation(row, clock) for row in invitations_of(drill)),
        told=tuple(_told(drill, clock)),
        timeline=tuple(_entry(entry, clock) for entry in entries if not is_plain_report(entry)),
        rooms=tuple(
            f"{entry.place} {clock.second(entry.happened_at)}"
            for entry in entries
            if is_plain_report(entry)
        ),
        places=_places(reports, drill),
        worked=review.worked if review else "",
        did_not=review.did_not if review else "",
        closing=_closing(review, clock),
        actions=tuple(
            _action(row) for row in (review.actions.select_related("owner__user") if review else ())
        ),
        amendments=tuple(
            Line(
                clock.moment(row.amended_at),
                f"{row.what}: {row.was or '–'} → {row.now or '–'}",
                _("%(reason)s (%(who)s)") % {"reason": row.reason, "who": row.by},
            )
            for row in drill.amendments.all()
        ),
        seal=seal.content_hash if seal else "",
        chain=seal.chain_hash if seal else "",
        number=seal.number if seal else None,
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    zone: ZoneInfo

    def moment(self, at: datetime | None) -> str:
        """Return a moment with its year, in the campus's zone."""
        if at is None:
            return "–"
        local = at.astimezone(self.zone)
        language = get_language() or "en"
        day = words.day(local.date(), language=language)
        return f"{day}, {local.year}, {words.time_of_day(local, language=language)}"

    def second(self, at: datetime) -> str:
        """Return the time of day to the second."""
        return at.astimezone(self.zone).strftime("%H:%M:%S")


def _provenance(drill: Drill, clock: _Clock) -> str:
    if drill.provenance == Provenance.LIVE:
        if drill.started_at is None:
            return _("Not held.")
        return _("Recorded live by the phones that ran it.")
    facts = {"who": drill.recorded_by, "when": clock.moment(drill.recorded_at)}
    if drill.provenance == Provenance.PAPER:
        return _("Brought from paper by %(who)s on %(when)s; the scan is kept with it.") % facts
    return _("Recorded afterwards by %(who)s on %(when)s, not by a phone that ran it.") % facts


def _facts(drill: Drill, clock: _Clock) -> list[tuple[str, str]]:
    plan, pinned = drill.plan_version, drill.map_version
    found = [
        (_("State"), str(drill.get_state_display())),
        (_("Planned"), f"{clock.moment(drill.starts_at)}, {drill.minutes} min"),
        (_("Conducted by"), drill.started_by
         or (drill.conductor.user.name if drill.conductor else "–")),
        (_("When in the day"), str(drill.get_place_in_day_display())),
        (_("Exits"), str(drill.get_exits_display())),
        (_("Students took part"), _("yes") if drill.pupils_present else _("no")),
        (_("Plan"), f"v{plan.number} · {plan.content_hash[:18]}" if plan else _("none")),
        (_("Map"), f"{pinned.number} · {pinned.content_hash[:18]}" if pinned else _("none")),
    ]  # fmt: skip
    for label, value in (
        (_("Started"), drill.started_at),
        (_("All out or secured"), drill.secured_at),
        (_("All places reported"), drill.accounted_at),
        (_("Ended"), drill.ended_at),
    ):
        if value is not None:
            after = value - drill.started_at if drill.started_at else None
            extra = f" ({words.duration(after.total_seconds())})" if after else ""
            found.append((label, f"{clock.second(value)}{extra}"))
    if drill.alarm_on_test:
        back = (
            _("back in service %(when)s, %(who)s")
            % {"when": clock.second(drill.alarm_back_at), "who": drill.alarm_back_by}
            if drill.alarm_back_at
            else _("not recorded as back in service")
        )
        found.append((_("Alarm panel on test"), back))
    if drill.called_away:
        found.append((_("Called away"), drill.called_away))
    if drill.uncleared_reason:
        attempt = drill.call_attempt
        found.append(
            (
                _("Begun without clearance"),
                _("%(reason)s Call tried on %(line)s by %(by)s.")
                % {"reason": drill.uncleared_reason, **attempt},
            )
        )
    if drill.state == DrillState.STOPPED:
        found.append((_("Stopped: real emergency"), drill.stopped_in_words or "–"))
    if drill.real_event or drill.unplanned_alarm:
        real, alarm = _("A real event, no drill"), _("An unplanned alarm, no drill")
        kind = real if drill.real_event else alarm
        found.append((_("What it was"), kind))
    return found


def _clearance(row: Clearance, clock: _Clock) -> Line:
    what = f"{row.agency.name}: {row.get_step_display()}"
    if row.state == ClearanceState.ASKED:
        return Line("", what, _("no answer"))
    who = ", ".join(
        part
        for part in (row.said_by, _("operator %(n)s") % {"n": row.operator} if row.operator else "")
        if part
    )
    detail = f"{row.get_state_display()} {row.get_how_display()}, {who}"
    if row.how == GivenBy.PHONE:
        detail += _(", line %(line)s, recorded by %(who)s") % {
            "line": row.line_called,
            "who": row.recorded_by,
        }
    if row.ended_why:
        detail += f" · {row.ended_why}"
    return Line(clock.moment(row.given_at), what, detail)


def _invitation(row: Invitation, clock: _Clock) -> Line:
    what = f"{row.agency.name}: {row.get_part_display()}"
    if row.arrived_at:
        detail = _("there since %(time)s, recorded by %(who)s") % {
            "time": clock.second(row.arrived_at),
            "who": row.arrived_by,
        }
        return Line(clock.moment(row.arrived_at), what, ", ".join(filter(None, (row.crew, detail))))
    if row.answered_at is None:
        return Line("", what, row.ended_why or _("no answer"))
    detail = f"{row.get_state_display()} {row.get_how_display()}, {row.answered_by}"
    parts = (row.crew, detail, row.note, row.clash_reason, row.ended_why)
    return Line(clock.moment(row.answered_at), what, " · ".join(filter(None, parts)))


def _told(drill: Drill, clock: _Clock) -> list[Line]:
    found = []
    for notice in Notice.objects.filter(subject_id=drill.pk).order_by("pk"):
        rows = Delivery.objects.filter(lines__notice=notice).select_related("agency")
        names = sorted({row.agency.name if row.agency else row.recipient for row in rows})
        sent = sum(row.sent_at is not None for row in rows)
        detail = ngettext("%(n)s message sent", "%(n)s messages sent", sent) % {"n": sent}
        found.append(
            Line(clock.moment(notice.occurred_at), _KINDS[notice.kind](),
                 f"{', '.join(names)}: {detail}")
        )  # fmt: skip
    for row in SchoolMessage.objects.filter(drill=drill, given_at__isnull=False):
        who = _("Families") if row.audience == Audience.FAMILIES else _("Staff")
        words_of = f"{who}, {row.get_occasion_display()}"
        found.append(Line(clock.moment(row.given_at), words_of,
                          _("given by %(who)s") % {"who": row.given_by}))  # fmt: skip
    return found


_KINDS = {
    "drill.booking": lambda: _("Asked to book"),
    "drill.moved": lambda: _("Told of the move, asked to book again"),
    "drill.clearance": lambda: _("Asked to clear"),
    "drill.started": lambda: _("Told that it had begun"),
    "drill.over": lambda: _("Told that it was over"),
    "drill.not_held": lambda: _("Told that it was not held"),
    "drill.called_off": lambda: _("Told that it was called off"),
    "drill.conductor": lambda: _("Told who conducts it"),
    "drill.invited": lambda: _("Asked to come"),
    "drill.not_needed": lambda: _("Told that nobody needs to come"),
    "drill.today": lambda: _("Reminded of the day's drill"),
    "drill.not_ended": lambda: _("Alerted: not ended"),
    "drill.panel_on_test": lambda: _("Alerted: alarm panel still on test"),
    "review.due": lambda: _("Reminded of the review"),
    "review.overdue": lambda: _("Told that the review is late"),
    "real.stop": lambda: _("Told of the real emergency"),
}


def _entry(entry: TimelineEntry, clock: _Clock) -> Line:
    what = str(entry.get_kind_display())
    if entry.kind == EntryKind.PLACE_REPORT:
        what = f"{entry.place}: {PlaceStatus(entry.status).label}"
    elif entry.place:
        what = f"{what}, {entry.place}"
    detail = " · ".join(
        part
        for part in (entry.text, entry.by, *(DOUBTS.get(one, one) for one in entry.doubts))
        if part
    )
    return Line(clock.second(entry.happened_at), what, detail)


def is_plain_report(entry: TimelineEntry) -> bool:
    """Return whether an entry is a plain “all accounted for”: those stand together, small."""
    return (
        entry.kind == EntryKind.PLACE_REPORT
        and entry.status == PlaceStatus.ACCOUNTED
        and not entry.text
        and not entry.doubts
    )


def _places(reports: list[Reported], drill: Drill) -> str:
    if not reports:
        return _("No place reported one by one.") if drill.started_at else ""
    said = sum(bool(one.status) for one in reports)
    facts = {"said": said, "all": len(reports)}
    if all_safe(reports):
        return _("Every place reported everybody accounted for: %(said)s of %(all)s.") % facts
    return _("%(said)s of %(all)s places reported.") % facts


def _closing(review: object, clock: _Clock) -> str:
    if review is None:
        return ""
    closed_at = getattr(review, "closed_at", None)
    if closed_at is None:
        return _("The review is open.")
    facts = {"who": getattr(review, "closed_by", ""), "when": clock.moment(closed_at)}
    if getattr(review, "nothing_to_fix", False):
        return _("Closed with “nothing to fix” by %(who)s on %(when)s.") % facts
    return _("Closed by %(who)s on %(when)s.") % facts


def _action(row: CorrectiveAction) -> Line:
    due = words.day(row.due_on, language=get_language() or "en")
    detail = f"{row.get_outcome_display()} · {row.owner.user.name} · {row.get_state_display()}"
    return Line(due, row.what, f"{detail} · {row.proof}" if row.proof else detail)
