"""Make a draft of the plan that a campus has: a Word, PDF, HTML, Markdown or text file."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.files import store
from backend.problems import BadInput, WrongState
from backend.tenancy.models import new_id
from plans.content.document import Block
from plans.models import PlanVersion
from plans.queries.versions import newest_published
from plans.reading.draft import Limits, draft_of
from plans.reading.reading import read_plan
from plans.reading.report import contents_of
from plans.reading.result import PlanReading, PlanRefused
from plans.services import blocks
from plans.services.drafting import new_version, write_rows

LIMITS = Limits(
    markdown=blocks.LONGEST_MARKDOWN,
    steps=blocks.MOST_STEPS,
    rows=blocks.MOST_ROWS,
    text=blocks.LONGEST_TEXT,
)
KEPT = ("format", "pages", "words_in", "words_placed", "words_unplaced", "tables", "unplaced")
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}


@transaction.atomic
def bring_in(
    *, campus: Campus, name: str, content: bytes, actor: Actor, at: datetime
) -> PlanVersion:
    """Return the first draft of a campus's plan, made of a file; everything in it is restricted.

    Every word of the file stands in a section or in the list of what has no place, which the
    version keeps with the file. Raises NotAllowed, WrongState when a version is in work or
    published, and BadInput with the reader's code, place and mend; then nothing has changed.
    """
    allow(actor, "plan.draft", campus)
    if newest_published(campus):
        raise WrongState(
            _("This campus has a published plan."), mend=_("Start a draft from that one.")
        )
    reading = _read(name, content)
    document = draft_of(reading, limits=LIMITS, new_id=lambda: str(new_id()))
    for section in document.sections:
        _check(section.title, section.blocks, name)
    version = new_version(campus, actor=actor, at=at)
    version.brought_in = {"file": name, **_kept(reading)}
    version.brought_in_from = store.put(
        district_id=campus.district_id,
        content=content,
        content_type=CONTENT_TYPES.get(reading.format, "application/octet-stream"),
        name=name,
    )
    version.save(update_fields=["brought_in", "brought_in_from"])
    write_rows(version, document)
    audit.record("plan.brought_in", actor=actor, subject=version, at=at, details={
        "number": version.number, "file": name, "words": reading.words_in,
        "unplaced": reading.words_unplaced})  # fmt: skip
    return version


def _read(name: str, content: bytes) -> PlanReading:
    try:
        reading = read_plan(name, content)
    except PlanRefused as refused:
        raise refused.as_problem() from refused
    if not reading.words_placed:
        raise BadInput(
            _("Nothing in this file belongs to a section of a plan."),
            where=name,
            mend=_("Give the plan itself, or start from the template and write it here."),
        )
    return reading


def _check(title: str, content: Sequence[Block], name: str) -> None:
    """Raise BadInput for a section that the editor could not save again."""
    try:
        blocks.check_blocks([replace(block, id="") for block in content], ())
    except BadInput as problem:
        raise BadInput(
            problem.message,
            where=f"{name}, {title}, {problem.where}",
            mend=_("Shorten it in the file, or divide it under more headings, and try again."),
        ) from problem


def _kept(reading: PlanReading) -> dict[str, Any]:
    report = contents_of(reading)
    return {
        **{key: report[key] for key in KEPT},
        "sections": [
            {key: row[key] for key in ("template_section", "heading", "words")}
            for row in report["sections"]
        ],
        # what reading noticed; what the plan still lacks stands beside its draft
        "findings": [asdict(remark) for remark in reading.findings],
    }
