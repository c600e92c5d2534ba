"""A file per word of plans."""

from plans.models.approval import Approval, SignatureCode, SignatureRequirement, SignerRole
from plans.models.contact_sheet import ContactSheet, ContactSheetCopy
from plans.models.packet import PacketAccess, PacketBase, Print
from plans.models.plan_version import Plan, PlanState, PlanVersion, PublishedAs
from plans.models.publication import Publication
from plans.models.section import Block, RoleAssignment, Section

__all__ = [
    "Approval",
    "Block",
    "ContactSheet",
    "ContactSheetCopy",
    "PacketAccess",
    "PacketBase",
    "Plan",
    "PlanState",
    "PlanVersion",
    "Print",
    "Publication",
    "PublishedAs",
    "RoleAssignment",
    "Section",
    "SignatureCode",
    "SignatureRequirement",
    "SignerRole",
]
