"""Who and what the words of a command mean."""

from collections.abc import Sequence
from typing import Any

from backend.problems import BadInput


def person_named(email: str) -> Any:
    """Return the actor of the person with an e-mail; raises BadInput where there is none."""
    from django.utils import timezone  # noqa: PLC0415 — after django.setup()

    from backend.directory.identify import actor_of_user  # noqa: PLC0415
    from backend.directory.models import User  # noqa: PLC0415

    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise BadInput(
            f"There is no person with the e-mail “{email}”." if email else "Who does this?",
            where="--as",
            mend="Give the e-mail of a person who may do this at the campus.",
        )
    return actor_of_user(user, today=timezone.now().date())


def campus_named(actor: Any, word: str) -> Any:
    """Return the campus named by address, short id, id or name, of those the actor may read.

    Raises BadInput where none or several are. Inside the actor's reach.
    """
    from backend.directory.access import in_reach_of  # noqa: PLC0415 — after django.setup()
    from backend.directory.models import Campus  # noqa: PLC0415

    rows = in_reach_of(actor, "campus.read", Campus.objects.all())
    return the_one_named(list(rows), word, mend="Check who does it with --as.")


def the_one_named(campuses: Sequence[Any], word: str, *, mend: str) -> Any:
    """Return the campus that a word means; raises BadInput, with `mend` where there are none."""
    asked = word.strip().casefold()
    short_id = asked.rstrip("/").rpartition("/")[2].rpartition("-")[2]
    found = [
        campus
        for campus in campuses
        if campus.name.casefold() == asked or campus.short_id == short_id or str(campus.pk) == asked
    ]
    if len(found) != 1:
        known = ", ".join(campus.slug for campus in (found or campuses)[:8])
        raise BadInput(
            f"{len(found)} campuses are called “{word}”.",
            where="CAMPUS",
            mend=f"Give one of: {known}." if known else mend,
        )
    return found[0]
