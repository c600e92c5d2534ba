"""One round of everything that leaves: of a worker each second, and of `muster notices drain`."""

from datetime import datetime

from notifications.services.account_mail import send_account_mail
from notifications.services.delivering import deliver_due
from notifications.services.escalating import plan_sent


def drain(*, at: datetime) -> int:
    """Send account mail and what is due; when nothing is, plan what follows. Return how much."""
    return send_account_mail(at=at) + deliver_due(at=at) or plan_sent(at=at)
