"""The demonstration district, made by the same services that people use.

It may be started again at any point: what is there is left alone, what is missing is made.
"""

import dataclasses
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from shapely.geometry import shape

from backend.demo import people, plan_text, planned
from backend.demo.campus_map import lincoln_high_school
from backend.directory.access import reach_of
from backend.directory.actor import SYSTEM, Actor
from backend.directory.identify import actor_of_user
from backend.directory.models import (
    Agency,
    AgencyMember,
    Campus,
    Coverage,
    District,
    Membership,
    User,
)
from backend.directory.services import agencies, campuses, coverage, districts
from backend.directory.services import people as people_services
from backend.problems import WrongState
from backend.tenancy import reach
from drills.models import AfterActionReview, Drill, SchoolCalendar
from drills.services import calendars, recording, reviewing
from maps.models import Condition, ConditionState, MapFeature, MapState, MapVersion
from maps.services import conditions, importing, publishing
from maps.services.conditions import Told
from notifications.models import ChannelRelease
from notifications.services.writing import release_channel
from plans import first_page, sheet
from plans.models import ContactSheetCopy, Plan, PlanState, PlanVersion, SignatureRequirement
from plans.services import contact_sheet, drafting, roles, sections, signature_lists

APPROACH_DEGREES = 0.0006  # about 65 m of street before the turn
# Campus, kind, weeks after the first day, start, minutes: what was held before.
HELD = (
    ("Lincoln", "fire", 1, time(9, 10), 7),
    ("Lincoln", "lockdown", 4, time(10, 40), 12),
    ("Lincoln", "fire", 6, time(13, 20), 6),
    ("Cedar Ridge", "fire", 1, time(10, 5), 5),
    ("Cedar Ridge", "shelter_weather", 5, time(13, 0), 14),
    ("Harbor", "fire", 2, time(9, 40), 6),
)
BEGAN = timedelta(days=12)  # how long ago the demonstration's history starts


def is_empty() -> bool:
    """Return whether the database holds no district at all."""
    with reach.crossing("set-up"):
        return not District.across_districts.exists()


def build_if_empty() -> bool:
    """Make the demonstration in an empty database; return whether this is a demonstration.

    A database with a district of its own is never touched.
    """
    with reach.crossing("set-up"):
        known = list(District.across_districts.all())
    if known and not any(district.is_demonstration for district in known):
        return False
    build(at=timezone.now())
    return True


def build(*, at: datetime) -> District:
    """Return the demonstration district with everything that its walk starts from."""
    began = at - BEGAN
    district = _district(at=began)
    administrator = actor_named("samuel.reyes", at=at)
    with reach_of(administrator):
        _campuses(district, administrator, at=began)
        _members(district, administrator, at=began)
        _agencies(district, administrator, at=began)
        if not ChannelRelease.objects.filter(district=district).exists():
            release_channel(district=district, channel="email", actor=administrator, at=began)
        _signatures(administrator, at=began)
        _drills(district, administrator, at=at)
    officer = actor_named("dana.whitfield", at=at)
    with reach_of(officer):
        lincoln = campus_named("Lincoln")
        _map(lincoln, officer, at=began + timedelta(days=1))
        _sheet(lincoln, officer, at=began + timedelta(days=2))
        _plan(lincoln, officer, at=began + timedelta(days=3))
        ridge = campus_named("Cedar Ridge")
        if not Plan.objects.filter(campus=ridge).exists():
            drafting.start_plan(
                campus=ridge,
                hazards=("fire", "tornado"),
                actor=officer,
                at=began + timedelta(days=4),
            )
    planned.plan_ahead(administrator, at=at)
    return district


def actor_named(key: str, *, at: datetime) -> Actor:
    """Return the actor of a person of the demonstration by the first part of the address."""
    user = User.objects.get(email__startswith=f"{key}@")
    return actor_of_user(user, today=at.date())


def campus_named(word: str) -> Campus:
    """Return a campus of the demonstration by the first words of its name."""
    return Campus.objects.get(name__startswith=word)


def _district(*, at: datetime) -> District:
    with reach.crossing("set-up"):
        known = District.across_districts.filter(is_demonstration=True).first()
    if known:
        return known
    first = people.PEOPLE[0]
    made = districts.create_district(
        name=people.DISTRICT,
        administrator=first.email,
        administrator_name=first.name,
        state="MI",
        time_zone=people.ZONE,
        answering_name="District duty desk",
        answering_phone="555-0100",
        actor=SYSTEM,
        at=at,
    )
    with reach.of_districts(made.district.pk):
        District.objects.filter(pk=made.district.pk).update(is_demonstration=True)
    made.district.is_demonstration = True
    return made.district


def _campuses(district: District, actor: Actor, *, at: datetime) -> None:
    known = set(Campus.objects.values_list("name", flat=True))
    for school in people.SCHOOLS:
        if school.name not in known:
            campuses.create_campus(
                district_id=district.pk, values=school.values(), actor=actor, at=at
            )


