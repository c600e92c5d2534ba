"""Publish a plan that the district had adopted before, as it stands, with its signature page."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.directory.actor import Actor
from backend.files import store
from backend.problems import BadInput
from plans.content.audiences import UnknownAudience, rank
from plans.models import PlanState, PlanVersion, Publication, PublishedAs
from plans.services.locking import add_author, locked_version
from plans.services.publishing import put_out, require_date
from plans.services.sections import mark_audiences, restrict_blocks
from plans.services.signature_page import clean_signature_page
from plans.services.submitting import freeze

AS_MARKED = "as_marked"


@transaction.atomic
def adopt(
    *,
    version: PlanVersion,
    signature_page: bytes,
    adopted_on: date,
    in_force_from: date,
    audiences: Mapping[str, str],
    actor: Actor,
    at: datetime,
) -> Publication:
    """Publish a draft as adopted on a day, brought in as it stands; return the publication.

    `audiences` says by template id who may see a section, or `as_marked` where a person has marked
    its blocks; a section that is not named stays restricted. Gaps never stop it. Raises NotAllowed,
    WrongState when it is no draft, BadInput for the file, a day or an audience that cannot be.
    """
    locked = locked_version(actor, "plan.publish", version.pk)
    today = locked.campus.local_date(at)
    if adopted_on > today:
        raise BadInput(
            _("The day of adoption lies in the future."),
            where="adopted_on",
            mend=_("Give the day on the signature page."),
        )
    require_date(in_force_from, today)
    content, content_type = clean_signature_page(signature_page)
    _mark(locked, audiences, actor=actor, at=at)
    extension = "pdf" if content_type == "application/pdf" else "jpg"
    locked.signature_page = store.put(
        district_id=locked.district_id,
        content=content,
        content_type=content_type,
        name=f"signature-page-v{locked.number}.{extension}",
    )
    locked.adopted_on = adopted_on
    locked.save(update_fields=["signature_page", "adopted_on"])
    add_author(locked, actor)
    freeze(locked, actor=actor, at=at)
    locked.move_to(PlanState.APPROVED, at=at)
    return put_out(
        locked,
        published_as=PublishedAs.ADOPTED,
        in_force_from=in_force_from,
        actor=actor,
        at=at,
    )


def _mark(
    version: PlanVersion, audiences: Mapping[str, str], *, actor: Actor, at: datetime
) -> None:
    for template_id, audience in audiences.items():
        try:
            if audience != AS_MARKED:
                rank(audience)
        except UnknownAudience as error:
            raise BadInput(
                str(error), where=template_id, mend=_("Choose one of the list.")
            ) from error
    whole = {key: audience for key, audience in audiences.items() if audience != AS_MARKED}
    mark_audiences(version=version, audiences=whole, actor=actor, at=at)
    named = set(audiences)
    rest = [row.template_id for row in version.sections.all() if row.template_id not in named]
    restrict_blocks(version, rest)
