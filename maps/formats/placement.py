"""The placement file: which drawing is which level, and where its control points lie on earth."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Finding
from maps.formats.plan_shapes import Place
from maps.formats.result import MapRefused
from maps.geometry.projection import Projection

MOST_LEVELS = 200
MOST_POINTS = 100
GOOD_METERS = 0.5  # what a residual may be without a word, and before it misleads
WARN_METERS = 1.0
_MEND = (
    'A placement file is {"levels": [{"file": …, "ordinal": 0, "name": …, "control": '
    '[{"at": [u, v], "lonlat": [x, y]}, …]}], "names": FILE or null}'
)


@dataclass(frozen=True, slots=True)
class Control:
    """A point of the drawing (v downwards) and where it lies in degrees (lon, lat)."""

    at: Place
    lonlat: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedLevel:
    """One drawing on its level; `page` counts from 1 and matters for PDF alone."""

    file: str
    ordinal: int
    name: str
    short_name: str
    page: int
    control: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement file as read."""

    levels: tuple[PlacedLevel, ...]
    names: str | None = None


def is_placement(parsed: Any) -> bool:
    """Return whether parsed JSON is a placement file: levels that name a drawing."""
    levels = parsed.get("levels") if isinstance(parsed, dict) else None
    return (
        isinstance(levels, list)
        and "features" not in parsed
        and any(isinstance(v, dict) and ("file" in v or "control" in v) for v in levels)
    )


def read_placement(parsed: Mapping[str, Any], name: str) -> Placement:
    """Return a placement of its JSON; raises MapRefused with the level and member at fault."""
    levels = parsed["levels"]
    if len(levels) > MOST_LEVELS:
        raise _fault(f"{len(levels)} levels are more than {MOST_LEVELS}", f"{name}, levels")
    names = parsed.get("names")
    if names is not None and not (isinstance(names, str) and names):
        raise _fault("names is no file", f"{name}, member names")
    found = tuple(_level(entry, f"{name}, level {n}") for n, entry in enumerate(levels, 1))
    ordinals = [level.ordinal for level in found]
    if len(set(ordinals)) < len(ordinals):
        twice = next(o for o in ordinals if ordinals.count(o) > 1)
        raise _fault(f"two levels have the ordinal {twice}", f"{name}, levels")
    return Placement(found, names)


def _level(entry: Any, where: str) -> PlacedLevel:
    if not isinstance(entry, dict):
        raise _fault("a level is no object", where)
    file, ordinal, page = entry.get("file"), entry.get("ordinal"), entry.get("page", 1)
    if not isinstance(file, str) or not file:
        raise _fault("a level names no file", f"{where}, member file")
    if isinstance(ordinal, bool) or not isinstance(ordinal, int) or abs(ordinal) > MOST_LEVELS:
        raise _fault("ordinal is no whole number, 0 being the ground", f"{where}, member ordinal")
    if isinstance(page, bool) or not isinstance(page, int) or page < 1:
        raise _fault("page is no whole number from 1", f"{where}, member page")
    texts = [entry.get("name"), entry.get("short_name")]
    if any(text is not None and not isinstance(text, str | int) for text in texts):
        raise _fault("a name is no text", f"{where}, member name")
    name = str(texts[0] if texts[0] not in (None, "") else ordinal)
    short = str(texts[1] if texts[1] not in (None, "") else name)
    control = entry.get("control", [])
    if not isinstance(control, list) or len(control) > MOST_POINTS:
        raise _fault(f"control is no list of at most {MOST_POINTS}", f"{where}, member control")
    points = tuple(_control(c, f"{where}, control point {n}") for n, c in enumerate(control, 1))
    return PlacedLevel(file, ordinal, name, short, page, points)


def _control(entry: Any, where: str) -> Control:
    at = _pair(entry.get("at")) if isinstance(entry, dict) else None
    lonlat = _pair(entry.get("lonlat")) if isinstance(entry, dict) else None
    if at is None or lonlat is None:
        raise _fault("a control point needs at and lonlat, two numbers each", where)
    if abs(lonlat[0]) > 180 or abs(lonlat[1]) > 90:
        if abs(lonlat[0]) <= 90 and abs(lonlat[1]) <= 180:
            raise MapRefused(
                "axes_swapped", "Latitude stands before longitude in a control point", where,
                "Write lonlat as [longitude, latitude]",
            )  # fmt: skip
        raise _fault("lonlat is no place on earth", where)
    return Control(at, lonlat)


def _pair(value: Any) -> Place | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in value):
        return None
    pair = float(value[0]), float(value[1])
    return pair if all(math.isfinite(n) and abs(n) < 1e9 for n in pair) else None


def _fault(why: str, where: str) -> MapRefused:
    return MapRefused("placement_broken", f"The placement cannot be used: {why}", where, _MEND)


