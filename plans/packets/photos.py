"""Photos of conditions, made small enough to travel inside the HTML packet."""

import io
from functools import lru_cache

from PIL import Image

LONGEST_SIDE = 800  # pixels
MOST_BYTES = 120_000
PHOTOS_KEPT = 32  # of at most 120 kB: many cars open the same packet
_QUALITIES = (74, 62, 50, 40, 30)
_SIDES = (LONGEST_SIDE, 600, 400)


@lru_cache(maxsize=PHOTOS_KEPT)
def small_photo(content: bytes) -> bytes:
    """Return a picture as JPEG of at most 800 pixels a side and 120 kB, or b"" where it cannot be.

    A photo never stops a packet: one that cannot be read is left out.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes a large JPEG at less
            shown = picture.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return b""
    for side in _SIDES:
        shown.thumbnail((side, side))
        for quality in _QUALITIES:
            made = io.BytesIO()
            shown.save(made, "JPEG", quality=quality, optimize=True)
            if made.tell() <= MOST_BYTES:
                return made.getvalue()
    return b""


def within(photos: tuple[bytes, ...], room: int) -> tuple[bytes, ...]:
    """Return the photos of which all together take at most `room` bytes as text, others empty."""
    kept = []
    for photo in photos:
        takes = 4 * (len(photo) + 2) // 3
        if takes > room:
            kept.append(b"")
        else:
            kept.append(photo)
            room -= takes
    return tuple(kept)
