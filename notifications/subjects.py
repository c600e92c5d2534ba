"""What the apps above tell about their subjects, so that this app knows nothing of plans or drills.

An app registers each kind of subject once, when it is ready. Where a notice needs words or a link,
the functions of its subject are called inside an open reach of the notice's district.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from backend.directory.models import ResponderContact
    from notifications.models import Acknowledgement, Notice


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one notice: the subject line where it comes alone, and its lines.

    A line may hold `{{link:packet:<campus id>}}`; it is filled at sending and nowhere else.
    """

    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """The way to a subject without an account. `path` holds `{token}`: "/p/{token}/"."""

    purpose: str
    path: str
    label: str
    campus_id: UUID | None = None
    subject_id: UUID | None = None
    is_answer: bool = False  # the message asks for this answer and not for “we have it”


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody has opened what a notice told of: a contact, or (without one) a device by name."""

    agency_id: UUID
    at: datetime
    contact_id: UUID | None = None
    name: str = ""
    words: str = ""


def _no_page(_: "Notice") -> str:
    return "/"


def _no_openings(_: "Notice") -> Sequence[Opening]:
    return ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What an app above registered."""

    name: str
    line_for: "Callable[[Notice], Wording]"
    link_for: "Callable[[UUID, ResponderContact], LinkWanted | None]"
    on_acknowledged: "Callable[[Notice, Acknowledgement], None]"
    openings_of: "Callable[[Notice], Sequence[Opening]]" = field(default=_no_openings)
    page_of: "Callable[[Notice], str]" = field(default=_no_page)


class UnknownSubject(LookupError):
    """A notice tells of a subject that no app registered; a defect, never a person's mistake."""


_registered: dict[str, Subject] = {}


def register(
    subject: str,
    *,
    link_for: "Callable[[UUID, ResponderContact], LinkWanted | None]",
    line_for: "Callable[[Notice], Wording]",
    on_acknowledged: "Callable[[Notice, Acknowledgement], None]",
    openings_of: "Callable[[Notice], Sequence[Opening]]" = _no_openings,
    page_of: "Callable[[Notice], str]" = _no_page,
) -> None:
    """Make a kind of subject known; registering the same name again replaces it.

    `link_for` leads every contact to the same thing: it is asked once for each language. `page_of`
    is the address of the page where people of the district see to it.
    """
    _registered[subject] = Subject(
        subject, line_for, link_for, on_acknowledged, openings_of, page_of
    )


def subject_of(name: str) -> Subject:
    """Return what was registered; raises UnknownSubject."""
    try:
        return _registered[name]
    except KeyError as fault:
        raise UnknownSubject(f"no app registered the subject “{name}”") from fault
