"""The signature page of an adopted plan: a PDF or a picture, taken as its own bytes say."""

import io

import pikepdf
from django.utils.translation import gettext as _

from backend.files.pictures import clean_photo
from backend.problems import BadInput

MOST_BYTES = 20 * 2**20
MOST_PAGES = 20
_ACTIVE = ("/OpenAction", "/AA", "/Names", "/AcroForm")


def clean_signature_page(content: bytes, *, where: str = "signature_page") -> tuple[bytes, str]:
    """Return the bytes to keep and their type: a rewritten PDF without anything active, or a JPEG.

    Raises BadInput for an empty or too large file, an encrypted or broken PDF, one of more than 20
    pages, or a file that is neither PDF nor picture.
    """
    if not content or len(content) > MOST_BYTES:
        raise BadInput(
            _("The signature page is empty or larger than 20 MB."),
            where=where,
            mend=_("Scan it in black and white, or send a photo."),
        )
    if not content.startswith(b"%PDF-"):
        return clean_photo(content, where=where), "image/jpeg"
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                raise BadInput(
                    _("A signature page of more than 20 pages is a whole plan."),
                    where=where,
                    mend=_("Send only the pages with the signatures."),
                )
            for name in _ACTIVE:
                if name in document.Root:
                    del document.Root[name]
            for page in document.pages:
                for name in ("/AA", "/Annots"):
                    if name in page:
                        del page[name]
            output = io.BytesIO()
            document.save(output)
    except (pikepdf.PdfError, ValueError) as error:
        raise BadInput(
            _("This PDF cannot be opened."),
            where=where,
            mend=_("Save it without a password, or send a photo of the page."),
        ) from error
    return output.getvalue(), "application/pdf"
