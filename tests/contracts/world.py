"""One lived-in district for the access contract: everything that an address can name stands here.

The other district has a campus, a covering agency and its administrator, and nothing of ours.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from backend.directory.identify import actor_of_user
from backend.directory.models import (
    AgencyMember,
    Campus,
    Coverage,
    Device,
    Grant,
    KeptForm,
    Link,
    Membership,
    User,
)
from backend.directory.models.link import hash_of
from backend.directory.services import account, importing
from backend.directory.services.set_up import set_up_link
from backend.encryption import encrypt
from backend.files import store
from backend.jobs.run import run_due
from backend.tenancy import reach
from maps.models import MapVersion
from maps.services import checks, conditions
from maps.services.importing import import_map
from maps.services.publishing import publish_map
from notifications.models import Delivery, DeliveryState, Notice
from notifications.services.phone_calls import record_phone_call
from notifications.services.writing import release_channel
from plans.models import (
    ContactSheet,
    ContactSheetCopy,
    PacketBase,
    PlanState,
    PlanVersion,
    Publication,
    SignatureRequirement,
)
from plans.services import drafting, opening, packets, prints
from tests.cast import NOW, Cast, assemble
from tests.contracts.world_drills import drills_of, small_photo
from tests.maps.app import small_school
from tests.plans.app import writing

CAMPUS, STREET, PRINCIPAL = "Juniper Hill School", "88 Juniper Lane", "Rhea Sandoval"
DEVICE_TOKEN = "device token of the access contract"
CALLED_AT = NOW + timedelta(hours=1)


@dataclass
class World:
    """The cast with all that was made for it; `names` fills the sample paths and bodies."""

    cast: Cast
    names: dict[str, str]
    api_tokens: dict[str, str] = field(default_factory=dict)

    def client(self, word: str) -> Client:
        """Return the browser or program of a person of the walk, from an address of its own."""
        number = sorted({*self.cast.users, "device", "program", "link", "nobody"}).index(word)
        address = {"REMOTE_ADDR": f"192.0.2.{number + 1}"}
        if word in self.cast.users:
            client = self.cast.client(word)
            session = client.session
            proof = {"method": "password", "at": datetime.now(UTC).timestamp()}
            session["account_authentication_methods"] = [proof]
            session.save()
        else:
            client = Client()
        client.defaults |= address
        if word == "device":
            client.cookies["device"] = DEVICE_TOKEN
        bearer = self.api_tokens.get(word, "")
        if bearer:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {bearer}"
        return client


def build() -> World:
    """Return the world, made by the services that people use."""
    cast = assemble()
    _rename(cast)
    names = _directory(cast)
    names |= _plan(cast)
    names |= _map(cast)
    names |= _conditions(cast)
    names |= _packet(cast)
    names |= _notices(cast)
    names |= drills_of(cast)
    names |= _links(cast, names)
    token, text = _token(cast)
    names |= {"token_id": token, "kept_form": _kept_form(cast), "nil": str(uuid4())}
    return World(cast, names, {"program": text, "link": names["packet_link"]})


def _rename(cast: Cast) -> None:
    """Give our campus and its principal names that stand nowhere else, such as in examples."""
    with reach.of_districts(cast.district.pk):
        Campus.objects.filter(pk=cast.lincoln.pk).update(name=CAMPUS, address=STREET)
        cast.lincoln.refresh_from_db()
    User.objects.filter(pk=cast.users["principal"].pk).update(name=PRINCIPAL)
    cast.users["principal"].refresh_from_db()


def _directory(cast: Cast) -> dict[str, str]:
    words = {"staff": "staff_role", "principal": "principal_role", "district": "district_role"}
    grants = {}
    invited = User.objects.create(email="invited@example.org", name="Kit Lowe")
    device = Device.objects.create(
        agency=cast.police, name="Car 12", token_hash=hash_of(DEVICE_TOKEN)
    )
    with writing.in_district(cast):
        roles = {
            name: str(Membership.objects.get(user=cast.users[word]).pk)
            for word, name in words.items()
        }
        grants["device_grant"] = str(Grant.objects.create(district=cast.district, device=device).pk)
        member = AgencyMember.objects.get(user=cast.users["patrol"])
        grants["member_grant"] = str(Grant.objects.get(agency_member=member).pk)
        coverage = Coverage.objects.get(campus=cast.lincoln, agency=cast.police)
        run = importing.dry_run(
            district_id=cast.district.pk,
            kind="campuses",
            content=b"name,address,city\nHillside Middle School,7 Hill Road,Cedar Valley\n",
            name="campuses.csv",
            actor=writing.person(cast, "district"),
            at=NOW,
        )
    return {
        **roles,
        **grants,
        "district": str(cast.district.pk),
        "slug": cast.lincoln.slug,
        "campus": str(cast.lincoln.pk),
        "police": str(cast.police.pk),
        "fire": str(cast.fire.pk),
        "uncovering_agency": str(cast.uncovering.pk),
        "contact": str(cast.contacts["night_desk"].pk),
        "member": str(member.pk),
        "device": str(device.pk),
        "coverage": str(coverage.pk),
        "import_file": str(run.file.pk),
        "import_digest": run.digest,
        "ticket": signing.dumps([run.kind, str(run.file.pk)], salt="directory.import"),
        "set_up": set_up_link(invited).rpartition("/set-up/")[2].rstrip("/"),
    }


def _plan(cast: Cast) -> dict[str, str]:
    with writing.in_district(cast):
        writing.confirmed_sheet(cast, writing.person(cast, "sro"))
        published = writing.published(cast)
        draft = drafting.start_from_published(
            campus=cast.lincoln, actor=writing.person(cast, "sro"), at=NOW
        )
        page = store.put(
            district_id=cast.district.pk,
            content=b"%PDF-1.7 signatures",
            content_type="application/pdf",
            name="signatures.pdf",
        )
        PlanVersion.objects.filter(pk=published.version_id).update(signature_page=page)
        PlanVersion.objects.filter(pk=draft.pk).update(
            brought_in_from=page,
            brought_in={"file": "plan.docx", "words_in": 9, "words_placed": 9, "words_unplaced": 0,
                        "sections": [], "unplaced": [], "findings": []},
        )  # fmt: skip
        needed = SignatureRequirement.objects.create(
            district=cast.district, campus=cast.lincoln, role="principal"
        )
        section = draft.sections.exclude(part="basic_plan").order_by("order").first()
        post = draft.roles.order_by("order").first()
        assert section is not None
        assert post is not None
        return {
            "plan": str(draft.plan_id),
            "draft": str(draft.pk),
            "published": str(published.version_id),
            "publication": str(published.pk),
            "publication_hash": published.content_hash,
            "review_copy": str(_review_copy(cast, published).pk),
            "template": section.template_id,
            "section": str(section.pk),
            "post": str(post.pk),
            "requirement": str(needed.pk),
            "sheet": str(ContactSheet.objects.get().pk),
            "sheet_copy": str(ContactSheetCopy.objects.get().pk),
        }


def _review_copy(cast: Cast, published: Publication) -> Publication:
    values = {
        item.attname: getattr(published, item.attname)
        for item in Publication._meta.concrete_fields
        if not item.primary_key
    }
    return Publication.objects.create(**values | {"agency_id": cast.police.pk})


def _map(cast: Cast) -> dict[str, str]:
    """Publish a map with floors over the plan's, and leave a draft of the next."""
    principal = writing.person(cast, "principal")

    def brought_in() -> MapVersion:
        return import_map(
            campus_id=cast.lincoln.pk,
            name="school.geojson",
            content=small_school.file_of(),
            actor=principal,
            at=NOW,
        )

    with writing.in_district(cast):
        version = publish_map(version_id=brought_in().pk, actor=principal, at=NOW)
        draft = brought_in()
        gate = version.features.get(label="Gate 4")
        check = checks.record_feature_check(
            campus_id=cast.lincoln.pk,
            feature_key=gate.key,
            as_on_map=False,
            note="Chained",
            photo=small_photo(),
            actor=writing.person(cast, "sro"),
            at=NOW,
        )
        level = version.levels.order_by("ordinal").first()
        assert level is not None
        return {
            "map": str(version.pk),
            "map_draft": str(draft.pk),
            "gate": str(gate.key),
            "check": str(check.pk),
            "level": str(level.key),
        }


