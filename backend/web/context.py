"""What the shell of every page shows: navigation, viewer, theme."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.translation import gettext as _

TELLS_CONDITIONS = ("condition.publish", "condition.report")
NEW_CONDITION = "/conditions/new/"

CAMPUS_TABS = ("plan", "map", "drills", "people", "packet")
RESPONDERS_TABS = ("drills", "packet")


class Reader(Protocol):
    """What the shell needs to know of who reads."""

    @property
    def roles(self) -> tuple[Any, ...]:
        """The reader's roles in districts."""

    @property
    def campuses_named(self) -> Mapping[str, str]:
        """The name of each campus at which the reader holds a role, by its address."""

    @property
    def may_somewhere(self) -> Callable[[str], bool]:
        """Whether a role of the reader permits a verb at some place."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return theme, navigation and viewer for base.html."""
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    signed_in = actor is not None and actor.kind == "user"
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in {"day", "night"} else "auto",
        "actor": actor,
        "viewer": user if signed_in else None,
        "navigation": _navigation(request.path, actor) if actor and signed_in else [],
        "tabs": CAMPUS_TABS if actor is not None and actor.roles else RESPONDERS_TABS,
        "is_demonstration": request.META.get("MUSTER_DEMONSTRATION", False),
        "request_id": request.META.get("MUSTER_REQUEST_ID", ""),
    }


def _navigation(path: str, reader: Reader) -> list[dict[str, Any]]:
    """Return at most five entries, as many as fit side by side at the foot of a phone."""
    tells = bool(reader.campuses_named) and any(map(reader.may_somewhere, TELLS_CONDITIONS))
    is_telling = tells and (path == "/condition/" or path.endswith(NEW_CONDITION))
    url, name, picture = _campuses(reader)
    entries = [
        ("/", _("Today"), "calendar", path == "/"),
        (url, name, picture, path.startswith(url) and not is_telling),
    ]
    if tells:
        entries.append(("/condition/", _("Condition"), "camera", is_telling))
    if not reader.roles:
        is_there = path.startswith(("/agency/", "/drills/"))
        entries.append(("/agency/", _("Drills"), "flag", is_there))
    elif reader.may_somewhere("drill.read"):
        entries.append(("/drills/", _("Drills"), "flag", path.startswith("/drills/")))
    if not reader.roles or reader.may_somewhere("notice.read"):
        entries.append(("/notices/", _("Notices"), "bell", path.startswith("/notices/")))
    entries.append(("/settings/", _("Settings"), "gear", path.startswith("/settings/")))
    return [
        {
            "url": url,
            "label": label,
            "short": _("Campus") if icon == "campus" else label,
            "icon": icon,
            "current": current,
        }
        for url, label, icon, current in entries
    ]


def _campuses(reader: Reader) -> tuple[str, str, str]:
    """Return the one campus of a reader who has one, else the list of all."""
    if len(reader.campuses_named) == 1 and all(role.campus_id for role in reader.roles):
        ((url, name),) = reader.campuses_named.items()
        return url, name, "campus"
    return "/campuses/", _("Campuses"), "map"
