"""The words of the kinds of the map, their groups in the list, and which of them age."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a walk asks for one by one, and what a map shows the age of.
CRITICAL_KINDS: Final[frozenset[str]] = frozenset(
    {
        "exterior_door", "gate", "fire_panel", "annunciator", "utility_shut_off", "key_box", "aed",
        "trauma_kit", "hydrant", "fire_department_connection", "standpipe", "sprinkler_riser",
        "generator",
    }
)  # fmt: skip

KIND_WORDS: Final[dict[str, Promise]] = {
    "building": _("Building"),
    "level": _("Level"),
    "room": _("Room"),
    "corridor": _("Corridor"),
    "stair": _("Stair"),
    "elevator": _("Elevator"),
    "door": _("Door"),
    "exterior_door": _("Exterior door"),
    "fence": _("Fence"),
    "gate": _("Gate"),
    "assembly_area": _("Assembly area"),
    "reunification_site": _("Reunification site"),
    "staging_area": _("Staging area"),
    "command_post": _("Command post"),
    "key_box": _("Key box"),
    "aed": _("AED"),
    "trauma_kit": _("Trauma kit"),
    "utility_shut_off": _("Utility shut-off"),
    "hydrant": _("Hydrant"),
    "fire_panel": _("Fire panel"),
    "camera": _("Camera"),
    "hazard_zone": _("Hazard zone"),
    "refuge_area": _("Refuge area"),
    "helicopter_landing_zone": _("Helicopter landing zone"),
    "parking": _("Parking"),
    "athletic_field": _("Athletic field"),
    "road": _("Road"),
    "fire_lane": _("Fire lane"),
    "fire_department_connection": _("Fire department connection"),
    "standpipe": _("Standpipe"),
    "sprinkler_riser": _("Sprinkler riser"),
    "annunciator": _("Annunciator"),
    "generator": _("Generator"),
}

UTILITY_WORDS: Final[dict[str, Promise]] = {
    "gas": _("Gas"),
    "water": _("Water"),
    "electric": _("Electricity"),
    "sprinkler": _("Sprinkler"),
    "hvac": _("Heating and ventilation"),
}

# The list beside the map, in the order in which a responder asks; open from the start.
GROUPS: Final[tuple[tuple[Promise, tuple[str, ...], bool], ...]] = (
    (_("Exterior doors"), ("exterior_door",), True),
    (_("Gates and key boxes"), ("gate", "key_box", "fence"), True),
    (_("AED and trauma kits"), ("aed", "trauma_kit"), True),
    (
        _("Shut-offs and panels"),
        ("utility_shut_off", "fire_panel", "annunciator", "generator"),
        True,
    ),
    (
        _("Fire service"),
        (
            "fire_department_connection", "standpipe", "sprinkler_riser", "hydrant", "fire_lane",
            "helicopter_landing_zone",
        ),
        False,
    ),
    (
        _("Assembly, command and refuge"),
        ("assembly_area", "reunification_site", "staging_area", "command_post", "refuge_area"),
        False,
    ),
    (_("Stairs and elevators"), ("stair", "elevator"), False),
    (_("Hazards"), ("hazard_zone",), False),
    (_("Rooms"), ("room",), False),
    (_("Corridors"), ("corridor",), False),
    (_("Interior doors"), ("door",), False),
    (
        _("Buildings, grounds and cameras"),
        ("building", "level", "road", "parking", "athletic_field", "camera"),
        False,
    ),
)  # fmt: skip


def kind_word(kind: str) -> str:
    """Return the word of a kind in the reader's language."""
    return str(KIND_WORDS.get(kind, kind.replace("_", " ")))
