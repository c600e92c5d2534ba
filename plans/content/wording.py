"""Patterns in plan texts: what counts as empty, and what a text must or must not mention."""

import re

from plans.content.document import Block, Section

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_BRACKETS = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|‹[^‹›]*›|<[^<>]*>")
_WORD = re.compile(r"[^\W_]")
_SENTENCE = re.compile(r"[^.!?\n]+")

CODE_WORDS = re.compile(
    r"\b(?:code\s+(?:red|blue|yellow|green|orange|black|gray|grey|white|purple|pink|silver)"
    r"|lockout(?!\s*[-/]?\s*tag)|(?:soft|hard|modified|full|perimeter)[\s-]lockdown"
    r"|level\s+(?:1|2|one|two)\s+lockdown|stand[\s-]down|rally\s+points?|muster\s+points?)\b",
    re.IGNORECASE,
)
DIAGNOSES = re.compile(
    r"\b(?:autis(?:m|tic)|ADHD|epilep(?:sy|tic)|diabet(?:es|ic)|cerebral palsy|down syndrome"
    r"|muscular dystrophy|tourette|bipolar|schizophreni[ac]|PTSD|cystic fibrosis|hemophilia"
    r"|(?:his|her|their)\s+(?:IEP|504\s+plan))\b",
    re.IGNORECASE,
)
STUDENT_NAME = re.compile(
    r"\b[Ss]tudents?,?\s+(?:(?:named|called)\s+)?(?P<name>[A-Z][a-z]+\s+(?:[A-Z]\.\s+)?[A-Z][a-z]+)\b"
)
NOT_NAMES = frozenset(
    {
        "Assembly", "Body", "Care", "Center", "Conduct", "Council", "Drop", "Emergency", "Entrance",
        "Government", "Handbook", "Health", "Information", "Mental", "Parking", "Pickup", "Privacy",
        "Records", "Release", "Resource", "Reunification", "Safety", "School", "Services",
        "Supervision", "Support", "Transportation", "Union", "Welfare",
    }
)  # fmt: skip
PERSONAL_DATA = re.compile(
    r"\b\d{3}-\d{2}-\d{4}\b"
    r"|\b(?:date of birth|birth date|DOB)\b\W{0,3}\d"
    r"|\b(?:home|private|personal)\s+(?:address|e-?mail)\b\s*[:=]?\s*\w*\d"
    r"|\b(?:home|cell|mobile|private|personal)(?:\s+(?:phone|telephone|number))?\b\W{0,3}"
    r"(?:\(?\d{3}\)?[-.\s])?\d{3}[-.\s]\d{4}\b",
    re.IGNORECASE,
)
LONGEST_AVERAGE_WORDS = 25  # words a sentence, on average of a section


def folded(pattern: str) -> re.Pattern[str]:
    """Return a pattern for a text in lower case, which is searched some ten times faster."""
    return re.compile(re.sub(r"(?<!\\)[A-Z]", lambda sign: sign[0].lower(), pattern))


def needles(pattern: str) -> tuple[str, ...]:
    """Return runs of signs of which one begins a word in every text that a pattern matches.

    Each alternative of the pattern must open a word with three letters or digits that are not
    optional.
    """
    bare = re.sub(r"\[[^\]]*\]|\\[A-Za-z]|\(\?[:i]|.\?", " ", pattern.lower())
    return tuple(dict.fromkeys(re.findall(r"[a-z0-9]{3,}", bare)))


def first_match(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the words of a text that CODE_WORDS, DIAGNOSES or PERSONAL_DATA first finds."""
    lower = text.lower()
    quick, openings = _QUICK[pattern.pattern]
    if len(lower) != len(text):  # a letter that grows when it is made small
        match = pattern.search(text)
    elif any(opening in lower for opening in openings):
        match = quick.search(lower)
    else:
        return None
    return text[match.start() : match.end()] if match else None


# Of each pattern: its form for lower case, and signs of which one stands in all that it matches.
_QUICK = {
    CODE_WORDS.pattern: (
        folded(CODE_WORDS.pattern), ("code", "lock", "stand", "rally", "muster"),
    ),
    DIAGNOSES.pattern: (
        folded(DIAGNOSES.pattern),
        ("autis", "adhd", "epilep", "diabet", "palsy", "syndrome", "dystroph", "tourette",
         "bipolar", "schizo", "ptsd", "fibrosis", "hemophil", "iep", "504"),
    ),
    PERSONAL_DATA.pattern: (
        folded(PERSONAL_DATA.pattern),
        ("birth", "dob", "home", "cell", "mobile", "private", "personal", "-"),
    ),
}  # fmt: skip


def has_words(text: str) -> bool:
    """Tell whether a text says anything: words outside brackets, or the words of a link."""
    without_links = _LINK.sub(lambda match: match[1], text)
    return bool(_WORD.search(_BRACKETS.sub(" ", without_links)))


def block_is_empty(block: Block) -> bool:
    """Tell whether a block holds no words beyond prompts, headings of its rows, and brackets."""
    if block.kind == "text":
        return not has_words(block.markdown)
    if block.kind == "courses_of_action":
        return not any(has_words(course.action) for course in block.courses)
    return not any(has_words(value) for row in block.rows for value in row.values())


def section_is_empty(section: Section) -> bool:
    """Tell whether no block of a section says anything."""
    return all(block_is_empty(block) for block in section.blocks)


def block_words(block: Block) -> str:
    """Return all text of a block, links by their words, one line for each step and row."""
    lines = [block.markdown]
    lines.extend(
        f"{course.trigger} {course.actor} {course.action} {course.if_not}"
        for course in block.courses
    )
    lines.extend("; ".join(row.values()) for row in block.rows)
    return _LINK.sub(lambda match: match[1], "\n".join(lines))


def section_words(section: Section) -> str:
    """Return all text of a section; blocks that hold only prompts add nothing."""
    return "\n".join(block_words(block) for block in section.blocks if not block_is_empty(block))


def average_sentence(text: str) -> float:
    """Return words for each sentence, of at least one word; 0 for a text without sentences."""
    counts = [n for part in _SENTENCE.findall(text) if (n := len(re.findall(r"\w+", part)))]
    return sum(counts) / len(counts) if counts else 0.0