def _conditions(cast: Cast) -> dict[str, str]:
    now = timezone.now()

    def told(place: str) -> conditions.Told:
        return conditions.Told(
            kind="other",
            text="Use the front drive.",
            ends_at=now + timedelta(days=3),
            place=place,
            photo=small_photo(),
        )

    made = {}
    reported = conditions.report(
        campus_id=cast.lincoln.pk, told=told("Gate 4"), actor=cast.actor("staff"), at=now
    )
    with writing.in_district(cast):
        for word in ("principal", "sro"):
            row = conditions.publish(
                campus_id=cast.lincoln.pk,
                told=told(f"Door of {word}"),
                actor=writing.person(cast, word),
                at=now,
            )
            made[f"condition_of_{word}"] = str(row.pk)
    return {
        **made,
        "reported_condition": str(reported.pk),
        "ends_at": (now + timedelta(days=5)).isoformat(),
    }


def _packet(cast: Cast) -> dict[str, str]:
    """Let the PDF be made, a paper be registered, and the patrol open the packet."""
    with writing.in_district(cast):
        paper = prints.register_print(
            campus_id=cast.lincoln.pk,
            number=1,
            place="Office, red folder",
            actor=writing.person(cast, "office"),
            at=NOW,
        )
        packets.ask_for_missing(at=timezone.now())
    run_due()
    opening.open_packet(
        actor=cast.actor("patrol"), campus_id=cast.lincoln.pk, form="html", at=timezone.now()
    )
    with writing.in_district(cast):
        return {"print": str(paper.pk), "code": PacketBase.objects.get().code}


