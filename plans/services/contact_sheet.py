"""Edit and confirm the contact sheet: its own date and hash, outside the plan's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.canonical import canonical_bytes, content_hash
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.problems import EditConflict, WrongState
from plans import sheet as form
from plans.models import ContactSheet, ContactSheetCopy
from plans.queries.sheets import newest_copy


class SheetEditedMeanwhile(EditConflict):
    """Somebody else saved the sheet since it was read; `theirs` is what stands now."""

    def __init__(self, sheet: ContactSheet) -> None:
        super().__init__(
            _("%(who)s saved the contact sheet while you were writing. Nothing of yours is lost.")
            % {"who": sheet.edited_by or _("Somebody else")},
            where="contact sheet",
            mend=_("Compare both, take what is right from each, and save again."),
        )
        self.theirs = sheet


@transaction.atomic
def edit_sheet(
    *, campus: Campus, expected_edits: int, content: Mapping[str, Any], actor: Actor, at: datetime
) -> ContactSheet:
    """Write the campus's contact sheet whole; the first edit (0 expected) makes it.

    Raises NotAllowed, BadInput with the place of what cannot be taken, SheetEditedMeanwhile.
    """
    allow(actor, "contact_sheet.edit", campus)
    wanted = form.to_json(form.from_json(content))
    ContactSheet.objects.bulk_create(
        [ContactSheet(district_id=campus.district_id, campus=campus)], ignore_conflicts=True
    )
    sheet = ContactSheet.objects.select_for_update(no_key=True).get(campus=campus)
    if sheet.content == wanted:
        return sheet
    won = ContactSheet.objects.filter(pk=sheet.pk, edits=expected_edits).update(
        content=wanted, edits=F("edits") + 1, edited_by=actor.label, edited_at=at
    )
    if not won:
        raise SheetEditedMeanwhile(sheet)
    sheet.refresh_from_db()
    audit.record("contact_sheet.edited", actor=actor, subject=sheet, at=at, details={
        "edits": sheet.edits})  # fmt: skip
    return sheet


@transaction.atomic
def confirm_sheet(
    *, campus: Campus, expected_edits: int, actor: Actor, at: datetime
) -> ContactSheetCopy:
    """Freeze the responders' copy of the sheet as it stands: duty numbers, no private ones.

    Confirming the same numbers again gives a copy with the new date. Raises NotAllowed, WrongState
    for an empty sheet, SheetEditedMeanwhile when it is another than the one that was read.
    """
    allow(actor, "contact_sheet.confirm", campus)
    sheet = ContactSheet.objects.select_for_update(no_key=True).filter(campus=campus).first()
    if sheet is None or not form.from_json(sheet.content).school_day:
        raise WrongState(
            _("The contact sheet names nobody for the school day."),
            where="school_day",
            mend=_("Write at least one number that answers, then confirm."),
        )
    if sheet.edits != expected_edits:
        raise SheetEditedMeanwhile(sheet)
    document = form.for_responders(form.from_json(sheet.content))
    before = newest_copy(campus)
    copy = ContactSheetCopy.objects.create(
        district_id=campus.district_id,
        campus=campus,
        document=canonical_bytes(document).decode(),
        content_hash=content_hash(document),
        confirmed_by=actor.label,
        confirmed_at=at,
    )
    audit.record("contact_sheet.confirmed", actor=actor, subject=copy, at=at, details={
        "hash": copy.content_hash, "changed": before is None
        or before.content_hash != copy.content_hash})  # fmt: skip
    return copy
