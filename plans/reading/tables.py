"""Tables and lines that hold people, posts and hazards."""

import re
from collections.abc import Iterator, Mapping, Sequence

from plans.content.positions import POSITIONS
from plans.reading.filling import is_blank, signers
from plans.reading.meanings import slug_of
from plans.reading.result import ReadApproval, ReadContact, ReadHazard, ReadRole
from plans.reading.source import Element, Paragraph, Table

PHONE = re.compile(
    r"(?<!\d)(?:\+?1[-.\s]?)?(?:\(\d{3}\)\s?|\d{3}[-.\s])?\d{3}[-.\s]\d{4}(?:\s*(?:x|ext\.?)\s*\d{1,6})?(?!\d)",
    re.IGNORECASE,
)
SHORT_NUMBER = re.compile(r"\b[2-9]11\b")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_BACKUP = r"(?:alternate|back-?up|designee|successor)"
_COLUMNS: Mapping[str, re.Pattern[str]] = {
    key: re.compile("|".join(patterns), re.IGNORECASE)
    for key, *patterns in (
        ("phone", r"\b(?:phone|telephone|cell|mobile|tel|ext(?:ension)?|24.?h\w*)\b", r"^numbers?$",
         r"\bcontact (?:info|no|number)", r"\b(?:office|home|work|duty) (?:no|number)"),
        ("email", r"\be-?mail\b"),
        ("first_alternate", rf"\b(?:first|1st|primary)\s+{_BACKUP}", r"\balternate 1\b",
         rf"^{_BACKUP}s?(?:\s*(?:#?\s*1|person|name))?$"),
        ("second_alternate", rf"\b(?:second|2nd|secondary)\s+{_BACKUP}", r"^secondary$",
         r"\b(?:alternate|back-?up)\s*#?\s*2\b"),
        ("role", r"\b(?:role|position|title|post|function|job|responsibility|assignment|ics)\b",
         r"\bdepartment\b"),
        ("name", r"\b(?:name|person|staff member|assigned to|primary|holder|contact|agency)\b",
         r"\b(?:individual|who)\b"),
    )
}  # fmt: skip
_HAZARD_HEAD = re.compile(
    r"\b(?:hazard|threat|risk|type of (?:emergency|incident))s?\b", re.IGNORECASE
)
_SCORES: Mapping[str, re.Pattern[str]] = {
    key: re.compile(pattern, re.IGNORECASE)
    for key, pattern in (
        ("probability", r"probab|likel|frequen"),
        ("magnitude", r"magnitud|severit|impact|consequence"),
        ("warning", r"warning|notice|onset"),
        ("duration", r"duration"),
        ("priority", r"priorit|rank|overall|risk (?:level|rating|score)|total|rating"),
    )
}
_POSITION_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("PIO", r"public information|\bpio\b|spokes"),
        ("LNO", r"liaison"),
        ("SO", r"safety officer"),
        ("OSC", r"operations (?:section|chief|leader|coordinator)|^operations$"),
        ("PSC", r"planning (?:section|chief|leader|intelligence)|^planning$"),
        ("LSC", r"logistics"),
        ("FSC", r"financ"),
        ("SCR", r"scribe|record(?:er| keeper)|documentation"),
        ("OPS-SEA", r"search|sweep"),
        ("OPS-MED", r"first aid|medical|nurse"),
        ("OPS-REU", r"reunif|student release|parent release"),
        ("OPS-STU", r"student (?:care|supervision|accounting|assembly)"),
        ("OPS-PFA", r"psychological|crisis intervention|counsel"),
        ("OPS-FAC", r"facilit|maintenance|utilit|custod"),
        ("IC", r"incident command|\bic\b|commander|team leader"),
    )
)
_LINE_PERSON = re.compile(
    r"^(?P<role>[A-Z][\w/&'’. -]{2,50}?)\s*[:–—-]\s*(?P<name>"
    r"(?:(?:Mr|Mrs|Ms|Dr|Officer|Chief|Sgt|Lt)\.?\s+)?[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){1,3})\b"
)  # fmt: skip
_LONGEST_HAZARD_WORDS = 7
_LONGEST_CONTACT = 300  # characters
_ABOUT_HAZARDS = re.compile(
    r"\b(?:assessments?|summary|analysis|overview|team|profile)\b", re.IGNORECASE
)


def contacts_in(elements: Sequence[Element]) -> Iterator[ReadContact]:
    """Yield every person or desk with a telephone number or address, from tables and lines."""
    for item in elements:
        if isinstance(item, Table):
            yield from _contact_rows(item)
        elif isinstance(item, Paragraph):
            for line in item.text.split("\n"):
                fits = len(line) <= _LONGEST_CONTACT
                if fits and (contact := _contact_line(line, item.place)):
                    yield contact


def is_contact_table(table: Table) -> bool:
    """Tell whether a table has a column of telephone numbers or addresses and one of names."""
    columns = _columns_of(table)
    return bool({"phone", "email"} & set(columns.values())) and len(columns) > 1


def is_role_table(table: Table) -> bool:
    """Tell whether a table says who holds which post."""
    kinds = set(_columns_of(table).values())
    posts = sum(_position(cell) != "" for row in table.rows[1:] for cell in row[:2])
    has_people = bool(kinds & {"name", "first_alternate"})
    return "role" in kinds and has_people and (posts >= 2 or "first_alternate" in kinds)


