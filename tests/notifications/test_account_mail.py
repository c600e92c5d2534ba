"""Mail about accounts goes the same careful way, once its channel is released."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.directory.account_mail import is_released
from backend.directory.models import AccountMessage
from backend.encryption import encrypt
from backend.tenancy import reach
from notifications.services.account_mail import send_account_mail
from notifications.services.writing import release_channel
from tests.cast import NOW, Cast
from tests.notifications.capture_server import CaptureServer
from tests.notifications.outbox import messages, relay


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[CaptureServer]:
    with relay(settings) as server:
        yield server


def release_account_mail(cast: Cast) -> None:
    administrator = cast.actor("district")
    with reach.of_districts(cast.district.pk):
        release_channel(district=cast.district, channel="account", actor=administrator, at=NOW)


def message(to: str = "new@example.org") -> AccountMessage:
    return AccountMessage.objects.create(
        to=to,
        subject="Your invitation",
        body_sealed=encrypt("Open http://localhost:8000/invite/secret/"),
        due_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )


def test_it_waits_until_the_channel_is_released(cast: Cast, outbox: CaptureServer) -> None:
    message()
    assert not is_released()
    assert send_account_mail(at=NOW) == 0
    release_account_mail(cast)
    assert is_released()
    assert send_account_mail(at=NOW) == 1
    assert "invite/secret" in messages(outbox)[0].text


def test_its_body_is_forgotten_once_it_is_gone(cast: Cast, outbox: CaptureServer) -> None:
    release_account_mail(cast)
    row = message()
    send_account_mail(at=NOW)
    row.refresh_from_db()
    assert (row.state, row.body_sealed) == ("sent", "")
    assert send_account_mail(at=NOW) == 0


def test_a_passing_failure_is_tried_again(cast: Cast, outbox: CaptureServer) -> None:
    release_account_mail(cast)
    row = message("defer451-once+x@example.org")
    send_account_mail(at=NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    send_account_mail(at=NOW + timedelta(minutes=1))
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_bad_address_ends_it(cast: Cast, outbox: CaptureServer) -> None:
    release_account_mail(cast)
    row = message("fail550+x@example.org")
    send_account_mail(at=NOW)
    row.refresh_from_db()
    assert row.state == "failed"
    assert "5.1.1" in row.last_answer