def _notices(cast: Cast) -> dict[str, str]:
    """Record a call for the police, release the channel, and let the message to fire fail."""
    with writing.in_district(cast):
        notice = Notice.objects.get(kind="packet.ready")
        call = record_phone_call(
            notice_id=notice.pk,
            agency_id=cast.police.pk,
            said_by="Sgt. Alan Pruitt",
            line_called="555-0191",
            called_at=CALLED_AT,
            actor=writing.person(cast, "office"),
            at=CALLED_AT,
        )
        release = release_channel(
            district=cast.district,
            channel="email",
            actor=writing.person(cast, "district"),
            at=NOW,
        )
        told = Delivery.objects.filter(lines__notice=notice)
        failed = told.get(agency=cast.fire)
        Delivery.objects.filter(pk=failed.pk).update(state=DeliveryState.FAILED)
        return {
            "notice": str(notice.pk),
            "delivery": str(told.get(agency=cast.police).pk),
            "failed_delivery": str(failed.pk),
            "acknowledgement": str(call.pk),
            "release": str(release.pk),
            "called_at": CALLED_AT.isoformat(),
        }


def _links(cast: Cast, names: dict[str, str]) -> dict[str, str]:
    def link(purpose: str, subject: str = "", contact: str = "patrol") -> str:
        subject_id = UUID(subject) if subject else None
        return cast.link(contact, cast.lincoln, purpose=purpose, subject_id=subject_id)

    with writing.in_district(cast):
        Link.objects.filter(contact=cast.contacts["patrol"]).update(ended_at=NOW)
    return {
        "packet_link": link("packet"),
        "acknowledge_link": link("acknowledge", names["delivery"]),
        "sign_link": link("sign", names["review_copy"]),
        "link_without_coverage": link("packet", contact="uncovering"),
    }


def _token(cast: Cast) -> tuple[str, str]:
    token, text = account.create_token(
        user=cast.users["sro"],
        name="calendar",
        actor=actor_of_user(cast.users["sro"], today=writing.TODAY),
        at=NOW,
    )
    return str(token.pk), text


def _kept_form(cast: Cast) -> str:
    form = KeptForm.objects.create(
        user=cast.users["sro"],
        path=f"/campuses/{cast.lincoln.slug}/conditions/new/",
        fields_sealed=encrypt(json.dumps([["text", "Chained"]])),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return str(form.pk)


@contextmanager
def standing(mail: Path) -> Iterator[World]:
    """Give the world inside a transaction that is rolled back; `mail` is a trial's captured mail.

    Open it for a whole module: pytest-django runs each test in a savepoint of it.
    """
    _capture_mail(mail)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        override_settings(
            STORAGES={**settings.STORAGES, "staticfiles": plain},
            CAPTURE_FOLDER=str(mail),
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ),
        transaction.atomic(),
    ):
        yield build()
        transaction.set_rollback(True)


def _capture_mail(folder: Path) -> None:
    """Write one captured message, as the capture server of a trial does."""
    message = EmailMessage()
    message["Subject"] = "[PACKET] Juniper Hill School"
    message["To"] = "patrol@responders.example.org"
    message.set_content("Juniper Hill School: response packet v1 is in force.")
    about = {
        "number": 1,
        "at": NOW.isoformat(),
        "sender": "muster@example.org",
        "recipient": message["To"],
        "subject": message["Subject"],
    }
    (folder / "000001.json").write_text(json.dumps(about))
    (folder / "000001.eml").write_bytes(message.as_bytes())


def put_in_state(world: World, state: str) -> None:
    """Let the version in work be a draft, in review or approved."""
    if state == "draft":
        return
    with reach.of_districts(world.cast.district.pk):
        former = PlanVersion.objects.get(pk=world.names["published"])
        PlanVersion.objects.filter(pk=world.names["draft"]).update(
            state=PlanState(state), frozen=former.frozen, content_hash=former.content_hash
        )
