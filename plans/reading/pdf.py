"""PDF files: lines joined into paragraphs, rows of aligned cells into tables, pictures kept, pages
that are only a picture named.
"""

import io
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from plans.reading.inline import escaped
from plans.reading.marked import is_bullet, starts_numbered, without_bullet
from plans.reading.pdf_lines import Fragment, fragments_of
from plans.reading.refusals import MOST_PAGES
from plans.reading.result import PlanRefused
from plans.reading.source import Element, Look, Paragraph, Picture, Remark, Source, Table

_ERRORS = {
    pdfium_c.FPDF_ERR_PASSWORD: (
        "file_encrypted", "The PDF is locked by a password",
        "Open it, take the password off, and save it",
    ),
    pdfium_c.FPDF_ERR_SECURITY: (
        "file_encrypted", "The PDF is locked by a kind of protection that is not read",
        "Print it to PDF from the program that opens it",
    ),
}  # fmt: skip
_MOST_PICTURES = 200
_SMALLEST_PICTURE = 24.0  # points; smaller ones are bullets and rules
_SCAN_SHARE = 0.5  # of the page's area: a picture so large on a page without words is a scan
_MOST_LINES_IN_CELL = 12  # with more, side by side, they are columns of a page
_FEWEST_ROWS = 2
_POINTS_PER_LINE = 1.2  # height of a line by the size of its type
_LEADER = re.compile(r"(?:\. ?){4,}\s*\w{1,5}$")  # an entry of a table of contents
_NEW_PARAGRAPH_GAP = 0.75  # of the line's height, free above it
_SAME_SIZE = 0.8  # points


@dataclass(slots=True)
class _Row:
    """Cells side by side, each a list of lines."""

    cells: list[list[Fragment]]


