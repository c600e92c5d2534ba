"""The service worker of run mode: what a phone keeps, so that the page opens without network."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

WORKER = "drills/run_worker.js"
FONTS = tuple(f"web/fonts/PublicSans-{weight}.woff2" for weight in ("Regular", "SemiBold", "Bold"))
STYLES = (
    *(
        f"web/css/{name}.css"
        for name in (
            "tokens", "base", "layout", "card", "button", "form", "table", "status", "chip",
            "prose", "dialog", "live", "print",
        )
    ),
    "drills/run.css", "drills/run_bar.css",
)  # fmt: skip
SCRIPTS = (
    "web/js/theme.js", "web/js/dialog.js", "web/js/open_dialog.js", "web/js/announce.js",
    "drills/run.js",
    *(
        f"drills/run_{name}.js"
        for name in (
            "bands", "before", "clock", "phone", "photo", "poller", "post", "review", "rooms",
            "sender", "sheets", "state", "stop", "store", "timeline", "words",
        )
    ),
)  # fmt: skip
FILES = (*FONTS, *STYLES, *SCRIPTS, "web/icons.svg", "web/logo.svg")
"""Everything that the page of run mode is made of; a browser test holds the page against it."""


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Return the worker. It stands beside the pages it serves, so `/drills/` is its scope.

    Its text changes with any file that the page is made of, and so each browser fetches them anew.
    """
    addresses = [static(name) for name in FILES]
    lines = (
        f"const VERSION = {json.dumps(version_of((*FILES, WORKER)))};",
        f"const FILES = {json.dumps(addresses)};",
        f"importScripts({json.dumps(static(WORKER))});",
    )
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@cache
def version_of(names: tuple[str, ...]) -> str:
    """Return a hash of the names and contents of static files.

    Raises FileNotFoundError for a file that is not there.
    """
    found = sha256()
    for name in names:
        path = finders.find(name)
        if path is None:
            raise FileNotFoundError(f"There is no static file {name!r}: mend the list of run mode.")
        found.update(f"{name}\0{static(name)}\0".encode())
        found.update(Path(path).read_bytes())
    return found.hexdigest()[:16]
