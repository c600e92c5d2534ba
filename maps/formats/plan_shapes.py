"""What a floor plan drawing holds: shapes in the units of its page, some with the id of a room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from fontTools.pens.basePen import BasePen

from maps.formats.json_text import (
    MOST_FEATURES,
    MOST_VERTICES,
    too_many_features,
    too_many_vertices,
)
from maps.formats.shapes import Tangled, mended

# u grows to the right, v downwards, as on a page.
Place = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MOST_RINGS = 500  # of one room
CURVE_STEPS = 8  # chords of a curve: a quarter circle is off by 0.5 % of its radius


@dataclass(slots=True)
class Outline:
    """One run of a shape: its points, and whether it returns to where it began."""

    points: list[Place]
    closed: bool = False

    @property
    def is_ring(self) -> bool:
        """Return whether it goes around something: three different points at least."""
        return len(set(self.points)) >= 3


@dataclass(slots=True)
class PlanShape:
    """One shape: how the drawing calls it, the words it carries, and its outlines.

    `words` are ids and titles that may name a room, the surest first. `why` says why a shape has
    no outline that can be read.
    """

    ref: str
    words: tuple[str, ...] = ()
    outlines: list[Outline] = field(default_factory=list)
    why: str = ""


@dataclass(slots=True)
class PlanText:
    """A text on the drawing and where it stands."""

    text: str
    at: Place


@dataclass(slots=True)
class Plan:
    """A drawing as read. `width` and `height` are those of its page in its own units."""

    width: float
    height: float
    shapes: list[PlanShape] = field(default_factory=list)
    texts: list[PlanText] = field(default_factory=list)
    pages: int = 1
    vertices: int = 0

    def add(self, shape: PlanShape, name: str) -> None:
        """Take in a shape; raises MapRefused when the drawing holds too much."""
        self.shapes.append(shape)
        self.vertices += sum(len(outline.points) for outline in shape.outlines)
        if self.vertices > MOST_VERTICES:
            raise too_many_vertices(name)
        if len(self.shapes) > MOST_FEATURES:
            raise too_many_features(name, len(self.shapes))


def times(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix that applies `inner` first, then `outer`."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j,
        a * k + c * m + e, b * k + d * m + f,
    )  # fmt: skip


def moved(matrix: Matrix, point: Place) -> Place:
    """Return a point under a matrix."""
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


class OutlinePen(BasePen):  # type: ignore[misc]
    """Collects the outlines of a path under a matrix; curves become chords."""

    def __init__(self, matrix: Matrix = IDENTITY) -> None:
        super().__init__(None)
        self.matrix = matrix
        self.outlines: list[Outline] = []

    def _moveTo(self, pt: Place) -> None:  # noqa: N802 — fontTools names it
        self.outlines.append(Outline([moved(self.matrix, pt)]))

    def _lineTo(self, pt: Place) -> None:  # noqa: N802
        self.outlines[-1].points.append(moved(self.matrix, pt))

    def _curveToOne(self, pt1: Place, pt2: Place, pt3: Place) -> None:  # noqa: N802
        start = self._getCurrentPoint()
        for step in range(1, CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            s = 1 - t
            self._lineTo(
                tuple(
                    s**3 * start[axis]
                    + 3 * s * s * t * pt1[axis]
                    + 3 * s * t * t * pt2[axis]
                    + t**3 * pt3[axis]
                    for axis in (0, 1)
                )
            )

    def _closePath(self) -> None:  # noqa: N802
        self.outlines[-1].closed = True

    def _endPath(self) -> None:  # noqa: N802
        first, last = self.outlines[-1].points[0], self.outlines[-1].points[-1]
        self.outlines[-1].closed = len(self.outlines[-1].points) > 3 and first == last


def rings_of(outlines: Iterable[Outline]) -> list[list[list[Place]]]:
    """Return the polygons of outlines, each a list of rings: the shell, then its holes.

    A ring within another is a hole in it, as even-odd filling draws it. Raises Tangled for an
    outline that crosses itself all over, or of very many rings.
    """
    rings = [outline.points for outline in outlines if outline.is_ring]
    if len(rings) > MOST_RINGS:
        raise Tangled(f"its outline has {len(rings):,} parts")
    areas = [mended(shapely.Polygon(ring)) for ring in rings]
    order = sorted(range(len(rings)), key=lambda index: -areas[index].area)
    polygons: list[tuple[int, list[list[Place]]]] = []
    for index in order:
        inside = areas[index].representative_point()
        around = next((p for i, p in polygons if areas[i].contains(inside)), None)
        if around is None:
            polygons.append((index, [rings[index]]))
        else:
            around.append(rings[index])
    return [polygon for _, polygon in polygons]


def label_by_text(shapes: Sequence[PlanShape], texts: Sequence[PlanText]) -> list[PlanText]:
    """Give closed shapes without words the text that stands in them; return the texts left over.

    A text belongs to the smallest closed shape around it.
    """
    closed = [
        (shape, shapely.Polygon(outline.points))
        for shape in shapes
        for outline in shape.outlines[:1]
        if not shape.words and outline.is_ring and outline.closed
    ]
    if not closed or not texts:
        return list(texts)
    areas = [area for _, area in closed]
    tree = shapely.STRtree(areas)
    found: dict[int, list[str]] = {}
    left: list[PlanText] = []
    for text in texts:
        around = tree.query(shapely.Point(text.at), "within")
        if not len(around):
            left.append(text)
            continue
        smallest = min((int(index) for index in around), key=lambda index: areas[index].area)
        found.setdefault(smallest, []).append(text.text)
    for index, words in found.items():
        closed[index][0].words = tuple(f"text:{word}" for word in words)
    return left
