"""`muster map`: check, import and search a map, find the ways out, write another format."""

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.directory.named import campus_named, person_named
from backend.problems import BadInput
from maps.document import MapDocument
from maps.formats.classes import Extension, read_extension
from maps.formats.json_text import parse_json
from maps.formats.reading import files_beside, read_map
from maps.formats.report import finding_json, report_of
from maps.formats.result import MapReading, MapRefused
from maps.formats.writing import EXPORT_FORMATS, Site, write_map
from maps.geometry.locate import Locator, Place
from maps.routing.network import Network

SHAFTS = ({"stair"}, {"elevator"})
MOST_METERS_PER_UNIT = 1000.0


class CampusOrFile(argparse.Action):
    """Keep a path; the database is needed only where the word names no file."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Set the word, and whether engines are needed."""
        setattr(namespace, self.dest, values)
        namespace.needs_database = not Path(str(values)).is_file()


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `muster map` with its subcommands."""
    parser = subparsers.add_parser("map", help="check, import and search campus maps")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="what a map file holds and what is wrong with it")
    check.add_argument("file", metavar="FILE")
    _add_classes(check)
    check.add_argument("--state", metavar="STATE", default="",
                       help="what its law asks of a map: us-mi, or us for the model")  # fmt: skip
    check.set_defaults(handler=check_file, needs_database=False)

    bring_in = commands.add_parser("import", help="bring a map file into a campus's draft")
    bring_in.add_argument("campus", metavar="CAMPUS", help="its address, short id or name")
    bring_in.add_argument("file", metavar="FILE")
    _add_as(bring_in)
    bring_in.set_defaults(handler=import_file)

    locate = commands.add_parser("locate", help="where something is, or what is at a place")
    # Longitudes of a whole continent begin with a minus: they are no options.
    locate._negative_number_matcher = re.compile(r"-\d")
    locate.add_argument("map", metavar="CAMPUS|FILE", action=CampusOrFile)
    locate.add_argument(
        "what",
        metavar="WHAT",
        help="LON,LAT[@LEVEL], a name: “Room 204”, or a cell: C7, C7-4, C7@2",
    )
    _add_as(locate)
    locate.set_defaults(handler=locate_place, needs_database=False)
    _register_export(commands)

    evacuate = commands.add_parser("evacuate", help="every room's way out, and how long it takes")
    evacuate.add_argument("map", metavar="CAMPUS|FILE", action=CampusOrFile)
    evacuate.add_argument(
        "--close", metavar="FEATURE", nargs="+", action="extend", default=[],
        help="what cannot be passed: a sign such as “Door 4” or “Main hall@Floor 1”, or an id",
    )  # fmt: skip
    evacuate.add_argument("--without-stairs", action="store_true",
                          help="ways on one level, else to a refuge area")  # fmt: skip
    evacuate.add_argument("--with-elevators", action="store_true",
                          help="elevators run: not in a fire")  # fmt: skip
    evacuate.add_argument("--people", type=int, default=None, metavar="NUMBER",
                          help="how many are in the school, shared out over its rooms")  # fmt: skip
    evacuate.add_argument("--grades", choices=("k-2", "3-5", "6-12"), default="6-12",
                          help="how fast they walk: by the youngest grades")  # fmt: skip
    evacuate.add_argument("--ways", metavar="GRAPH",
                          help="a walking graph drawn over the plans, as JSON")  # fmt: skip
    evacuate.add_argument("--meters-per-unit", type=float, default=None, metavar="METERS",
                          help="the scale of that drawing")  # fmt: skip
    _add_as(evacuate)
    evacuate.set_defaults(handler=evacuate_map, needs_database=False)


def _add_as(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="acting", metavar="EMAIL", default="",
                        help="the person who does it")  # fmt: skip


def check_file(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the report of `muster map check`; raises BadInput for a file that is not read.

    With `--state` it has the state's checklist besides.
    """
    report = report_of(_reading(arguments.file, _classes(arguments.classes)))
    if arguments.state:
        report["checklist"] = _checklist(arguments.file, arguments.state)
    return report


