"""A file per word of notifications."""

from notifications.models.acknowledgement import Acknowledgement
from notifications.models.channel_release import ChannelRelease
from notifications.models.delivery import (
    Attempt,
    Delivery,
    DeliveryLine,
    DeliveryState,
    DeliveryText,
    HeldBecause,
)
from notifications.models.escalation import EscalationStep
from notifications.models.notice import Notice

__all__ = [
    "Acknowledgement",
    "Attempt",
    "ChannelRelease",
    "Delivery",
    "DeliveryLine",
    "DeliveryState",
    "DeliveryText",
    "EscalationStep",
    "HeldBecause",
    "Notice",
]
