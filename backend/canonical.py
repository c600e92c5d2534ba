"""One byte form for a JSON document, and its hash with a scheme number.

A scheme is never changed, only added: a hash recorded years ago is still computed the same way.
"""

import hashlib
import json
from typing import Any

SCHEME = "m1"


def canonical_bytes(document: Any) -> bytes:
    """Return the one UTF-8 form of a JSON document under scheme `m1`.

    Keys sorted by code point, no spaces, no escapes beyond those JSON demands, numbers as the
    shortest form that reads back the same (Python's `repr`). Raises ValueError on NaN and infinity,
    TypeError on anything that is not JSON.
    """
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def content_hash(document: Any) -> str:
    """Return `m1:` and 64 hexadecimal digits: SHA-256 of the canonical bytes."""
    return hash_of_bytes(canonical_bytes(document))


def hash_of_bytes(canonical: bytes) -> str:
    """Return the `m1:` hash of bytes that `canonical_bytes` made."""
    return f"{SCHEME}:{hashlib.sha256(canonical).hexdigest()}"


def short_hash(full: str) -> str:
    """Return the scheme and the first 12 digits, as printed on pages: `m1:9f2c41d07ab3`."""
    scheme, _, digits = full.partition(":")
    return f"{scheme}:{digits[:12]}"
