"""A file per word of the directory."""

from backend.directory.models.account_message import AccountMessage
from backend.directory.models.agency import Agency, AgencyMember, Device, ResponderContact
from backend.directory.models.api_token import ApiToken
from backend.directory.models.campus import Campus
from backend.directory.models.coverage import AcceptedAddress, Coverage, Grant
from backend.directory.models.district import District
from backend.directory.models.kept_form import KeptForm
from backend.directory.models.link import Link
from backend.directory.models.membership import Membership, Role
from backend.directory.models.pairing import DevicePairing
from backend.directory.models.user import User

__all__ = [
    "AcceptedAddress",
    "AccountMessage",
    "Agency",
    "AgencyMember",
    "ApiToken",
    "Campus",
    "Coverage",
    "Device",
    "DevicePairing",
    "District",
    "Grant",
    "KeptForm",
    "Link",
    "Membership",
    "ResponderContact",
    "Role",
    "User",
]
