"""What the shell of every page shows: navigation, viewer, theme."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

NAVIGATION: tuple[tuple[str, str, str], ...] = (
    ("/", "Today", "calendar"),
    ("/campuses/", "Campuses", "map"),
    ("/notices/", "Notices", "bell"),
    ("/settings/", "Settings", "gear"),
)

CAMPUS_TABS = ("plan", "map", "people", "packet")
RESPONDERS_TABS = ("packet",)


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
        "navigation": _navigation(request.path) if signed_in else [],
        "tabs": CAMPUS_TABS if actor is not None and actor.roles else RESPONDERS_TABS,
        "is_demonstration": request.META.get("MUSTER_DEMONSTRATION", False),
        "request_id": request.META.get("MUSTER_REQUEST_ID", ""),
    }


def _navigation(path: str) -> list[dict[str, Any]]:
    names = {"Today": _("Today"), "Campuses": _("Campuses"), "Notices": _("Notices"),
             "Settings": _("Settings")}  # fmt: skip
    return [
        {
            "url": url,
            "label": names[label],
            "icon": icon,
            "current": path == url if url == "/" else path.startswith(url),
        }
        for url, label, icon in NAVIGATION
    ]
