"""Which kind of file it is, decided by its content, and the refusal of every other kind."""

import json
import re

from plans.reading.result import PlanRefused
from plans.reading.source import Format

MOST_BYTES = 64 * 1024 * 1024
MOST_PAGES = 1_500
MOST_OPEN_BRACKETS = 2_000  # the parser looks for the end of each: time by the square
MOST_CONTROLS = 10  # in the first bytes of a file: with more it is no text
GIVE_PLAN = "Give a Word (.docx), PDF, HTML, Markdown or plain text file"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "file_encrypted", "The Word file is locked by a password",
     "Open it in Word, take the password off under File, Info, Protect Document, and save it"),
    ("WordDocument", "format_doc", "The file is an old Word document (.doc)",
     "Open it in Word or LibreOffice and save it as Word document (.docx)"),
    ("Workbook", "format_xls", "The file is an Excel workbook", GIVE_PLAN),
    ("PowerPoint Document", "format_ppt", "The file is a PowerPoint presentation", GIVE_PLAN),
)  # fmt: skip
_BINARIES = (
    (b"\x89PNG", "file_picture", "a picture (PNG)"),
    (b"\xff\xd8\xff", "file_picture", "a picture (JPEG)"),
    (b"GIF8", "file_picture", "a picture (GIF)"),
    (b"II*\x00", "file_picture", "a picture (TIFF)"),
    (b"MM\x00*", "file_picture", "a picture (TIFF)"),
    (b"{\\rtf", "format_rtf", "a rich text file (.rtf): save it as Word document (.docx)"),
    (b"\x1f\x8b", "format_archive", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf", "format_archive", "a 7z archive: unpack it first"),
    (b"Rar!", "format_archive", "a RAR archive: unpack it first"),
    (b"SQLite format 3", "file_unknown", "a database"),
    (b"MZ", "file_unknown", "a program"),
    (b"\x7fELF", "file_unknown", "a program"),
    (b"%!PS", "format_postscript", "a PostScript file: save it as PDF"),
)
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|h[1-6]|div|p|"
    r"title|meta|article|section|main|table|style|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_MARKUP = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<![^>]*>\s*)*<(?P<root>[A-Za-z][\w:.-]*)")
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}[ \t]+\S|^[ \t]*\|.*\|[ \t]*\n[ \t]*\|?[ \t]*:?-{3,}"
    r"|^ {0,3}(?:={3,}|-{3,})[ \t]*$|^[ \t]*[-*+][ \t]+\*\*\S|^\*\*\S[^\n]*\*\*[ \t]*$"
    r"|\[[^\[\]\n]{1,200}\]\([^()\s]{1,500}\)",
    re.MULTILINE,
)
_HEADING_MARKS = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)


def format_of(name: str, data: bytes) -> Format | None:
    """Return docx, pdf or html of a file, None for text; raises PlanRefused for any other kind.

    `name` stands in messages only.
    """
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 1024**2:.0f} MB, more than {MOST_BYTES // 1024**2} MB"
        mend = "Save it with smaller pictures, or in two parts"
        raise PlanRefused("file_too_large", f"The file has {size}", name, mend)
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n\x0c"):
        raise PlanRefused("file_empty", "The file is empty", name, "Save or send it again")
    if data.startswith(_OLE):
        raise _old_office(name, data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    for magic, code, what in _BINARIES:
        if data.startswith(magic):
            raise PlanRefused(code, f"The file is {what}", name, GIVE_PLAN)
    return None


def decoded(name: str, data: bytes) -> str:
    """Return the text of a text file: UTF-8, UTF-16 with its mark, else Windows-1252.

    Raises PlanRefused where it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _broken_text(name, error) from None
    text: str
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    controls = sum(ord(sign) < 32 and sign not in "\t\n\v\f\r\x1b" for sign in text[:8000])
    if controls > MOST_CONTROLS:
        raise PlanRefused("file_unknown", "The file is of an unknown kind", name, GIVE_PLAN)
    return text.replace("\x00", "")


def is_html(text: str) -> bool:
    """Tell whether a text is a web page."""
    return bool(_HTML.match(text))


def refuse_other_markup(name: str, text: str) -> None:
    """Raise PlanRefused for XML of another kind, SVG, JSON and the like."""
    found = _OTHER_MARKUP.match(text)
    if found and (text.lstrip().startswith("<?xml") or found["root"].casefold() in {"svg", "kml"}):
        what = f"The file is XML ({found['root']:.40})"
        raise PlanRefused("format_xml", what, name, GIVE_PLAN)
    if re.match(r"\s*[{\[]", text) and _is_json(text):
        raise PlanRefused("format_json", "The file is JSON data", name, GIVE_PLAN)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_markdown(name: str, text: str) -> bool:
    """Tell whether a text is Markdown, by its name or by its marks."""
    if text.count("[") - text.count("]") > MOST_OPEN_BRACKETS:
        return False
    suffix = name.rpartition(".")[2].casefold()
    if suffix in {"md", "markdown", "mdown"}:
        return True
    if suffix in {"txt", "text"}:
        return len(_HEADING_MARKS.findall(text)) > 1
    return bool(_MARKDOWN.search(text))


def _old_office(name: str, data: bytes) -> PlanRefused:
    for stream, code, what, mend in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return PlanRefused(code, what, name, mend)
    return PlanRefused("file_unknown", "The file is of an old office format", name, GIVE_PLAN)


def _broken_text(name: str, error: UnicodeDecodeError) -> PlanRefused:
    where = f"{name}, byte {error.start:,}"
    return PlanRefused("text_broken", "The text breaks off inside a character", where,
                       "Save it as UTF-8")  # fmt: skip
