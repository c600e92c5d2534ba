"""A produced document taken apart for the check of audiences: all its words, hidden ones too."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2 as pdfium
from lxml import etree, html

from plans.content.leaks import Part

_ATTRIBUTES_WITH_WORDS = 3  # shorter values are classes, sizes and the like
_ESCAPED = re.compile(r"\\[ux]\{?([0-9a-fA-F]{2,4})\}?")  # a sign as scripts write it
_DEEPEST = 30  # nested dictionaries of a PDF


def parts_of(data: bytes) -> tuple[Part, ...]:
    """Return the parts of a text, web page or PDF.

    Of a page also attributes, comments, scripts and styles; of a PDF also what is only told to
    screen readers, bookmarks, notes, properties and attached files. Raises ValueError for a PDF
    that cannot be opened.
    """
    if b"%PDF-" in data[:1024]:
        return tuple(_of_pdf(data))
    text = data.decode("utf-8", "replace")
    if re.match(r"\s*<(?:!doctype|html|\w+[\s>])", text, re.IGNORECASE):
        return tuple(_of_html(text))
    return (Part("text", text),)


def _of_html(text: str) -> Iterator[Part]:
    root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True, no_network=True))
    lines: list[str] = []
    for node in root.iter():
        if isinstance(node, etree._Comment):
            yield Part("comment", node.text or "")
        elif node.tag in {"script", "style"}:
            code = node.text or ""
            yield Part(str(node.tag), code)
            yield Part(str(node.tag), _ESCAPED.sub(lambda m: chr(int(m[1], 16)), code))
        else:
            lines.append(node.text or "")
            for name, value in node.attrib.items():
                if len(str(value).split()) >= _ATTRIBUTES_WITH_WORDS or name in {"alt", "title"}:
                    yield Part(f"attribute {name}", str(value))
        lines.append(node.tail or "")
    yield Part("text", "".join(lines))
    yield Part("text", " ".join(lines))  # words that only layout parts


def _of_pdf(data: bytes) -> Iterator[Part]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ValueError(f"the PDF cannot be opened: {error}") from None
    try:
        for number in range(len(document)):
            page = document[number].get_textpage()
            text = page.get_text_range().replace("\x02", "")
            yield Part(f"page {number + 1}", text)
    finally:
        document.close()
    with pikepdf.open(io.BytesIO(data)) as opened:
        told = [text for item in opened.objects for text in _strings(item, 0)]
        yield Part("told to screen readers, notes and properties", "\n".join(told))
        for name, attached in opened.attachments.items():
            content = attached.get_file().read_bytes()
            yield Part(f"attached file {name}", content.decode("utf-8", "replace"))


def _strings(item: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(item, pikepdf.String):
        text = str(item)
        if any(sign.isalpha() for sign in text):
            yield text
    elif isinstance(item, pikepdf.Array):
        for inner in item.as_list():
            if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                yield from _strings(inner, depth + 1)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for inner in dict(item).values():
            if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                yield from _strings(inner, depth + 1)
