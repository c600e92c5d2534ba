"""Vector PDF drawings: each painted path is a shape, in points from the page's upper left corner.

Shapes carry no ids in PDF; a room is named by the text in it, or by marked content around it.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from maps.formats.pdf_text import Decoder, decoder_of
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

MOST_PAGES = 200
MOST_CONTENT_BYTES = 8 * 1024 * 1024  # a plan of 700 shapes has 60 kB
MOST_RATIO = 200
MOST_FORMS = 8  # forms within forms
MOST_TOKENS = 700_000  # parsed they take 300 bytes each
_LARGEST = 1e7
_INNER_STREAM = re.compile(rb"/(?:ObjStm|XRef)\b[^<]{0,400}?>>\s*stream\r?\n", re.DOTALL)
# What pikepdf raises for damaged files, besides its own errors.
_DAMAGED = (
    pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, AttributeError,
    IndexError, RuntimeError, OverflowError, zlib.error,
)  # fmt: skip
_PAINTS = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"})
_CLOSES = frozenset({"s", "b", "b*"})


def read_pdf(data: bytes, name: str, page: int = 1) -> Plan:
    """Return the shapes of one page of a PDF, counted from 1; raises MapRefused when it has none.

    Text and shapes are read; pictures, scripts, links and attachments are not.
    """
    if b"%%EOF" not in data[-1024:]:  # qpdf would repair it, and silently lack what is gone
        raise MapRefused(
            "pdf_cut_off", "The PDF ends in the middle", name,
            "It was cut off while saving or sending: get the whole file again",
        )  # fmt: skip
    _refuse_bombs(data, name)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as opened:
            return _read_page(opened, name, page)
    except MapRefused:
        raise
    except pikepdf.PasswordError:
        raise MapRefused(
            "pdf_encrypted", "The PDF is locked by a password", name,
            "Save it without a password",
        ) from None  # fmt: skip
    except RecursionError:
        raise _broken("it refers to itself", name) from None
    except _DAMAGED as error:
        raise _broken(f"{error!s:.120}", name) from None


def _refuse_bombs(data: bytes, name: str) -> None:
    """Refuse object streams that unpack to very much: opening the file would unpack them."""
    for found in _INNER_STREAM.finditer(data):
        unpacked = zlib.decompressobj()
        try:
            unpacked.decompress(data[found.end() :], MOST_CONTENT_BYTES * 4)
        except zlib.error:
            continue
        if unpacked.unconsumed_tail:
            raise _too_much(name)


def _read_page(opened: pikepdf.Pdf, name: str, number: int) -> Plan:
    count = len(opened.pages)
    if not 1 <= number <= count or count > MOST_PAGES:
        raise MapRefused(
            "pdf_page", f"The PDF has {count} pages, and page {number} was asked for", name,
            f"Give a page from 1 to {count} of a plan of at most {MOST_PAGES} pages",
        )  # fmt: skip
    page = opened.pages[number - 1]
    left, bottom, right, top = sorted_box([float(value) for value in page.cropbox])
    turn = int(page.get("/Rotate", 0) or 0) % 360
    plan = Plan(right - left, top - bottom, pages=count)
    matrix: Matrix = (1, 0, 0, -1, -left, top)
    if turn == 90:
        matrix, plan.width, plan.height = (0, 1, 1, 0, -bottom, -left), top - bottom, right - left
    elif turn == 180:
        matrix = (-1, 0, 0, 1, right, -bottom)
    elif turn == 270:
        matrix, plan.width, plan.height = (0, -1, -1, 0, top, right), top - bottom, right - left
    reader = _Reader(opened, plan, name)
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    body = b"\n".join(reader.content(s) for s in streams if isinstance(s, pikepdf.Stream))
    resources = page.obj.get("/Resources") or _inherited(page.obj)
    reader.run(body, resources, _State(matrix), 0)
    return plan


def _inherited(page: Any) -> Any:
    node = page.get("/Parent")
    for _ in range(MOST_FORMS):
        if node is None or "/Resources" in node:
            break
        node = node.get("/Parent")
    return node.get("/Resources") if node is not None else None


def sorted_box(box: list[float]) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of a box whose corners may stand in any order."""
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


@dataclass(frozen=True, slots=True)
class _State:
    """What `q` saves and `Q` restores."""

    matrix: Matrix
    decoder: Decoder | None = None
    leading: float = 0.0


