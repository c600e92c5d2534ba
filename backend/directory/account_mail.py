"""Mail about accounts: it goes through the outbox like every other message, its body sealed."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from backend.directory.models import AccountMessage, User
from backend.encryption import encrypt
from backend.waking import wake_lane

LIFETIME = timedelta(hours=24)

_release: list[Callable[[], bool]] = []


def tell_release(check: Callable[[], bool]) -> None:
    """Let the app that sends say whether account mail is released; called once, at its start."""
    _release[:] = [check]


def is_released() -> bool:
    """Return whether account mail leaves; until then links are shown to the person who invites."""
    return any(check() for check in _release)


class OutboxBackend(BaseEmailBackend):
    """Django's way of sending mail, as rows that the notifications worker sends."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write one row for each recipient and return how many messages were taken."""
        now = timezone.now()
        rows = [
            AccountMessage(
                to=recipient,
                subject=" ".join(str(message.subject).split())[:200],
                body_sealed=encrypt(str(message.body)),
                due_at=now,
                expires_at=now + LIFETIME,
            )
            for message in email_messages
            for recipient in message.recipients()
        ]
        AccountMessage.objects.bulk_create(rows)
        if rows:
            wake_lane("delivery")
        return len(email_messages)


def write_to(user: User, *, subject: str, paragraphs: Sequence[str]) -> None:
    """Owe a person one message; call it inside `in_language_of` so that it is in their language."""
    EmailMessage(
        subject=subject,
        body="\n\n".join(paragraphs),
        from_email=settings.MAIL_FROM,
        to=[user.email],
    ).send()


def in_language_of(user: User) -> translation.override:
    """Return a context in which texts are translated into the person's own language."""
    return translation.override(user.language)
