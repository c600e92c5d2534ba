"""`muster district create`, `muster account`, `muster key`."""

import argparse
from typing import Any

from cryptography.fernet import Fernet
from django.utils import timezone

from backend.directory.actor import SYSTEM


def register(subparsers: Any) -> None:
    """Add the commands of the directory."""
    _register_district(subparsers)
    _register_account(subparsers)
    key = subparsers.add_parser("key", help="print a new key for MUSTER_FIELD_KEYS")
    key.set_defaults(handler=new_key, needs_database=False)


def _register_district(subparsers: Any) -> None:
    district = subparsers.add_parser("district", help="set up a district")
    verbs = district.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser(
        "create", help="a production district and a one-time link for its first administrator"
    )
    create.add_argument("name", help="the district's name")
    create.add_argument("--administrator", required=True, metavar="EMAIL")
    create.add_argument("--administrator-name", default="", metavar="NAME")
    create.add_argument("--state", default="", help="two letters, as in MI")
    create.add_argument("--time-zone", default="", help="as in America/Detroit; else the state's")
    create.add_argument("--answering-name", default="", help="the line that answers, in words")
    create.add_argument("--answering-phone", default="", help="its number, printed on packets")
    create.set_defaults(handler=create_district, needs_database=True)


def _register_account(subparsers: Any) -> None:
    account = subparsers.add_parser("account", help="help a person back in")
    verbs = account.add_subparsers(dest="verb", required=True)
    link = verbs.add_parser("link", help="a one-time link to choose a new password")
    link.add_argument("email")
    link.add_argument(
        "--drop-second-factor", action="store_true", help="the phone and all codes are lost"
    )
    link.set_defaults(handler=account_link, needs_database=True)


def create_district(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the new district and its administrator's set-up link."""
    from backend.directory.services.districts import create_district as create  # noqa: PLC0415

    made = create(
        name=arguments.name,
        administrator=arguments.administrator,
        administrator_name=arguments.administrator_name,
        state=arguments.state,
        time_zone=arguments.time_zone,
        answering_name=arguments.answering_name,
        answering_phone=arguments.answering_phone,
        actor=SYSTEM,
        at=timezone.now(),
    )
    return {
        "district": {"id": str(made.district.pk), "name": made.district.name},
        "administrator": made.administrator.email,
        "set_up_link": made.link or None,
    }


def account_link(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return a one-time link for whoever runs the machine to hand over."""
    from backend.directory.services.set_up import link_by_operator  # noqa: PLC0415

    link = link_by_operator(
        email=arguments.email,
        drop_second_factor=arguments.drop_second_factor,
        actor=SYSTEM,
        at=timezone.now(),
    )
    return {"account": arguments.email, "set_up_link": link}


def new_key(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return a fresh key; put it first in MUSTER_FIELD_KEYS and keep the old ones behind it."""
    return {"key": Fernet.generate_key().decode()}
