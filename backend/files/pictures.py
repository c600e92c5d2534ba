"""Photos from phones: decided by their own bytes, re-encoded, stripped of place and device."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.problems import BadInput

Image.MAX_IMAGE_PIXELS = 60_000_000
LONGEST_SIDE = 1600
MOST_BYTES = 20 * 2**20


def clean_photo(content: bytes, *, where: str = "photo") -> bytes:
    """Return the picture as JPEG of at most 1,600 pixels a side, without any metadata.

    Raises BadInput for a file that is no JPEG, PNG or WebP picture, or too large.
    """
    if len(content) > MOST_BYTES:
        raise BadInput(
            "The photo is larger than 20 MB.", where=where, mend="Take it at a lower resolution."
        )
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError) as error:
        raise BadInput(
            "This file is not a picture that can be read.",
            where=where,
            mend="Send a JPEG, PNG or WebP photo.",
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    output = io.BytesIO()
    upright.save(output, "JPEG", quality=82)
    return output.getvalue()