def read_pdf(name: str, data: bytes) -> Source:
    """Return the elements of a PDF; raises PlanRefused where it is locked, broken or too long."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code, what, mend = _ERRORS.get(
            getattr(error, "err_code", None),
            ("file_broken", "The PDF is damaged", "Save or send it again"),
        )
        raise PlanRefused(code, what, name, mend) from None
    try:
        count = len(document)
        if count > MOST_PAGES:
            what = f"The PDF has {count:,} pages; at most {MOST_PAGES:,} are read"
            raise PlanRefused("too_many_pages", what, name, "Split it into parts")
        if not count:
            raise PlanRefused("file_empty", "The PDF has no page", name, "Save or send it again")
        return _read(name, document, data)
    finally:
        document.close()


def _read(name: str, document: "pdfium.PdfDocument", data: bytes) -> Source:
    elements: list[Element] = []
    scanned: list[int] = []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            text = page.get_textpage()
            found = list(_of_page(number, list(fragments_of(text)), page.get_width()))
            pictures, covered = _pictures(page, number, _MOST_PICTURES)
        except pdfium.PdfiumError as error:
            said = f"A page of the PDF is damaged: {error}"
            raise PlanRefused("file_broken", said, f"{name}, page {number}",
                              "Save or send it again") from None  # fmt: skip
        if not found and covered >= _SCAN_SHARE:
            scanned.append(number)
        elements.extend(found)
        elements.extend(pictures)
        text.close()
        page.close()
    if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
        elements.extend(_form_values(data))
    return Source("pdf", tuple(elements), tuple(_scan_remarks(scanned)), len(document))


def _scan_remarks(pages: Sequence[int]) -> Iterator[Remark]:
    for page in pages:
        yield Remark(
            "page_scanned", "error", f"page {page}",
            f"Page {page} is a picture of a page; its words cannot be read",
            "Run text recognition (OCR) over the file, or type the page",
        )  # fmt: skip


def _of_page(page: int, fragments: Sequence[Fragment], width: float) -> Iterator[Element]:
    rows = list(_rows(fragments))
    index = 0
    while index < len(rows):
        end = index
        while end < len(rows) and _is_row(rows[end]):
            end += 1
        if end - index >= _FEWEST_ROWS:
            yield _table(rows[index:end], page)
            index = end
            continue
        end = index + 1
        while end < len(rows) and not (_is_row(rows[end]) and _next_is_row(rows, end)):
            end += 1
        lines = [line for row in rows[index:end] for line in _flat(row)]
        yield from _paragraphs(lines, page, width)
        index = end


def _next_is_row(rows: Sequence[_Row], index: int) -> bool:
    return index + 1 < len(rows) and _is_row(rows[index + 1])


def _is_row(row: _Row) -> bool:
    return len(row.cells) > 1 and max(map(len, row.cells)) <= _MOST_LINES_IN_CELL


def _rows(fragments: Sequence[Fragment]) -> Iterator[_Row]:
    """Group lines into rows: what stands right of the row's first line, at its height, is a cell.

    Programs write a table row cell by cell, each with all its lines.
    """
    row: _Row | None = None
    for fragment in fragments:
        if row is None:
            row = _Row([[fragment]])
            continue
        first, last = row.cells[0][0], row.cells[-1][-1]
        edge = max(line.right for line in row.cells[-1])
        if _beside(first, fragment) and fragment.left > edge - first.size:
            row.cells.append([fragment])
        elif _below(last, fragment) and (len(row.cells) > 1 or not _is_item(fragment)):
            row.cells[-1].append(fragment)
        else:
            yield row
            row = _Row([[fragment]])
    if row is not None:
        yield row


def _beside(one: Fragment, other: Fragment) -> bool:
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 0.5 * min(one.size, other.size)


def _below(upper: Fragment, lower: Fragment) -> bool:
    """Tell whether a line goes on in the same column right under another."""
    gap = upper.bottom - lower.top
    near = -0.6 * upper.size < gap < 0.6 * upper.size
    return near and abs(lower.left - upper.left) < 1.5 * upper.size and lower.top < upper.top


def _is_item(fragment: Fragment) -> bool:
    return is_bullet(f"{fragment.text} x") or starts_numbered(fragment.text)


def _flat(row: _Row) -> Iterator[Fragment]:
    """Yield the lines of a row that is none: pieces of one line joined, columns in order."""
    if all(len(cell) == 1 for cell in row.cells):
        cells = [cell[0] for cell in row.cells]
        joined = "  ".join(cell.text for cell in cells)
        yield Fragment(joined, cells[0].left, cells[-1].right, cells[0].bottom, cells[0].top,
                       all(cell.bold for cell in cells))  # fmt: skip
    else:
        for cell in row.cells:
            yield from cell


def _table(rows: Sequence[_Row], page: int) -> Table:
    starts = _columns([cell[0].left for row in rows for cell in row.cells])
    lines: list[tuple[str, ...]] = []
    for row in rows:
        cells = [""] * len(starts)
        for cell in row.cells:
            column = min(range(len(starts)), key=lambda i: abs(starts[i] - cell[0].left))
            text = " ".join(line.text for line in cell)
            cells[column] = f"{cells[column]} {text}".strip()
        lines.append(tuple(cells))
    return Table(tuple(lines), f"page {page}", page=page)


def _columns(lefts: Sequence[float]) -> list[float]:
    starts: list[float] = []
    for left in sorted(lefts):
        if not starts or left - starts[-1] > 12.0:
            starts.append(left)
    return starts


def _paragraphs(lines: Sequence[Fragment], page: int, width: float) -> Iterator[Paragraph]:
    if not lines:
        return
    right = statistics.quantiles([line.right for line in lines] * 2, n=10)[-1]
    group: list[Fragment] = []
    above: Fragment | None = None
    space = True
    for line in lines:
        if group and above and _parts(above, line, right):
            yield _paragraph(group, page, width, space=space)
            space = above.bottom - line.top > _NEW_PARAGRAPH_GAP * line.size
            group = []
        group.append(line)
        above = line
    yield _paragraph(group, page, width, space=space)


def _parts(above: Fragment, line: Fragment, right: float) -> bool:
    """Tell whether a line begins a new paragraph."""
    gap = above.bottom - line.top
    if _LEADER.search(above.text):
        return True
    if above.bold != line.bold or abs(above.size - line.size) > _SAME_SIZE * _POINTS_PER_LINE:
        return True
    if gap > 0.45 * line.size or gap < -2 * line.size or _is_item(line):
        return True
    ended_early = above.right < right - 0.3 * (right - above.left)
    return ended_early and (above.text[-1:] in ".:;?!" or line.text[:1].isupper())


def _paragraph(lines: Sequence[Fragment], page: int, width: float, *, space: bool) -> Paragraph:
    raw = " ".join(line.text for line in lines)
    item = is_bullet(raw)
    text = without_bullet(raw) if item else raw
    first = lines[0]
    centered = abs((first.left + first.right) - width) < 0.06 * width and first.left > 0.2 * width
    size = round(max(line.size for line in lines) / _POINTS_PER_LINE, 1)
    look = Look(size, all(line.bold for line in lines), centered, space_before=space)
    depth = 0 if item else None
    return Paragraph(text, f"page {page}", escaped(text), depth=depth, look=look, source=raw,
                     page=page)  # fmt: skip


def _pictures(page: "pdfium.PdfPage", number: int, most: int) -> tuple[list[Picture], float]:
    """Return the pictures of a page, and which share of it the largest one covers."""
    found: list[Picture] = []
    area = max(1.0, page.get_width() * page.get_height())
    covered = 0.0
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        covered = max(covered, (right - left) * (top - bottom) / area)
        if min(right - left, top - bottom) < _SMALLEST_PICTURE or len(found) >= most:
            continue
        buffer = io.BytesIO()
        try:
            item.extract(buffer, fb_format="png")
        except (pdfium.PdfiumError, ValueError, OSError, NotImplementedError):
            continue
        name = f"page-{number}-picture-{len(found) + 1}"
        found.append(Picture(name, "", f"page {number}", buffer.getvalue(), number))
    return found, covered


def _form_values(data: bytes) -> Iterator[Element]:
    """Yield what is typed into the fields of a form; PDFium's text of a page leaves it out."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            for number, page in enumerate(document.pages, start=1):
                for annotation in page.get("/Annots", []):
                    value = annotation.get("/V")
                    if isinstance(value, pikepdf.String) and str(value).strip():
                        label = str(annotation.get("/TU") or annotation.get("/T") or "")
                        place = f"page {number}, field {label}".removesuffix(", field ")
                        yield Paragraph(str(value), place, escaped(str(value)), page=number)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        return
