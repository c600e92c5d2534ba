"""Filters of the directory's pages."""

import re
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from backend.directory.models import Coverage
from backend.directory.queries import capacity_words
from backend.web import words

register = template.Library()

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*[+-]\d\d:\d\d$")
HASH = re.compile(r"\b(?:\w+:)?([0-9a-f]{8})[0-9a-f]{24,}\b")
LONG = re.compile(r"[^\s<>&]{24,}")


@register.filter
def breakable(text: str) -> SafeString:
    """Return a text whose long words (addresses, hashes) may break on a narrow screen."""
    return mark_safe(LONG.sub(_with_breaks, conditional_escape(text)))  # noqa: S308 — escaped


@register.filter
def short_hash(text: str) -> str:
    """Return a text with each hash cut to its first 8 digits; the export holds them whole."""
    return HASH.sub(r"\1…", str(text))


@register.filter
def capacity(coverage: Coverage) -> str:
    """Return in which capacity an agency covers a campus, in words."""
    return capacity_words(coverage.agency, coverage.capacity)


@register.filter
def in_words(value: Any, zone: str = "UTC") -> str:
    """Return a value of an event as people read it: moments, lists and nothing in words."""
    if isinstance(value, list):
        return ", ".join(in_words(item, zone) for item in value) or "–"
    if isinstance(value, str) and MOMENT.match(value):
        return words.moment(datetime.fromisoformat(value), zone, language=get_language() or "en")
    return "–" if value in (None, "", {}) else str(value)


def _with_breaks(found: re.Match[str]) -> str:
    return re.sub(r"(?<=[@._:/-])|(?<=\w{12})(?=\w{4})", "<wbr>", found[0])
