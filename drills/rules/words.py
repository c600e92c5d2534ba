"""The closed vocabularies of school years and rule packs."""

from typing import Final, Literal, get_args

VerdictWord = Literal[
    "met", "due", "overdue", "violated", "impossible", "waived", "not_applicable", "unknown"
]
VERDICTS: Final[tuple[VerdictWord, ...]] = get_args(VerdictWord)

DRILL_TYPES: Final = {
    "fire": "fire",
    "evacuation": "evacuation",
    "lockdown": "lockdown",
    "secure": "secure",
    "hold": "hold",
    "shelter_weather": "severe weather",
    "shelter_in_place": "shelter-in-place",
    "earthquake": "earthquake",
    "tsunami": "tsunami",
    "bomb_threat": "bomb threat",
    "active_threat": "active threat",
    "security": "security",
    "crisis": "crisis",
    "bus_evacuation": "bus evacuation",
    "bus_safety": "bus safety",
    "reunification": "reunification",
    "cardiac": "cardiac emergency",
    "incident_command": "incident command",
    "seminar": "seminar",
    "tabletop": "tabletop",
    "functional": "functional exercise",
    "full_scale": "full-scale exercise",
}
"""Each type of drill, with its word in a sentence."""

LOCKDOWN_TYPES: Final = frozenset(
    {"lockdown", "secure", "hold", "active_threat", "security", "crisis"}
)
"""Types that lock or hold people inside: two of them never stand on one day."""

PLACES: Final = ("class", "lunch", "recess", "passing", "assembly", "arrival", "dismissal")
EXITS: Final = ("normal", "secondary", "blocked")
SITES: Final = ("on_grounds", "off_site")
AGENCY_ROLES: Final = (
    "police", "sheriff", "fire", "ems", "dispatch", "emergency_management", "mental_health",
)  # fmt: skip
CANCEL_CAUSES: Final = (
    "severe_storm", "rain_showers", "snow_showers", "fire", "epidemic", "power_failure",
    "water_or_sewer_failure", "health_condition", "real_emergency", "school_closed", "staffing",
    "other",
)  # fmt: skip
NOTICE_RECIPIENTS: Final = (
    "parents", "staff", "pupils", "police", "fire", "dispatch", "county_emergency_management",
    "neighbours",
)  # fmt: skip
REPORT_RECIPIENTS: Final = ("county", "state", "superintendent", "fire")
FILING_KINDS: Final = {
    "drill_schedule": "the drill schedule",
    "drill_certification": "the drill certification",
    "safety_drill_dates": "the dates of the safety drills",
    "drill_dates_offered": "the offered drill dates",
    "plan_certification": "the plan certification",
}
"""Each kind of filing, with its words in a sentence."""
AUTHORITIES: Final = {
    "county_emergency_management": "the county emergency manager",
    "state_education": "the state education department",
    "state": "the state",
    "police": "the police",
    "fire": "the fire department",
}
"""Each authority that takes filings, with its words in a sentence."""
LESSON_TOPICS: Final = ("fire_safety", "earthquake_safety", "safety_threats")
TRAITS: Final = (
    "sprinklered", "smoke_detectors", "tsunami_zone", "lahar_zone", "earthquake_zone",
    "sleeping_quarters", "year_round",
)  # fmt: skip
GRADES: Final = ("PK", "TK", "K", *(str(number) for number in range(1, 13)))
SEVERITIES: Final = ("law", "code", "rule", "guidance", "district")

SHAPE_NAMES: Final = (
    "at_least", "at_least_each", "at_least_in_condition", "share", "spacing", "vary", "at_most",
    "substitute", "does_not_count", "real_event_credit", "notice_before", "notice_after",
    "participants", "attendance", "schedule_filed", "redo", "report", "record", "publish",
    "certify", "prohibited", "exempt", "defer", "cycle", "order", "scope", "effective",
    "instruction", "review_after", "signal",
)  # fmt: skip
"""R01 to R30, in order. No rule has another shape."""

JURISDICTIONS: Final = {
    "us-al": "Alabama", "us-ak": "Alaska", "us-az": "Arizona", "us-ar": "Arkansas",
    "us-ca": "California", "us-co": "Colorado", "us-ct": "Connecticut", "us-de": "Delaware",
    "us-dc": "District of Columbia", "us-fl": "Florida", "us-ga": "Georgia", "us-hi": "Hawaii",
    "us-id": "Idaho", "us-il": "Illinois", "us-in": "Indiana", "us-ia": "Iowa", "us-ks": "Kansas",
    "us-ky": "Kentucky", "us-la": "Louisiana", "us-me": "Maine", "us-md": "Maryland",
    "us-ma": "Massachusetts", "us-mi": "Michigan", "us-mn": "Minnesota", "us-ms": "Mississippi",
    "us-mo": "Missouri", "us-mt": "Montana", "us-ne": "Nebraska", "us-nv": "Nevada",
    "us-nh": "New Hampshire", "us-nj": "New Jersey", "us-nm": "New Mexico", "us-ny": "New York",
    "us-nc": "North Carolina", "us-nd": "North Dakota", "us-oh": "Ohio", "us-ok": "Oklahoma",
    "us-or": "Oregon", "us-pa": "Pennsylvania", "us-ri": "Rhode Island", "us-sc": "South Carolina",
    "us-sd": "South Dakota", "us-tn": "Tennessee", "us-tx": "Texas", "us-ut": "Utah",
    "us-vt": "Vermont", "us-va": "Virginia", "us-wa": "Washington", "us-wv": "West Virginia",
    "us-wi": "Wisconsin", "us-wy": "Wyoming",
}  # fmt: skip
"""The states and the District of Columbia."""

FIRE_CODES: Final = {
    "code-ifc": "International Fire Code",
    "code-nfpa-101": "NFPA 101, Life Safety Code",
}
"""The model codes that states adopt; their rules are a layer over a state's."""
