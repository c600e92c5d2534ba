"""One thing to do, as Today lists it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Weight = Literal["overdue", "due", "on_track"]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do, with the page where it is done."""

    weight: Weight
    title: str
    reason: str
    url: str
    action: str
    campus: str
    since: datetime | None = None
    zone: str = "UTC"
