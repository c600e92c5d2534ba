"""A whole plan for tests: the demonstration's text on a small map, written by a person."""

import dataclasses
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from backend.demo import plan_text
from backend.directory.actor import Actor
from backend.tenancy import reach
from maps.models import MapFeature, MapState, MapVersion
from plans import first_page, sheet
from plans.models import Block, PlanState, PlanVersion, Publication, Section
from plans.queries.documents import block_of
from plans.services import contact_sheet, drafting, publishing, roles, signing, submitting
from plans.services.blocks import new_rows
from tests.cast import NOW, Cast

TODAY = date(2026, 9, 8)


def in_district(cast: Cast) -> AbstractContextManager[Any]:
    """Open the reach of the cast's district; everybody is identified before."""
    meet(cast)
    return reach.of_districts(cast.district.pk)


def meet(cast: Cast) -> None:
    """Identify everybody, which cannot be done inside an open reach."""
    if not hasattr(cast, "_met"):
        cast._met = {word: cast.actor(word) for word in cast.users}  # type: ignore[attr-defined]


def person(cast: Cast, word: str) -> Actor:
    """Return the actor of somebody of the cast, inside a reach."""
    found: Actor = cast._met[word]  # type: ignore[attr-defined]
    return found


def publish_map(
    cast: Cast, *, without: str = "", renamed: dict[str, str] | None = None
) -> MapVersion:
    """Publish a map with every place that the demonstration's text names, or all but one.

    Features keep their keys from version to version.
    """
    former = MapVersion.objects.filter(campus=cast.lincoln).order_by("-number").first()
    version = MapVersion.objects.create(
        district=cast.district,
        campus=cast.lincoln,
        number=former.number + 1 if former else 1,
        verified_on=TODAY,
    )
    keys = {row.label: row.key for row in former.features.all()} if former else {}
    _rewritten, places = plan_text.with_feature_ids(plan_text.sections(), lambda *_: None)
    MapFeature.objects.bulk_create(
        MapFeature(
            district=cast.district,
            version=version,
            key=keys.get(label, uuid4()),
            kind=kind,
            label=(renamed or {}).get(label, label),
            geometry={"type": "Point", "coordinates": [-84.74, 43.21]},
        )
        for kind, _, label in (place.partition(":") for place in places)
        if label != without
    )
    MapVersion.objects.filter(pk=version.pk).update(
        state=MapState.PUBLISHED, content_hash=f"m1:{version.number}", published_at=NOW
    )
    version.refresh_from_db()
    return version


def feature_key(version: MapVersion, label: str) -> UUID:
    """Return the key of the feature with this sign."""
    return version.features.get(label=label).key


def drafted(cast: Cast, *, author: str = "sro") -> PlanVersion:
    """Return a first draft with the demonstration's whole text, posts and facts."""
    actor = person(cast, author)
    pinned = publish_map(cast)
    version = drafting.start_plan(
        campus=cast.lincoln, hazards=plan_text.hazards(), actor=actor, at=NOW
    )
    known = {(row.kind, row.label): str(row.key) for row in pinned.features.all()}
    written, missing = plan_text.with_feature_ids(
        plan_text.sections(), lambda kind, label: known.get((kind, label))
    )
    assert not missing
    rows = {row.template_id: row for row in version.sections.all()}
    # Written at once: 33 edits would take most of a test's time.
    Block.objects.filter(section__version=version).delete()
    Block.objects.bulk_create(
        block
        for text in written
        for block in new_rows(
            rows[text.template_id], [dataclasses.replace(block, id="") for block in text.blocks]
        )
    )
    for text in written:
        rows[text.template_id].not_applicable = text.not_applicable
    Section.objects.bulk_update(rows.values(), ["not_applicable"])
    roles.edit_roles(
        version=version,
        expected=roles.roles_mark(version),
        roles=plan_text.roles(),
        actor=actor,
        at=NOW,
    )
    return drafting.edit_facts(
        version=version, expected=drafting.facts_mark(version), facts=facts(), actor=actor, at=NOW
    )


def facts() -> dict[str, Any]:
    """Return the demonstration's facts of the first page."""
    given = dataclasses.asdict(plan_text.first_page())
    return first_page.to_json(
        first_page.FirstPage(
            **{name: given[name] for name in first_page.TEXTS if name in given},
            people_by_hour=given["people_by_hour"],
            hazards=tuple(
                first_page.StandingHazard(row["what"], row["where"], row["room_label"] or "")
                for row in given["hazards"]
            ),
        )
    )


def sheet_content() -> dict[str, Any]:
    """Return the demonstration's contact sheet with one private number."""
    given = dataclasses.asdict(plan_text.contact_sheet())
    given["school_day"] = [row | {"private_phone": "555-0199"} for row in given["school_day"]]
    return sheet.to_json(sheet.from_json(given))


def submitted(cast: Cast, *, author: str = "sro") -> PlanVersion:
    """Return a version in review."""
    version = drafted(cast, author=author)
    return submitting.submit(version=version, actor=person(cast, author), at=NOW)


def signed(cast: Cast, version: PlanVersion, *roles_and_people: tuple[str, str]) -> PlanVersion:
    """Sign in roles, by default as principal and SRO; return the version as it then stands."""
    for role, who in roles_and_people or (("principal", "principal"), ("sro", "sro")):
        signing.sign_as(
            version=version,
            role=role,
            content_hash=version.content_hash,
            actor=person(cast, who),
            at=NOW,
        )
    version.refresh_from_db()
    return version


def published(cast: Cast, *, in_force_from: date = TODAY) -> Publication:
    """Return the publication of a first version."""
    version = signed(cast, submitted(cast))
    assert version.state == PlanState.APPROVED
    return publishing.publish(
        version=version, in_force_from=in_force_from, actor=person(cast, "principal"), at=NOW
    )


def confirmed_sheet(cast: Cast, actor: Actor) -> None:
    """Write and confirm the demonstration's contact sheet."""
    row = contact_sheet.edit_sheet(
        campus=cast.lincoln, expected_edits=0, content=sheet_content(), actor=actor, at=NOW
    )
    contact_sheet.confirm_sheet(campus=cast.lincoln, expected_edits=row.edits, actor=actor, at=NOW)


def section(version: PlanVersion, template_id: str) -> Section:
    """Return one section's row."""
    return version.sections.get(template_id=template_id)


def blocks(row: Section) -> list[Any]:
    """Return a section's blocks as content."""
    return [block_of(block) for block in row.blocks.all()]
