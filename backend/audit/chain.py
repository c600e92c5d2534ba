"""The hash chain of audit events. Pure but for the key, which stands outside the database."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.canonical import SCHEME, canonical_bytes

START = ""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    sequence: int
    why: str


def link_hash(key: bytes, previous: str, body: dict[str, Any]) -> str:
    """Return the hash of one event: HMAC-SHA256 over the previous hash and the canonical body."""
    digest = hmac.new(key, previous.encode() + b"\n" + canonical_bytes(body), hashlib.sha256)
    return f"{SCHEME}:{digest.hexdigest()}"


def first_break(
    key: bytes,
    events: Iterable[tuple[int, str, str, dict[str, Any]]],
    head: tuple[int, str],
) -> Break | None:
    """Return the first broken link of (sequence, previous, hash, body) in order, or None.

    `head` is the recorded end, which finds a chain whose last events were cut off.
    """
    previous, expected = START, 1
    for sequence, recorded_previous, recorded, body in events:
        if sequence != expected:
            return Break(expected, f"event {expected} is missing; {sequence} follows")
        if recorded_previous != previous:
            return Break(sequence, "it does not follow the event before it")
        if not hmac.compare_digest(recorded, link_hash(key, previous, body)):
            return Break(sequence, "its content was changed")
        previous, expected = recorded, expected + 1
    if head != (expected - 1, previous):
        return Break(expected, f"the chain ends before event {head[0]}, its recorded end")
    return None
