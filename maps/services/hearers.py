"""Who wants to hear of a deed, without maps knowing them: apps above register at start-up."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from backend.directory.actor import Actor
from maps.models import Condition


class OnCondition(Protocol):
    """Called inside the deed's transaction, in the reach of the condition's district."""

    def __call__(self, condition: Condition, *, actor: Actor, at: datetime) -> None:
        """Do what follows from it; raising undoes the whole deed."""


class Hearers:
    """Functions that are called after a deed, in the order of their registration."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._functions: list[OnCondition] = []

    def register(self, function: OnCondition) -> Callable[[], None]:
        """Call `function` from now on; the function returned ends that."""
        self._functions.append(function)
        return lambda: self._functions.remove(function)

    def tell(self, condition: Condition, *, actor: Actor, at: datetime) -> None:
        """Call everyone."""
        for function in self._functions:
            function(condition, actor=actor, at=at)
