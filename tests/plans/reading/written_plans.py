"""The plans of `plans_of_others`, written as Word, web page, Markdown, text and PDF."""

import html
from collections.abc import Callable, Sequence

import typst

from tests.plans.reading.plans_of_others import BODIES, Line
from tests.plans.reading.word_files import paragraph, word_file


def word_styled(lines: Sequence[Line]) -> bytes:
    """Return a Word file with heading styles."""
    body: list[str] = []
    for line in lines:
        body.append(paragraph(line.heading, f"Heading{line.level}"))
        body.extend(paragraph(text) for text in _texts(line))
    return word_file(*body)


def word_by_look(lines: Sequence[Line]) -> bytes:
    """Return a Word file whose headings are only large and strong, as most offices write."""
    sizes = {1: 32, 2: 26, 3: 24}
    body: list[str] = []
    for line in lines:
        look = f'<w:b/><w:sz w:val="{sizes[line.level]}"/>'
        body.append(paragraph(line.heading, look=look))
        body.extend(paragraph(text) for text in _texts(line))
    return word_file(*body)


def web_page(lines: Sequence[Line]) -> bytes:
    """Return a web page."""
    made = "".join(
        f"<h{line.level}>{html.escape(line.heading)}</h{line.level}>"
        + "".join(f"<p>{html.escape(text)}</p>" for text in _texts(line))
        for line in lines
    )
    return f"<!doctype html><html><body>{made}</body></html>".encode()


def web_page_by_look(lines: Sequence[Line]) -> bytes:
    """Return a page as an office program saves it: strong paragraphs of a size, no headings."""
    made = "".join(
        f"<p style='font-size:{20 - 3 * line.level}pt'><b>{html.escape(line.heading)}</b></p>"
        + "".join(f"<p style='font-size:11pt'>{html.escape(text)}</p>" for text in _texts(line))
        for line in lines
    )
    return f"<html><body>{made}</body></html>".encode()


def marked(lines: Sequence[Line]) -> bytes:
    """Return Markdown."""
    made = (f"{'#' * line.level} {line.heading}\n\n" + _joined(line) for line in lines)
    return "\n".join(made).encode()


def plain(lines: Sequence[Line]) -> bytes:
    """Return plain text: chapters in capitals, the rest in title case, blank lines around."""
    made = (
        f"{line.heading.upper() if line.level == 1 else line.heading}\n\n" + _joined(line)
        for line in lines
    )
    return "\n".join(made).encode()


def pdf(lines: Sequence[Line]) -> bytes:
    """Return a PDF with running heads, feet and page numbers."""
    body = [
        '#set page(width: 8.5in, height: 11in, margin: 1in, numbering: "1",',
        "  header: [Emergency plan], footer: context [Page #counter(page).display()])",
        "#set text(size: 11pt)",
    ]
    for line in lines:
        body.append(
            f'#block(text(size: {18 - 2 * line.level}pt, weight: "bold")[#{_quoted(line.heading)}])'
        )
        body.extend(f"#par(justify: true)[#{_quoted(text)}]" for text in _texts(line))
    return bytes(typst.compile("\n".join(body).encode()))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _texts(line: Line) -> list[str]:
    text = BODIES[line.body]
    return [text, text.replace("office", "main office")] if text else []


def _joined(line: Line) -> str:
    return "".join(f"{text}\n\n" for text in _texts(line))


FORMS: dict[str, tuple[str, Callable[[Sequence[Line]], bytes]]] = {
    "word_styled": ("plan.docx", word_styled),
    "word_by_look": ("plan.docx", word_by_look),
    "web_page": ("plan.html", web_page),
    "web_page_by_look": ("plan.html", web_page_by_look),
    "marked": ("plan.md", marked),
    "plain": ("plan.txt", plain),
    "pdf": ("plan.pdf", pdf),
}
