"""Where a change of a plan came from, without plans knowing it: apps above register at start-up."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from backend.directory.actor import Actor
from plans.models import PlanVersion


class OnPublished(Protocol):
    """Called inside the transaction that publishes a version which bears the origin."""

    def __call__(
        self, subject_id: UUID, version: PlanVersion, *, actor: Actor, at: datetime
    ) -> None:
        """Do what follows from it; raising undoes the publishing."""


_registered: dict[str, OnPublished] = {}


def register(kind: str, *, on_published: OnPublished) -> None:
    """Call `on_published` for each origin of this kind; registering again replaces it."""
    _registered[kind] = on_published


def tell_published(version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    """Tell each origin of a version that it is published."""
    for origin in version.origins:
        _registered[origin["kind"]](UUID(origin["id"]), version, actor=actor, at=at)
