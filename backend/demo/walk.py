"""Walk the main job once on the demonstration district, from the map to an acknowledgement.

Each walk ends one version further. The moments handed to services lie in the past, the last is
now; what a killed walk left half done is finished first.
"""

import dataclasses
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from backend import env
from backend.canonical import short_hash
from backend.demo import build, loop, people
from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.directory.identify import actor_of_link
from backend.directory.models import Campus, Link, ResponderContact
from backend.directory.models.link import Purpose
from backend.directory.services.links import token_of
from backend.jobs import run as jobs
from backend.problems import WrongState
from backend.tenancy import reach
from maps.models import MapState, MapVersion
from notifications.models import Delivery, DeliveryState
from notifications.services.acknowledging import acknowledge
from notifications.services.delivering import deliver_due
from plans.models import PacketBase, PlanState, PlanVersion, Publication
from plans.queries.documents import block_of
from plans.services import drafting, publishing, sections, signing, submitting
from plans.services.opening import Opened, PacketBeingMade, open_packet
from plans.tasks import make_missing_packets

STEP = timedelta(minutes=2)
HISTORY = timedelta(days=8)
HISTORY_STEP = timedelta(minutes=50)
SCANNERS = timedelta(seconds=11)
PATIENCE_SECONDS = 120.0
CHANGED_SECTION = "FA-EVAC"
# One of these closes the responders' part of the evacuation annex; each walk writes the next.
SENTENCES = (
    "When Birch Avenue is closed, staging moves to the student lot.",
    "Rooms on floor 2 leave by the stair that is nearest, also when that is not their usual one.",
    "The nurse's bag stands at assembly area A2 from the second minute on.",
    "Buses wait on Alder Street and come to the loop only when called by radio.",
)


@dataclass
class Walk:
    """What a walk has made so far. `at` is the moment of the next deed."""

    folder: Path
    at: datetime
    step: timedelta
    steps: list[dict[str, Any]] = field(default_factory=list)
    packet: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def moment(self) -> datetime:
        """Return the next moment, never later than now."""
        self.at = min(self.at + self.step, timezone.now())
        return self.at

    def now(self) -> datetime:
        """Return the last moment of a walk that ends now; of history, its next."""
        if timezone.now() - self.at < timedelta(days=1):
            self.at = timezone.now()
            return self.at
        return self.moment()

    def note(self, name: str, **made: Any) -> None:
        """Keep what a step made."""
        self.steps.append({"name": name, "ok": True, **made})


def start_if_empty(tell: Callable[[], None] = lambda: None) -> None:
    """Fill an empty database: the district, and version 1 as published some days ago.

    `tell` is called before anything is made.
    """
    if build.is_empty():
        tell()
    if not build.build_if_empty():
        return
    now = timezone.now()
    officer = build.actor_named("dana.whitfield", at=now)
    if not _has_published(now):
        walk(began=now - HISTORY, step=HISTORY_STEP)
        with reach_of(officer):
            campus = build.campus_named("Lincoln")
            build.condition_in_force(campus, officer, at=now - timedelta(hours=3))
            draft = drafting.start_from_published(
                campus=campus, actor=officer, at=now - timedelta(days=1)
            )
            _change(draft, officer, at=now - timedelta(hours=20))


def _has_published(now: datetime) -> bool:
    with reach_of(build.actor_named("dana.whitfield", at=now)):
        return Publication.objects.exists()


def walk(*, began: datetime | None = None, step: timedelta = STEP) -> dict[str, Any]:
    """Return the steps of one walk and the paths of its packet.

    It ends now, or, for the history of a new demonstration, goes from `began` by `step`. Raises
    WrongState in a database that holds a district of its own.
    """
    if not build.build_if_empty():
        raise WrongState(
            "This database holds a real district; the demonstration does not touch it.",
            where="muster demo",
            mend="Set MUSTER_DATA to another folder.",
        )
    now = timezone.now()
    if began is None and not _has_published(now):
        walk(began=now - HISTORY, step=HISTORY_STEP)  # a drill needs a plan to learn for
    folder = env.data_folder() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    done = Walk(folder=folder, at=began or now - 20 * step, step=step)
    officer = build.actor_named("dana.whitfield", at=now)
    principal = build.actor_named("maria.ochoa", at=now)
    with reach_of(officer):
        campus = build.campus_named("Lincoln")
        if began is None:
            build.condition_in_force(campus, officer, at=done.at)
        _map(done, campus)
        _finish_review(campus)
        former = PlanVersion.objects.filter(campus=campus, state=PlanState.PUBLISHED)
        before = former.order_by("-number").first() if began is None else None
    action = (
        loop.hold_and_learn(done, campus, officer, principal, now=timezone.now())
        if before
        else None
    )
    with reach_of(officer):
        version = _plan(done, campus, officer)
    publication = _sign_and_publish(done, version, officer, principal)
    base = _packet(done, publication)
    _sent(done, publication)
    _opened(done, publication, base)
    _acknowledged(done, publication)
    answer = {"steps": done.steps, "packet": done.packet}
    if action and before:
        answer["loop"] = loop.told_of(
            done,
            action,
            principal,
            done.told,
            from_version=before.number,
            to_version=publication.number,
        )
    return answer


