"""Filters of the directory's pages."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LONG = re.compile(r"[^\s<>&]{24,}")


@register.filter
def breakable(text: str) -> SafeString:
    """Return a text whose long words (addresses, hashes) may break on a narrow screen."""
    return mark_safe(LONG.sub(_with_breaks, conditional_escape(text)))  # noqa: S308 — escaped


def _with_breaks(found: re.Match[str]) -> str:
    return re.sub(r"(?<=[@._:/-])|(?<=\w{12})(?=\w{4})", "<wbr>", found[0])
