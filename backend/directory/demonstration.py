"""Whether this database bears the mark of a demonstration."""

from django.core.cache import cache

from backend.directory.models import District
from backend.tenancy import reach

KEPT_SECONDS = 30  # the mark never changes while a copy runs; a short memory costs nothing


def is_demonstration() -> bool:
    """Return whether the database holds the demonstration district."""
    known: bool | None = cache.get("is_demonstration")
    if known is None:
        with reach.crossing("sign-in"):
            known = District.across_districts.filter(is_demonstration=True).exists()
        cache.set("is_demonstration", known, KEPT_SECONDS)
    return known
