"""Open a packet: found under the reader's own reach, recorded before it is shown."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import get_in_reach, in_district_of, reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency, Campus, District, ResponderContact
from backend.directory.models.link import Purpose
from backend.directory.services.links import link_for, token_of
from backend.files import store
from backend.problems import NotFound, WrongState
from backend.tenancy import reach
from maps.models import Condition
from notifications.models import Delivery, DeliveryState
from plans.models import PacketAccess, PacketBase, Publication
from plans.packets.dates import moment
from plans.packets.first_page import in_force
from plans.packets.html import HtmlPacket, render, room_anchors
from plans.packets.html_bar import OnlineBar
from plans.packets.html_maps import ScreenDrawings, draw_screen
from plans.packets.photos import small_photo, within
from plans.packets.stamp import stamp
from plans.packets.tree import PacketTree
from plans.queries.packets import (
    CODE_LENGTH,
    CODE_LETTERS,
    Ingredients,
    base_of,
    ingredients_of,
    is_being_made,
    making_of,
    older_publications,
)
from plans.queries.versions import publication_in_force
from plans.services.packets import ask_for, packet_tree

Form = Literal["html", "pdf"]
READ = "packet.read"
LONGEST_AGENT = 300
DRAWINGS_KEPT = 24  # packets, about 200 kB each
MOST_BYTES_SAVED = 900_000  # of a file to keep: what a phone with two bars takes in seconds


class PacketBeingMade(WrongState):
    """The PDF is not there yet; `percent` tells how far it is. The HTML packet opens meanwhile."""

    code = "packet_being_made"
    title = "The PDF is being made"

    def __init__(self, percent: int) -> None:
        super().__init__(
            _("The PDF is being made: %(percent)s %% done.") % {"percent": percent},
            mend=_("Open the packet on the screen, and come back in half a minute."),
        )
        self.percent = percent


@dataclass(frozen=True, slots=True)
class Opened:
    """A packet that may be shown: the opening is recorded. Times are UTC."""

    made_from: Ingredients
    copy_code: str
    copy_lines: tuple[str, str]
    at: datetime
    older: tuple[Publication, ...]
    pdf_percent: int | None  # None where the PDF is there
    pdf_base: bytes = b""
    may_acknowledge: bool = False
    is_in_force: bool = True
    photos: Mapping[UUID, bytes] = field(default_factory=dict)  # small, by their condition

    @property
    def publication(self) -> Publication:
        """What was opened."""
        return self.made_from.publication

    @property
    def file_name(self) -> str:
        """Return a name for the file, without ending."""
        return f"{self.made_from.campus.slug}-packet-v{self.publication.number}"

    def html(self, bar: OnlineBar | None = None) -> HtmlPacket:
        """Return the HTML packet; with a bar it is the page that is served.

        The file to keep holds as many photos of conditions as its size allows.
        """
        tree = packet_tree(self.made_from, at=self.at)
        drawings = _drawings(self.made_from, tree)
        shown = partial(render, tree, copy_lines=self.copy_lines, bar=bar, drawings=drawings)
        held = in_force(self.made_from.conditions, tree.edition)
        photos = tuple(self.photos.get(condition.pk, b"") for condition in held)
        if not any(photos):
            return shown()
        if bar is None:
            photos = within(photos, MOST_BYTES_SAVED - len(shown().page.encode()) - 200 * len(held))
        return shown(photos=photos)

    def pdf(self) -> bytes:
        """Return the stamped PDF."""
        return stamp(self.pdf_base, self.copy_lines)


_drawn: OrderedDict[tuple[str, str], ScreenDrawings] = OrderedDict()


def _drawings(made_from: Ingredients, tree: PacketTree) -> ScreenDrawings:
    """Return the maps of a packet; the last few are kept, for many cars open the same one."""
    key = (made_from.publication.own_hash, made_from.conditions_hash)
    known = _drawn.get(key)
    if known is None:
        known = _drawn[key] = draw_screen(tree, room_anchors(tree))
        while len(_drawn) > DRAWINGS_KEPT:
            _drawn.popitem(last=False)
    return known


def open_packet(
    *,
    actor: Actor,
    campus_id: UUID,
    form: Form,
    at: datetime,
    user_agent: str = "",
    number: int | None = None,
    recipient: ResponderContact | None = None,
) -> Opened:
    """Return the packet in force, or of an older version by its number; the opening is recorded.

    With a `recipient` the copy is made out to that contact. Opens reaches of its own, so call it
    outside any. Raises NotFound for a campus or version that the actor does not reach or where
    nothing is in force, and PacketBeingMade for a PDF that is not there yet: it is asked for then.
    """
    with reach_of(actor):
        campus = get_in_reach(actor, READ, Campus.objects.all(), pk=campus_id)
        publication = _publication(campus, number, at)
        present = publication_in_force(campus, campus.local_date(at)) if number else publication
        older = tuple(older_publications(publication))
    with reach.crossing("link"):
        district = District.across_districts.get(pk=campus.district_id)
    with reach_of(actor):
        made_from = ingredients_of(publication, district, at=at)
        base = base_of(made_from)
    percent = None if base else _ask(publication)
    if form == "pdf" and percent is not None:
        raise PacketBeingMade(percent)
    access, agency_name, content, photos = record_opening(
        publication=publication,
        photos_of=made_from.conditions if form == "html" else (),
        base=base if form == "pdf" else None,
        form=form,
        actor=actor,
        at=at,
        user_agent=user_agent,
        recipient=recipient,
    )
    who = actor.label if recipient is None else recipient.name
    return Opened(
        made_from=made_from,
        copy_code=access.copy_code,
        copy_lines=_copy_lines(who, agency_name, access.copy_code, made_from.campus, at),
        at=at,
        older=older,
        pdf_percent=percent,
        pdf_base=content,
        is_in_force=present is not None and present.pk == publication.pk,
        photos=photos,
        may_acknowledge=bool(answer_token(actor=actor, publication=publication)),
    )


def _publication(campus: Campus, number: int | None, at: datetime) -> Publication:
    if number is None:
        found = publication_in_force(campus, campus.local_date(at))
    else:
        rows = Publication.objects.filter(campus=campus, number=number, agency=None)
        found = rows.filter(
            audience="responder", withdrawn_at=None, in_force_from__lte=campus.local_date(at)
        ).first()
    if found is None:
        raise NotFound(
            _("No plan of %(campus)s is in force.") % {"campus": campus.name},
            mend=_("Call the school or the district; their numbers are on your last paper."),
        )
    found.campus = campus
    return found


def _ask(publication: Publication) -> int:
    """Ask for the base where nobody has; return how far it is in percent."""
    with in_district_of(publication):
        job = making_of(publication)
        if job is None or not is_being_made(job):
            job = ask_for(publication)
        return min(job.percent, 99)


def answer_token(*, actor: Actor, publication: Publication) -> str:
    """Return the token with which a link's contact acknowledges this packet, or "" for none.

    An answering service: "" also where the agency has acknowledged, and where nothing was sent.
    """
    if actor.contact_id is None:
        return ""
    with in_district_of(publication):
        told = Delivery.objects.filter(
            contact_id=actor.contact_id, lines__notice__subject_id=publication.pk
        )
        delivery = told.select_related("contact").order_by("-id").first()
        if delivery is None or delivery.state == DeliveryState.ACKNOWLEDGED:
            return ""
        return token_of(
            link_for(
                district_id=publication.district_id,
                contact=delivery.told_contact(),
                purpose=Purpose.ACKNOWLEDGE,
                subject_id=delivery.pk,
            )
        )


def record_opening(
    *,
    publication: Publication,
    base: PacketBase | None,
    form: Form,
    actor: Actor,
    at: datetime,
    user_agent: str,
    recipient: ResponderContact | None = None,
    photos_of: Sequence[Condition] = (),
) -> tuple[PacketAccess, str, bytes, dict[UUID, bytes]]:
    """Record who opened what, in the publication's district.

    Returns the row, the agency's name, the PDF base, and the small photos of those conditions. An
    answering service: publication and conditions were found under the actor's own reach.
    """
    agency = recipient.agency if recipient else _agency_of(actor, publication)
    with in_district_of(publication):
        access = PacketAccess.objects.create(
            district_id=publication.district_id,
            campus_id=publication.campus_id,
            publication=publication,
            link_id=actor.link_id,
            agency=agency,
            actor=actor.label[:200],
            actor_key=actor.key,
            form=form,
            copy_code="".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH)),
            opened_at=at,
            user_agent=" ".join(user_agent.split())[:LONGEST_AGENT],
        )
        content = store.read(base.file) if base else b""
        photos = {
            condition.pk: small_photo(store.read(photo))
            for condition in photos_of
            if (photo := condition.photo) is not None
        }
        audit.record("packet.opened", actor=actor, subject=publication, at=at, details={
            "number": publication.number, "form": form, "copy": access.copy_code,
            "agency": agency.name if agency else None,
            "for": recipient.name if recipient else None})  # fmt: skip
    return access, agency.name if agency else "", content, photos


def _agency_of(actor: Actor, publication: Publication) -> Agency | None:
    ids = [item.agency_id for item in actor.covered if item.campus_id == publication.campus_id]
    return Agency.objects.filter(pk=ids[0]).first() if ids else None


def _copy_lines(who: str, agency: str, code: str, campus: Campus, at: datetime) -> tuple[str, str]:
    named = who if not agency or agency in who else f"{who}, {agency}"
    return f"For {named}", f"Copy {code}, opened {moment(at, ZoneInfo(campus.time_zone))}"
