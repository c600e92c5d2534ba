"""Where on earth the shapes of a file lie: reference system, swapped axes, extent, repair."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.document import Finding
from maps.formats.result import MapRefused
from maps.formats.shapes import Shapes, Tangled, mended, wrongly_turned
from maps.geometry.projection import Projection

WGS84 = "EPSG:4326"
WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84", "WGS 84")
MOST_EXTENT_METERS = 20_000.0
FAR_METERS = 100_000.0  # a map this far from its campus is somewhere else
EARTH_RADIUS_METERS = 6_371_008.8  # mean radius, for distances that need no centimeter
LARGEST_MERCATOR_METERS = 20_037_509.0  # half the equator: the edge of Web Mercator
STACKED_FROM = 2_000  # shapes: fewer make at most four million pairs
MOST_PAIRS = 4_000_000
_CHUNK = 25  # a chunk may meet every shape: its pairs must fit in memory
_POLE_LATITUDE = -60.0  # no school south of it, but every US longitude read as a latitude
_MEND_PROJECTED = (
    "Save it again in WGS 84 longitude and latitude (EPSG:4326); "
    "QGIS: Export, Save Features As, CRS EPSG:4326"
)
Degrees = tuple[float, float]


def reference_system(crs: object, name: str) -> str:
    """Return the reference system's name; raises MapRefused for any other than WGS 84.

    `crs` is the member of the 2008 draft of GeoJSON, or None.
    """
    if crs is None:
        return WGS84
    properties = crs.get("properties") if isinstance(crs, dict) else None
    stated = properties.get("name") if isinstance(properties, dict) else crs
    if any(known in str(stated).upper() for known in WGS84_NAMES):
        return WGS84
    raise MapRefused(
        "crs_other",
        f"The file says that its positions are in {stated!s:.80}, not in WGS 84 degrees",
        f"{name}, member crs",
        _MEND_PROJECTED,
    )


def check_places(
    built: Shapes,
    refs: Sequence[str],
    name: str,
    near: Degrees | None,
    counted: Sequence[bool] | None = None,
) -> tuple[Finding, ...]:
    """Refuse a file that lies nowhere or too wide; leave out single features that do.

    Features outside the range of degrees go to `built.problems`. The extent is that of the features
    `counted`, or of all. Raises MapRefused for projected
    or pixel coordinates, swapped axes and an extent above 20 km.
    """
    present = np.flatnonzero(~shapely.is_missing(built.shapes))
    if not present.size:
        return ()
    bounds = shapely.bounds(built.shapes[present])
    outside = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(
        axis=1
    )
    if outside.mean() >= 0.5:
        raise _not_degrees(bounds[outside], refs[int(present[np.argmax(outside)])], name)
    wide = (bounds[:, 2] - bounds[:, 0] > 180) & ~outside
    for index, why in (
        *((i, "its position lies outside the range of degrees") for i in present[outside]),
        *((i, "it spans half the earth: split it at the 180° meridian") for i in present[wide]),
    ):
        built.problems[int(index)] = why
        built.shapes[index] = None
    kept = ~(outside | wide)
    bounds, present = bounds[kept], present[kept]
    if counted is not None:
        inside = np.asarray(counted, dtype=bool)[present]
        bounds, present = bounds[inside], present[inside]
    if not present.size:
        return ()
    _refuse_swapped(bounds, refs[int(present[0])], name, near)
    _refuse_wide(bounds, refs, present, name)
    return _null_island(bounds, name)


def _not_degrees(bounds: NDArray[np.float64], ref: str, name: str) -> MapRefused:
    x, y = np.abs(bounds[:, [0, 2]]), np.abs(bounds[:, [1, 3]])
    where = f"{name}, {ref}: [{bounds[0, 0]:.10g}, {bounds[0, 1]:.10g}]"
    if x.max() <= 90 and y.max() <= 180:
        return _swapped(where)
    if x.max() > LARGEST_MERCATOR_METERS or y.max() > LARGEST_MERCATOR_METERS:
        return MapRefused(
            "coordinates_unknown",
            "The positions are neither degrees nor meters on the ground",
            where,
            _MEND_PROJECTED,
        )
    if x.min() >= 100_000 and y.min() >= 100_000:
        utm = x.max() < 1_000_000 and y.max() < 10_000_000
        system = "UTM or state plane" if utm else "Web Mercator (EPSG:3857) or state plane"
        return MapRefused(
            "coordinates_projected",
            f"The positions look like meters or feet of a projected system, perhaps {system}",
            where,
            _MEND_PROJECTED,
        )
    return MapRefused(
        "coordinates_pixel",
        "The positions look like pixels or millimeters of a drawing, not degrees",
        where,
        "Place the drawing on the ground with two or more control points before it is read",
    )


def _swapped(where: str) -> MapRefused:
    return MapRefused(
        "axes_swapped",
        "Latitude stands before longitude in the positions",
        where,
        "GeoJSON wants [longitude, latitude]: swap the two numbers of every position",
    )


def _refuse_swapped(bounds: NDArray[np.float64], ref: str, name: str, near: Degrees | None) -> None:
    x = float(np.median(bounds[:, [0, 2]]))
    y = float(np.median(bounds[:, [1, 3]]))
    swapped = y < _POLE_LATITUDE and abs(x) <= 90
    if near is not None and not swapped and abs(x) <= 90:
        swapped = _meters((x, y), near) > FAR_METERS >= _meters((y, x), near)
    if swapped:
        raise _swapped(f"{name}, {ref}: [{x:.7g}, {y:.7g}]")
    if near is not None and _meters((x, y), near) > FAR_METERS:
        raise MapRefused(
            "map_elsewhere",
            f"The map lies {_meters((x, y), near) / 1000:,.0f} km from the campus",
            f"{name}, {ref}: [{x:.7g}, {y:.7g}]",
            "Check the file and the position of the campus",
        )


def _refuse_wide(
    bounds: NDArray[np.float64], refs: Sequence[str], present: NDArray[np.int64], name: str
) -> None:
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    extent = _meters((west, south), (east, north))
    if extent <= MOST_EXTENT_METERS:
        return
    middle = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
    reach = np.abs(np.hstack((bounds[:, :2] - middle, bounds[:, 2:] - middle))).max(axis=1)
    farthest = int(reach.argmax())
    raise MapRefused(
        "extent_too_large",
        f"The map is {extent / 1000:,.1f} km across; a campus has at most "
        f"{MOST_EXTENT_METERS / 1000:.0f} km",
        f"{name}, farthest out: {refs[int(present[farthest])]} at "
        f"[{bounds[farthest, 0]:.7g}, {bounds[farthest, 1]:.7g}]",
        "Cut the file down to the campus, mend that position, or place the drawing on the ground "
        "if these are drawing units",
    )


def _null_island(bounds: NDArray[np.float64], name: str) -> tuple[Finding, ...]:
    if np.abs(bounds).max() > 1:
        return ()
    return (
        Finding(
            "null_island",
            "error",
            None,
            f"{name}: the map lies at 0° N 0° E, in the Gulf of Guinea",
            "Place it on the ground: these are test or drawing coordinates",
        ),
    )


def _meters(one: Degrees, other: Degrees) -> float:
    (lon1, lat1), (lon2, lat2) = np.radians(one), np.radians(other)
    chord = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    return float(2 * EARTH_RADIUS_METERS * np.arcsin(np.sqrt(min(chord, 1.0))))


def refuse_stacked(shapes: Sequence[BaseGeometry], name: str) -> None:
    """Refuse a file most of whose shapes lie on one another: every pair would be looked at."""
    if len(shapes) <= STACKED_FROM:
        return
    tree = shapely.STRtree(shapes)
    pairs = 0
    for start in range(0, len(shapes), _CHUNK):
        pairs += tree.query(np.array(shapes[start : start + _CHUNK], dtype=object)).shape[1]
        if pairs > MOST_PAIRS:
            raise MapRefused(
                "shapes_stacked",
                f"More than {MOST_PAIRS:,} pairs of its {len(shapes):,} shapes lie on one another",
                name,
                "Take out what was copied, and give each level its own shapes",
            )


def repair(built: Shapes, refs: Sequence[str], name: str) -> tuple[Finding, ...]:
    """Mend invalid polygons and turn rings the RFC 7946 way; say what changed.

    A polygon that has no area once mended goes to `built.problems`.
    """
    findings = [
        Finding(
            "ring_not_closed",
            "warning",
            refs[index],
            f"{name}, {refs[index]}: a ring did not end where it began",
            "It was closed; check the shape",
        )
        for index in built.closed
    ]
    present = np.flatnonzero(shapely.get_dimensions(built.shapes) == 2)
    shapes = built.shapes[present]
    turned = wrongly_turned(shapes)
    valid = shapely.is_valid(shapes)
    for index in present[~valid]:
        finding = _mend(built, int(index), refs[index], name)
        if finding is not None:
            findings.append(finding)
    to_turn = present[turned | ~valid]
    to_turn = to_turn[[built.shapes[index] is not None for index in to_turn]]
    built.shapes[to_turn] = shapely.orient_polygons(built.shapes[to_turn], exterior_cw=False)
    rings, owners = shapely.get_coordinates(shapely.get_rings(shapes), return_index=True)
    same = (rings[1:] == rings[:-1]).all(axis=1) & (owners[1:] == owners[:-1])
    if same.any():
        count = len(np.unique(owners[1:][same]))
        where = f"{name}: {count} rings repeat a vertex"
        mend = "Nothing is lost by it; the rings were kept as they are"
        findings.append(Finding("vertex_repeated", "info", None, where, mend))
    if turned.any():
        findings.append(
            Finding(
                "ring_orientation",
                "info",
                None,
                f"{name}: {np.count_nonzero(turned)} of {len(shapes)} polygons",
                "Rings ran the other way round than RFC 7946 has it; they were turned",
            )
        )
    return tuple(findings)


def _mend(built: Shapes, index: int, ref: str, name: str) -> Finding | None:
    before = built.shapes[index]
    reason = shapely.is_valid_reason(before).split("[", 1)[0]
    try:
        after = mended(before)
    except Tangled as tangled:
        built.problems[index] = str(tangled)
        built.shapes[index] = None
        return None
    if after.is_empty or after.area == 0:
        built.problems[index] = f"its polygon has no area ({reason.lower()})"
        built.shapes[index] = None
        return None
    built.shapes[index] = after
    plane = Projection.over([before])
    # The signed area of rings that cross or lie apart can be anything; below zero it says nothing.
    was = max(plane.to_meters(before).area, 0.0)
    area = plane.to_meters(after).area
    return Finding(
        "polygon_repaired",
        "warning",
        ref,
        f"{name}, {ref}: {reason}",
        f"It was mended: area {was:.2f} m² before, {area:.2f} m² after, "
        f"{shapely.get_num_geometries(after)} part(s); check the shape",
    )
