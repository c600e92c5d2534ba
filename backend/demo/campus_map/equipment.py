"""Safety equipment in and on the building: what a first responder looks for."""

from shapely.geometry import Point, box

from backend.demo.campus_map.walls import Drawn, Position


def draw_equipment() -> list[Drawn]:
    """Return shut-offs, fire systems, medical kits, cameras, refuges and hazards in meters."""
    return [*_shut_offs(), *_fire_systems(), *_medical(), *_cameras(), *_refuges_and_hazards()]


def _point(
    kind: str, label: str, place: Position, level: int | list[int] | None, **properties: object
) -> Drawn:
    return Drawn(kind, label, Point(place), level=level, properties=dict(properties))


def _shut_offs() -> list[Drawn]:
    return [
        _point(
            "utility_shut_off", "Gas shut-off", (1.4, 74.6), None, utility="gas",
            where="Outside the west wall of the boiler room, left of door 11",
            how="Quarter turn until the lever stands across the pipe; wrench on the chain",
        ),
        _point(
            "utility_shut_off", "Water shut-off", (13.6, 66.0), 0, utility="water",
            where="Boiler Room 170, east wall",
            how="Turn the red wheel to the right until it stops",
        ),
        _point(
            "utility_shut_off", "Electric shut-off", (18.4, 70.0), 0, utility="electric",
            where="Electrical room 171, east wall",
            how="Pull the main breaker down; key B in the key box",
        ),
        _point(
            "utility_shut_off", "Sprinkler shut-off", (5.2, 75.2), 0, utility="sprinkler",
            where="Boiler Room 170, north wall, beside the riser",
            how="Unlock the chain with key C, turn the wheel to the right",
        ),
        _point(
            "utility_shut_off", "HVAC shut-down", (157.3, 53.4), 0, utility="hvac",
            where="Main Office 100, beside the desk",
            how="Lift the cover, press the red button",
        ),
    ]  # fmt: skip


def _fire_systems() -> list[Drawn]:
    return [
        _point("fire_panel", "FACP", (167.4, 62.5), 0, where="Inside door 1, left wall"),
        _point("annunciator", "Annunciator", (85.5, 5.6), 0, where="Inside door 4, right wall"),
        _point("sprinkler_riser", "Sprinkler riser", (3.4, 75.2), 0, where="Boiler Room 170"),
        _point(
            "fire_department_connection", "FDC", (164.7, 57.6), None,
            where="East wall, left of door 1",
        ),
        _point("standpipe", "Standpipe S-A", (137.4, 50.7), [0, 1], where="Stair S-A"),
        _point("standpipe", "Standpipe S-D", (86.6, 73.3), [0, 1], where="Stair S-D"),
        _point("standpipe", "Standpipe stage", (145.7, 101.0), 0, where="Stage 194, east wall"),
        _point("key_box", "Key box 1", (169.9, 68.8), None, where="Right of door 1"),
        _point("key_box", "Key box 2", (85.4, 3.5), None, where="Right of door 4"),
        _point(
            "generator", "Generator", (-4.5, 66.5), None,
            where="Fenced pad west of the boiler room", note="Diesel; starts by itself",
        ),
    ]  # fmt: skip


def _medical() -> list[Drawn]:
    return [
        _point("aed", "AED 1", (148.4, 60.5), 0, where="Front lobby, outside Health Room 101"),
        _point("aed", "AED 2", (70.5, 79.1), 0, where="Gym hall, outside the Gym"),
        _point("aed", "AED 3", (64.0, 36.5), 0, where="Commons hall, outside the Cafeteria"),
        _point("aed", "AED 4", (114.6, 72.0), 0, where="Music hall, by the Auditorium lobby"),
        _point("aed", "AED 5", (24.5, 45.0), 0, where="Shop hall, outside the Wood shop"),
        _point("aed", "AED 6", (99.0, 60.5), 1, where="Main hall, floor 2, outside 240"),
        _point("trauma_kit", "Trauma kit 1", (150.0, 60.5), 0, where="Outside the Main Office"),
        _point("trauma_kit", "Trauma kit 2", (72.2, 79.1), 0, where="Gym hall, outside the Gym"),
        _point("trauma_kit", "Trauma kit 3", (65.8, 36.5), 0, where="Outside the Cafeteria"),
        _point("trauma_kit", "Trauma kit 4", (116.6, 65.0), 0, where="Auditorium lobby"),
        _point("trauma_kit", "Trauma kit 5", (23.4, 47.0), 0, where="Wood shop 164"),
        _point("trauma_kit", "Trauma kit 6", (118.0, 17.1), 0, where="South hall, outside 120"),
        _point("trauma_kit", "Trauma kit 7", (100.8, 60.5), 1, where="Main hall, floor 2"),
        _point("trauma_kit", "Trauma kit 8", (118.0, 17.1), 1, where="South hall, floor 2"),
    ]


def _cameras() -> list[Drawn]:
    return [
        _point("camera", "Camera 1", (169.9, 63.0), None, where="Door 1, facing the front drive"),
        _point("camera", "Camera 2", (82.6, 3.6), None, where="Door 4, facing the bus loop"),
        _point("camera", "Camera 3", (1.6, 60.6), None, where="Door 10, facing the service drive"),
        _point("camera", "Camera 4", (82.6, 110.4), None, where="Door 14, facing the north side"),
        _point("camera", "Camera 5", (154.4, 17.2), None, where="Door 3, facing the front lawn"),
        _point("camera", "Camera 6", (147.2, 71.4), 0, where="Front lobby, facing door 1"),
    ]


def _refuges_and_hazards() -> list[Drawn]:
    return [
        _point(
            "refuge_area", "Refuge S-A", (136.0, 58.8), 1, capacity=4,
            where="Landing of stair S-A",
        ),
        _point(
            "refuge_area", "Refuge S-C", (88.0, 12.8), 1, capacity=4,
            where="Landing of stair S-C",
        ),
        Drawn(
            "hazard_zone", "Chemistry store", box(148, 28, 154, 32), level=0,
            properties={"note": "Acids and solvents in cabinets, 40 gallons", "where": "Room 112B"},
        ),
        Drawn(
            "hazard_zone", "Boilers", box(2, 64, 14, 76), level=0,
            properties={"note": "Two gas boilers", "where": "Boiler Room 170"},
        ),
    ]  # fmt: skip
