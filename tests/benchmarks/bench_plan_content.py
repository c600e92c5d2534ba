"""Plans as data: difference and completeness of 200 sections; Word and HTML beside pandoc.

Reading runs in a warm process; pandoc is a program, so its start is measured by an empty file and
both figures are shown. Words are counted in what each gives: a word of the file that is not there
is lost.
"""

import dataclasses
import html
import io
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from plans.content.changes import changes
from plans.content.completeness import Facts, check
from plans.content.document import AUDIENCES, Block, CourseOfAction, PlanDocument, Section
from plans.reading.reading import read_plan
from plans.reading.source import Picture
from tests.plans.reading.word_files import item, paragraph, part, table, word_file
from tests.plans.reading.word_files import run as word_run

ROUNDS = 5
SECTIONS = 200
PAGES = 100  # of about 470 words each
_VOCABULARY = (
    "the", "staff", "students", "leave", "by", "door", "office", "principal", "nurse", "radio",
    "roster", "assembly", "area", "and", "return", "wait", "call", "dispatch", "report", "room",
    "check", "for", "each", "class", "of", "school", "teacher", "hall", "floor", "exit",
)  # fmt: skip


def run() -> list[dict[str, Any]]:
    """Return the rows: milliseconds or seconds, ours beside the goal or beside pandoc."""
    chance = random.Random(7)
    former = plan_of(SECTIONS, chance)
    newer = _edited(former, chance)
    facts = Facts(today=date(2026, 9, 8), map_feature_ids=frozenset({"d1", "d2"}))
    rows = [
        _goal(f"difference of two plans of {SECTIONS} sections, each changed", 200,
              lambda: changes(former, newer)),
        _goal(f"completeness of a plan of {SECTIONS} sections", 100, lambda: check(newer, facts)),
    ]  # fmt: skip
    word, page = word_plan(chance), page_plan(chance)
    seconds = timed(lambda: read_plan("plan.docx", word))
    rows.append(_row(f"a Word plan of {PAGES} pages read", seconds, 2.0, "< 2 s", "s"))
    rows.append(_memory(word))
    return [*rows, *_beside_pandoc("docx", word), *_beside_pandoc("html", page)]


def plan_of(count: int, chance: random.Random) -> PlanDocument:
    """Return a plan of sections of about 250 words: four texts, steps and contacts each."""
    return PlanDocument(
        {"name": "x"}, 1, 1, "m1:0", tuple(_section(n, chance) for n in range(count))
    )


def _section(number: int, chance: random.Random) -> Section:
    key = f"s{number}"
    texts = [
        Block(f"{key}b{n}", "text", AUDIENCES[n], f"{_text(chance, 45)} [Door {n}](feature:d{n}).")
        for n in range(4)
    ]
    steps = tuple(
        CourseOfAction(phase, "Teacher", _text(chance, 10))
        for phase in ("before", "during", "after")
        for _ in range(2)
    )
    people = tuple({"name": f"P {n}", "phone": "555-0101"} for n in range(3))
    blocks = (
        *texts,
        Block(f"{key}c", "courses_of_action", "staff", courses=steps),
        Block(f"{key}p", "contacts", "restricted", rows=people),
    )
    return Section(key, f"TH-{key}", "hazard_annex", f"Section {number}", blocks)


def _edited(plan: PlanDocument, chance: random.Random) -> PlanDocument:
    """Return the plan with a text and a step of each section changed, and sections moved."""
    sections = []
    for section in plan.sections:
        blocks = list(section.blocks)
        text = blocks[0].markdown.replace("office", "front desk", 1) + " " + _text(chance, 8)
        blocks[0] = dataclasses.replace(blocks[0], markdown=text)
        steps = list(blocks[4].courses)
        steps[2] = dataclasses.replace(steps[2], action=_text(chance, 10))
        blocks[4] = dataclasses.replace(blocks[4], courses=tuple(steps))
        sections.append(dataclasses.replace(section, blocks=tuple(blocks)))
    sections.insert(3, sections.pop(100))
    del sections[50]
    return dataclasses.replace(plan, sections=tuple(sections), version=2)


def _text(chance: random.Random, count: int) -> str:
    words = chance.choices(_VOCABULARY, k=count)
    return ". ".join(" ".join(words[n : n + 12]).capitalize() for n in range(0, count, 12)) + "."


