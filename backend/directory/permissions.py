"""Who may do what: the one table, as data. A verb that is not in it is refused.

Rules: "district" – at every campus of the member's district; "campus" – at the campuses of the
member's role; "covered" – an agency's at the campuses it covers; "addressed" – only what was
addressed to the agency; "own" – what the actor did itself.
"""

from typing import Final, Literal

Rule = Literal["district", "campus", "covered", "addressed", "own"]
Holder = Literal[
    "sro", "campus_administrator", "office", "access_coordinator", "district_administrator",
    "evaluator", "auditor", "staff", "responder", "link", "device",
]  # fmt: skip

_AUTHORS: Final[dict[Holder, Rule]] = {
    "sro": "campus",
    "campus_administrator": "campus",
    "district_administrator": "district",
}
_WITH_OFFICE: Final[dict[Holder, Rule]] = {**_AUTHORS, "office": "campus"}
_MEMBERS: Final[dict[Holder, Rule]] = {
    **_WITH_OFFICE,
    "access_coordinator": "campus",
    "evaluator": "campus",
    "staff": "campus",
    "auditor": "district",
}
_RESPONDERS: Final[dict[Holder, Rule]] = {
    "responder": "covered",
    "link": "covered",
    "device": "covered",
}

PERMISSIONS: Final[dict[str, dict[Holder, Rule]]] = {
    "campus.read": {**_MEMBERS, **_RESPONDERS},
    "plan.draft": _AUTHORS,
    "plan.read_draft": _AUTHORS,
    "plan.read": {**_AUTHORS, "auditor": "district"},
    "plan.read_staff_parts": {
        "office": "campus",
        "access_coordinator": "campus",
        "staff": "campus",
    },
    "plan.sign_as_sro": {"sro": "campus"},
    "plan.sign_as_principal": {"campus_administrator": "campus"},
    "plan.sign_as_district": {"district_administrator": "district"},
    "plan.sign_as_agency": {"responder": "addressed", "link": "addressed"},
    "plan.publish": {"campus_administrator": "campus", "district_administrator": "district"},
    "plan.withdraw": {"campus_administrator": "campus", "district_administrator": "district"},
    "publication.read": {**_AUTHORS, "auditor": "district", **_RESPONDERS},
    "packet.read": {**_WITH_OFFICE, "auditor": "district", **_RESPONDERS},
    "packet.print": {**_WITH_OFFICE, "responder": "covered", "link": "covered"},
    "notice.read": {**_WITH_OFFICE, "auditor": "district", "responder": "addressed"},
    "notice.acknowledge": {"responder": "addressed", "link": "addressed", "device": "addressed"},
    "acknowledgement.record_phone_call": _WITH_OFFICE,
    "map.read": _MEMBERS,
    "map.edit": _AUTHORS,
    "map.publish": _AUTHORS,
    "map.verify_on_site": _AUTHORS,
    "condition.read": {**_MEMBERS, **_RESPONDERS},
    "condition.publish": _AUTHORS,
    "condition.report": {
        "office": "campus",
        "access_coordinator": "campus",
        "staff": "campus",
        "responder": "covered",
        "link": "covered",
    },
    "contact_sheet.read": {**_WITH_OFFICE, "auditor": "district"},
    "contact_sheet.edit": _WITH_OFFICE,
    "contact_sheet.confirm": _AUTHORS,
    "people.read": {**_WITH_OFFICE, "access_coordinator": "campus", "auditor": "district"},
    "people.manage": {"district_administrator": "district"},
    "people.manage_office_and_staff": {
        "campus_administrator": "campus",
        "district_administrator": "district",
    },
    "directory.import": {"district_administrator": "district"},
    "school_calendar.edit": {
        "campus_administrator": "campus",
        "district_administrator": "district",
    },
    "drill.read": {**_MEMBERS, **_RESPONDERS},
    "drill.schedule": _WITH_OFFICE,
    "drill.run": _AUTHORS,
    "drill.start_uncleared": {"district_administrator": "district"},
    "drill.observe": {**_AUTHORS, "evaluator": "campus"},
    "drill.report_place": {**_AUTHORS, "evaluator": "campus", "staff": "campus"},
    "clearance.give": {"responder": "addressed", "link": "addressed", "device": "addressed"},
    "clearance.dispute": {"responder": "addressed", "link": "addressed"},
    "clearance.record_phone_call": _WITH_OFFICE,
    "invitation.answer": {"responder": "addressed", "link": "addressed"},
    "invitation.record_arrival": {
        **_WITH_OFFICE,
        "evaluator": "campus",
        "responder": "addressed",
        "link": "addressed",
    },
    "review.read": {**_WITH_OFFICE, "evaluator": "campus", "auditor": "district"},
    "review.write": {**_AUTHORS, "evaluator": "campus"},
    "review.close": {"campus_administrator": "campus", "district_administrator": "district"},
    "corrective_action.edit": _AUTHORS,
    "coverage.read": {**_WITH_OFFICE, "auditor": "district"},
    "coverage.edit": {"district_administrator": "district"},
    "signature_list.edit": {"district_administrator": "district"},
    "agency.edit_own": {"responder": "own"},
    "channel.release": {"district_administrator": "district"},
    "settings.edit": {"district_administrator": "district"},
    "audit.read": {
        "district_administrator": "district",
        "auditor": "district",
        "campus_administrator": "campus",
        "sro": "own",
        "office": "own",
        "access_coordinator": "own",
        "evaluator": "own",
        "responder": "own",
    },
}

# What acting for somebody passes on: signing and running, nothing else.
PASSED_ON_BY_ACTING: Final[frozenset[str]] = frozenset(
    {
        "plan.sign_as_sro",
        "plan.sign_as_principal",
        "plan.sign_as_district",
        "drill.read",
        "drill.run",
        "drill.observe",
        "drill.report_place",
    }
)

# What the system does by itself; it may do nothing that a person would have to decide.
OF_THE_SYSTEM: Final[frozenset[str]] = frozenset(
    {"campus.read", "packet.read", "notice.read", "drill.read"}
)


def rule_for(verb: str, holder: Holder) -> Rule | None:
    """Return the rule of a verb for a role, or None where the table gives none."""
    return PERMISSIONS.get(verb, {}).get(holder)
