"""`muster demo` walks the thread, again and again, and its packet is what it says."""

import json
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from tests.flows.test_up import environment, free_port, muster

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
STEPS = [
    "map", "drill", "cleared", "arrived", "held", "review", "corrective action", "plan",
    "signatures", "published", "packet", "sent", "opened", "acknowledged",
]  # fmt: skip


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what two walks in a row printed; the first made the demonstration."""
    env = environment(tmp_path_factory.mktemp("demo") / "data", free_port())
    printed = []
    for _ in range(2):
        done = muster("demo", "--json", env=env, seconds=150)
        assert done.returncode == 0, done.stderr
        printed.append(json.loads(done.stdout))
    verified = muster("audit", "verify", "--json", env=env)
    assert verified.returncode == 0, verified.stdout
    return printed


def test_each_walk_prints_its_steps(walks: list[dict[str, Any]]) -> None:
    for walk in walks:
        assert [step["name"] for step in walk["steps"]] == STEPS
        assert all(step["ok"] for step in walk["steps"])


def test_each_walk_ends_one_version_further(walks: list[dict[str, Any]]) -> None:
    first, second = (walk["packet"]["version"] for walk in walks)
    assert second == first + 1


def test_each_walk_closes_the_loop_from_a_drill_to_the_changed_plan(
    walks: list[dict[str, Any]],
) -> None:
    for walk in walks:
        loop = walk["loop"]
        assert loop["to_version"] == loop["from_version"] + 1 == walk["packet"]["version"]
        assert len(loop["told"]) == 4
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(loop["evidence"]).pages)
        assert "Recorded live by the phones that ran it." in text
        assert f"Plan v{loop['to_version']}, published" in text
    assert walks[0]["loop"]["drill"] != walks[1]["loop"]["drill"]


def test_the_packet_names_the_drill_that_made_its_change(walks: list[dict[str, Any]]) -> None:
    published = next(step for step in walks[-1]["steps"] if step["name"] == "published")
    assert "(learned in the " in published["changes"][0]["text"]


def test_the_packet_is_a_tagged_pdf_that_names_campus_version_and_hash(
    walks: list[dict[str, Any]],
) -> None:
    packet = walks[-1]["packet"]
    with pikepdf.open(packet["pdf"]) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(packet["pdf"]).pages)
    assert "Lincoln High School" in text
    assert f"v{packet['version']}" in text
    assert packet["content_hash"].removeprefix("m1:")[:12] in text


def test_the_html_packet_is_one_file_with_the_same_facts(walks: list[dict[str, Any]]) -> None:
    packet = walks[-1]["packet"]
    html = Path(packet["html"]).read_text(encoding="utf-8")
    for fact in ("Lincoln High School", f"v{packet['version']}", "204", "555-0100"):
        assert fact in html
    assert "<script src" not in html
    assert "http://" not in html.replace("http://www.w3.org", "").replace("http://localhost", "")
