"""Choosing the frame of a sheet: its scale, and the ground that the slack around it shows."""

from collections.abc import Sequence

import numpy as np

from maps.document import Feature, MapDocument
from maps.drawing.frame import BAND, Frame, fit
from maps.drawing.model import Part
from maps.drawing.plan import LevelPlan

MARGIN = 22.0  # points around the outline for door discs and signs
WIDEST = 1.15  # how much coarser the scale may get so that more of the outdoors is on the sheet
OUTDOORS = frozenset(
    {"assembly_area", "command_post", "staging_area", "hydrant", "key_box", "generator"}
)

Bounds = tuple[float, float, float, float]


def frame_of(
    document: MapDocument,
    plan: LevelPlan,
    outdoors: Sequence[Feature],
    *,
    width: float,
    height: float,
    part: Part | None = None,
) -> Frame:
    """Return the frame of a level: all of its outline, and what is near where that is cheap."""
    if part is not None:
        bounds = (part.west, part.north, part.east, part.south)
        return centered(document, bounds, part.scale, width, height)
    core: Bounds = plan.outline.bounds
    near = [plan.in_meters(feature).bounds for feature in outdoors if feature.kind in OUTDOORS]
    limit = fit(core, width, height, MARGIN) * WIDEST
    shown = core
    for bounds in sorted(near, key=lambda b: _area(joined(core, b))):
        grown = joined(shown, bounds)
        if fit(grown, width, height, MARGIN) <= limit:
            shown = grown
    scale = round_up(fit(shown, width, height, MARGIN))
    return _shifted(centered(document, shown, scale, width, height), shown, near)


def joined(first: Bounds, second: Bounds) -> Bounds:
    """Return the bounds that hold both."""
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def _area(bounds: Bounds) -> float:
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])


def round_up(scale: float) -> int:
    """Return a scale rounded up to the next five."""
    return int(-(-scale // 5) * 5)


def centered(
    document: MapDocument, bounds: Bounds, scale: int, width: float, height: float
) -> Frame:
    """Return the frame of a scale with bounds (local meters) in its middle."""
    sheet = Frame(width, height, scale, 0.0, 0.0, document.grid)
    across = (width - 2 * BAND) / sheet.per_meter
    down = (height - 2 * BAND) / sheet.per_meter
    west = (bounds[0] + bounds[2] - across) / 2
    north = (bounds[1] + bounds[3] - down) / 2
    return Frame(width, height, scale, west, north, document.grid)


def _shifted(frame: Frame, shown: Bounds, near: Sequence[Bounds]) -> Frame:
    """Return the frame moved within its slack so that it cuts as few areas as can be."""
    across = (frame.width - 2 * BAND) / frame.per_meter
    down = (frame.height - 2 * BAND) / frame.per_meter
    margin = MARGIN / frame.per_meter
    spare_x = max(0.0, (across - (shown[2] - shown[0])) / 2 - margin)
    spare_y = max(0.0, (down - (shown[3] - shown[1])) / 2 - margin)
    best, best_worth = frame, -np.inf
    for step_y in np.linspace(-1, 1, 9):
        for step_x in np.linspace(-1, 1, 9):
            west, north = frame.west + step_x * spare_x, frame.north + step_y * spare_y
            window = (west, north, west + across, north + down)
            worth = sum(_worth(window, bounds) for bounds in near)
            worth -= 0.15 * (abs(step_x) + abs(step_y))
            if worth > best_worth:
                best_worth = worth
                best = Frame(frame.width, frame.height, frame.scale, west, north, frame.grid)
    return best


def _worth(window: Bounds, bounds: Bounds) -> float:
    if joined(window, bounds) == window:
        return 1.0
    apart = (
        bounds[0] > window[2]
        or bounds[2] < window[0]
        or bounds[1] > window[3]
        or bounds[3] < window[1]
    )
    return 0.0 if apart else -0.5
