"""The moment that a round was given, and what has passed since."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Clock:
    """Services never ask for the time of day: they count on from the moment they were given."""

    start: datetime
    begun: float = field(default_factory=time.monotonic)

    def moment(self) -> datetime:
        """Return the present moment."""
        return self.start + timedelta(seconds=time.monotonic() - self.begun)
