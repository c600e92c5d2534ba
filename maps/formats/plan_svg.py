"""SVG drawings: shapes with their ids under all transforms, in the units of the viewBox.

Nothing is rendered, no link followed, no style or script read. What is only defined (symbols, clip
paths, patterns) is no shape of the drawing.
"""

import math
import re
from collections.abc import Iterator

from fontTools.svgLib.path import parse_path
from lxml import etree

from maps.formats.plan_shapes import (
    IDENTITY,
    Matrix,
    Outline,
    OutlinePen,
    Plan,
    PlanShape,
    PlanText,
    moved,
    times,
)
from maps.formats.result import MapRefused
from maps.formats.xml_text import events, local_name

DRAWN = frozenset({"rect", "path", "polygon", "polyline", "line", "circle", "ellipse"})
NOT_READ = {
    "image": "a picture, which holds no shapes",
    "use": "a copy of another shape: unlink copies and save the drawing again",
    "foreignObject": "a part that is no drawing",
}
DEFINED = frozenset({"defs", "clipPath", "mask", "pattern", "symbol", "marker", "metadata"})
LABEL_ATTRIBUTES = ("data-room", "data-label", "data-name", "label", "aria-label")
_LARGEST = 1e7  # no page is wider, in any unit
_ROUND_STEPS = 32
_NOWHERE: Matrix = (math.nan, 0.0, 0.0, math.nan, math.nan, math.nan)  # shapes in it are listed
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")


def read_svg(data: bytes, name: str) -> Plan:
    """Return the shapes of an SVG drawing; raises MapRefused when it is none."""
    plan: Plan | None = None
    matrices = [IDENTITY]
    hidden = 0
    for event, xml in events(data, name):
        tag = local_name(xml)
        if plan is None:
            if tag != "svg":
                raise _broken(f"its outermost element is <{tag:.40}>", name)
            plan = _page(xml, name)
            continue
        if event == "start":
            hidden += tag in DEFINED
            matrices.append(times(matrices[-1], _transform(xml, tag)))
            continue
        if len(matrices) == 1:
            break  # the end of the outermost element
        matrix = matrices.pop()
        hidden -= tag in DEFINED
        if not hidden:
            _take(xml, tag, matrix, plan, name)
        if tag not in ("title", "tspan"):
            _drop_content(xml)
    if plan is None:
        raise _broken("it is empty", name)
    return plan


def _page(xml: "etree._Element", name: str) -> Plan:
    box = _numbers(xml.get("viewBox"))
    width, height = _length(xml.get("width")), _length(xml.get("height"))
    if len(box) == 4:
        width, height = box[2], box[3]
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        width = height = 0.0
    return Plan(width, height)


def _length(text: str | None) -> float:
    numbers = _numbers(text)
    return numbers[0] if numbers else 0.0


def _take(xml: "etree._Element", tag: str, matrix: Matrix, plan: Plan, name: str) -> None:
    if tag == "text":
        text = " ".join("".join(xml.itertext()).split())
        at = next(((x, y) for x, y in _text_places(xml)), (0.0, 0.0))
        if text and _sound([moved(matrix, at)]):
            plan.texts.append(PlanText(text[:200], moved(matrix, at)))
    elif tag in DRAWN:
        plan.add(_shape(xml, tag, matrix, len(plan.shapes) + 1), name)
    elif tag in NOT_READ:
        shape = PlanShape(_ref(xml, tag, len(plan.shapes) + 1), _words(xml), why=NOT_READ[tag])
        plan.add(shape, name)


def _text_places(xml: "etree._Element") -> Iterator[tuple[float, float]]:
    for element in (xml, *xml):
        x, y = _numbers(element.get("x")), _numbers(element.get("y"))
        if x and y:
            yield x[0], y[0]


def _shape(xml: "etree._Element", tag: str, matrix: Matrix, number: int) -> PlanShape:
    shape = PlanShape(_ref(xml, tag, number), _words(xml))
    try:
        shape.outlines = list(_outlines(xml, tag, matrix))
    except (ValueError, IndexError, TypeError, AssertionError, OverflowError):
        shape.outlines = []
    if not shape.outlines or not all(_sound(o.points) for o in shape.outlines):
        shape.outlines = []
        shape.why = f"its {tag} cannot be read: draw it again"
    return shape


