"""`muster plan read FILE`: one JSON document without a database, or a refusal with its reason."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.plans.reading.word_files import item, paragraph, word_file

RUN = "import sys; from backend.cli import main; sys.exit(main())"
PLAN = word_file(
    paragraph("Evacuation", "Heading1"), item("Teachers will take the roster."),
    paragraph("Principal: Ana Ruiz 555-0101"),
)  # fmt: skip


def muster(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Return exit code and JSON of the command, run where no database can be reached."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments, "--json"],
        capture_output=True, text=True, check=False, env=os.environ | nowhere,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def test_it_prints_sections_words_people_and_findings(tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(PLAN)
    status, made = muster("plan", "read", str(file))
    assert status == 0
    assert made["words_in"] == made["words_placed"] == 10
    [section] = made["sections"]
    assert (section["template_section"], section["heading"], section["words"]) == (
        "FA-EVAC", "Evacuation", 10,
    )  # fmt: skip
    assert made["contacts"][0]["phone"] == "555-0101"
    assert {"CK-01", "CK-02", "CK-03"} <= {finding["code"] for finding in made["findings"]}


def test_a_refused_file_exits_with_1_code_place_and_mend(tmp_path: Path) -> None:
    file = tmp_path / "scan.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    status, made = muster("plan", "read", str(file))
    assert status == 1
    assert made["error"]["code"] == "file_picture"
    assert made["error"]["where"] == "scan.png"
    assert made["error"]["mend"]


def test_a_missing_file_exits_with_1(tmp_path: Path) -> None:
    status, made = muster("plan", "read", str(tmp_path / "none.docx"))
    assert (status, made["error"]["code"]) == (1, "bad_input")