def _checklist(file: str, state: str) -> dict[str, Any]:
    from maps.geometry.mandates import checklist, jurisdictions  # noqa: PLC0415

    asked = state.strip().casefold()
    known = {row.code: row for row in jurisdictions()}
    found = known.get(asked) or known.get(f"us-{asked}")
    if found is None:
        raise BadInput(
            f"There is no checklist for “{state}”.",
            where="--state",
            mend=f"Give one of: {', '.join(known)}.",
        )
    return {
        "jurisdiction": found.code,
        "name": found.name,
        "citation": found.citation,
        "duty": found.duty,
        "requirements": [
            {
                "id": item.requirement.id,
                "title": item.requirement.title,
                "note": item.requirement.note,
                "law_read": item.requirement.is_law_read,
                "verdict": item.verdict,
                "missing": list(item.missing),
            }
            for item in checklist(_document_of_file(file), found.code)
        ],
    }


def import_file(arguments: argparse.Namespace) -> dict[str, Any]:
    """Import a file as the person named by `--as` and return the draft."""
    from django.utils import timezone  # noqa: PLC0415 — after django.setup()

    from backend.directory.access import reach_of  # noqa: PLC0415
    from maps.services.importing import import_map  # noqa: PLC0415

    content = _content(arguments.file)
    actor = person_named(arguments.acting)
    with reach_of(actor):
        campus = campus_named(actor, arguments.campus)
        version = import_map(
            campus_id=campus.pk,
            name=Path(arguments.file).name,
            content=content,
            actor=actor,
            at=timezone.now(),
        )
        return {
            "campus": campus.slug,
            "version": version.number,
            "state": version.state,
            "format": version.source_format,
            "levels": version.levels.count(),
            "features": version.features.count(),
            "unplaced": len(version.unplaced),
            "findings": len(version.findings),
        }


