"""Gather static files under hashed names, only when a source has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Extensions of htmx that no page uses, one of which names a file that is not there.
UNUSED = ["django_htmx/ext/*", "htmx-4*", "htmax*", "rest_framework/*"]


def collect_if_changed() -> bool:
    """Return whether files were gathered; a start with nothing changed takes milliseconds."""
    mark = settings.STATIC_ROOT / ".sources"
    wanted = _digest()
    if mark.exists() and mark.read_text() == wanted:
        return False
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED
    )
    mark.write_text(wanted)
    return True


def _digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
