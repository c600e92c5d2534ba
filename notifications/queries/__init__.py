"""Reads shared by pages, API and commands."""

from notifications.queries.board import Board, agency_board, notice_of
from notifications.queries.lists import (
    deliveries_for,
    held_channels,
    needs_a_person,
    notices_for,
    queue_status,
    silent_agencies,
)
from notifications.queries.recipients import (
    EMAIL,
    Recipient,
    calling_order,
    first_contacts,
    hours_of,
    reachable,
)

__all__ = [
    "EMAIL",
    "Board",
    "Recipient",
    "agency_board",
    "calling_order",
    "deliveries_for",
    "first_contacts",
    "held_channels",
    "hours_of",
    "needs_a_person",
    "notice_of",
    "notices_for",
    "queue_status",
    "reachable",
    "silent_agencies",
]
