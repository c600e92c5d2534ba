"""What a worker calls each second, at each wake-up and at each tick; all may run twice or late."""

from django.utils import timezone

from notifications.services.account_mail import send_account_mail
from notifications.services.delivering import deliver_due
from notifications.services.escalating import escalate_due, plan_sent, queue_stragglers


def drain() -> int:
    """Send account mail and what is due; when nothing is, plan what follows. Return how much."""
    now = timezone.now()
    return send_account_mail(at=now) + deliver_due(at=now) or plan_sent(at=now)


def drain_urgent() -> int:
    """Send what is urgent and due, for a worker that nothing else holds up; return how many."""
    return deliver_due(at=timezone.now(), urgent_only=True)


def escalate() -> int:
    """Tell whoever is next where an agency stayed silent; return how many steps were done."""
    now = timezone.now()
    return escalate_due(at=now) + queue_stragglers(at=now)
