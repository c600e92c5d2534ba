"""Bytes to JSON, with the place and the mend of whatever is wrong with them."""

import re
from typing import Any

import numpy as np
import orjson

from maps.formats.result import MapRefused

# At these limits reading and checking stay below 400 MB of memory; the largest school map met in
# the field has 2 MB, 2,300 features and 7,000 vertices.
MOST_BYTES = 25 * 1024 * 1024
MOST_DEPTH = 12
MOST_VERTICES = 1_000_000
MOST_FEATURES = 100_000

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
RECORD_SEPARATOR = b"\x1e"  # RFC 8142
_SAVE_UTF8 = "Save the file again as UTF-8"
_BRACKETS = np.zeros(256, dtype=np.int8)
_BRACKETS[[ord("["), ord("{")]] = 1
_BRACKETS[[ord("]"), ord("}")]] = -1
_INSIGNIFICANT = bytes(byte for byte in range(256) if byte not in b'"\\[]{}')
_SLICE = 1 << 20


def parse_json(data: bytes, name: str) -> Any:
    """Return the value of JSON text; raises MapRefused with line and column of what is wrong.

    Text of one feature a line (RFC 8142, or plain lines) gives a list.
    """
    text = data.removeprefix(BYTE_ORDER_MARK)
    if is_utf16(text):
        refuse_encoding(text, name)
    _refuse_depth(text, name)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        refuse_encoding(text, name)  # orjson refuses it too, but names no place
        lines = _lines_of(text, name)
        if len(lines) > 1 and all(line.lstrip().startswith(b"{") for line in lines[:50]):
            try:
                return [orjson.loads(line) for line in lines]
            except orjson.JSONDecodeError:
                pass
        raise _broken(text, name, error) from None


def _lines_of(text: bytes, name: str) -> list[bytes]:
    """Return the lines of text that may hold one feature each; none where there are too many."""
    if text.count(b"\n") > 2 * MOST_FEATURES:
        if text.lstrip(b"\n\r\x1e ").startswith(b'{"'):
            raise too_many_features(name, text.count(b"\n"))
        return []
    return [line for line in text.replace(RECORD_SEPARATOR, b"").splitlines() if line.strip()]


def _broken(text: bytes, name: str, error: orjson.JSONDecodeError) -> MapRefused:
    rest = text.decode("utf-8", "replace")[max(error.pos - 1, 0) : error.pos + 30]
    where = f"{name}, line {error.lineno}, column {error.colno}"
    if re.search(r"^.?-?(NaN|Infinity|inf\b)", rest) or "infinity" in error.msg:
        return MapRefused(
            "json_number",
            "The file holds a number that is none: NaN, Infinity or one too large",
            where,
            "Give the real value, or null where there is none",
        )
    if error.msg.startswith("unexpected end"):
        return MapRefused(
            "json_cut_off",
            "The file ends in the middle",
            where,
            "It was cut off while saving or sending: get the whole file again",
        )
    return MapRefused(
        "json_broken",
        f"The file is not JSON: {error.msg.split(': line')[0]}",
        where,
        "Save it again from the program it comes from, or mend this place by hand",
    )


def is_utf16(data: bytes) -> bool:
    """Return whether text is UTF-16 or UTF-32, with or without its mark."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]


def refuse_encoding(text: bytes, name: str) -> None:
    """Raise MapRefused with line and column of the first byte that is not UTF-8."""
    if is_utf16(text):
        raise MapRefused(
            "encoding_utf16", "The text is UTF-16 or UTF-32, not UTF-8", name, _SAVE_UTF8
        )
    if text.isascii():
        return
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MapRefused(
            "encoding_wrong",
            f"The text is not UTF-8: byte 0x{text[error.start]:02x} (perhaps Windows-1252)",
            f"{name}, {_place(text, error.start)}",
            _SAVE_UTF8,
        ) from None


def _place(text: bytes, offset: int) -> str:
    start = text.rfind(b"\n", 0, offset) + 1
    column = len(text[start:offset].decode("utf-8", "replace")) + 1
    line = text.count(b"\n", 0, offset) + 1
    return f"line {line}, column {column}"


def _refuse_depth(text: bytes, name: str) -> None:
    """Refuse nesting and size before the parser makes objects of them."""
    signs = text.translate(None, _INSIGNIFICANT)
    if b"\\" in signs:
        plain = text.replace(b"\\\\", b"").replace(b'\\"', b"")  # pairs first, from the left
        signs = plain.translate(None, _INSIGNIFICANT)
    buffer = np.frombuffer(signs, dtype=np.uint8)
    opened, start, depth, quoted = 0, 0, 0, 0
    while start < len(buffer):
        # In slices: a hostile file of brackets alone would fill the memory eightfold.
        part = buffer[start : start + _SLICE]
        inside = (np.cumsum(part == ord('"'), dtype=np.int32) + quoted) % 2 == 1
        steps = np.where(inside, 0, _BRACKETS[part])
        depths = np.cumsum(steps, dtype=np.int32) + depth
        if int(depths.max()) > MOST_DEPTH:
            raise _too_deep(text, name)
        opened += int(np.count_nonzero((part == ord("[")) & ~inside))
        start, depth, quoted = start + _SLICE, int(depths[-1]), int(inside[-1])
    # Every vertex opens a bracket, and so do at most six lists of each feature.
    if opened > MOST_VERTICES + 6 * MOST_FEATURES:
        raise too_many_vertices(name)


def _too_deep(text: bytes, name: str) -> MapRefused:
    """Return the refusal of nesting, with the place where it goes too deep."""
    depth, at, quoted = 0, 0, False
    for found in re.finditer(rb'\\.|["\[\]{}]', text, re.DOTALL):
        sign = found[0]
        if sign == b'"':
            quoted = not quoted
        elif not quoted and sign in (b"[", b"{"):
            depth, at = depth + 1, found.start()
            if depth > MOST_DEPTH:
                break
        elif not quoted and sign in (b"]", b"}"):
            depth -= 1
    return MapRefused(
        "json_too_deep",
        f"The file is nested deeper than {MOST_DEPTH} levels",
        f"{name}, {_place(text, at)}",
        "A map needs at most nine: save it as plain GeoJSON",
    )


def too_many_vertices(name: str) -> MapRefused:
    """Return the refusal of a file with too many vertices."""
    return MapRefused(
        "too_many_vertices",
        f"The file holds more than {MOST_VERTICES:,} vertices",
        name,
        "Cut it down to the campus, or leave out terrain and contour layers",
    )


def too_many_features(name: str, count: int) -> MapRefused:
    """Return the refusal of a file with too many features."""
    return MapRefused(
        "too_many_features",
        f"The file holds {count:,} features; at most {MOST_FEATURES:,} are read",
        name,
        "Cut it down to the campus",
    )
