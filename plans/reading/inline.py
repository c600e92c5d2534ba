"""Words of a document as Markdown of one paragraph: signs escaped, strong words marked."""

import re
from collections.abc import Iterable

_SIGNS = re.compile(r"([\\`*\[\]<>|~&])|(?<!\w)_|_(?!\w)")
_OPENING = re.compile(r"^(\s*)([#+\-=]|\d{1,9}[.)])(?=\s|$|[=-])", re.MULTILINE)


def escaped(text: str) -> str:
    """Return the text as Markdown that shows exactly its characters; line ends stay line ends.

    Underscores and brackets of blanks stay as they are: a form's blank must still read as one.
    """
    lines = "\n".join(_lines(text.replace("\t", " ")))
    marked = _SIGNS.sub(_escape, lines)
    opened = _OPENING.sub(_escape_opening, marked)
    return opened.replace("\n", "  \n")


def strong_where(parts: Iterable[tuple[str, bool]]) -> str:
    """Return text runs as Markdown, strong ones in double stars; all of one weight are plain."""
    runs = [(text, strong) for text, strong in parts if text]
    weights = {strong for text, strong in runs if text.strip()}
    if len(weights) < 2:
        return escaped("".join(text for text, _ in runs))
    joined: list[list[str]] = []
    for text, strong in runs:
        mark = "b" if strong else ""
        if (not text.strip() and joined) or (joined and joined[-1][0] == mark):
            joined[-1][1] += text
        else:
            joined.append([mark, text])
    return "  \n".join(_lines("".join(_marked(text, mark) for mark, text in joined)))


def _lines(text: str) -> list[str]:
    return [line.strip(" \t") for line in text.strip().split("\n")]


def _marked(text: str, mark: str) -> str:
    """Return a run; a strong one without its blanks and last sign, where the stars would fail."""
    body = text.strip().rstrip(".,:;!?")
    if not mark or "\n" in body or not (body[:1].isalnum() and body[-1:].isalnum()):
        return _SIGNS.sub(_escape, text.replace("\t", " "))
    start = len(text) - len(text.lstrip())
    end = start + len(body)
    inner = _SIGNS.sub(_escape, body)
    return f"{text[:start]}**{inner}**{_SIGNS.sub(_escape, text[end:])}"


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return sign if sign in "_[]" else f"\\{sign}"


def _escape_opening(match: re.Match[str]) -> str:
    mark = match[2]
    if mark[0].isdigit():
        return f"{match[1]}{mark[:-1]}\\{mark[-1]}"
    return f"{match[1]}\\{mark}"
