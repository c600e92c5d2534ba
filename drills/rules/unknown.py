"""The value of a fact that the record does not state."""

from enum import Enum
from typing import Final


class Unknown(Enum):
    """Absent from the record: neither None, nor False, nor empty, all of which are known facts."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Raise TypeError: what is not known is neither true nor false; compare with `is`."""
        raise TypeError("UNKNOWN is neither true nor false: compare it with `is`.")

    def __repr__(self) -> str:
        """Return UNKNOWN."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