@dataclass(slots=True)
class _Reader:
    """Walks content streams and takes their paths and texts into the plan."""

    opened: pikepdf.Pdf
    plan: Plan
    name: str
    bytes_left: int = MOST_CONTENT_BYTES
    tokens_left: int = MOST_TOKENS
    marks: list[str] = field(default_factory=list)

    def content(self, stream: pikepdf.Stream) -> bytes:
        """Return a stream unpacked under the limits; raises MapRefused beyond them."""
        filters = stream.get("/Filter")
        chain = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
        if filters is None or chain == []:
            body = stream.read_raw_bytes()
        elif chain == ["/FlateDecode"] and stream.get("/DecodeParms") is None:
            unpacked = zlib.decompressobj()
            body = unpacked.decompress(stream.read_raw_bytes(), self.bytes_left + 1)
            if not unpacked.eof and len(body) <= self.bytes_left:
                raise _broken("its drawing is cut off", self.name)
        else:
            raw = len(stream.read_raw_bytes())
            if raw * MOST_RATIO > MOST_CONTENT_BYTES:
                raise _too_much(self.name)
            body = stream.read_bytes()
        self.bytes_left -= len(body)
        if self.bytes_left < 0:
            raise _too_much(self.name)
        return body

    def run(self, body: bytes, resources: Any, state: _State, depth: int) -> None:
        """Take in one content stream."""
        saved: list[_State] = []
        path = _Path(state.matrix)
        text = _TextPlace()
        marks = len(self.marks)
        for operands, operator in self._instructions(body):
            if operator == "q":
                saved.append(state)
            elif operator == "Q":
                state = saved.pop() if saved else state
            elif operator == "cm" and len(operands) == 6:
                state = replace(state, matrix=times(state.matrix, _matrix(operands)))
            elif operator == "Do" and depth < MOST_FORMS:
                self._form(operands, resources, state, depth)
            elif operator == "INLINE IMAGE":
                self._picture()
            elif operator in ("BDC", "BMC", "EMC"):
                self._take_mark(operator, operands, resources, marks)
            elif operator == "Tf" and operands:
                state = replace(state, decoder=decoder_of(resources, operands[0], self.content))
            elif operator in _PAINTS or operator == "n":
                self._paint(path, operator)
                path = _Path(state.matrix)
            elif not path.take(operator, operands, state.matrix):
                self._text(text.take(operator, operands), state, text)
        del self.marks[marks:]

    def _instructions(self, body: bytes) -> Iterator[tuple[list[Any], str]]:
        # At least one of these stands between any two tokens.
        self.tokens_left -= sum(map(body.count, (bytes([sign]) for sign in b" \n\r\t\f()[]<>/{}%")))
        if self.tokens_left < 0:
            raise _too_much(self.name)
        stream = pikepdf.Stream(self.opened, body)
        for instruction in pikepdf.parse_content_stream(stream):
            yield list(instruction.operands), str(instruction.operator)

    def _form(self, operands: list[Any], resources: Any, state: _State, depth: int) -> None:
        forms = resources.get("/XObject") if resources is not None else None
        form = forms.get(str(operands[0])) if forms is not None and operands else None
        if not isinstance(form, pikepdf.Stream):
            return
        if form.get("/Subtype") != "/Form":
            self._picture()
            return
        inner = form.get("/Matrix")
        matrix = _matrix(list(inner)) if inner is not None and len(inner) == 6 else IDENTITY
        moved_state = replace(state, matrix=times(state.matrix, matrix))
        own = form.get("/Resources") or resources
        self.run(self.content(form), own, moved_state, depth + 1)

    def _take_mark(self, operator: str, operands: list[Any], resources: Any, least: int) -> None:
        if operator != "EMC":
            self.marks.append(_mark(operands, resources))
        elif len(self.marks) > least:
            self.marks.pop()

    def _picture(self) -> None:
        shape = PlanShape(f"picture {len(self.plan.shapes) + 1}", why=_PICTURE)
        self.plan.add(shape, self.name)

    def _paint(self, path: "_Path", operator: str) -> None:
        outlines = path.outlines(closes=operator in _CLOSES)
        if operator == "n":
            return  # a clip: it is not drawn
        sound = bool(outlines) and all(
            abs(v) < _LARGEST for o in outlines for point in o.points for v in point
        )
        shape = PlanShape(
            f"path {len(self.plan.shapes) + 1}",
            tuple(f"label:{mark}" for mark in self.marks[-1:] if mark),
            outlines if sound else [],
            "" if sound else "its path cannot be read: draw it again",
        )
        self.plan.add(shape, self.name)

    def _text(self, shown: bytes | None, state: _State, place: "_TextPlace") -> None:
        if not shown:
            return
        words = (state.decoder or Decoder()).text(shown)
        matrix = times(state.matrix, place.matrix)
        at = moved(matrix, (0.0, 0.0))
        if words.strip() and all(abs(v) < _LARGEST for v in at):
            last = self.plan.texts[-1] if self.plan.texts else None
            if place.follows and last is not None:
                last.text = f"{last.text}{words}"[:200]
            else:
                self.plan.texts.append(PlanText(words[:200], at))
            place.follows = True