def _members(district: District, actor: Actor, *, at: datetime) -> None:
    for somebody in people.PEOPLE:
        for word in somebody.campuses or ("",):
            campus = campus_named(word) if word else None
            mine = Membership.objects.filter(
                user__email=somebody.email, campus=campus, role=somebody.role
            )
            if not mine.exists():
                people_services.invite_member(
                    district_id=district.pk,
                    email=somebody.email,
                    name=somebody.name,
                    role=somebody.role,
                    campus_id=campus.pk if campus else None,
                    post=somebody.post,
                    tell=False,
                    actor=actor,
                    at=at,
                )


def _agencies(district: District, actor: Actor, *, at: datetime) -> None:
    for service in (*people.SERVICES, people.ALARM_COMPANY):
        agency = Agency.objects.filter(name=service.name).first() or agencies.create_agency(
            district_id=district.pk,
            name=service.name,
            kind=service.kind,
            phone=service.phone,
            time_zone=people.ZONE,
            actor=actor,
            at=at,
        )
        _cover(agency, service, actor, at=at)
        _desks(agency, service, district, actor, at=at)


def _cover(agency: Agency, service: people.Service, actor: Actor, *, at: datetime) -> None:
    for word in service.covers:
        campus = campus_named(word)
        if not Coverage.objects.filter(campus=campus, agency=agency).exists():
            coverage.add_coverage(
                campus_id=campus.pk,
                agency_id=agency.pk,
                starts_on=at.date(),
                actor=actor,
                at=at,
            )


def _desks(
    agency: Agency, service: people.Service, district: District, actor: Actor, *, at: datetime
) -> None:
    for order, desk in enumerate(service.desks, start=1):
        email = f"{desk.key}@{service.domain}"
        if not agency.contacts.filter(email=email).exists():
            agencies.add_contact(
                agency_id=agency.pk,
                district_id=district.pk,
                values={
                    "name": desk.name,
                    "post": desk.post,
                    "order": order,
                    "email": email,
                    "phone": desk.phone,
                },
                actor=actor,
                at=at,
            )
        if desk.account and not AgencyMember.objects.filter(user__email=email).exists():
            member, _link = coverage.add_agency_member(
                agency_id=agency.pk,
                email=email,
                name=desk.name,
                district_id=district.pk,
                actor=actor,
                at=at,
            )
            User.objects.filter(pk=member.user_id).update(clock="24")
            if not member.grants.exists():
                coverage.grant(
                    district_id=district.pk, agency_member_id=member.pk, actor=actor, at=at
                )


def _signatures(actor: Actor, *, at: datetime) -> None:
    lincoln = campus_named("Lincoln")
    if not SignatureRequirement.objects.filter(campus=lincoln).exists():
        signature_lists.edit_signature_list(
            campus=lincoln, needed=[("principal", None), ("sro", None)], actor=actor, at=at
        )


def _map(campus: Campus, actor: Actor, *, at: datetime) -> None:
    if MapVersion.objects.filter(campus=campus, state=MapState.PUBLISHED).exists():
        return
    draft = importing.import_map(
        campus_id=campus.pk,
        name="lincoln-high-school.geojson",
        content=lincoln_high_school(),
        actor=actor,
        at=at,
    )
    publishing.publish_map(
        version_id=draft.pk,
        verified_on=at.date(),
        verified_by=actor.label,
        actor=actor,
        at=at + timedelta(hours=2),
    )


def _sheet(campus: Campus, actor: Actor, *, at: datetime) -> None:
    if ContactSheetCopy.objects.filter(campus=campus).exists():
        return
    content = sheet.to_json(sheet.from_json(dataclasses.asdict(plan_text.contact_sheet())))
    row = contact_sheet.edit_sheet(
        campus=campus, expected_edits=0, content=content, actor=actor, at=at
    )
    contact_sheet.confirm_sheet(campus=campus, expected_edits=row.edits, actor=actor, at=at)


def _plan(campus: Campus, actor: Actor, *, at: datetime) -> None:
    """Write version 1 as a draft; the walk takes it through its signatures."""
    if PlanVersion.objects.filter(campus=campus).exclude(state=PlanState.DRAFT).exists():
        return
    version = PlanVersion.objects.filter(campus=campus).first() or drafting.start_plan(
        campus=campus, hazards=plan_text.hazards(), actor=actor, at=at
    )
    newest = MapVersion.objects.filter(campus=campus, state=MapState.PUBLISHED).latest("number")
    known = {
        (feature.kind, name): str(feature.key)
        for feature in MapFeature.objects.filter(version=newest)
        for name in (feature.label, *feature.names)
    }
    written, missing = plan_text.with_feature_ids(
        plan_text.sections(), lambda kind, label: known.get((kind, label))
    )
    if missing:
        raise WrongState(f"The demonstration's text names what its map lacks: {missing}.")
    rows = {row.template_id: row for row in version.sections.all()}
    for text in written:
        section = rows[text.template_id]
        if section.edits == 0:
            sections.edit_section(
                section=section,
                expected_edits=0,
                blocks=[dataclasses.replace(block, id="") for block in text.blocks],
                not_applicable=text.not_applicable,
                actor=actor,
                at=at,
            )
    if not version.roles.exclude(person="").exists():
        roles.edit_roles(
            version=version,
            expected=roles.roles_mark(version),
            roles=plan_text.roles(),
            actor=actor,
            at=at,
        )
    version.refresh_from_db()
    drafting.edit_facts(
        version=version,
        expected=drafting.facts_mark(version),
        facts=page_one_facts(newest),
        actor=actor,
        at=at,
    )