def roles_in(elements: Sequence[Element]) -> Iterator[ReadRole]:
    """Yield who holds which post of the command structure, with alternates, from tables."""
    for item in elements:
        if not isinstance(item, Table) or not is_role_table(item):
            continue
        columns = _columns_of(item)
        for row in item.rows[1:]:
            told = _told(row, columns)
            if told.get("role") and not is_blank(told["role"]):
                yield ReadRole(
                    _position(told["role"]), told["role"], _filled(told.get("name", "")),
                    _filled(told.get("first_alternate", "")),
                    _filled(told.get("second_alternate", "")), item.place,
                )  # fmt: skip


def is_hazard_table(table: Table) -> bool:
    """Tell whether a table scores or ranks hazards."""
    if len(table.rows) < 2:
        return False
    head = table.rows[0]
    scored = sum(any(p.search(cell) for p in _SCORES.values()) for cell in head[1:])
    return bool(head and _HAZARD_HEAD.search(head[0])) and scored >= 1


def hazards_in(elements: Sequence[Element]) -> Iterator[ReadHazard]:
    """Yield the hazards that tables score, each with its scores as written."""
    for item in elements:
        if not isinstance(item, Table) or not is_hazard_table(item):
            continue
        names = [
            next((key for key, p in _SCORES.items() if p.search(cell)), "") for cell in item.rows[0]
        ]
        for row in item.rows[1:]:
            if row and row[0].strip() and not is_blank(row[0]):
                scores = {
                    name: cell.strip()
                    for name, cell in zip(names[1:], row[1:], strict=False)
                    if name and cell.strip()
                }
                yield hazard_named(row[0], item.place, scores)


def hazard_named(name: str, place: str, scores: Mapping[str, str] | None = None) -> ReadHazard:
    """Return a hazard by its name; its slug is made of its words where the template has none."""
    clean = " ".join(name.split()).rstrip(":.")
    slug = slug_of(clean)
    own = re.sub(r"[^a-z0-9]+", "-", clean.casefold()).strip("-")
    section = f"TH-{slug}" if slug else ""
    if slug in {"active-assailant", "threat-of-violence"} and re.search("terror|bully|harass", own):
        slug = own  # such an annex speaks of it as well, but it is a hazard of its own
    if slug.startswith("hazmat") and not re.search(r"site|nearby|internal|external", own):
        slug = "hazmat"
    return ReadHazard(clean, slug or own, section, dict(scores or {}), place)


def is_hazard_name(text: str) -> bool:
    """Tell whether a short line is the name of a hazard."""
    told = len(text.split()) <= _LONGEST_HAZARD_WORDS and not _ABOUT_HAZARDS.search(text)
    return told and bool(slug_of(text))


def approvals_in(elements: Sequence[Element]) -> Iterator[ReadApproval]:
    """Yield who is asked to sign: see `filling.signers`."""
    for place, told in signers(elements).items():
        item = elements[place]
        if isinstance(item, Paragraph):
            yield ReadApproval(told[0], told[1] if len(told) > 1 else "", item.place)


def _columns_of(table: Table) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, cell in enumerate(table.rows[0] if table.rows else ()):
        kind = next((key for key, p in _COLUMNS.items() if p.search(cell.strip())), "")
        if kind and (kind not in found.values() or kind == "phone"):
            found[index] = kind
    return found


def _told(row: Sequence[str], columns: Mapping[int, str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for index, kind in columns.items():
        if index < len(row) and row[index].strip():
            joined = f"{told[kind]}; {row[index].strip()}" if kind in told else row[index].strip()
            told[kind] = " ".join(joined.split())
    return told


def _contact_rows(table: Table) -> Iterator[ReadContact]:
    columns = _columns_of(table) if is_contact_table(table) else {}
    for row in table.rows[1:] if columns else table.rows:
        whole = " ".join(row)
        phone, email = PHONE.search(whole), EMAIL.search(whole)
        if phone is None and columns:
            phone = SHORT_NUMBER.search(whole)
        told = _told(row, columns)
        if columns:
            name, role = told.get("name", ""), told.get("role", "")
            number = _filled(told.get("phone", ""))
            if not (name or role) or is_blank(f"{name} {role}") or not (email or phone):
                continue
            shown = number or (phone[0] if phone else "")
            mail = email[0] if email else ""
            yield ReadContact(name or role, role if name else "", shown, mail, table.place)
        elif phone or email:
            cells = [c for c in row if c.strip() and not (PHONE.search(c) or EMAIL.search(c))]
            if cells:
                yield ReadContact(
                    cells[0].strip(), cells[1].strip() if len(cells) > 1 else "",
                    phone[0] if phone else "", email[0] if email else "", table.place,
                )  # fmt: skip


def _contact_line(line: str, place: str) -> ReadContact | None:
    phone, email = PHONE.search(line), EMAIL.search(line)
    start = min(match.start() for match in (phone, email) if match) if phone or email else 0
    if not start or len(line.split()) > 20:
        return None
    before = line[:start].strip(" \t:–—-,;|(")
    if not before or len(before.split()) > 10:
        return None
    named = _LINE_PERSON.match(before)
    if named:
        name, role = named["name"], named["role"]
    elif "," in before:
        name, role = (part.strip() for part in before.split(",", 1))
    else:
        name, role = before, ""
    number, address = phone[0] if phone else "", email[0] if email else ""
    return ReadContact(name, role, number, address, place)


def _position(title: str) -> str:
    text = title.strip()
    if text.upper() in POSITIONS:
        return text.upper()
    return next((code for code, pattern in _POSITION_WORDS if pattern.search(text)), "")


def _filled(text: str) -> str:
    return "" if is_blank(text) else text.strip()