def word_plan(chance: random.Random) -> bytes:
    """Return a Word plan of a hundred pages with what real ones have: boxes, notes, changes."""
    body: list[str] = []
    for number in range(PAGES):
        body.append(paragraph(f"Section {number} Evacuation", f"Heading{1 + number % 3}"))
        body.extend(paragraph(_text(chance, 60)) for _ in range(5))
        body.extend(item(_text(chance, 12)) for _ in range(6))
        rows = [["Name", "Role", "Phone"], *([f"Ana {n}", "Nurse", "555-0101"] for n in range(8))]
        body.append(table(rows))
        box = f"<w:txbxContent>{paragraph(f'boxed{number} words of a text box')}</w:txbxContent>"
        body.append(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>")
        control = (
            f"<w:sdt><w:sdtContent>{word_run(f'controlled{number} text')}</w:sdtContent></w:sdt>"
        )
        body.append(f"<w:p>{control}</w:p>")
    parts = {
        "header1.xml": ("header", part("hdr", paragraph("Oak Hill emergency plan"))),
        "footer1.xml": ("footer", part("ftr", paragraph("Version 9 of August"))),
    }
    return word_file(*body, parts=parts)


def page_plan(chance: random.Random) -> bytes:
    """Return the same as a web page."""
    body: list[str] = []
    for number in range(PAGES):
        body.append(f"<h{1 + number % 3}>Section {number} Evacuation</h{1 + number % 3}>")
        body.extend(f"<p>{html.escape(_text(chance, 60))}</p>" for _ in range(5))
        items = "".join(f"<li>{_text(chance, 12)}</li>" for _ in range(6))
        rows = "".join(
            f"<tr><td>Ana {n}</td><td>Nurse</td><td>555-0101</td></tr>" for n in range(8)
        )
        body.append(f"<ul>{items}</ul><table>{rows}</table>")
        body.append(f"<details><summary>folded{number}</summary><p>words within</p></details>")
    return f"<!doctype html><html><body>{''.join(body)}</body></html>".encode()


def _goal(name: str, milliseconds: float, work: Callable[[], object]) -> dict[str, Any]:
    return _row(name, 1000 * timed(work), milliseconds, f"< {milliseconds} ms", "ms")


def _row(name: str, ours: float, peer: float, goal: str, unit: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal,
            "unit": unit}  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Return the median of the rounds in seconds."""
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _memory(word: bytes) -> dict[str, Any]:
    """Return the peak of a process of its own that reads the Word plan, in MB."""
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(word)
        file.flush()
        code = (
            "import resource, sys; from pathlib import Path; "
            "from plans.reading.reading import read_plan; "
            "read_plan('plan.docx', Path(sys.argv[1]).read_bytes()); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, file.name], capture_output=True, text=True, check=True
        )
    return _row(
        f"memory to read {PAGES} pages of Word", float(done.stdout), 300.0, "< 300 MB", "MB"
    )


def _beside_pandoc(kind: str, data: bytes) -> list[dict[str, Any]]:
    name = f"{kind} read beside pandoc"
    try:
        import pypandoc
    except ImportError:
        return [{"name": name, "skipped": "the Python package pypandoc_binary is not installed"}]
    program = pypandoc.get_pandoc_path()
    with tempfile.TemporaryDirectory() as folder:
        file, empty = Path(folder) / f"plan.{kind}", Path(folder) / "empty.html"
        file.write_bytes(data)
        empty.write_text("<p>x</p>")

        def convert(path: Path, form: str) -> str:
            command = [program, "--from", form, "--to", "plain", "--wrap=none", str(path)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        start = timed(lambda: convert(empty, "html"))
        whole = timed(lambda: convert(file, kind))
        theirs = convert(file, kind)
    ours = timed(lambda: read_plan(f"plan.{kind}", data))
    expected = _words_of(kind, data)
    lost = [_lost(expected, text) for text in (_held(kind, data), theirs)]
    return [
        _row(f"{name}, its start counted apart", ours, max(whole - start, 1e-9), "≤ 1", "s"),
        _row(f"{name}, its start counted in", ours, whole, "≤ 1", "s"),
        {"name": f"words of {kind} lost, of {expected.total():,}", "ours": lost[0], "peer": lost[1],
         "ratio": lost[0] / max(lost[1], 1), "goal": "0", "unit": "words"},
    ]  # fmt: skip


def _words_of(kind: str, data: bytes) -> Counter[str]:
    """Return the words of the file, told from its own parts and not by either reader."""
    if kind == "html":
        text = re.sub(r"<[^>]+>", " ", html.unescape(data.decode()))
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [
                n for n in archive.namelist() if re.search(r"word/(document|header|footer)", n)
            ]
            text = " ".join(
                " ".join(re.findall(r"<w:t[^>]*>([^<]*)", archive.read(n).decode())) for n in names
            )
    return Counter(re.findall(r"\w+", text))


def _held(kind: str, data: bytes) -> str:
    reading = read_plan(f"plan.{kind}", data)
    placed = [e.text for s in reading.sections for e in s.elements if not isinstance(e, Picture)]
    return " ".join([*placed, *(left.text for left in reading.unplaced)])


def _lost(expected: Counter[str], text: str) -> int:
    return (expected - Counter(re.findall(r"\w+", text))).total()


if __name__ == "__main__":
    for row in run():
        print(row)