def _finish_review(campus: Campus) -> None:
    """Send back what a killed walk left in review: this walk writes its own change into it."""
    stuck = PlanVersion.objects.filter(
        campus=campus, state__in=(PlanState.IN_REVIEW, PlanState.APPROVED)
    ).first()
    if stuck is not None:
        actor = build.actor_named("maria.ochoa", at=timezone.now())
        submitting.send_back(
            version=stuck, reason="The walk begins again.", actor=actor, at=timezone.now()
        )


def _map(done: Walk, campus: Campus) -> None:
    newest = MapVersion.objects.filter(campus=campus, state=MapState.PUBLISHED).latest("number")
    done.note(
        "map",
        version=newest.number,
        levels=newest.levels.count(),
        features=newest.features.count(),
        findings=len(newest.findings),
        content_hash=newest.content_hash,
    )


def _plan(done: Walk, campus: Campus, officer: Actor) -> PlanVersion:
    """Return the version in work, written now unless an earlier walk left one."""
    in_work = (PlanState.DRAFT, PlanState.IN_REVIEW, PlanState.APPROVED)
    version = PlanVersion.objects.filter(campus=campus, state__in=in_work).first()
    if version is None:
        version = drafting.start_from_published(campus=campus, actor=officer, at=done.moment())
    if version.state == PlanState.DRAFT and version.number > 1:
        _change(version, officer, at=done.moment())
    version.refresh_from_db()
    done.note("plan", version=version.number, sections=version.sections.count())
    return version


def _change(version: PlanVersion, officer: Actor, *, at: datetime) -> None:
    section = version.sections.get(template_id=CHANGED_SECTION)
    blocks = [block_of(row) for row in section.blocks.all()]
    place = max(
        number
        for number, block in enumerate(blocks)
        if block.audience == "responder" and block.kind == "text"
    )
    paragraphs = blocks[place].markdown.split("\n\n")
    wanted = SENTENCES[version.number % len(SENTENCES)]
    if paragraphs[-1] == wanted:
        return
    if paragraphs[-1] in SENTENCES:
        paragraphs.pop()
    paragraphs.append(wanted)
    blocks[place] = dataclasses.replace(blocks[place], markdown="\n\n".join(paragraphs))
    sections.edit_section(
        section=section,
        expected_edits=section.edits,
        blocks=blocks,
        actor=officer,
        at=at,
    )


def _sign_and_publish(
    done: Walk, version: PlanVersion, officer: Actor, principal: Actor
) -> Publication:
    with reach_of(officer):
        if version.state == PlanState.DRAFT:
            version = submitting.submit(version=version, actor=officer, at=done.moment())
    for actor, role in ((officer, "sro"), (principal, "principal")):
        with reach_of(actor):
            signed = set(version.approvals.filter(lapsed_at=None).values_list("role", flat=True))
            if role not in signed:
                signing.sign_as(
                    version=version,
                    role=role,
                    content_hash=version.content_hash,
                    actor=actor,
                    at=done.moment(),
                )
            version.refresh_from_db()
    done.note(
        "signatures",
        signed_by=[officer.label, principal.label],
        content_hash=version.content_hash,
    )
    with reach_of(principal):
        at = done.moment()
        publication = publishing.publish(
            version=version,
            in_force_from=at.astimezone(ZoneInfo(people.ZONE)).date(),
            actor=principal,
            at=at,
        )
    done.note(
        "published",
        version=publication.number,
        in_force_from=str(publication.in_force_from),
        changes=publication.changes,
    )
    return publication


