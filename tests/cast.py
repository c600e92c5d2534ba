"""The people and places every test knows: two districts, their agencies, one person per role."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.test import Client

from backend.directory.actor import Actor
from backend.directory.identify import actor_of_link, actor_of_user
from backend.directory.models import (
    AcceptedAddress,
    Agency,
    AgencyMember,
    Campus,
    Coverage,
    District,
    Grant,
    Link,
    Membership,
    ResponderContact,
    User,
)
from backend.directory.models.link import hash_of, new_token
from backend.encryption import encrypt
from backend.tenancy import reach

PASSWORD = "correct horse battery"
LONG_AGO = date(2020, 1, 1)
NOW = datetime(2026, 9, 8, 13, 50, tzinfo=UTC)  # Tue, Sep 8, 2026, 9:50 AM in Michigan


@dataclass
class Cast:
    """Everybody. Users by role word; `stranger` administers the other district."""

    district: District
    other_district: District
    lincoln: Campus
    cedar_ridge: Campus
    other_campus: Campus
    police: Agency
    fire: Agency
    dispatch: Agency
    uncovering: Agency
    contacts: dict[str, ResponderContact] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, word: str) -> Actor:
        """Return the actor of a person of the cast."""
        return actor_of_user(self.users[word], today=datetime.now(UTC).date())

    def client(self, word: str) -> Client:
        """Return a browser in which that person is signed in, second factor done."""
        client = Client()
        client.force_login(
            self.users[word],
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        session = client.session
        session["second_factor"] = "test"
        session.save()
        return client

    def link(self, contact: str, campus: Campus, purpose: str = "packet",
             subject_id: UUID | None = None) -> str:  # fmt: skip
        """Return the token of a new link of a contact to a campus."""
        token = new_token()
        with reach.of_districts(campus.district_id):
            Link.objects.create(
                district_id=campus.district_id,
                campus=campus,
                contact=self.contacts[contact],
                purpose=purpose,
                subject_id=subject_id,
                token_hash=hash_of(token),
                token_sealed=encrypt(token),
            )
        return token

    def link_actor(self, token: str) -> Actor:
        """Return the actor of a link."""
        return actor_of_link(token, today=datetime.now(UTC).date())


ROLES = {
    "sro": ("Officer Dana Whitfield", "sro"),
    "principal": ("Maria Ochoa", "campus_administrator"),
    "office": ("Jo Brandt", "office"),
    "access": ("Nell Vance", "access_coordinator"),
    "staff": ("Tom Albers", "staff"),
    "evaluator": ("Ines Park", "evaluator"),
}


def assemble() -> Cast:
    """Make the cast in the test database."""
    with reach.crossing("set-up"):
        district, other = (
            District.across_districts.create(
                name=name,
                state="MI",
                time_zone="America/Detroit",
                answering_name="District duty desk",
                answering_phone=phone,
            )
            for name, phone in (
                ("Cedar Valley Public Schools", "555-0100"),
                ("Northfield Schools", "555-0900"),
            )
        )
    cast = Cast(
        district=district,
        other_district=other,
        lincoln=_campus(district, "Lincoln High School", "2100 Alder Street"),
        cedar_ridge=_campus(district, "Cedar Ridge Elementary", "14 Ridge Road"),
        other_campus=_campus(other, "Northfield High School", "1 North Road"),
        police=_agency("Cedar Valley Police Department", "police"),
        fire=_agency("Cedar Valley Fire & Rescue", "fire"),
        dispatch=_agency("Wexley County 911", "dispatch"),
        uncovering=_agency("Harper County Sheriff", "sheriff"),
    )
    _people(cast)
    _responders(cast)
    return cast


def _campus(district: District, name: str, address: str) -> Campus:
    with reach.of_districts(district.pk):
        return Campus.objects.create(
            district=district,
            name=name,
            address=address,
            city="Cedar Valley",
            state="MI",
            time_zone="America/Detroit",
            longitude=-84.7405,
            latitude=43.211,
            enrollment=1180,
            staff_count=88,
        )


def _agency(name: str, kind: str) -> Agency:
    return Agency.objects.create(
        name=name, kind=kind, time_zone="America/Detroit", phone="555-0191"
    )


def _user(cast: Cast, word: str, name: str) -> User:
    user = User(email=f"{word}@example.org", name=name, password=_hashed_password())
    user.save()
    cast.users[word] = user
    return user


@cache
def _hashed_password() -> str:
    return make_password(PASSWORD)  # hashing is slow by design: once is enough for all tests


def _member(district: District, user: User, role: str, campus: Campus | None, **more: Any) -> None:
    with reach.of_districts(district.pk):
        Membership.objects.create(
            district=district, user=user, role=role, campus=campus, starts_on=LONG_AGO, **more
        )


def _people(cast: Cast) -> None:
    for word, (name, role) in ROLES.items():
        _member(cast.district, _user(cast, word, name), role, cast.lincoln)
    _member(cast.district, _user(cast, "district", "Samuel Reyes"), "district_administrator", None)
    _member(cast.district, _user(cast, "auditor", "Ada Quill"), "auditor", None)
    _member(cast.district, _user(cast, "principal_elsewhere", "Hugh Stein"),
            "campus_administrator", cast.cedar_ridge)  # fmt: skip
    _member(cast.district, _user(cast, "ended", "Lea Frost"), "campus_administrator", cast.lincoln,
            ends_on=date(2021, 1, 1))  # fmt: skip
    _member(cast.other_district, _user(cast, "stranger", "Otto Kern"), "district_administrator",
            None)  # fmt: skip
    _user(cast, "nobody_yet", "Uma Blank")


def _responders(cast: Cast) -> None:
    people = (
        ("patrol", cast.police, "Sgt. Alan Pruitt", 1),
        ("night_desk", cast.police, "Night shift desk", 2),
        ("captain", cast.fire, "Capt. Rosa Lindqvist", 1),
        ("dispatcher", cast.dispatch, "Day supervisor", 1),
        ("uncovering", cast.uncovering, "Dep. Ray Holt", 1),
    )
    for word, agency, name, order in people:
        contact = ResponderContact.objects.create(
            agency=agency, name=name, order=order, email=f"{word}@responders.example.org"
        )
        cast.contacts[word] = contact
        with reach.of_districts(cast.district.pk):
            AcceptedAddress.objects.create(
                district=cast.district, contact=contact, address=contact.email
            )
    for agency in (cast.police, cast.fire, cast.dispatch):
        covers(cast.district, cast.lincoln, agency)
    covers(cast.other_district, cast.other_campus, cast.fire)
    for word, agency in (
        ("patrol", cast.police),
        ("captain", cast.fire),
        ("uncovering", cast.uncovering),
    ):
        user = _user(cast, word, cast.contacts[word].name)
        member = AgencyMember.objects.create(agency=agency, user=user, starts_on=LONG_AGO)
        districts = [cast.district, cast.other_district] if word == "captain" else [cast.district]
        for district in districts:
            with reach.of_districts(district.pk):
                Grant.objects.create(district=district, agency_member=member)


def covers(district: District, campus: Campus, agency: Agency) -> None:
    """Let an agency cover a campus."""
    with reach.of_districts(district.pk):
        Coverage.objects.create(district=district, campus=campus, agency=agency, starts_on=LONG_AGO)
