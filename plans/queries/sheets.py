"""The contact sheet of a campus, and the copy that responders have of it."""

from backend.canonical import content_hash
from backend.directory.models import Campus
from plans import sheet as form
from plans.models import ContactSheet, ContactSheetCopy


def sheet_of(campus: Campus) -> ContactSheet | None:
    """Return the sheet being edited, or None before the first edit."""
    return ContactSheet.objects.filter(campus=campus).first()


def newest_copy(campus: Campus) -> ContactSheetCopy | None:
    """Return the newest confirmed copy, or None."""
    rows = ContactSheetCopy.objects.filter(campus=campus)
    return rows.order_by("-confirmed_at", "-pk").first()


def is_confirmed(sheet: ContactSheet | None, copy: ContactSheetCopy | None) -> bool:
    """Return whether responders hold what the sheet says now."""
    if sheet is None or copy is None:
        return False

    return content_hash(form.for_responders(form.from_json(sheet.content))) == copy.content_hash