def _packet(done: Walk, publication: Publication) -> PacketBase:
    """Return the PDF that all recipients share, made by a job: here, or by a running worker."""
    make_missing_packets()
    for _ in _waiting():
        jobs.run_due()
        with reach.of_districts(publication.district_id):
            base = PacketBase.objects.filter(publication=publication).order_by("made_at").last()
        if base:
            done.note("packet", pages=base.pages, content_hash=publication.content_hash)
            return base
    raise WrongState("The packet was not made in time.", where="packet")


def _sent(done: Walk, publication: Publication) -> None:
    owed: list[Delivery] = []
    for _ in _waiting():
        deliver_due(at=done.moment())
        with reach.of_districts(publication.district_id):
            owed = list(
                Delivery.objects.filter(lines__notice__subject_id=publication.pk)
                .select_related("contact", "agency")
                .order_by("agency__name", "id")
            )
        if owed and all(row.state not in {"queued", "sending"} for row in owed):
            break
    failed = [row for row in owed if row.state in {DeliveryState.FAILED, DeliveryState.EXPIRED}]
    if not owed or failed:
        raise WrongState(
            f"{len(failed)} of {len(owed)} messages did not go out.",
            where="sent",
            mend="See Notices for the reason of each.",
        )
    done.told = [f"{row.recipient}, {row.told_agency().name}" for row in owed]
    done.note("sent", to=done.told)


def _opened(done: Walk, publication: Publication, base: PacketBase) -> None:
    contact = _first_contact(people.SERVICES[0])
    with reach.of_districts(publication.district_id):
        link = Link.objects.get(
            contact=contact, campus_id=publication.campus_id, purpose=Purpose.PACKET, ended_at=None
        )
    actor = actor_of_link(token_of(link), today=timezone.now().date())
    shown = open_packet(actor=actor, campus_id=publication.campus_id, form="html", at=done.now())
    printed = _printed(done, actor, publication)
    paths = {form: done.folder / f"packet-v{publication.number}.{form}" for form in ("html", "pdf")}
    paths["html"].write_text(shown.html().page, encoding="utf-8")
    paths["pdf"].write_bytes(printed.pdf())
    done.note("opened", by=actor.label, pages=base.pages)
    done.packet = {
        **{form: str(path) for form, path in paths.items()},
        "version": publication.number,
        "content_hash": publication.content_hash,
        "short_hash": short_hash(publication.content_hash),
    }


def _printed(done: Walk, actor: Actor, publication: Publication) -> Opened:
    """Return the opened PDF, as soon as it stands with the conditions of the moment."""
    for _ in _waiting():
        try:
            return open_packet(
                actor=actor, campus_id=publication.campus_id, form="pdf", at=done.now()
            )
        except PacketBeingMade:
            jobs.run_due()
    raise WrongState("The PDF was not made in time.", where="opened", mend="Run it again.")


def _acknowledged(done: Walk, publication: Publication) -> None:
    told: list[str] = []
    for service in people.SERVICES[:-1]:  # the last stays silent: the board has something to show
        contact = _first_contact(service)
        with reach.of_districts(publication.district_id):
            delivery = Delivery.objects.filter(
                lines__notice__subject_id=publication.pk, contact=contact
            ).latest("id")
            link = Link.objects.filter(
                contact=contact, purpose=Purpose.ACKNOWLEDGE, subject_id=delivery.pk
            ).latest("id")
        _wait_past_scanners(delivery)
        actor = actor_of_link(token_of(link), today=timezone.now().date())
        given = acknowledge(actor=actor, choice="accepted", name=contact.name, at=done.now())
        if given.is_unconfirmed:
            raise WrongState(
                f"The answer of {contact.name} came too soon to count.", where="acknowledged"
            )
        told.append(f"{contact.name}, {service.name}")
    done.note("acknowledged", by=told, still_silent=people.SERVICES[-1].name)


def _wait_past_scanners(delivery: Delivery) -> None:
    """Wait until an answer counts: one within seconds of the message may be a mail scanner's."""
    if delivery.sent_at is not None:
        early = (delivery.sent_at + SCANNERS - timezone.now()).total_seconds()
        time.sleep(max(0.0, early))


def _first_contact(service: people.Service) -> ResponderContact:
    desk = service.desks[0]
    return ResponderContact.objects.select_related("agency").get(
        email=f"{desk.key}@{service.domain}"
    )


def _waiting() -> Iterator[None]:
    """Yield until patience ends, with a short pause between."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        yield
        time.sleep(0.2)