def _outlines(xml: "etree._Element", tag: str, matrix: Matrix) -> Iterator[Outline]:
    if tag == "path":
        pen = OutlinePen(matrix)
        parse_path(xml.get("d") or "", pen)
        yield from pen.outlines
        return
    points: list[tuple[float, float]]
    if tag == "rect":
        x, y, width, height = (_length(xml.get(key)) for key in ("x", "y", "width", "height"))
        points = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        if width <= 0 or height <= 0:
            return
    elif tag == "line":
        x1, y1, x2, y2 = (_length(xml.get(key)) for key in ("x1", "y1", "x2", "y2"))
        points = [(x1, y1), (x2, y2)]
    elif tag in ("polygon", "polyline"):
        numbers = _numbers(xml.get("points"))
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if tag == "polygon" and points:
            points.append(points[0])
    else:
        points = _round(xml, tag)
    closed = tag in ("rect", "circle", "ellipse", "polygon") or (
        len(points) > 3 and points[0] == points[-1]
    )
    if points:
        yield Outline([moved(matrix, point) for point in points], closed)


def _round(xml: "etree._Element", tag: str) -> list[tuple[float, float]]:
    center = _length(xml.get("cx")), _length(xml.get("cy"))
    wide = _length(xml.get("r" if tag == "circle" else "rx"))
    high = _length(xml.get("r" if tag == "circle" else "ry"))
    if wide <= 0 or high <= 0:
        return []
    turns = [2 * math.pi * step / _ROUND_STEPS for step in range(_ROUND_STEPS)]
    points = [(center[0] + wide * math.cos(t), center[1] + high * math.sin(t)) for t in turns]
    return [*points, points[0]]


def _words(xml: "etree._Element") -> tuple[str, ...]:
    """Return what may name a room: attributes made for it, a title, the id."""
    by_name = {str(key).rpartition("}")[2]: value for key, value in xml.attrib.items()}
    found = [by_name[key] for key in LABEL_ATTRIBUTES if by_name.get(key)]
    title = next((c for c in xml if local_name(c) == "title"), None)
    if title is not None and (title.text or "").strip():
        found.append(str(title.text))
    words = [f"label:{' '.join(str(word).split())[:200]}" for word in found]
    identity = xml.get("id")
    return tuple([*words, f"id:{identity[:200]}"] if identity else words)


def _ref(xml: "etree._Element", tag: str, number: int) -> str:
    identity = xml.get("id")
    return f"#{identity[:80]}" if identity else f"{tag} {number}"


def _drop_content(xml: "etree._Element") -> None:
    """Throw away what was read, but keep the element: its parent counts on it."""
    for child in list(xml):
        xml.remove(child)


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text or "")]


def _sound(points: list[tuple[float, float]]) -> bool:
    # Not a number is not below anything either.
    return all(abs(x) < _LARGEST and abs(y) < _LARGEST for x, y in points)


def _transform(xml: "etree._Element", tag: str) -> Matrix:
    matrix = IDENTITY
    for kind, arguments in _TRANSFORM.findall(xml.get("transform") or ""):
        matrix = times(matrix, _one_transform(kind, _numbers(arguments)))
    if tag == "svg":
        matrix = times(matrix, (1, 0, 0, 1, _length(xml.get("x")), _length(xml.get("y"))))
    return matrix


def _one_transform(kind: str, numbers: list[float]) -> Matrix:
    if not numbers or (kind == "matrix" and len(numbers) != 6):
        return IDENTITY
    if not all(map(math.isfinite, numbers)):
        return _NOWHERE
    first, second = numbers[0], numbers[1] if len(numbers) > 1 else None
    angle = math.radians(first)
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix: Matrix = {
        "matrix": tuple(numbers),
        "translate": (1, 0, 0, 1, first, second or 0.0),
        "scale": (first, 0, 0, first if second is None else second, 0, 0),
        "rotate": (cosine, sine, -sine, cosine, 0, 0),
        "skewX": (1, 0, math.tan(angle), 1, 0, 0),
        "skewY": (1, math.tan(angle), 0, 1, 0, 0),
    }[kind]  # type: ignore[assignment]
    if kind == "rotate" and len(numbers) == 3:
        x, y = numbers[1:]
        return times(times((1, 0, 0, 1, x, y), matrix), (1, 0, 0, 1, -x, -y))
    return matrix


def _broken(why: str, name: str) -> MapRefused:
    return MapRefused(
        "svg_broken", f"The drawing cannot be read: {why}", name,
        "Save it again from the drawing program as plain SVG",
    )  # fmt: skip
