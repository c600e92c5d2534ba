"""Send again what a person has looked at: an address mended, a relay that takes us again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import AcceptedAddress, ResponderContact
from backend.problems import NotFound, WrongState
from backend.waking import wake_lane
from notifications.models import Delivery, DeliveryState, HeldBecause
from notifications.queries.lists import needs_a_person
from notifications.queries.recipients import is_same_address
from notifications.services.writing import TRIED_FOR


@transaction.atomic
def send_again(*, delivery_id: UUID, actor: Actor, at: datetime) -> Delivery:
    """Queue a message that failed, expired or was held, to the address accepted now.

    Raises NotFound, NotAllowed, and WrongState while the district has accepted no address or
    another one than the agency gives.
    """
    delivery = needs_a_person(actor).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("No such message waits for a person."))
    allow(actor, "channel.release", delivery)
    address = delivery.user.email if delivery.user else delivery.address
    if delivery.contact is not None:
        address = _accepted(delivery, delivery.contact)
    again = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.SENDING)
    again.filter(attempts=0).update(attempts=1)  # a new message of this key may wait beside it
    again.update(
        state=DeliveryState.QUEUED,
        held_because="",
        address=address,
        due_at=at,
        expires_at=at + TRIED_FOR[delivery.priority],
        unknown_outcomes=0,
        state_since=at,
    )
    wake_lane("delivery")
    audit.record(
        "delivery.sent_again",
        actor=actor,
        subject=delivery,
        at=at,
        details={"was": delivery.state, "because": str(HeldBecause(delivery.held_because).label)}
        if delivery.held_because
        else {"was": delivery.state},
    )
    return delivery


def _accepted(delivery: Delivery, contact: ResponderContact) -> str:
    """Return the address that the district accepted, where the agency still gives it."""
    accepted = AcceptedAddress.objects.filter(contact=contact, channel=delivery.channel).first()
    if accepted is None or not is_same_address(accepted.address, contact.email):
        raise WrongState(
            _("This district has not accepted the present address of %(name)s.")
            % {"name": contact.name},
            mend=_("Accept it at the agency first."),
        )
    return accepted.address
