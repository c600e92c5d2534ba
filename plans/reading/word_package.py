"""The parts of a Word file, unpacked in memory under limits. No size that it declares is trusted,
no document type is allowed in it, so no entity is ever resolved.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from lxml import etree

from plans.reading.refusals import GIVE_PLAN
from plans.reading.result import PlanRefused

MOST_ENTRIES = 5_000
MOST_UNPACKED_BYTES = 192 * 1024 * 1024
MOST_XML_BYTES = 40 * 1024 * 1024  # a tree takes some eight times as much
MOST_RATIO = 300
RATIO_FROM_BYTES = 2 * 1024 * 1024
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    RuntimeError, LookupError, NotImplementedError,
)  # fmt: skip
_CHUNK = 256 * 1024
_ENCRYPTED = 0x1
_SAVE_AGAIN = "It was damaged while saving or sending: open it in Word and save it anew"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points to. `outside` targets are addresses and are never opened."""

    kind: str
    target: str
    outside: bool


@dataclass(slots=True)
class WordPackage:
    """An opened Word file. Parts are unpacked when asked for."""

    name: str
    opened: zipfile.ZipFile
    packed_size: int
    unpacked: int = 0
    kept: dict[str, bytes] = field(default_factory=dict)

    def main_part(self) -> str:
        """Return the name of the part that holds the text; raises PlanRefused for no Word file."""
        names = set(self.opened.namelist())
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in names:
                self._refuse_other_office(relation.target)
                return relation.target
        if "mimetype" in names and b"opendocument" in self.part("mimetype"):
            raise PlanRefused("format_odt", "The file is an OpenDocument text", self.name,
                              "Save it as Word document (.docx)")  # fmt: skip
        if "[Content_Types].xml" in names:
            raise PlanRefused("file_broken", "The Word file has no text part", self.name,
                              _SAVE_AGAIN)  # fmt: skip
        what = "The file is a zip archive, not a Word document"
        raise PlanRefused("format_archive", what, self.name, GIVE_PLAN)

    def _refuse_other_office(self, target: str) -> None:
        for folder, code, what in (
            ("xl", "format_xls", "an Excel workbook"),
            ("ppt", "format_ppt", "a PowerPoint presentation"),
            ("visio", "format_visio", "a Visio drawing"),
        ):
            if target.startswith(f"{folder}/"):
                raise PlanRefused(code, f"The file is {what}", self.name, GIVE_PLAN)

    def has(self, part: str) -> bool:
        """Tell whether the package has a part of that name."""
        return part in self.opened.NameToInfo

    def part(self, part: str) -> bytes:
        """Return the bytes of a part; raises PlanRefused for a damaged or oversized one."""
        if part not in self.kept:
            self.kept[part] = self._inflate(part)
        return self.kept[part]

    def xml(self, part: str) -> "etree._Element":
        """Return the root of an XML part; raises PlanRefused where it is broken or has a DTD."""
        data = self.part(part)
        self.kept.pop(part, None)  # the tree takes its place
        where = f"{self.name}, part {part}"
        if len(data) > MOST_XML_BYTES:
            raise _too_large(where, f"a part has more than {MOST_XML_BYTES // 1024**2} MB of text")
        if _DOCTYPE.search(data[:4096]) or b"<!ENTITY" in data:
            raise PlanRefused("entities", "The file declares entities of its own", where,
                              "A Word file never does so: ask its sender for another")  # fmt: skip
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            said = f"The Word file is damaged: {error.msg}"
            raise PlanRefused("file_broken", said, where, _SAVE_AGAIN) from None

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part by id, those of the package for an empty name."""
        folder, _, leaf = part.rpartition("/")
        path = join(folder, "_rels", f"{leaf}.rels") if part else "_rels/.rels"
        if not self.has(path):
            return {}
        found: dict[str, Relation] = {}
        for item in self.xml(path).iter(_REL):
            outside = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            if not outside:
                target = normpath(
                    target.lstrip("/") if target.startswith("/") else join(dirname(part), target)
                )
            kind = item.get("Type", "").rpartition("/")[2]
            found[item.get("Id", "")] = Relation(kind, target, outside)
        return found

    def _inflate(self, part: str) -> bytes:
        where = f"{self.name}, part {part}"
        parts: list[bytes] = []
        count = 0
        try:
            info = self.opened.getinfo(part)
            packed = max(1, min(info.compress_size, self.packed_size))
            with self.opened.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    count += len(chunk)
                    if count > RATIO_FROM_BYTES and count > packed * MOST_RATIO:
                        raise _too_large(where, f"it unpacks to over {MOST_RATIO} times its size")
                    if self.unpacked + count > MOST_UNPACKED_BYTES:
                        limit = f"{MOST_UNPACKED_BYTES // 1024**2} MB"
                        raise _too_large(where, f"it unpacks to more than {limit}")
                    parts.append(chunk)
        except _DAMAGED as error:
            said = f"The Word file is damaged: {error}"
            raise PlanRefused("file_broken", said, where, _SAVE_AGAIN) from None
        self.unpacked += count
        return b"".join(parts)


def open_package(name: str, data: bytes) -> WordPackage:
    """Return the package of a Word file; raises PlanRefused for a broken or locked zip."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        said = f"The Word file cannot be unpacked: {error}"
        raise PlanRefused("file_broken", said, name, _SAVE_AGAIN) from None
    infos = opened.infolist()
    if len(infos) > MOST_ENTRIES:
        raise _too_large(name, f"it has {len(infos):,} parts; at most {MOST_ENTRIES:,} are read")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise PlanRefused("file_encrypted", "The file is locked by a password", name,
                          "Take the password off and save it")  # fmt: skip
    return WordPackage(name, opened, len(data))


def _too_large(where: str, why: str) -> PlanRefused:
    return PlanRefused("file_expands", f"The Word file is not read: {why}", where,
                       "Save it with smaller pictures, or in two parts")  # fmt: skip
