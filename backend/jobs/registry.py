"""Which function does the work of which kind of job. Apps register at start-up."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.jobs.models import Job

Report = Callable[[int, str], None]
Work = Callable[["Job", Report], dict[str, object]]
_works: dict[str, Work] = {}


class Cancelled(Exception):
    """Raised by `report` when somebody asked to cancel."""


def register(kind: str, work: Work) -> None:
    """Let `work(job, report)` do jobs of this kind, inside the job's district scope.

    It may run twice; it returns the outcome as JSON. `report(percent, doing)` tells progress and
    raises Cancelled when a person asked to stop.
    """
    _works[kind] = work


def work_of(kind: str) -> Work:
    """Return the function of a kind; raises KeyError when no app registered it."""
    return _works[kind]