@dataclass(frozen=True, slots=True)
class Fit:
    """A similarity from the drawing to the ground, and how far it misses the control points.

    Meters on `plane` are `scale * (u - iv) + shift` as complex numbers. `rmse` is None where two
    points leave nothing to check by; `residuals` and `left_out` are meters per point, the latter
    measured with the point left out of the fit.
    """

    plane: Projection
    scale: complex
    shift: complex
    residuals: tuple[float, ...]
    left_out: tuple[float, ...] = field(default=())
    rmse: float | None = None
    mirrored: bool = False

    @property
    def meters_per_unit(self) -> float:
        """Return how many meters one unit of the drawing is."""
        return abs(self.scale)

    def to_degrees(self, points: list[Place]) -> list[list[float]]:
        """Return places of the drawing as [longitude, latitude]."""
        places = np.array([complex(u, -v) for u, v in points]) * self.scale + self.shift
        on_plane: Any = shapely.multipoints(np.column_stack((places.real, places.imag)))
        found: list[list[float]] = shapely.get_coordinates(self.plane.to_degrees(on_plane)).tolist()
        return found


def fit(control: tuple[Control, ...], where: str) -> Fit:
    """Return the similarity through two or more control points by least squares.

    a = Σ conj(zₖ − z̄)(wₖ − w̄) / Σ |zₖ − z̄|², b = w̄ − a z̄, with z = u − iv the place on the drawing
    and w = x + iy the meters on the ground; RMSE = √(Σ rₖ² / (2n − 4)). Raises MapRefused when
    all points lie in one place.
    """
    longitude = sum(c.lonlat[0] for c in control) / len(control)
    latitude = sum(c.lonlat[1] for c in control) / len(control)
    plane = Projection.around(longitude, latitude)
    z = np.array([complex(c.at[0], -c.at[1]) for c in control])
    w = np.array([complex(*plane.point_to_meters(*c.lonlat)) for c in control])
    if np.ptp(np.abs(z - z[0])) == 0 or np.abs(w - w[0]).max() < 0.01:
        raise MapRefused(
            "control_points_same",
            "The control points of a level lie in one place",
            where,
            "Give two or more corners of the building that lie far apart",
        )
    scale, shift = _similarity(z, w)
    residuals = np.abs(scale * z + shift - w)
    if len(control) == 2:
        return Fit(plane, scale, shift, tuple(residuals.tolist()))
    rmse = math.sqrt(float((residuals**2).sum()) / (2 * len(z) - 4))
    other, moved = _similarity(z.conj(), w)
    turned = float(np.abs(other * z.conj() + moved - w).max())
    mirrored = turned < float(residuals.max()) / 4 and residuals.max() > WARN_METERS
    return Fit(
        plane, scale, shift, tuple(residuals.tolist()), _left_out(z, w), rmse, bool(mirrored)
    )


def _similarity(z: NDArray[np.complex128], w: NDArray[np.complex128]) -> tuple[complex, complex]:
    middle, ground = z.mean(), w.mean()
    spread = float((np.abs(z - middle) ** 2).sum())
    if spread == 0:
        return 0j, complex(ground)
    scale = complex((np.conj(z - middle) * (w - ground)).sum() / spread)
    return scale, complex(ground - scale * middle)


def _left_out(z: NDArray[np.complex128], w: NDArray[np.complex128]) -> tuple[float, ...]:
    found: list[float] = []
    for index in range(len(z)):
        scale, shift = _similarity(np.delete(z, index), np.delete(w, index))
        found.append(float(abs(scale * z[index] + shift - w[index])))
    return tuple(found)


def fit_findings(level: PlacedLevel, found: Fit, diagonal: float, where: str) -> list[Finding]:
    """Return what is to be said of a fit: its residual in meters, or that nothing checks it.

    `diagonal` is that of the drawing's page in its units.
    """
    scale = f"1 unit is {found.meters_per_unit:.4g} m"
    findings: list[Finding] = []
    if found.rmse is None:
        findings.append(
            Finding("placement_unchecked", "warning", None, f"{where}: two points, {scale}",
                    "No check is possible with two control points; give a third")
        )  # fmt: skip
    else:
        worst = int(np.argmax(found.left_out))
        said = ", ".join(f"{meters:.2f}" for meters in found.residuals)
        place = (
            f"{where}: residual {found.rmse:.2f} m (points {said} m), {scale}; point {worst + 1} "
            f"is {found.left_out[worst]:.2f} m from where the others put it"
        )
        severe = found.rmse > WARN_METERS
        fair = found.rmse > GOOD_METERS
        mend = "Check that control point first" if fair else "The control points fit"
        findings.append(
            Finding("placement_residual", "error" if severe else "warning" if fair else "info",
                    None, place, mend)
        )  # fmt: skip
    if found.mirrored:
        findings.append(
            Finding("placement_mirrored", "error", None, f"{where}: mirrored, the points would fit",
                    "The second number of “at” grows downwards from the top of the page")
        )  # fmt: skip
    spread = max(math.dist(a.at, b.at) for a in level.control for b in level.control)
    if diagonal and spread < diagonal / 2:
        findings.append(
            Finding("control_points_close", "warning", None,
                    f"{where}: they span {spread / diagonal:.0%} of the page's diagonal",
                    "Choose corners of the outer wall that lie farther apart")
        )  # fmt: skip
    return findings
