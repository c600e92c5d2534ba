"""A version as a plan document, what its live references mean now, and what it does not say yet."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils import translation
from django.utils.translation import gettext as _
from shapely.geometry import Point

from backend.directory.models import Agency, Campus, Coverage, Membership, ResponderContact
from backend.directory.queries import current
from maps.document import Feature
from maps.kinds import kind_word
from maps.models import MapVersion
from maps.places import name_of
from plans.content.completeness import Gap, gaps
from plans.content.document import (
    Audience,
    Block,
    BlockKind,
    CourseOfAction,
    Part,
    Phase,
    PlanDocument,
    RoleAssignment,
    Section,
)
from plans.content.hashing import from_json
from plans.content.markdown import Reference, Resolve
from plans.content.positions import POSITIONS, position_name
from plans.models import PlanState, PlanVersion
from plans.models import RoleAssignment as RoleRow
from plans.models import Section as SectionRow
from plans.models.section import Block as BlockRow
from plans.queries.versions import newest_published

CAMPUS_FACTS = (
    "name", "address", "city", "state", "postal_code", "nces_id", "grades", "enrollment",
    "staff_count",
)  # fmt: skip
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ReferenceChoice:
    """One entry of the dialog that inserts a live reference."""

    scheme: str
    id: str
    label: str
    group: str


def document_of(version: PlanVersion) -> PlanDocument:
    """Return the version's document: its rows while it is a draft, else exactly what was frozen."""
    if version.state != PlanState.DRAFT:
        return from_json(json.loads(version.frozen))
    pinned = version.map_version
    rows = version.sections.prefetch_related("blocks")
    return PlanDocument(
        campus=facts_of(version),
        version=version.number,
        map_version=pinned.number if pinned else None,
        map_hash=pinned.content_hash if pinned else None,
        sections=tuple(section_of(row) for row in rows),
        roles=tuple(role_of(row) for row in version.roles.all()),
    )


def facts_of(version: PlanVersion) -> dict[str, Any]:
    """Return what the plan says of its campus: facts of the directory and of the first page."""
    campus = version.campus
    known = {name: getattr(campus, name) for name in CAMPUS_FACTS}
    facts = dict(version.facts)
    facts["cross_street"] = facts.get("cross_street") or campus.cross_street
    return known | facts


def section_of(row: SectionRow) -> Section:
    """Return a section row with its blocks as content; ids are the keys that stay the same."""
    return Section(
        id=str(row.key),
        template_id=row.template_id,
        part=cast("Part", row.part),
        title=row.title,
        blocks=tuple(block_of(block) for block in row.blocks.all()),
        not_applicable=row.not_applicable,
    )


def block_of(row: BlockRow) -> Block:
    """Return a block row as content."""
    is_courses = row.kind == "courses_of_action"
    return Block(
        id=str(row.key),
        kind=cast("BlockKind", row.kind),
        audience=cast("Audience", row.audience),
        markdown=row.markdown,
        courses=tuple(CourseOfAction(**item) for item in row.content) if is_courses else (),
        rows=() if is_courses else tuple(row.content),
        goal=cast("Phase", row.goal) if row.goal else None,
    )


def role_of(row: RoleRow) -> RoleAssignment:
    """Return a role row as content."""
    return RoleAssignment(
        row.position, row.person, row.first_alternate, row.second_alternate, row.phone
    )


def features_of(version: PlanVersion) -> list[Feature]:
    """Return the features of the pinned map without their shapes; none where no map is pinned."""
    return _features(version.map_version)


def _features(pinned: MapVersion | None) -> list[Feature]:
    if pinned is None:
        return []
    nowhere = Point()
    return [
        Feature(str(row.key), row.kind, row.label, nowhere, properties=row.properties)
        for row in pinned.features.only("version", "key", "kind", "label", "properties").order_by(
            "key"
        )
    ]


def feature_names(version: PlanVersion) -> dict[str, str]:
    """Return how each feature of the pinned map is called, by its id, in the plan's language."""
    with translation.override("en"):
        return {feature.id: _called(feature) for feature in features_of(version)}


def _called(feature: Feature) -> str:
    """Return the name with its kind where the sign alone is a code: `Assembly area A1`."""
    name = name_of(feature)
    is_code = name == feature.label and len(name) <= 3 and feature.kind != "room"
    return f"{kind_word(feature.kind)} {name}" if is_code else name


