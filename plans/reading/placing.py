"""Which section of the template each heading's text belongs to.

A heading has a meaning of its own (`meanings`), stands under others, and follows others. Beneath an
annex “Purpose” is a part of that annex; beneath “Concept of operations” a word about lockdown stays
there unless no other heading of the document is the lockdown annex.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plans.reading.meanings import CERTAIN, SURE_ENOUGH, Meaning, meaning_of, meaning_of_text
from plans.reading.source import Element, Paragraph, SetAside, words_in

NEARLY_EXACT = 0.95
_LONGEST_COVER = 250  # words before the first heading that still read as a cover page
_FEWEST_WORDS_OF_BODY = 12
_PEOPLE = re.compile(
    r"\s*(?:(?:all|other|the|school|classroom|substitute)\s+)*(?:teachers?|principals?|administrators?"
    r"|administration|staff|students?|faculty|office|secretar(?:y|ies)|custodians?|nurses?|counselors?"
    r"|bus drivers?|parents?|cafeteria|food service|superintendents?|sros?|visitors?|substitutes?"
    r"|incident commanders?|main office|front office|coaches|librarians?)"
    r"(?:[\s/,&]+\w+)?(?:\s+(?:actions?|responsibilities|duties|will|should|shall|response|procedures?"
    r"|staff|steps))?\s*:?\s*",
    re.IGNORECASE,
)
_RESTART = re.compile(r"\s*(?:I|1|A)(?:\.0)?[.):\s]\s*")
_DIVIDER = re.compile(r"\b(?:annexes|appendices|(?:basic|base|core) plan)\s*$", re.IGNORECASE)
_PLAN_TITLE = re.compile(
    r"\b(?:emergency|safety|crisis|response|preparedness|operations|all[- ]hazards?)\b.*"
    r"\b(?:plan|manual|handbook|guide)\b", re.IGNORECASE,
)  # fmt: skip
WHY_CONTAINER = "a heading that only holds other sections"
WHY_BETWEEN = "text between sections, under a heading that only holds others"
WHY_UNKNOWN = "no section of the template has this meaning"
WHY_BEFORE = "text before the first heading"
WHY_NO_HEADING = "the document has no heading by which to place it"


@dataclass(slots=True)
class Piece:
    """A heading with the elements up to the next one; the first piece may have no heading."""

    heading: Paragraph | None
    elements: list[Element]
    level: int
    meaning: Meaning
    parent: "Piece | None" = None
    target: str = ""
    score: float = 0.0
    why: str = ""
    transparent: bool = False  # what stands under it is placed as if it were not there
    breaks: bool = False  # nothing above it is handed down
    refers_to: str = ""

    @property
    def title(self) -> str:
        """Return the heading in one line, empty for text before the first."""
        return " ".join(self.heading.text.split()) if self.heading else ""

    @property
    def body(self) -> list[Element]:
        """Return the elements below the heading."""
        return self.elements[1:] if self.heading else self.elements


def placed(elements: Sequence[Element], *, by_look: bool = False) -> list[Piece]:
    """Return the pieces of a document, each with its section or the reason why it has none.

    `by_look` says that headings were only guessed: one without meaning then goes on with the
    section before it, where all headings are of one rank.
    """
    pieces = _pieces(elements)
    claims: dict[str, list[tuple[int, int]]] = {}
    for place, piece in enumerate(pieces):
        if piece.meaning.kind == "section" and piece.meaning.score >= CERTAIN:
            claims.setdefault(piece.meaning.template_id, []).append((piece.level, place))
    highest = {template_id: sorted(found)[:2] for template_id, found in claims.items()}
    placer = _Placer(pieces, highest, by_look=by_look)
    for place, piece in enumerate(pieces):
        if piece.heading is None:
            placer.before_headings(piece)
        else:
            placer.decide(place, piece)
    return pieces


def _pieces(elements: Sequence[Element]) -> list[Piece]:
    pieces: list[Piece] = [Piece(None, [], 0, Meaning("none"))]
    above: list[Piece] = []
    for item in elements:
        if isinstance(item, Paragraph) and item.heading is not None:
            while above and above[-1].level >= item.heading:
                above.pop()
            parent = above[-1] if above else None
            piece = Piece(item, [item], item.heading, meaning_of(item.text), parent)
            pieces.append(piece)
            above.append(piece)
        else:
            pieces[-1].elements.append(item)
    return pieces if pieces[0].elements else pieces[1:]


class _Placer:
    """Decides piece by piece, in the order of the document."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        claims: dict[str, list[tuple[int, int]]],
        *,
        by_look: bool,
    ) -> None:
        self.claims = claims
        ranks = {piece.level for piece in pieces if piece.heading and piece.level}
        self.flat = by_look and len(ranks) == 1
        self.headings = sum(piece.heading is not None for piece in pieces)
        self.used: set[str] = set()
        self.open: Piece | None = None  # the annex, or other section, that a flat document is in

    def before_headings(self, piece: Piece) -> None:
        """Place what stands before the first heading: a cover page, or what its words say."""
        count = words_in([e for e in piece.elements if not isinstance(e, SetAside)])
        if not count:
            return
        told = meaning_of_text(_text(piece.elements))
        if told.kind == "section" and (not self.headings or count > _LONGEST_COVER):
            self._take(piece, told.template_id, told.score)
        elif self.headings and count <= _LONGEST_COVER:
            self._take(piece, "BP-01", 0.5)
        else:
            piece.why = WHY_BEFORE if self.headings else WHY_NO_HEADING

    def decide(self, place: int, piece: Piece) -> None:
        """Give a piece its section, or the reason why it has none."""
        above = _nearest(piece)
        if piece.meaning.kind == "container" and _DIVIDER.search(piece.title):
            piece.breaks = True
            above = None
        if above is None:
            self._at_top(piece)
        elif above.target.startswith("BP-"):
            self._under_basic(place, piece, above)
        else:
            self._under_annex(place, piece, above)

    def _at_top(self, piece: Piece) -> None:
        meaning = piece.meaning
        if meaning.kind == "container":
            piece.transparent = True
            piece.why = WHY_CONTAINER
            self._body_of_container(piece)
            self.open = None
        elif meaning.kind == "section" and meaning.template_id == "BP-01":
            piece.transparent = True
            self._take(piece, "BP-01", meaning.score)
            self.open = None
        elif meaning.kind == "section" and not self._stays_open(piece):
            self._take(piece, meaning.template_id, meaning.score)
            self.open = piece
        elif self._stays_open(piece) and self.open is not None:
            self._inherit(piece, self.open)
        elif piece.level == 0 or not self.used or self._is_title(piece):
            piece.transparent = True
            self._title(piece)
        else:
            self._by_body(piece)

    def _is_title(self, piece: Piece) -> bool:
        return self.used <= {"BP-01"} and bool(_PLAN_TITLE.search(piece.title))

    def _title(self, piece: Piece) -> None:
        """Take a first heading that names only the school as the title, its text as the cover."""
        if words_in(piece.body) <= _LONGEST_COVER:
            self._take(piece, "BP-01", 0.5)
        else:
            self._by_body(piece)

    def _stays_open(self, piece: Piece) -> bool:
        """Tell whether a heading of the same level goes on with the section before it."""
        opened, meaning = self.open, piece.meaning
        if opened is None or piece.level < opened.level:
            return False
        if meaning.kind == "none":
            return bool(_PEOPLE.fullmatch(piece.title)) or (self.flat and not _telling(piece))
        if opened.target.startswith("BP-"):
            return False
        restarts = bool(_RESTART.match(piece.title)) or opened.meaning.announced
        again = meaning.template_id in self.used
        is_part = bool(meaning.part) and meaning.template_id.startswith("BP-")
        return is_part and (restarts or again) and not meaning.announced

    def _under_basic(self, place: int, piece: Piece, above: Piece) -> None:
        meaning = piece.meaning
        own = meaning.kind == "section" and meaning.template_id not in {"BP-01", above.target}
        combined = above.target == above.meaning.template_id and bool(above.meaning.others)
        wanted = SURE_ENOUGH if meaning.template_id in above.meaning.others else CERTAIN
        joins = meaning.template_id in above.meaning.others or above.meaning.score < NEARLY_EXACT
        basic = meaning.template_id.startswith("BP-")
        own_part = combined and joins and basic and meaning.score >= wanted
        told = meaning.announced and meaning.score >= CERTAIN
        if own and (own_part or told or self._may_leave(place, piece, above)):
            self._take(piece, meaning.template_id, meaning.score)
        else:
            self._inherit(piece, above)

    def _may_leave(self, place: int, piece: Piece, above: Piece) -> bool:
        """Tell whether a part of a basic section is a section of its own: no other claims it."""
        meaning = piece.meaning
        is_hazard = meaning.template_id.startswith("TH-")
        if (is_hazard and above.target == "BP-09") or meaning.template_id == "FA-OTHER":
            return False
        wanted = NEARLY_EXACT if meaning.template_id.startswith("BP-") else CERTAIN
        weak = above.score < CERTAIN
        return (meaning.score >= wanted or weak) and not self._claimed(place, piece)

    def _claimed(self, place: int, piece: Piece) -> bool:
        others = self.claims.get(piece.meaning.template_id, [])
        return any(level <= piece.level and other != place for level, other in others)

    def _under_annex(self, place: int, piece: Piece, above: Piece) -> None:
        meaning = piece.meaning
        functional = meaning.template_id.startswith("FA-") and meaning.template_id != "FA-OTHER"
        leaves = (
            meaning.kind == "section"
            and meaning.template_id != above.target
            and not meaning.part
            and (
                (meaning.announced and meaning.score >= CERTAIN)
                or (
                    functional
                    and above.target.startswith("FA-")
                    and meaning.score >= NEARLY_EXACT
                    and meaning.words > 1
                    and not self._claimed(place, piece)
                )
            )
        )
        if leaves:
            self._take(piece, meaning.template_id, meaning.score)
        else:
            self._inherit(piece, above)

    def _by_body(self, piece: Piece) -> None:
        told = meaning_of_text(f"{piece.title}\n{_text(piece.body)}")
        if told.kind == "section":
            self._take(piece, told.template_id, told.score)
            self.open = piece
        else:
            piece.why = WHY_UNKNOWN
            piece.transparent = True

    def _body_of_container(self, piece: Piece) -> None:
        """Leave the text of a container unplaced, unless its words say where it belongs."""
        if words_in(piece.body) < _FEWEST_WORDS_OF_BODY:
            return
        told = meaning_of_text(_text(piece.body))
        if told.kind == "section":
            self._take(piece, told.template_id, told.score)

    def _take(self, piece: Piece, template_id: str, score: float) -> None:
        piece.target, piece.score = template_id, score
        self.used.add(template_id)

    def _inherit(self, piece: Piece, above: Piece) -> None:
        piece.target, piece.score = above.target, above.score
        if not above.target.startswith("BP-"):
            piece.refers_to = piece.meaning.part.removeprefix("steps")


def _nearest(piece: Piece) -> Piece | None:
    """Return the nearest heading above that has a section and hands it down."""
    above = piece.parent
    while above is not None and (above.transparent or not above.target):
        if above.breaks:
            return None
        above = above.parent
    return above


def _telling(piece: Piece) -> bool:
    return meaning_of_text(_text(piece.body)).kind == "section"


def _text(elements: Sequence[Element]) -> str:
    return "\n".join(item.text for item in elements if isinstance(item, Paragraph))
