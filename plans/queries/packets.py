"""What a packet is made from at a moment, its PDF base, and whether a paper is still current."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from backend.canonical import content_hash
from backend.directory.models import Campus, District
from backend.jobs.models import Job, JobState
from backend.problems import NotFound
from backend.tenancy import reach
from maps.document import from_json as map_from_json
from maps.models import Condition
from maps.queries import conditions_in_force
from plans.content.hashing import from_json as plan_from_json
from plans.content.written import written
from plans.models import ContactSheetCopy, PacketBase, Publication
from plans.packets.compose import compose
from plans.packets.dates import long_day
from plans.packets.facts import CampusFacts, ConditionFacts, Edition, PaperCheck
from plans.packets.tree import PacketTree
from plans.queries.sheets import newest_copy
from plans.queries.versions import publication_coming, publication_in_force

KIND = "packet"  # of the job that makes a base
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 without 0, O, 1 and I: read aloud and typed
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Everything that one packet is made from; `code` stands in its QR code."""

    publication: Publication
    campus: Campus
    district: District
    sheet: ContactSheetCopy | None
    conditions: tuple[Condition, ...]
    conditions_hash: str
    code: str
    coming: str = ""


def ingredients_of(publication: Publication, district: District, *, at: datetime) -> Ingredients:
    """Return what a packet of this publication holds at a moment, under the open reach."""
    campus = publication.campus
    sheet = newest_copy(campus)
    conditions = tuple(conditions_in_force(campus, at=at))
    digest = hash_of_conditions(conditions)
    return Ingredients(
        publication=publication,
        campus=campus,
        district=district,
        sheet=sheet,
        conditions=conditions,
        conditions_hash=digest,
        code=code_of(publication, sheet, digest),
        coming=_other_version(publication, campus.local_date(at)),
    )


def _other_version(publication: Publication, today: date) -> str:
    """Return the sentence that names a version in force instead of this one, or one to come."""
    present = publication_in_force(publication.campus, today)
    if present is not None and present.pk != publication.pk:
        since = f" since {long_day(present.in_force_from)}" if present.in_force_from else ""
        return f"This is v{publication.number}. v{present.number} is in force{since}."
    later = publication_coming(publication.campus, today)
    if later is None or later.in_force_from is None or later.pk == publication.pk:
        return ""
    return f"v{later.number} comes into force on {long_day(later.in_force_from)}."


def hash_of_conditions(conditions: Sequence[Condition]) -> str:
    """Return the hash of what conditions say; the same set gives the same hash in any order."""
    return content_hash(
        sorted(
            [str(c.pk), c.kind, c.place, c.text, c.starts_at.isoformat(), c.ends_at.isoformat()]
            for c in conditions
        )
    )


def code_of(publication: Publication, sheet: ContactSheetCopy | None, conditions_hash: str) -> str:
    """Return the eight letters that stand for a packet of these parts (40 bits of SHA-256)."""
    parts = [str(publication.pk), str(sheet.pk) if sheet else "", conditions_hash]
    number = int.from_bytes(hashlib.sha256("/".join(parts).encode()).digest()[:5])
    letters = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    return "".join(letters)


def tree_of(made_from: Ingredients, *, at: datetime) -> PacketTree:
    """Return the packet's tree. Raises AudienceViolation and BadFacts, as `compose` does."""
    publication, campus, sheet = made_from.publication, made_from.campus, made_from.sheet
    return compose(
        document=written(plan_from_json(json.loads(publication.document))),
        map_document=map_from_json(json.loads(publication.map_document)),
        sheet=json.loads(sheet.document) if sheet else None,
        first_page=publication.facts.get("first_page"),
        conditions=[_condition(condition) for condition in made_from.conditions],
        campus=CampusFacts(
            name=campus.name,
            address=campus.address,
            city=campus.city,
            time_zone=campus.time_zone,
            cross_street=campus.cross_street,
            longitude=campus.longitude,
            latitude=campus.latitude,
        ),
        edition=Edition(
            number=publication.number,
            audience=publication.audience,
            content_hash=publication.content_hash,
            published_at=publication.published_at,
            as_of=at,
            in_force_from=publication.in_force_from,
            replaces_number=publication.replaces_number,
            map_number=publication.map_number,
            sheet_confirmed_at=sheet.confirmed_at if sheet else None,
            coming=made_from.coming,
        ),
        check=PaperCheck(
            address=f"{settings.PUBLIC_URL}/C/{made_from.code}".upper(),
            answering_name=made_from.district.answering_name,
            answering_phone=made_from.district.answering_phone,
        ),
        changes=publication.changes,
        marking=made_from.district.marking if publication.audience == "responder" else None,
    )


