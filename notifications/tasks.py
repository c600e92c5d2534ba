"""What a worker calls each second, at each wake-up and at each tick; all may run twice or late."""

from django.utils import timezone

from notifications.services import draining
from notifications.services.delivering import deliver_due
from notifications.services.escalating import escalate_due, queue_stragglers


def drain() -> int:
    """Do one round of everything that leaves; return how much was done."""
    return draining.drain(at=timezone.now())


def drain_urgent() -> int:
    """Send what is urgent and due, for a worker that nothing else holds up; return how many."""
    return deliver_due(at=timezone.now(), urgent_only=True)


def escalate() -> int:
    """Tell whoever is next where an agency stayed silent; return how many steps were done."""
    now = timezone.now()
    return escalate_due(at=now) + queue_stragglers(at=now)
