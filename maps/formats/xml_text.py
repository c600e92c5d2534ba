"""XML of unknown origin: no entity, no external file, no depth, and a place for what is wrong."""

import io
import re
from collections.abc import Iterator

from lxml import etree

from maps.formats.json_text import BYTE_ORDER_MARK, is_utf16, refuse_encoding
from maps.formats.result import MapRefused

MOST_DEPTH = 64  # a drawing nests its groups a dozen deep
_ENCODINGS = frozenset({"UTF-8", "US-ASCII", "ASCII", "ISO-8859-1", "LATIN1", "WINDOWS-1252"})
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
# Possessive: a hostile run of comments is walked once, whatever follows it.
_BEFORE = rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
_PROLOG = re.compile(_BEFORE, re.DOTALL)
ROOT = re.compile(
    _BEFORE
    + rb"(?:<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>)?"
    + _BEFORE
    + rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[)?", re.IGNORECASE)
_DOCTYPE_END = re.compile(rb"<!DOCTYPE[^\[>]*>", re.IGNORECASE)
LARGE = 1024 * 1024
_TAIL = 100_000  # bytes in which the last element ends; only comments may follow it
_EMPTY = re.compile(rb"[^<>]*/>")
_SAVE_PLAIN = "Save it again from the program it comes from, as plain XML without a DTD"


def local_name(element: "etree._Element") -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def events(data: bytes, name: str) -> Iterator[tuple[str, "etree._Element"]]:
    """Yield ("start" or "end", element) of an XML file as it is parsed.

    No entity is resolved, no DTD loaded, nothing fetched. Raises MapRefused with line and column
    for XML that is broken, too deep, in another encoding, or that declares entities.
    """
    text = without_doctype(data, name)
    _refuse_cut_off(text, name)
    parser = etree.iterparse(
        io.BytesIO(text),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in parser:
            depth += 1 if event == "start" else -1
            if depth > MOST_DEPTH:
                raise _too_deep(f"{name}, line {element.sourceline}")
            yield event, element
    except etree.XMLSyntaxError as error:
        raise _broken(error, text, name) from None


def without_doctype(data: bytes, name: str) -> bytes:
    """Return XML text without its document type, which may only name a standard.

    Raises MapRefused for a document type that declares anything, and for another encoding than
    UTF-8, Latin-1 and Windows-1252.
    """
    text = data.removeprefix(BYTE_ORDER_MARK).lstrip()
    if is_utf16(text):
        raise _encoding("encoding_utf16", "UTF-16 or UTF-32", name)
    declared = _DECLARED.match(text[:200])
    encoding = declared[1].decode("ascii", "replace").upper() if declared else "UTF-8"
    if encoding not in _ENCODINGS:
        raise _encoding("encoding_wrong", encoding[:40], name)
    if encoding == "UTF-8":
        refuse_encoding(text, name)
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    found = _DOCTYPE.match(text, start)
    if found is None:
        return text
    end = _DOCTYPE_END.match(text, start)
    if found[1] or end is None:
        raise MapRefused(
            "xml_entities",
            "The file declares a document type of its own, which may hold entities",
            f"{name}, line {text.count(10, 0, start) + 1}",
            _SAVE_PLAIN,
        )
    blank = bytes(c if c in b"\r\n" else 32 for c in text[start : end.end()])
    return text[:start] + blank + text[end.end() :]


def root_name(data: bytes, name: str) -> str:
    """Return the name of the outermost element, without namespace; raises MapRefused."""
    for _, element in events(data, name):
        return local_name(element)
    return ""


def _encoding(code: str, encoding: str, name: str) -> MapRefused:
    return MapRefused(
        code, f"The text is {encoding}, not UTF-8", name, "Save the file again as UTF-8"
    )


def _too_deep(where: str) -> MapRefused:
    return MapRefused(
        "xml_too_deep",
        f"The file is nested deeper than {MOST_DEPTH} levels",
        where,
        _SAVE_PLAIN,
    )


def _refuse_cut_off(text: bytes, name: str) -> None:
    """Refuse a large file without an end before its millions of elements are walked."""
    if len(text) > LARGE and not _is_closed(text):
        lines = text.count(b"\n") + 1
        raise _cut_off(f"{name}, line {lines}, column {len(text) - text.rfind(10)}")


def _is_closed(text: bytes) -> bool:
    """Return whether the outermost element ends anywhere; an empty one ends itself."""
    root = ROOT.match(text)
    if root is None:
        return False
    closing = rb"</(?:[\w.-]+:)?" + root[1] + rb"\s*>"
    return bool(re.search(closing, text[-_TAIL:]) or _EMPTY.match(text, root.end()))


def _cut_off(where: str) -> MapRefused:
    return MapRefused(
        "xml_cut_off",
        "The file ends in the middle",
        where,
        "It was cut off while saving or sending: get the whole file again",
    )


def _broken(error: etree.XMLSyntaxError, text: bytes, name: str) -> MapRefused:
    line, column = error.position
    where = f"{name}, line {line}, column {column}"
    message = (error.msg or "").rsplit(", line", 1)[0]
    if "Excessive depth" in message:
        return _too_deep(where)
    if not _is_closed(text):
        return _cut_off(where)
    return MapRefused("xml_broken", f"The file is not XML: {message:.120}", where, _SAVE_PLAIN)
