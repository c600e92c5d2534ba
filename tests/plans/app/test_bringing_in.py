"""A campus's own plan becomes its first draft; what of it has no place is kept and shown."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend import cli
from backend.problems import BadInput, NotAllowed, WrongState
from backend.tenancy import reach
from plans.models import Block, PlanVersion, Section
from plans.services.bringing_in import bring_in
from plans.services.drafting import start_plan
from tests.cast import NOW, Cast
from tests.drills.holding import acting
from tests.plans.reading.test_draft import PLAN

PAGE = "/campuses/{}/plan/bring-in/"


def brought(cast: Cast, content: bytes = PLAN.encode(), *, by: str = "sro",
            name: str = "plan.md") -> PlanVersion:  # fmt: skip
    with acting(cast, by) as actor:
        return bring_in(campus=cast.lincoln, name=name, content=content, actor=actor, at=NOW)


def test_a_draft_holds_the_file_restricted_and_every_word_is_accounted_for(cast: Cast) -> None:
    version = brought(cast)
    told = version.brought_in
    assert told["words_in"] == told["words_placed"] + told["words_unplaced"]
    with reach.of_districts(cast.district.pk):
        evacuation = Section.objects.get(version=version, template_id="FA-EVAC")
        blocks = list(Block.objects.filter(section=evacuation))
        assert any("north field" in block.markdown for block in blocks)
        assert {block.audience for block in blocks} == {"restricted"}
        assert version.brought_in_from is not None
        assert version.brought_in_from.name == "plan.md"


def test_a_file_that_is_no_plan_is_refused_with_what_where_and_mend_and_nothing_changes(
    cast: Cast,
) -> None:
    for content, code in ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W" * 600, ""), (b"", ""),
                          (b"\x89PNG\r\n", "file_picture")):  # fmt: skip
        with pytest.raises(BadInput) as refusal:
            brought(cast, content, name="plan.doc")
        assert refusal.value.mend
        assert "plan.doc" in str(refusal.value.where)
        if code:
            assert refusal.value.code == code
    with reach.of_districts(cast.district.pk):
        assert not PlanVersion.objects.exists()


def test_a_campus_that_writes_already_keeps_its_draft(cast: Cast) -> None:
    with acting(cast, "sro") as actor:
        start_plan(campus=cast.lincoln, hazards=[], actor=actor, at=NOW)
    with pytest.raises(WrongState):
        brought(cast)


def test_an_office_brings_in_no_plan(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        brought(cast, by="office")


def test_the_page_takes_the_file_and_shows_what_has_no_place(cast: Cast) -> None:
    client = cast.client("principal")
    address = PAGE.format(cast.lincoln.slug)
    assert "without losing a word" in (
        client.get(f"/campuses/{cast.lincoln.slug}/plan/").content.decode()
    )
    assert client.get(address).status_code == 200
    answer = client.post(address, {"file": SimpleUploadedFile("plan.md", PLAN.encode())})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "Rally Point Procedures" in page
    assert "What has no place" in page
    file = client.get(f"{answer['Location']}file/")
    assert file.content == PLAN.encode()
    assert file["Content-Disposition"] == "attachment"


def test_the_page_says_why_a_file_is_refused(cast: Cast) -> None:
    drawing = SimpleUploadedFile("plan.png", b"\x89PNG\r\n\x1a\n")
    answer = cast.client("principal").post(PAGE.format(cast.lincoln.slug), {"file": drawing})
    assert answer.status_code == 422
    assert "file_picture" in answer.content.decode()


def test_a_program_brings_a_plan_in_and_reads_what_became_of_it(cast: Cast) -> None:
    body = {"campus": str(cast.lincoln.pk), "file": SimpleUploadedFile("plan.md", PLAN.encode())}
    answer = cast.client("sro").post(
        "/api/v1/plan-files/", body, headers={"Idempotency-Key": "one"}
    )
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["number"] == 1
    assert told["brought_in"]["words_in"] > 50


def test_the_command_makes_the_draft_as_a_person(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    file.write_text(PLAN)
    parser = cli.build_parser()
    given = parser.parse_args(
        ["plan", "import", "Lincoln High School", str(file), "--as", "sro@example.org"]
    )
    told = given.handler(given)
    assert told["version"] == 1
    assert json.dumps(told)


def test_the_words_of_a_brought_in_plan_can_be_saved_again(cast: Cast) -> None:
    version = brought(cast)
    client = cast.client("sro")
    with reach.of_districts(cast.district.pk):
        ids = list(Section.objects.filter(version=version).values_list("template_id", flat=True))
    for template_id in ("FA-EVAC", "FA-COMM", "TH-fire"):
        assert template_id in ids
        page = client.get(f"/campuses/{cast.lincoln.slug}/plan/sections/{template_id}/")
        assert page.status_code == 200


@pytest.mark.shared_data
@pytest.mark.parametrize("name", [
    "stoneybrook-sample-eop.docx", "federal-basic-plan-template.html",
    "functional-annexes-sample.md", "state-reunification-annex-part.txt",
])  # fmt: skip
def test_real_plans_become_drafts_that_the_editor_takes_back(
    cast: Cast, shared_data: Path, name: str
) -> None:
    content = (shared_data / "plans" / name).read_bytes()
    told = brought(cast, content, name=name).brought_in
    assert told["words_in"] == told["words_placed"] + told["words_unplaced"]
    page = cast.client("sro").get(f"/campuses/{cast.lincoln.slug}/plan/")
    assert page.status_code == 200