def evacuate_map(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return every room's way out, the clearance time and what single closures do."""
    from maps.routing.build import build_network  # noqa: PLC0415
    from maps.routing.evacuate import evacuate  # noqa: PLC0415
    from maps.routing.hydraulic import PACES  # noqa: PLC0415
    from maps.routing.report import evacuation_report  # noqa: PLC0415

    if arguments.people is not None and arguments.people < 0:
        raise BadInput("A school cannot hold fewer than 0 people.", where="--people",
                       mend="Give how many are in the school.")  # fmt: skip
    document = _document(arguments)
    network = _drawn(arguments, document) if arguments.ways else build_network(document)
    found = evacuate(
        document,
        network=network,
        close=[key for word in arguments.close for key in _closable(document, network, word)],
        without_stairs=arguments.without_stairs,
        with_elevators=arguments.with_elevators,
        total=arguments.people,
        pace=PACES[arguments.grades],
    )
    return evacuation_report(document, found)


def _drawn(arguments: argparse.Namespace, document: MapDocument) -> Network:
    """Return the network of the walking graph that `--ways` names."""
    from maps.routing.drawn import WrongGraph, drawn_network, read_walking_graph  # noqa: PLC0415

    scale = arguments.meters_per_unit
    if scale is None or not 0 < scale < MOST_METERS_PER_UNIT:
        raise BadInput(
            "The scale of the walking graph is not stated.",
            where="--meters-per-unit",
            mend="Measure a length in the drawing and on site, and give meters for each unit.",
        )
    try:
        graph = read_walking_graph(_content(arguments.ways))
        return drawn_network(graph, document, meters_per_unit=scale)
    except WrongGraph as error:
        raise BadInput(str(error), where=arguments.ways, mend="Mend the graph there.") from error


def _closable(document: MapDocument, network: Network, word: str) -> list[str]:
    """Return the id of the one feature on the ways that a sign, name or id means.

    A stair or elevator drawn once for each level is one, so it has several ids.
    """
    if network.plane is None and word in network.closable:
        return [word]
    sign, _, level = word.partition("@")
    named = [
        feature
        for feature in Locator(document).exactly(sign)
        if feature.id in network.closable or (feature.kind == "gate" and network.plane is not None)
    ]
    if level:
        wanted = _level_id(document, level.strip())
        named = [feature for feature in named if wanted in feature.levels]
    on_sign = [f for f in named if f.label.casefold() == sign.strip().casefold()]
    found = on_sign or named
    if len(found) == 1 or ({f.kind for f in found} in SHAFTS and on_sign):
        return [feature.id for feature in found]
    if not found:
        raise BadInput(
            f"No way leads through “{word}”.",
            where="--close",
            mend="Give a door, stair, elevator, corridor, room or gate by its sign or id.",
        )
    names = {level.id: level.name for level in document.levels}
    choices = "; ".join(
        f"{f.kind.replace('_', ' ')} {f.label} on {', '.join(names.get(v, v) for v in f.levels)}"
        f" ({f.id})"
        for f in found[:8]
    )
    raise BadInput(
        f"“{word}” means {len(found)} features: {choices}.",
        where="--close",
        mend="Add @ and the level, or give the id.",
    )


def locate_place(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the places that a name, cell or position means, best first."""
    document = _document(arguments)
    places = _places(document, arguments.what)
    return {"what": arguments.what, "places": [_as_json(place) for place in places]}


def _document(arguments: argparse.Namespace) -> MapDocument:
    if arguments.needs_database:
        return _document_of_campus(arguments)
    return _document_of_file(arguments.map)


def _reading(name: str, classes: Extension | None = None) -> MapReading:
    """Return what is read of a file and the drawings beside it; raises BadInput."""
    try:
        return read_map(name, _content(name), classes=classes, beside=files_beside(Path(name)))
    except MapRefused as refused:
        raise refused.as_problem() from refused


def _document_of_file(name: str) -> MapDocument:
    from maps.geometry.grid import make_grid  # noqa: PLC0415

    document = _reading(name).document()
    if document.grid is not None:
        return document
    grid = make_grid(feature.geometry for feature in document.features)
    return MapDocument(document.levels, document.features, grid)


def _document_of_campus(arguments: argparse.Namespace) -> MapDocument:
    from backend.directory.access import allow, reach_of  # noqa: PLC0415
    from maps import queries  # noqa: PLC0415

    actor = person_named(arguments.acting)
    with reach_of(actor):
        campus = campus_named(actor, arguments.map)
        allow(actor, "map.read", campus)
        version = queries.published_map(campus)
        if version is None:
            raise BadInput(
                f"{campus.name} has no published map.",
                where="CAMPUS",
                mend="Publish its map first, or give the file.",
            )
        return queries.document_of(version)


def _places(document: MapDocument, what: str) -> Sequence[Place]:
    locator = Locator(document)
    if position := _position(what):
        longitude, latitude, level = position
        return locator.by_point(longitude, latitude, _level_id(document, level))
    named = locator.by_name(what)
    inside = _in_cell(document, locator, what)
    if not named and not inside:
        raise BadInput(
            f"Nothing on the map is called “{what}”.",
            where="WHAT",
            mend="Give the text on a sign, a cell such as C7, or LON,LAT.",
        )
    exact = [p for p in named if p.feature and p.feature.label.casefold() == what.casefold()]
    is_empty = all(place.feature is None for place in inside)
    return (*named, *inside) if is_empty else (*exact, *inside)


def _in_cell(document: MapDocument, locator: Locator, what: str) -> Sequence[Place]:
    """Return what lies in a cell such as `C7`, `C7-4` or `C7@2`; nothing for other words."""
    cell, _, level = what.partition("@")
    try:
        locator.by_cell(cell)
    except ValueError:
        return ()
    return locator.by_cell(cell, _level_id(document, level.strip()))


def _position(what: str) -> tuple[float, float, str] | None:
    """Return longitude, latitude and level of `LON,LAT[@LEVEL]`, or None for other words."""
    words, _, level = what.partition("@")
    try:
        longitude, latitude = (float(part) for part in words.split(","))
    except ValueError:
        return None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadInput(
            f"{words} is no place on earth.",
            where="WHAT",
            mend="Give longitude, then latitude, in degrees: -84.7405,43.2110.",
        )
    return longitude, latitude, level.strip()


def _level_id(document: MapDocument, word: str) -> str | None:
    """Return the id of a level given by name, short name, ordinal or id; None for no word."""
    if not word:
        return None
    for level in document.levels:
        if word.casefold() in {
            level.id, level.name.casefold(), level.short_name.casefold(), str(level.ordinal),
        }:  # fmt: skip
            return level.id
    known = ", ".join(level.name for level in document.levels)
    raise BadInput(
        f"The map has no level {word}.", where="WHAT", mend=f"Give one of: {known or 'none'}."
    )


def _as_json(place: Place) -> dict[str, Any]:
    feature, door = place.feature, place.nearest_door
    is_room = feature is not None and feature.kind == "room"
    return {
        "feature": feature.id if feature else None,
        "kind": feature.kind if feature else None,
        "label": feature.label if feature else None,
        "names": list(feature.names) if feature else [],
        "building": place.building.label if place.building else None,
        "level": place.level.name if place.level else None,
        "room": feature.label if feature and is_room else None,
        "cell": place.cell,
        "ninth": place.ninth,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "nearest_exterior_door": {
            "id": door.feature.id, "label": door.label, "meters": door.meters,
        } if door else None,
    }  # fmt: skip


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror or error}.",
            where=name,
            mend="Check its path and that it may be read.",
        ) from error


def _register_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser("export", help="write a map in a format of responders' software")
    export.add_argument("map", metavar="CAMPUS|FILE", action=CampusOrFile)
    export.add_argument("--format", required=True, choices=EXPORT_FORMATS)
    export.add_argument("-o", "--out", required=True, metavar="FILE")
    export.add_argument("--name", default="", help="what the map is called")
    for part in ("address", "locality", "province", "postal-code"):
        export.add_argument(f"--{part}", default="", help="for IMDF, which wants an address")
    _add_classes(export)
    _add_as(export)
    export.set_defaults(handler=export_map, needs_database=False)


def _add_classes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--classes", metavar="FILE", default="",
                        help="JSON that says which kind a class of the file is")  # fmt: skip


def _classes(name: str) -> Extension:
    """Return the table of classes of a JSON file; empty without one."""
    if not name:
        return {}
    try:
        return read_extension(parse_json(_content(name), name))
    except MapRefused as refused:
        raise refused.as_problem() from refused
    except ValueError as error:
        raise BadInput(
            f"The table of classes cannot be used: {error}.",
            where=name,
            mend='Write {"indoor=yes": "corridor", "tag=hs": null}: class, and kind or null.',
        ) from error


def export_map(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write a map to a file and return what was written, and what the format cannot hold."""
    unplaced = 0
    if arguments.needs_database:
        document, name = _document_of_campus(arguments), arguments.map
    else:
        reading = _reading(arguments.map, _classes(arguments.classes))
        document, name = reading.document(), Path(arguments.map).stem
        unplaced = len(reading.unplaced)
    site = Site(
        arguments.name or name,
        address=arguments.address,
        locality=arguments.locality,
        province=arguments.province,
        postal_code=arguments.postal_code,
    )
    export = write_map(document, arguments.format, site=site, at=datetime.now(UTC))
    try:
        Path(arguments.out).write_bytes(export.content)
    except OSError as error:
        raise BadInput(
            f"The file cannot be written: {error.strerror or error}.",
            where=arguments.out,
            mend="Give a path in a folder that may be written to.",
        ) from error
    return {
        "file": arguments.out,
        "format": arguments.format,
        "bytes": len(export.content),
        "levels": len(document.levels),
        "features": len(document.features),
        "unplaced": unplaced,
        "notes": [finding_json(note) for note in export.notes],
    }
