"""Source classes to kinds: tables that a person can extend.

A class is written the way a report names it: `key=value` or `key=*` of a tag or property
(`indoor=room`), `type/category` or `type` of IMDF (`unit/stairs`), with the geometry behind it
where that does not fit (`unit (Point)`). An extension maps such a class to a kind, or to None to
leave it off the map, and goes before these tables.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from maps.document import KINDS, UTILITIES
from maps.formats.labels import clean, clean_key

Extension = Mapping[str, str | None]

# Keys of OSM Simple Indoor Tagging in the order of their weight: a lift is a room as well.
OSM: dict[str, dict[str, str | None]] = {
    "entrance": {"no": None, "*": "exterior_door"},
    "door": {"*": "door"},
    "emergency": {
        "defibrillator": "aed",
        "fire_hydrant": "hydrant",
        "assembly_point": "assembly_area",
        "first_aid_kit": "trauma_kit",
        "landing_site": "helicopter_landing_zone",
        "key_depot": "key_box",
        "fire_alarm_box": "fire_panel",
        "dry_riser_inlet": "fire_department_connection",
        "suction_point": "fire_department_connection",
    },
    "stairs": {"yes": "stair"},
    "elevator": {"yes": "elevator"},
    "room": {"stairs": "stair", "elevator": "elevator", "corridor": "corridor"},
    "building:part": {"elevator": "elevator", "*": None},
    "buildingpart": {
        "room": "room",
        "hall": "room",
        "corridor": "corridor",
        "verticalpassage": "stair",
    },
    "barrier": {
        "gate": "gate",
        "lift_gate": "gate",
        "sliding_gate": "gate",
        "swing_gate": "gate",
        "fence": "fence",
        "wall": "fence",
        "hedge": "fence",
    },
    "service": {"fire_lane": "fire_lane"},
    "highway": {
        "elevator": "elevator",
        "steps": "stair",
        "corridor": "corridor",
        **dict.fromkeys(
            ("footway", "path", "pedestrian", "cycleway", "bridleway", "crossing"), None
        ),
        **dict.fromkeys(
            (
                "service", "residential", "unclassified", "living_street", "tertiary", "secondary",
                "primary", "trunk", "motorway", "track", "road", "busway",
            ),
            "road",
        ),
    },
    "indoor": {
        "room": "room",
        "area": "corridor",
        "corridor": "corridor",
        "door": "door",
        "level": "level",
        "wall": None,
        "pathway": None,
    },
    "man_made": {"surveillance": "camera"},
    "aeroway": {"helipad": "helicopter_landing_zone"},
    "power": {"generator": "generator"},
    "leisure": {"pitch": "athletic_field", "track": "athletic_field"},
    "hazard": {"*": "hazard_zone"},
    "building": {"no": None, "*": "building"},
    "amenity": {"parking": "parking"},
}  # fmt: skip

# IMDF 1.0.0: a bare type stands for every category of it that is not named.
IMDF: dict[str, str | None] = {
    "building": "building",
    "level": "level",
    "unit": "room",
    **dict.fromkeys(("unit/stairs", "unit/steps", "unit/escalator"), "stair"),
    "unit/elevator": "elevator",
    **dict.fromkeys(
        (
            "unit/walkway", "unit/walkway.island", "unit/lobby", "unit/unenclosedarea",
            "unit/ramp", "unit/movingwalkway", "unit/footbridge",
        ),
        "corridor",
    ),
    "unit/parking": "parking",
    "unit/fieldofplay": "athletic_field",
    "unit/road": "road",
    **dict.fromkeys(
        (
            "unit/opentobelow", "unit/column", "unit/structure", "unit/vegetation", "unit/brick",
            "unit/concrete", "unit/drywall", "unit/glass", "unit/wood",
        ),
        None,
    ),
    "opening": "door",
    "opening/emergencyexit": "exterior_door",
    "opening/pedestrian.principal": "exterior_door",
    "amenity/defibrillator": "aed",
    "amenity/elevator": "elevator",
    "amenity/stairs": "stair",
    "amenity/entry": "exterior_door",
    "amenity/meetingpoint": "assembly_area",
    "amenity/mobilityrescue": "refuge_area",
    "amenity/firstaid": "trauma_kit",
    "amenity/parking": "parking",
    "fixture/securityequipment": "camera",
    "fixture/wall": "fence",
    "detail/fence": "fence",
    # Extensions of the standard met in real archives.
    "enviroment_unit/road": "road",
    "enviroment_unit/road.pedestrian": None,
    "enviroment_unit/grass.stadion": "athletic_field",
    "enviroment_amenity/parking.car": "parking",
    "enviroment_amenity/entrance": "exterior_door",
    "enviroment_amenity/stadium": "athletic_field",
}  # fmt: skip

IMDF_TYPES = frozenset(
    (
        "address", "venue", "building", "footprint", "level", "unit", "opening", "amenity",
        "anchor", "occupant", "fixture", "kiosk", "section", "geofence", "detail", "relationship",
    )
)  # fmt: skip

# Categories of the standard that a bare type above stands for, by the part before the dot.
LISTED: dict[str, frozenset[str]] = {
    "unit": frozenset(
        (
            "auditorium", "classroom", "conferenceroom", "firstaid", "fitnessroom", "foodservice",
            "huddleroom", "kitchen", "laboratory", "library", "lounge", "mailroom", "mothersroom",
            "movietheater", "nonpublic", "office", "phoneroom", "platform", "privatelounge",
            "recreation", "restroom", "room", "serverroom", "shower", "smokingarea", "storage",
            "terrace", "theater", "unspecified", "waitingroom",
        )
    ),
    "opening": frozenset(("automobile", "bicycle", "pedestrian", "service")),
}  # fmt: skip

# Words of GIS exports and of names, in the order of their weight.
WORDS: tuple[tuple[str, str], ...] = (
    (r"reunif\w*", "reunification_site"),
    (r"staging", "staging_area"),
    (r"command post|icp", "command_post"),
    (r"assembly|muster(ing)?|rally|evacuation (point|area|site)|meeting ?point", "assembly_area"),
    (r"knox|key ?box", "key_box"),
    (r"aeds?|dae|defib\w*", "aed"),
    (r"bleed\w*|trauma|stop the bleed", "trauma_kit"),
    (r"fdc|fire department connection", "fire_department_connection"),
    (r"standpipe", "standpipe"),
    (r"sprinkler riser|riser", "sprinkler_riser"),
    (r"annunciator", "annunciator"),
    (r"(gas|water|electric\w*|sprinkler|hvac)\b.*\b(shut ?-?offs?|valve|main|disconnect)",
     "utility_shut_off"),
    (r"utility shut ?-?offs?|shut ?-?offs?", "utility_shut_off"),
    (r"hydrant", "hydrant"),
    (r"facp|fire (alarm )?panel", "fire_panel"),
    (r"cameras?|cctv|surveillance", "camera"),
    (r"hazard( zone)?", "hazard_zone"),
    (r"refuge|rescue assistance", "refuge_area"),
    (r"lz|helipad|helicopter( landing zone)?", "helicopter_landing_zone"),
    (r"generator", "generator"),
    (r"elevators?|lift", "elevator"),
    (r"stair\w*|steps", "stair"),
    (r"exterior door|entrance|exit|entry", "exterior_door"),
    (r"gates?", "gate"),
    (r"fences?|fencing", "fence"),
    (r"doors?|doorway|opening", "door"),
    (r"fire lane", "fire_lane"),
    (r"roads?|drive(way)?", "road"),
    (r"parking( lot)?|car park|lot", "parking"),
    (r"fields?|court|pitch|track|playground", "athletic_field"),
    (r"corridors?|hall(way)?s?|lobby|walkway", "corridor"),
    (r"building|bldg", "building"),
    (r"level|floor|storey|story", "level"),
    ((r"(class|bath|rest|wash|mail|locker |conference |meeting |waiting |computer |server |staff )?"
     r"rooms?|space|unit|office|administrative|laboratory|(computer )?lab|library|gymnasium|gym"
     r"|cafeteria|kitchen|auditorium|toilets?|storage|closet|health|nurse|clinic|workshop|theater"),
     "room"),
)  # fmt: skip
_WORDS = tuple((re.compile(rf"\b(?:{pattern})\b"), kind) for pattern, kind in WORDS)
# Kinds that a name or an amenity alone does not make: “Office phone” is no room.
WIDE_KINDS = frozenset(
    {"room", "corridor", "stair", "elevator", "level", "building", "door", "gate", "road"}
)
CLASS_KEYS = (
    "kind", "feature_type", "featuretype", "feature_class", "class", "category", "type",
    "room_type", "space_type", "room_use", "use", "usage", "layer",
)  # fmt: skip

# What the id of a shape on a floor plan begins with: `room100`, `stair-3`.
ROOM_IDS: dict[str, str] = {
    "room": "room", "rm": "room", "space": "room", "stairwell": "stair", "stairs": "stair",
    "stair": "stair", "elevator": "elevator", "lift": "elevator", "corridor": "corridor",
    "hallway": "corridor", "hall": "corridor", "aed": "aed", "assembly": "assembly_area",
    "parking": "parking", "field": "athletic_field", "building": "building",
}  # fmt: skip

# Tags of rooms in a file of names; every other room stays what its id says.
TAGS: dict[str, str] = {
    "aed": "aed", "defibrillator": "aed", "bleed-control": "trauma_kit", "trauma-kit": "trauma_kit",
    "stairs": "stair", "elevator": "elevator", "corridor": "corridor", "hallway": "corridor",
    "key-box": "key_box", "fire-panel": "fire_panel",
}  # fmt: skip

LONGEST_WORDS = 200  # of a text that is searched for words: a page of text is no class
REASONS = {
    "indoor=wall": "a wall or pillar, which is no place",
    "indoor=pathway": "a walking line: routes are found from rooms and doors",
    "building:part": "a part of a building that its outline holds already",
    "highway": "a footpath or crossing, which no vehicle can use",
    "enviroment_unit/road.pedestrian": "a footpath, which no vehicle can use",
    "detail": "drawn lines without a meaning of their own",
    "navPath": "a node of the vendor's own route graph; routes are found from rooms and doors",
    "navPathAssocieted": "a link of the vendor's own route graph",
}


@dataclass(frozen=True, slots=True)
class Classified:
    """What a source class became: a kind, or None and why; `added` are properties it states."""

    source: str
    kind: str | None
    why: str = ""
    known: bool = True
    added: Mapping[str, Any] = field(default_factory=dict)


WITHOUT_CLASS = Classified(
    "without class", None, "nothing in its properties says what it is", known=False
)
_TELLING_KEYS = frozenset((*OSM, *CLASS_KEYS))


def read_extension(parsed: Any) -> Extension:
    """Return the table of classes that a person wrote as JSON: `{"indoor=yes": "corridor"}`.

    Raises ValueError for anything else, and for a kind that does not exist.
    """
    if not isinstance(parsed, dict):
        raise ValueError("a table of classes is an object of class and kind")  # noqa: TRY004
    for source, kind in parsed.items():
        if kind is not None and not isinstance(kind, str):
            raise ValueError(f"{source!r:.60} is mapped to what is no text")
    check_extension(parsed)
    return parsed


def check_extension(extension: Extension) -> None:
    """Raise ValueError when an extension names a kind that does not exist."""
    for source, kind in extension.items():
        if kind is not None and kind not in KINDS:
            raise ValueError(f"{source!r} is mapped to {kind!r}, which is no kind of feature")


@dataclass(frozen=True, slots=True)
class Classifier:
    """Classifies the features of one file; of many alike the tables are asked once."""

    extension: Extension
    known: dict[tuple[Any, ...], Classified] = field(default_factory=dict)

    def classify(self, properties: Mapping[str, Any], geometry_type: str) -> Classified:
        """Return what the properties of one feature, as the file writes them, make of it."""
        if self.extension:
            cleaned = {clean_key(key): clean(value) for key, value in properties.items()}
            return classify(cleaned, geometry_type, self.extension)
        telling = [(key, properties[key]) for key in properties if key in _TELLING_KEYS]
        if not telling:
            return WITHOUT_CLASS
        key = (geometry_type, *telling)
        try:
            found = self.known.get(key)
        except TypeError:  # a list or an object, which no table knows
            return classify({k: clean(v) for k, v in telling}, geometry_type, self.extension)
        if found is None:
            found = classify({k: clean(v) for k, v in telling}, geometry_type, self.extension)
            self.known[key] = found
        return found


def classify(properties: Mapping[str, Any], geometry_type: str, extension: Extension) -> Classified:
    """Return what the cleaned properties of one feature make of it."""
    found = _own_kind(properties) or _by_tags(properties)
    if found is None or found.kind is None:
        feature_type = properties.get("feature_type")
        if isinstance(feature_type, str) and feature_type in IMDF_TYPES:
            found = classify_imdf(feature_type, properties.get("category"), {})
        else:
            words = _by_words(properties)
            if words is None or words.kind is None:
                words = _by_amenity(properties) or words
            found = words if found is None or (words is not None and words.kind) else found
    found = found or WITHOUT_CLASS
    if extension:
        tags = [f"{key}={value}" for key, value in properties.items() if isinstance(value, str)]
        tags += [f"{key}=*" for key in properties]
        found = _extended(found, geometry_type, extension, tags)
    return _fitting(found, geometry_type)


def classify_imdf(feature_type: str, category: Any, extension: Extension) -> Classified:
    """Return what an IMDF type and category make of a feature.

    A dotted category falls back on its part before the dot, then on the bare type.
    """
    source = f"{feature_type}/{category}" if category else feature_type
    name = source
    while name not in IMDF and "." in name:
        name = name.rpartition(".")[0]
    if name not in IMDF:
        name = feature_type
    kind = IMDF.get(name)
    why = REASONS.get(name) or REASONS.get(feature_type) or f"the class {source} has no kind"
    added = {"main": True} if source == "opening/pedestrian.principal" else {}
    known = name in IMDF and (name == source or feature_type not in LISTED or not category)
    known = known or str(category).partition(".")[0] in LISTED.get(feature_type, ())
    found = Classified(source, kind, "" if kind else why, known, added)
    return _extended(found, "", extension, ()) if extension else found


def fitting(found: Classified, geometry_type: str, extension: Extension) -> Classified:
    """Return the class of an IMDF feature once its geometry is known."""
    fit = f"{found.source} ({geometry_type})"
    if fit in extension:
        return _extended(found, geometry_type, extension, ())
    return _fitting(found, geometry_type)


def _own_kind(properties: Mapping[str, Any]) -> Classified | None:
    kind = properties.get("kind")
    if isinstance(kind, str):
        plain = re.sub(r"[\s-]+", "_", kind.strip().casefold())
        if plain in KINDS:
            return Classified(f"kind={plain}", plain)
    return None


def _by_tags(properties: Mapping[str, Any]) -> Classified | None:
    left: Classified | None = None
    for key, table in OSM.items():
        value = properties.get(key)
        if not isinstance(value, str):
            continue
        kind = table.get(value, table.get("*"))
        source = f"{key}={value}"
        if kind is not None:
            main = {"main": True} if source == "entrance=main" else {}
            return Classified(source, kind, added=main)
        known = value in table or "*" in table
        why = REASONS.get(source) or REASONS.get(key) if known else None
        if left is None or (why and not left.known):
            left = Classified(source, None, why or f"the class {source} has no kind", known)
    return left


def _by_words(properties: Mapping[str, Any]) -> Classified | None:
    left: Classified | None = None
    for key in CLASS_KEYS:
        value = properties.get(key)
        if not isinstance(value, str):
            continue
        source = f"{key}={value:.60}"
        kind = kind_of_words(value)
        if kind is not None:
            return Classified(source, kind, added=_utility(kind, value))
        if left is None:
            left = Classified(source, None, f"the class {source} has no kind", known=False)
    return left


def kind_of_words(text: str) -> str | None:
    """Return the kind that words such as `Stop the Bleed` or `hallway` mean, or None."""
    words = re.sub(r"[\s_/-]+", " ", text[:LONGEST_WORDS].casefold()).strip()
    plain = words.replace(" ", "_")
    if plain in KINDS:
        return plain
    return next((kind for pattern, kind in _WORDS if pattern.search(words)), None)


def _by_amenity(properties: Mapping[str, Any]) -> Classified | None:
    """Return the class of an amenity in plain words; a café or a toilet point is no room."""
    value = properties.get("amenity")
    if not isinstance(value, str):
        return None
    kind = kind_of_words(value)
    if kind is None or kind in WIDE_KINDS or "parking" in value:  # bicycle parking, its entrance
        return None
    return Classified(f"amenity={value:.60}", kind)


def _utility(kind: str, text: str) -> dict[str, str]:
    if kind != "utility_shut_off":
        return {}
    found = next((name for name in UTILITIES if name in text.casefold()), None)
    return {"utility": found} if found else {}


def _extended(found: Classified, geometry_type: str, extension: Extension, tags: Any) -> Classified:
    fit = f"{found.source} ({geometry_type})"
    for source in (fit, found.source, *tags):
        if source in extension:
            kind = extension[source]
            why = "" if kind else f"the table of classes leaves {source} off the map"
            return Classified(source, kind, why, added=found.added)
    return found


def _fitting(found: Classified, geometry_type: str) -> Classified:
    """Return the class, without kind where the geometry cannot be one of that kind."""
    source = f"{found.source} ({geometry_type})"
    outlined = found.kind in ("room", "corridor", "building", "level")
    if not outlined or "Polygon" in geometry_type or found.source == source:
        return found
    point_room = found.kind == "room" and "Point" in geometry_type
    if point_room and found.source.partition("/")[0] not in IMDF_TYPES:
        return found
    form = "lines" if "Line" in geometry_type else "a point"
    why = f"a {found.kind} drawn as {form} has no area; map the class “{source}” to a kind"
    return Classified(source, None, why, known=False)
