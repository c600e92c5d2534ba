"""Telephone numbers in the texts of the HTML packet: each can be pressed and never breaks."""

import re
from html import escape

# North American numbers with a hyphen before the last four digits, or written out after a “+”.
# Dates, cells, times and coordinates have other forms: three digits, a hyphen, four digits.
_NUMBER = re.compile(
    r"(?<![\w.+/-])"
    r"(?:\+\d[\d ().-]{6,16}\d|(?:1[ -])?(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[-\u2011]\d{4}"
    r"|(?:1\.)?\d{3}\.\d{3}\.\d{4})"
    r"(?:,? (?:ext\.?|x) ?\d{1,6})?(?![\w-])"
)
_EXTENSION = re.compile(r"\s*,?\s*(?:ext\.?|x)\s*", re.IGNORECASE)


def tel(phone: str) -> str:
    """Return the address that dials a number, an extension after a pause, or "" without digits."""
    number, *extension = _EXTENSION.split(phone, maxsplit=1)
    digits = re.sub(r"[^0-9+*#,;]", "", number)
    if not digits:
        return ""
    wait = "".join(re.findall(r"\d", extension[0])) if extension else ""
    return f"tel:{digits},{wait}" if wait else f"tel:{digits}"


def spoken(text: str) -> str:
    """Return a text as HTML, each telephone number in it a link that dials it."""
    made, end = [], 0
    for found in _NUMBER.finditer(text):
        made += [escape(text[end : found.start()]), _dialed(found[0])]
        end = found.end()
    return "".join([*made, escape(text[end:])])


def _dialed(number: str) -> str:
    return f'<a class="tel" href="{tel(number)}">{escape(number)}</a>'