def resolver_of(version: PlanVersion) -> Resolve:
    """Return what each live reference stands for now; what was frozen stays as written.

    Words that still bear the present name or sign stay as their author wrote them.
    """
    if version.state != PlanState.DRAFT:
        return lambda _scheme, reference_id, text: Reference(text or reference_id, "present")
    names = {
        "feature": feature_names(version),
        "contact": {choice.id: choice.label for choice in _contacts(version.campus)},
        "agency": {choice.id: choice.label for choice in _agencies(version.campus)},
    }
    signs = {feature.id: feature.label for feature in features_of(version)}
    held = {*POSITIONS, *version.roles.values_list("position", flat=True)}

    def resolve(scheme: str, reference_id: str, text: str) -> Reference:
        if scheme == "role":
            known = reference_id in held
            label = text or position_name(reference_id)
            return Reference(label, "present" if known else "gone")
        name = names.get(scheme, {}).get(reference_id)
        if name is None:
            return Reference(text or reference_id, "gone")
        sign = signs.get(reference_id, "") if scheme == "feature" else ""
        if text and (_bears(text, name) or (sign and _bears(text, sign))):
            return Reference(text, "present")
        return Reference(name, "renamed" if text else "present")

    return resolve


def _bears(text: str, name: str) -> bool:
    wanted = {word.casefold() for word in _WORDS.findall(name)}
    return bool(wanted) and wanted <= {word.casefold() for word in _WORDS.findall(text)}


def references_for(version: PlanVersion) -> list[ReferenceChoice]:
    """Return all that a text of this version may refer to: posts, places, people, agencies."""
    roles = [
        ReferenceChoice("role", code, name[:1].upper() + name[1:], _("Posts"))
        for code, name in POSITIONS.items()
    ]
    features = [
        ReferenceChoice("feature", feature.id, _called(feature), kind_word(feature.kind))
        for feature in features_of(version)
        if feature.label or feature.kind == "exterior_door"
    ]
    features.sort(key=lambda choice: (choice.group, _natural(choice.label)))
    return [*roles, *features, *_contacts(version.campus), *_agencies(version.campus)]


def _natural(text: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part.casefold())
        for part in re.split(r"(\d+)", text)
        if part
    ]


def _contacts(campus: Campus) -> Iterable[ReferenceChoice]:
    people = Membership.objects.filter(district=campus.district_id, ends_on=None)
    for row in people.select_related("user").order_by("user__name", "pk"):
        if row.campus_id in {None, campus.pk}:
            yield ReferenceChoice("contact", str(row.user_id), row.user.name, _("People"))
    agencies = [coverage.agency_id for coverage in _coverage(campus)]
    contacts = ResponderContact.objects.filter(agency__in=agencies, ended_at=None)
    for contact in contacts.select_related("agency").order_by("agency__name", "order"):
        yield ReferenceChoice("contact", str(contact.pk), contact.name, contact.agency.name)


def _agencies(campus: Campus) -> Iterable[ReferenceChoice]:
    agencies = Agency.objects.filter(pk__in=[row.agency_id for row in _coverage(campus)])
    for agency in agencies.order_by("name"):
        yield ReferenceChoice("agency", str(agency.pk), agency.name, _("Agencies"))


def _coverage(campus: Campus) -> Iterable[Coverage]:
    return Coverage.objects.filter(campus=campus, ends_on=None)


def gaps_of(
    version: PlanVersion, today: date, document: PlanDocument | None = None
) -> tuple[Gap, ...]:
    """Return what the version does not say yet, errors first; none of it keeps a packet back."""
    pinned = version.map_version
    features = features_of(version)
    former = newest_published(version.campus)
    sros = Membership.objects.filter(current(today), campus=version.campus, role="sro")
    return gaps(
        document or document_of(version),
        today=today,
        map_feature_ids=[feature.id for feature in features],
        feature_labels={feature.id: feature.label for feature in features},
        utilities_on_map={
            str(feature.properties.get("utility", ""))
            for feature in features
            if feature.kind == "utility_shut_off"
        },
        map_verified_on=pinned.verified_on if pinned else None,
        reviewed_on=version.campus.local_date(former.published_at)
        if former and former.published_at
        else None,
        sro_names=sros.values_list("user__name", flat=True),
    )
