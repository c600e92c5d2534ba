"""A large building for measuring: five floors of rooms on both sides of four halls, with stairs."""

from dataclasses import replace

from maps.document import Feature, Level
from tests.maps.sheets import point, rectangle
from tests.maps.two_floors import area, doorway, way_out


def five_floors(rooms: int) -> tuple[tuple[Level, ...], list[Feature]]:
    """Return a building of five floors with rooms on both sides of four halls on each."""
    levels = tuple(Level(f"v{n}", n, f"Floor {n}", str(n)) for n in range(5))
    each = rooms // 40
    features: list[Feature] = [Feature("AED", "aed", "AED 1", point(15, 10), (), ("v0",))]
    for level in levels:
        for hall in range(4):
            features += _hall(level.id, hall, each)
    length = 6 * each
    for side, west in (("a", -6.0), ("b", length)):
        for hall in range(4):
            shape = rectangle(west, 20 * hall + 8, west + 6, 20 * hall + 12)
            features.append(area("stair", f"s{side}{hall}", shape, *(v.id for v in levels)))
            features.append(way_out(f"x{side}{hall}", -6 if side == "a" else length + 6,
                                    20 * hall + 10))  # fmt: skip
    features = [replace(f, levels=("v0",)) if f.kind in ("exterior_door", "aed") else f
                for f in features]  # fmt: skip
    return levels, features


def _hall(level: str, hall: int, each: int) -> list[Feature]:
    south = 20 * hall
    made = [
        area("corridor", f"h{hall}{level}", rectangle(0, south + 8, 6 * each, south + 12), level)
    ]
    for n in range(each):
        for side, low, wall in ((0, south, south + 8), (1, south + 12, south + 12)):
            name = f"{level}-{hall}{side}{n:03}"
            made.append(area("room", name, rectangle(6 * n, low, 6 * n + 6, low + 8), level))
            made.append(doorway(f"d{name}", 6 * n + 3, wall, level))
    return made
