"""Incident Command System positions of a school, by code, in the order of the chart.

Source: National Incident Management System, named for schools as in the domain page, section 2.1.
"""

from collections.abc import Mapping

POSITIONS: Mapping[str, str] = {
    "IC": "incident commander",
    "PIO": "public information officer",
    "SO": "safety officer",
    "LNO": "liaison officer",
    "OSC": "operations section chief",
    "OPS-SEA": "search and sweep lead",
    "OPS-MED": "first aid lead",
    "OPS-STU": "student care lead",
    "OPS-REU": "reunification lead",
    "OPS-PFA": "psychological first aid lead",
    "OPS-FAC": "facilities lead",
    "PSC": "planning section chief",
    "LSC": "logistics section chief",
    "FSC": "finance and administration chief",
    "SCR": "scribe",
}


def position_name(code: str) -> str:
    """Return the position's name in lower case, or the code itself for one a district added."""
    return POSITIONS.get(code, code)