_PICTURE = "a picture, which holds no shapes"


@dataclass(slots=True)
class _Path:
    """The path under construction, already on the page."""

    matrix: Matrix
    pen: OutlinePen = field(init=False)
    open: bool = False

    def __post_init__(self) -> None:
        self.pen = OutlinePen(self.matrix)

    def take(self, operator: str, operands: list[Any], matrix: Matrix) -> bool:
        """Add an operator of path construction; return whether it is one."""
        if operator not in ("m", "l", "c", "v", "y", "re", "h"):
            return False
        self.pen.matrix = matrix
        numbers = [float(value) for value in operands]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if operator == "m" and points:
            self._end()
            self.pen.moveTo(points[0])
            self.open = True
        elif operator == "re" and len(numbers) == 4:
            self._rectangle(*numbers)
        elif operator == "h":
            if self.open:
                self.pen.closePath()
                self.open = False
        elif self.open and operator == "l" and points:
            self.pen.lineTo(points[0])
        elif self.open:
            self._curve(operator, points)
        return True

    def _rectangle(self, x: float, y: float, width: float, height: float) -> None:
        self._end()
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        points = [moved(self.pen.matrix, corner) for corner in corners]
        self.pen.outlines.append(Outline(points, closed=True))

    def _curve(self, operator: str, points: list[tuple[float, float]]) -> None:
        if operator == "c" and len(points) == 3:
            self.pen.curveTo(*points)
        elif operator == "v" and len(points) == 2:
            self.pen.curveTo(self.pen._getCurrentPoint(), *points)
        elif operator == "y" and len(points) == 2:
            self.pen.curveTo(points[0], points[1], points[1])

    def _end(self) -> None:
        if self.open:
            self.pen.endPath()
            self.open = False

    def outlines(self, *, closes: bool) -> list[Outline]:
        """Return the finished outlines."""
        if self.open and closes:
            self.pen.closePath()
            self.open = False
        self._end()
        return self.pen.outlines


@dataclass(slots=True)
class _TextPlace:
    """Where the next text stands."""

    matrix: Matrix = IDENTITY
    line: Matrix = IDENTITY
    leading: float = 0.0
    follows: bool = False

    def take(self, operator: str, operands: list[Any]) -> bytes | None:
        """Move by an operator; return the bytes of a text that it shows."""
        if operator == "BT":
            self.matrix = self.line = IDENTITY
            self.follows = False
        elif operator == "Tm" and len(operands) == 6:
            self.matrix = self.line = _matrix(operands)
            self.follows = False
        elif operator in ("Td", "TD") and len(operands) == 2:
            if operator == "TD":
                self.leading = -float(operands[1])
            self._move(float(operands[0]), float(operands[1]))
        elif operator == "TL" and operands:
            self.leading = float(operands[0])
        elif operator in ("T*", "'", '"'):
            self._move(0.0, -self.leading)
        if operator in ("Tj", "'", '"') and operands:
            return bytes(operands[-1]) if isinstance(operands[-1], pikepdf.String) else None
        if operator == "TJ" and operands and isinstance(operands[0], pikepdf.Array):
            parts = [part for part in operands[0] if isinstance(part, pikepdf.String)]
            return b"".join(bytes(part) for part in parts)
        return None

    def _move(self, x: float, y: float) -> None:
        self.line = times(self.line, (1, 0, 0, 1, x, y))
        self.matrix = self.line
        self.follows = False


def _mark(operands: list[Any], resources: Any) -> str:
    """Return the name of marked content: of its layer, or its title; empty without."""
    content: Any = operands[1] if len(operands) > 1 else None
    if isinstance(content, pikepdf.Name) and resources is not None:
        known = resources.get("/Properties")
        content = known.get(str(content)) if known is not None else None
    if not isinstance(content, pikepdf.Dictionary):
        return ""
    for key in ("/Title", "/ID", "/ActualText", "/Alt"):
        if isinstance(content.get(key), pikepdf.String):
            return " ".join(str(content[key]).split())[:200]
    return ""


def _matrix(values: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _too_much(name: str) -> MapRefused:
    return MapRefused(
        "pdf_too_large",
        f"A drawing in the PDF is larger than {MOST_CONTENT_BYTES // 1024**2} MB unpacked, or has "
        f"more than {MOST_TOKENS:,} parts",
        name,
        "Save the floor plan alone, without terrain, hatching and pictures",
    )


def _broken(why: str, name: str) -> MapRefused:
    return MapRefused(
        "pdf_broken", f"The PDF cannot be read: {why}", name,
        "Save it again from the drawing program as PDF",
    )  # fmt: skip
