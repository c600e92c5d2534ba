"""Put bytes in, get bytes out. Who may do so is decided by the app whose subject the file is."""

import hashlib
from uuid import UUID

from django.db import transaction

from backend.files.models import PART_BYTES, FilePart, StoredFile


def put(*, district_id: UUID, content: bytes, content_type: str, name: str) -> StoredFile:
    """Return the stored file of these bytes, new or already there."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        known = StoredFile.objects.filter(district_id=district_id, sha256=digest).first()
        if known:
            return known
        file = StoredFile.objects.create(
            district_id=district_id,
            sha256=digest,
            size=len(content),
            content_type=content_type,
            name=name[:200],
        )
        FilePart.objects.bulk_create(
            FilePart(
                district_id=district_id,
                file=file,
                number=start // PART_BYTES,
                content=content[start : start + PART_BYTES],
            )
            for start in range(0, len(content), PART_BYTES)
        )
    return file


def read(file: StoredFile) -> bytes:
    """Return the whole content; raises ValueError when a part is missing or altered."""
    parts = FilePart.objects.filter(file=file).order_by("number")
    content = b"".join(bytes(part.content) for part in parts)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError(f"stored file {file.pk} does not match its hash")
    return content