def approach_line(version: MapVersion) -> tuple[tuple[float, float], ...]:
    """Return the way in for the picture on page one: along Alder Street, then to the main door."""
    street = shape(MapFeature.objects.get(version=version, label="Alder Street").geometry)
    door = MapFeature.objects.get(version=version, kind="exterior_door", label="1")
    main = shape(door.geometry).centroid
    return (
        (street.centroid.x, main.y - APPROACH_DEGREES),
        (street.centroid.x, main.y),
        (main.x, main.y),
    )


def page_one_facts(newest: MapVersion) -> dict[str, Any]:
    """Return the facts of the packet's first page in the form of a plan version."""
    given = dataclasses.asdict(plan_text.first_page())
    return first_page.to_json(
        first_page.FirstPage(
            **{name: given[name] for name in first_page.TEXTS if name in given},
            people_by_hour=given["people_by_hour"],
            hazards=tuple(
                first_page.StandingHazard(row["what"], row["where"], row["room_label"] or "")
                for row in given["hazards"]
            ),
            approach_line=approach_line(newest),
        )
    )


def condition_in_force(campus: Campus, actor: Actor, *, at: datetime) -> Condition:
    """Return a condition that holds now: a chained gate, published today if there is none."""
    standing = Condition.objects.filter(
        campus=campus, state=ConditionState.PUBLISHED, ends_at__gt=at
    ).first()
    if standing:
        return standing
    newest = MapVersion.objects.filter(campus=campus, state=MapState.PUBLISHED).latest("number")
    gate = MapFeature.objects.filter(version=newest, kind="gate").order_by("label").last()
    return conditions.publish(
        campus_id=campus.pk,
        told=Told(
            kind="access",
            text="Service drive closed by a contractor. Use the front drive from Alder Street.",
            ends_at=at + timedelta(days=9),
            feature_key=gate.key if gate else None,
            place="" if gate else "Service drive",
        ),
        actor=actor,
        at=at,
    )


def _drills(district: District, administrator: Actor, *, at: datetime) -> None:
    """Write the school year, and the drills of this year that were held before."""
    today = at.astimezone(ZoneInfo(people.ZONE)).date()
    first_year = today.year if today.month >= 7 else today.year - 1
    first_day = date(first_year, 8, 31)
    if not SchoolCalendar.objects.exists():
        calendars.write_calendar(
            owner=district,
            year=calendars.Year(
                first_day=first_day,
                last_day=date(first_year + 1, 6, 11),
                day_starts=time(7, 50),
                day_ends=time(14, 40),
                lunch_starts=time(11, 20),
                lunch_ends=time(12, 40),
                no_school=_no_school(first_year),
                testing=[(date(first_year + 1, 4, 12), date(first_year + 1, 4, 16))],
            ),
            actor=administrator,
            at=at,
        )
    if Drill.objects.exists():
        return
    for word, kind, weeks, start, minutes in HELD:
        day = first_day + timedelta(weeks=weeks, days=1)
        if day < today and day.isoformat() not in SchoolCalendar.objects.all()[0].no_school:
            held = recording.Held(kind, day, start, minutes, led_by="The principal")
            _held(campus_named(word), held, administrator, at=at)


def _no_school(year: int) -> list[date]:
    thanksgiving = next(
        day for day in (date(year, 11, 22 + number) for number in range(7)) if day.weekday() == 3
    )
    labor_day = next(
        day for day in (date(year, 9, 1 + number) for number in range(7)) if day.weekday() == 0
    )
    winter = [date(year, 12, 21) + timedelta(days=number) for number in range(14)]
    return [labor_day, thanksgiving, thanksgiving + timedelta(days=1), *winter]


def _held(campus: Campus, held: recording.Held, actor: Actor, *, at: datetime) -> None:
    moment = datetime.combine(held.day, held.time, ZoneInfo(people.ZONE)) + timedelta(hours=2)
    drill = recording.record_afterwards(
        campus_id=campus.pk,
        held=held,
        actor=actor,
        at=min(moment, at),
    )
    review = AfterActionReview.objects.get(drill=drill)
    reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=min(moment, at))
