"""The recipient's stamp: a base saved once, and some 700 bytes appended for each copy.

The base holds one empty form that every page draws last, as an artifact, and a font for it. A copy
is the base and an incremental update that fills the form. It shows who received a copy; it is no
protection, for the last revision can be cut off again: the audit trail is the proof.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

from plans.packets.typeface import Fitting, font_path

FORM = "/MusterStamp"
LEFT, FOOT = 36.0, 28.6  # points from the page's corner: the empty half of the footer's second line
SIZE, PITCH = 7.4, 8.6  # points: the size of the type, and from line to line
EDGE_LEFT, EDGE_FOOT, EDGE_SIZE = 17.0, 70.0, 6.2  # points: the same words up the left edge
MOST_POINTS = 330.0  # the longest line beside the marking, at SIZE
LINES_AT_MOST = 2
_WRAPPED = b"\nQ /Artifact <</Type /Pagination /Subtype /Watermark>> BDC q %s Do Q EMC"
_ID = b"0" * 32


class NoStampPlace(ValueError):
    """The bytes are no base that `prepare_base` made."""


@cache
def _font() -> tuple[bytes, dict[int, int], dict[int, int], int]:
    """Return the font file with Latin letters, glyph by code point, widths, units per em."""
    font = TTFont(font_path())
    codes = [c for c in font.getBestCmap() if c < 0x250 or 0x2000 <= c < 0x2070]
    options = subset.Options(retain_gids=True, notdef_outline=True, hinting=False)
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    font["head"].modified = font["head"].created  # the day of making would change the bytes
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    glyphs = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    widths = {gid: font["hmtx"][font.getGlyphName(gid)][0] for gid in glyphs.values()}
    return out.getvalue(), glyphs, widths, font["head"].unitsPerEm


def prepare_base(content: bytes) -> tuple[bytes, int]:
    """Return a PDF made ready for stamps, and its pages; the same input gives the same bytes.

    It is saved without object and cross-reference streams, so that an update can be appended, and
    bears one empty form drawn after the content of each page, tagged as an artifact.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        form = pdf.make_indirect(
            Stream(
                pdf,
                b"",
                Dictionary(
                    Type=Name.XObject,
                    Subtype=Name.Form,
                    BBox=Array([0, 0, 1300, 1300]),
                    Resources=Dictionary(Font=Dictionary(F=_embed_font(pdf))),
                ),
            )
        )
        for page in pdf.pages:
            page.contents_add(Stream(pdf, b"q"), prepend=True)
            page.contents_add(Stream(pdf, _WRAPPED % FORM.encode()), prepend=False)
            resources = page.obj.get("/Resources", Dictionary())
            own = Dictionary(dict(resources.items()))
            forms = own.get("/XObject", Dictionary())
            shared = Dictionary(dict(forms.items()))
            shared[FORM] = form
            own.XObject = shared
            page.obj.Resources = own
        pages = len(pdf.pages)
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            compress_streams=True,
        )
    return out.getvalue(), pages


def _embed_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    program, glyphs, widths, units = _font()
    per_mille = 1000 / units
    file = Stream(pdf, program)
    file.Length1 = len(program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/MUSTER+PublicSans-Regular"),
        Flags=4,
        FontBBox=Array([-200, -250, 1200, 1000]),
        ItalicAngle=0,
        Ascent=950,
        Descent=-225,
        CapHeight=723,
        StemV=80,
        FontFile2=pdf.make_indirect(file),
    )
    wide = Array()
    for gid in sorted(widths):
        wide.append(gid)
        wide.append(Array([round(widths[gid] * per_mille)]))
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/MUSTER+PublicSans-Regular"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=Name.Identity,
        DW=600,
        W=wide,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/MUSTER+PublicSans-Regular"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, _to_unicode(glyphs)),
        )
    )


