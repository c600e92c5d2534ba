"""A subject of the tests' own stands for plans: a memo about a campus with a packet link."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from backend.capture import CapturedMessage, list_captured, read_captured
from backend.directory.actor import SYSTEM
from backend.directory.models import Campus, ResponderContact
from backend.tenancy import reach
from notifications.models import Acknowledgement, Delivery, Notice
from notifications.services.carrier import forget_carrier
from notifications.services.delivering import deliver_due
from notifications.services.escalating import plan_sent
from notifications.services.writing import Owed, owe, release_channel
from notifications.subjects import LinkWanted, Wording, register
from tests.cast import NOW, Cast
from tests.notifications.capture_server import CaptureServer, start_capture, stop

MEMO = "memo"
acknowledged: list[tuple[UUID, UUID]] = []
campus_of: dict[UUID, tuple[UUID, str]] = {}


def line_for(notice: Notice) -> Wording:
    if notice.wording.get("raises"):
        raise ValueError("a defect of the subject")
    name = notice.campus.name if notice.campus else ""
    return Wording(f"{name}: new packet", (f"{name}: version {notice.wording['version']}.",))


def link_for(subject_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    if subject_id not in campus_of:
        campus = Campus.objects.filter(notices__subject_id=subject_id).first()
        if campus is None:
            return None
        campus_of[subject_id] = (campus.pk, campus.name)
    campus_id, name = campus_of[subject_id]
    return LinkWanted("packet", "/p/{token}/", f"Open the packet of {name}", campus_id)


def on_acknowledged(notice: Notice, acknowledgement: Acknowledgement) -> None:
    acknowledged.append((notice.pk, acknowledgement.pk))


def register_memo() -> None:
    acknowledged.clear()
    register(MEMO, link_for=link_for, line_for=line_for, on_acknowledged=on_acknowledged)


def owe_memo(campus: Campus, *, at: datetime = NOW, **more: Any) -> Owed:
    """Owe one notice about a campus, as the app above would in its own transaction."""
    subject_id = more.pop("subject_id", None) or uuid4()
    with reach.of_districts(campus.district_id):
        return owe(
            **{
                "kind": "memo.published",
                "subject": MEMO,
                "subject_id": subject_id,
                "campus": campus,
                "wording": {"version": 8},
                "actor": SYSTEM,
                "at": at,
                **more,
            }
        )


def release(cast: Cast, *, at: datetime = NOW) -> None:
    """Release the e-mail channel of the cast's district."""
    administrator = cast.actor("district")
    with reach.of_districts(cast.district.pk):
        release_channel(district=cast.district, channel="email", actor=administrator, at=at)


def deliver(at: datetime = NOW) -> int:
    """Send what is due and plan what follows, as a worker's rounds do; return how many were due."""
    number = deliver_due(at=at)
    plan_sent(at=at)
    return number


def messages(server: CaptureServer) -> list[CapturedMessage]:
    return [read_captured(server.folder, row.number) for row in list_captured(server.folder)]


def mail_to(server: CaptureServer, word: str) -> list[CapturedMessage]:
    return [one for one in messages(server) if one.envelope.recipient.startswith(f"{word}@")]


def link_in(message: CapturedMessage, kind: str) -> str:
    """Return the token of the link of that kind in a message."""
    found = [link for link in message.links if f"/{kind}/" in link]
    assert found, message.text
    return found[0].rstrip("/").rpartition("/")[2]


def deliveries(cast: Cast) -> dict[str, Delivery]:
    """Return the newest delivery of each contact of the cast."""
    words = {contact.pk: word for word, contact in cast.contacts.items()}
    with reach.of_districts(cast.district.pk):
        rows = Delivery.objects.filter(contact__isnull=False).order_by("pk")
        return {words[row.contact_id]: row for row in rows if row.contact_id}


@cache
def shared_capture() -> CaptureServer:
    """Return one capture server for the whole run: to start one takes longer than most tests."""
    server = start_capture(Path(tempfile.mkdtemp(prefix="muster-mail-")))
    atexit.register(stop, server)
    return server


@contextmanager
def relay(settings: Any) -> Iterator[CaptureServer]:
    """Hand mail to the capture server, emptied, while the block runs."""
    server = shared_capture()
    for path in server.folder.iterdir():
        path.unlink()
    with relay_at(settings, server.port):
        yield server


@contextmanager
def relay_at(settings: Any, port: int) -> Iterator[None]:
    """Hand mail to a port of loopback while the block runs."""
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    forget_carrier()
    yield
    forget_carrier()