def _condition(condition: Condition) -> ConditionFacts:
    return ConditionFacts(
        what=condition.get_kind_display(),
        place=condition.place,
        text=condition.text,
        starts_at=condition.starts_at,
        ends_at=condition.ends_at,
        feature=str(condition.feature_key) if condition.feature_key else None,
    )


def base_of(made_from: Ingredients) -> PacketBase | None:
    """Return the PDF base of exactly these parts, or None while it is not made."""
    return PacketBase.objects.filter(
        publication=made_from.publication,
        sheet=made_from.sheet,
        conditions_hash=made_from.conditions_hash,
    ).first()


def making_of(publication: Publication) -> Job | None:
    """Return the newest job that makes a base of this publication; for members only."""
    rows = Job.objects.filter(kind=KIND, subject_id=publication.pk)
    return rows.order_by("-pk").first()


def is_being_made(job: Job | None) -> bool:
    """Return whether the job waits or runs."""
    return job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """Whether a paper is current. `state` is current, older, changed or withdrawn."""

    state: str
    held: int
    in_force: int | None
    since: date | None
    changed: tuple[str, ...]
    answering_name: str
    answering_phone: str


def check_paper(code: str, *, at: datetime) -> PaperAnswer:
    """Return whether the paper with this code is current; it opens no packet and names no school.

    Opens reaches of its own. Raises NotFound for a code that no paper has.
    """
    with reach.crossing("link"):
        held = PacketBase.across_districts.filter(code=code.upper()).first()
        if held is None:
            raise NotFound(
                "No paper has this code.", mend="Compare it with the letters beside the square."
            )
        district = District.across_districts.get(pk=held.district_id)
    with reach.of_responder(campuses=[held.campus_id], agencies=[]):
        campus = Campus.objects.get(pk=held.campus_id)
        mine = Publication.objects.filter(pk=held.publication_id).first()
        present = publication_in_force(campus, campus.local_date(at))
        same = present is not None and present.pk == held.publication_id
        changed = _changes_since(held, campus, at) if same else ()
    state = "changed" if changed else "current" if same else "older"
    if mine is None or present is None:
        state = "withdrawn"
    return PaperAnswer(
        state=state,
        held=mine.number if mine else 0,
        in_force=present.number if present else None,
        since=present.in_force_from if present else None,
        changed=changed,
        answering_name=district.answering_name,
        answering_phone=district.answering_phone,
    )


def _changes_since(held: PacketBase, campus: Campus, at: datetime) -> tuple[str, ...]:
    """Return what of sheet and conditions is no longer as on the paper."""
    changed = []
    sheet = newest_copy(campus)
    if sheet is not None and sheet.pk != held.sheet_id:
        before = held.sheet
        if before is None or before.content_hash != sheet.content_hash:
            changed.append("numbers")
    if hash_of_conditions(tuple(conditions_in_force(campus, at=at))) != held.conditions_hash:
        changed.append("conditions")
    return tuple(changed)


def older_publications(publication: Publication) -> list[Publication]:
    """Return the campus's other publications for responders, newest first, without their texts."""
    rows = Publication.objects.filter(
        Q(campus=publication.campus_id, audience=publication.audience, agency=None),
        withdrawn_at=None,
        number__lt=publication.number,
    )
    return list(rows.defer("document", "map_document").order_by("-number")[:20])