def _to_unicode(glyphs: dict[int, int]) -> bytes:
    by_glyph: dict[int, int] = {}
    for code in sorted(glyphs):
        by_glyph.setdefault(glyphs[code], code)
    pairs = [f"<{gid:04X}> <{code:04X}>" for gid, code in sorted(by_glyph.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


@dataclass(frozen=True, slots=True)
class Stamper:
    """A base opened for stamping; making a copy costs less than a tenth of a millisecond."""

    base: bytes
    _form: int = field(init=False)
    _font: bytes = field(init=False)
    _trailer: bytes = field(init=False)
    _start: int = field(init=False)

    def __post_init__(self) -> None:
        """Find the form, its font and the trailer. Raises NoStampPlace."""
        form = re.search(rb"/MusterStamp (\d+) 0 R", self.base)
        trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*$",
                            self.base[-2048:], re.DOTALL)  # fmt: skip
        if form is None or trailer is None:
            raise NoStampPlace("this PDF has no place for a stamp: prepare the base first")
        number = int(form[1])
        at = self.base.rfind(b"\n%d 0 obj" % number)
        head = self.base[at : self.base.find(b"stream", at)]
        font = re.search(rb"/Font\s*<<\s*/F (\d+) 0 R", head)
        if at < 0 or font is None:
            raise NoStampPlace("the place for the stamp has been altered: make the base anew")
        keys = re.sub(rb"/(?:ID\s*\[.*?\]|Prev\s+\d+)", b"", trailer[1], flags=re.DOTALL)
        object.__setattr__(self, "_form", number)
        object.__setattr__(self, "_font", font[1])
        object.__setattr__(self, "_trailer", b" ".join(keys.split()))
        object.__setattr__(self, "_start", int(trailer[2]))

    def update(self, lines: Sequence[str]) -> bytes:
        """Return what is appended to the base for a copy with these lines, two at most."""
        drawn = _drawn(lines[:LINES_AT_MOST])
        head = (
            b"<< /BBox [ 0 0 1300 1300 ] /Resources << /Font << /F %s 0 R >> >> /Subtype /Form"
            b" /Type /XObject /Length %d >>" % (self._font, len(drawn))
        )
        start = len(self.base)
        body = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (self._form, head, drawn)
        identity = hashlib.sha256(drawn + self._trailer).hexdigest()[:32].encode()
        return body + (
            b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \n"
            b"trailer << %s /Prev %d /ID [<%s><%s>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (self._form, start, self._trailer, self._start, _ID, identity, start + len(body))
        )

    def copy(self, lines: Sequence[str]) -> bytes:
        """Return the base with its stamp: recipient and agency, copy code, time of opening."""
        return self.base + self.update(lines)


def stamp(base: bytes, lines: Sequence[str]) -> bytes:
    """Return one copy of a prepared base with these lines, two at most. Raises NoStampPlace."""
    return Stamper(base).copy(lines)


def _drawn(lines: Sequence[str]) -> bytes:
    """Return the operators of the stamp: lines at the foot, and all of them up the left edge."""
    _, glyphs, widths, units = _font()
    fit = Fitting()
    parts = [b"0.08 0.09 0.11 rg BT"]
    texts = [fit.text(" ".join(line.split())) for line in lines]
    for number, words in enumerate(texts):
        wide = sum(widths[_glyph(glyphs, sign)] for sign in words) / units
        size = min(SIZE, MOST_POINTS / max(wide, 0.1))
        foot = FOOT - PITCH * number
        parts.append(b"/F %.2f Tf 1 0 0 1 %.1f %.1f Tm %s Tj"
                     % (size, LEFT, foot, _shown(glyphs, words)))  # fmt: skip
    edge = " · ".join(texts)
    parts.append(b"0.36 0.39 0.42 rg /F %.1f Tf 0 1 -1 0 %.1f %.1f Tm %s Tj ET"
                 % (EDGE_SIZE, EDGE_LEFT, EDGE_FOOT, _shown(glyphs, edge)))  # fmt: skip
    return b"\n".join(parts)


def _glyph(glyphs: dict[int, int], sign: str) -> int:
    return glyphs.get(ord(sign), glyphs[ord("?")])


def _shown(glyphs: dict[int, int], words: str) -> bytes:
    return b"<" + b"".join(b"%04X" % _glyph(glyphs, sign) for sign in words) + b">"
