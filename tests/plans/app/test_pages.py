"""The plan's pages by role, without any script."""

import dataclasses
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from plans.models import ContactSheetCopy, PlanState, PlanVersion, Publication
from plans.queries import document_of
from plans.services import drafting, sections
from tests.cast import NOW, Cast
from tests.plans.app.writing import (
    blocks,
    drafted,
    in_district,
    person,
    published,
    section,
    sheet_content,
    signed,
    submitted,
)


def address(cast: Cast, rest: str = "") -> str:
    return f"/campuses/{cast.lincoln.slug}/plan/{rest}"


def text_of(answer: Any) -> str:
    return unescape(str(answer.content.decode()))


def get(client: Client, cast: Cast, rest: str = "") -> str:
    answer = client.get(address(cast, rest))
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)


def fields(html: str, form_id: str = "section-form") -> dict[str, list[str]]:
    """Return what a browser without scripts would send of a form."""
    form = re.search(rf'<form[^>]*id="{form_id}".*?</form>', html, re.DOTALL)
    assert form
    found: dict[str, list[str]] = {}
    pattern = re.compile(
        r'<input[^>]*?name="(?P<i>[^"]+)"[^>]*?>'
        r'|<textarea[^>]*?name="(?P<t>[^"]+)"[^>]*>\n?(?P<text>.*?)</textarea>'
        r'|<select[^>]*?name="(?P<s>[^"]+)"[^>]*>(?P<options>.*?)</select>',
        re.DOTALL,
    )
    for match in pattern.finditer(form[0]):
        if name := match["i"]:
            value = re.search(r'value="([^"]*)"', match[0])
            found.setdefault(name, []).append(value[1] if value else "")
        elif name := match["t"]:
            found.setdefault(name, []).append(match["text"].replace("\n", "\r\n"))
        elif name := match["s"]:
            chosen = re.search(r'value="([^"]*)" selected', match["options"])
            found.setdefault(name, []).append(chosen[1] if chosen else "")
    return found


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    with in_district(cast):
        return drafted(cast)


@pytest.mark.parametrize("word", ["sro", "principal", "district"])
def test_authors_see_what_the_plan_must_still_say(
    cast: Cast, draft: PlanVersion, word: str
) -> None:
    html = get(cast.client(word), cast)
    assert "What must the plan still say?" in html
    assert "Lockdown" in html
    assert "complete" in html


@pytest.mark.parametrize("word", ["patrol", "stranger", "principal_elsewhere"])
def test_who_is_not_of_the_campus_finds_no_plan(cast: Cast, draft: PlanVersion, word: str) -> None:
    client = cast.client(word)
    for rest in ("", "sections/FA-LOCK/", "review/", "versions/", "contacts/"):
        assert client.get(address(cast, rest)).status_code == 404


@pytest.mark.parametrize("word", ["office", "staff", "access", "auditor"])
def test_drafts_are_for_authors_and_signers_only(cast: Cast, draft: PlanVersion, word: str) -> None:
    client = cast.client(word)
    assert "Lockdown" not in get(client, cast)
    assert client.get(address(cast, "sections/FA-LOCK/")).status_code == 404
    assert client.get(address(cast, "versions/1/read/restricted/")).status_code == 404
    assert client.get(address(cast, "review/")).status_code == 404
    assert client.post(address(cast, "submit/")).status_code == 404


def test_staff_reads_the_staff_parts_of_what_is_in_force(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast, in_force_from=NOW.date())
    assert publication
    html = get(cast.client("staff"), cast)
    assert "lock the door" in html
    assert "Where people are" not in html  # for responders


def test_a_plan_is_started_from_the_page(cast: Cast) -> None:
    client = cast.client("principal")
    assert "There is no plan yet" in get(client, cast)
    answer = client.post(address(cast, "start/"), {"hazards": ["tornado", "fire"]})
    assert answer.status_code == 303
    assert "Tornado" in get(client, cast)


def test_a_section_is_written_without_scripts(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    data = fields(get(client, cast, "sections/FA-LOCK/"))
    name = next(name for name in data if name.endswith("-markdown"))
    data[name] = ["A lockdown is called\r\nwhen danger is inside."]
    answer = client.post(address(cast, "sections/FA-LOCK/"), {**data, "do": "save"})
    assert answer.status_code == 303
    with in_district(cast):
        saved = blocks(section(draft, "FA-LOCK"))
    assert saved[0].markdown == "A lockdown is called\nwhen danger is inside."


def test_saving_an_untouched_section_changes_no_word(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    with in_district(cast):
        before = document_of(draft)
    for template_id in ("FA-LOCK", "BP-11", "BP-18", "FA-ACCT", "TH-tornado"):
        data = fields(get(client, cast, f"sections/{template_id}/"))
        answer = client.post(address(cast, f"sections/{template_id}/"), {**data, "do": "save"})
        assert answer.status_code == 303
    with in_district(cast):
        assert document_of(draft) == before


def test_steps_are_added_and_moved_by_plain_buttons(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    where = address(cast, "sections/FA-LOCK/")
    with in_district(cast):
        courses = next(b for b in blocks(section(draft, "FA-LOCK")) if len(b.courses) > 2)
    data = fields(get(client, cast, "sections/FA-LOCK/"))
    html = text_of(client.post(where, {**data, "do": f"step:{courses.id}"}))
    assert "Not saved yet" in html
    data = fields(html)
    token = data[f"b-{courses.id}-step"][-1]
    data[f"b-{courses.id}-s{token}-actor"] = ["Office"]
    data[f"b-{courses.id}-s{token}-action"] = ["locks the front door."]
    data[f"b-{courses.id}-s{token}-where"] = ["main office"]
    data = fields(text_of(client.post(where, {**data, "do": f"step-up:{courses.id}:{token}"})))
    assert client.post(where, {**data, "do": "save"}).status_code == 303
    with in_district(cast):
        saved = next(b for b in blocks(section(draft, "FA-LOCK")) if b.id == courses.id)
        assert draft.map_version is not None
        office = draft.map_version.features.get(label="Main Office").key
    assert [course.actor for course in saved.courses][-2] == "Office"
    assert saved.courses[-2].where == str(office)
    assert saved.courses[-1] == courses.courses[-1]


def test_a_place_that_is_not_on_the_map_is_named_as_a_gap(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    data = fields(get(client, cast, "sections/FA-LOCK/"))
    name = next(name for name in data if name.endswith("-where"))
    data[name] = ["Room 999"]
    client.post(address(cast, "sections/FA-LOCK/"), {**data, "do": "save"})
    assert "which is not on the map" in get(client, cast, "sections/FA-LOCK/")


def test_two_people_in_one_section_see_both_texts(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    data = fields(get(client, cast, "sections/FA-EVAC/"))
    with in_district(cast):
        row = section(draft, "FA-EVAC")
        first, second, *rest = blocks(row)
        sections.edit_section(
            section=row,
            expected_edits=0,
            blocks=[
                type(first)(first.id, "text", "public", "Dana wrote this."),
                type(second)(second.id, "text", "staff", "Dana wrote that.", goal=second.goal),
                *rest,
            ],
            actor=person(cast, "sro"),
            at=NOW,
        )
    data[f"b-{first.id}-markdown"] = ["Maria wrote this."]
    where = address(cast, "sections/FA-EVAC/")
    answer = client.post(where, {**data, "do": "save"})
    html = text_of(answer)
    assert answer.status_code == 412
    assert "Officer Dana Whitfield wrote here:" in html
    assert "Dana wrote this." in html
    joined = fields(html)
    assert joined[f"b-{first.id}-markdown"] == ["Maria wrote this."]
    assert joined[f"b-{second.id}-markdown"] == ["Dana wrote that."]  # nobody else touched it
    assert client.post(where, {**joined, "do": "save"}).status_code == 303
    with in_district(cast):
        saved = blocks(section(draft, "FA-EVAC"))
    assert [block.markdown for block in saved[:2]] == ["Maria wrote this.", "Dana wrote that."]


def test_the_other_text_is_shown_as_it_reads_with_its_references_as_chips(
    cast: Cast, draft: PlanVersion
) -> None:
    client = cast.client("principal")
    html = get(client, cast, "sections/FA-LOCK/")
    data = fields(html)
    with in_district(cast):
        row = section(draft, "FA-LOCK")
        steps = next(block for block in blocks(row) if block.courses)
        course = dataclasses.replace(
            steps.courses[0],
            action="waits at [Door 9](feature:gone)",
            if_not="They call the office.",
        )
        theirs = dataclasses.replace(steps, courses=(course, *steps.courses[1:]))
        written = [theirs if block.id == steps.id else block for block in blocks(row)]
        sections.edit_section(
            section=row, expected_edits=0, blocks=written, actor=person(cast, "sro"), at=NOW
        )
    name = next(name for name in data if name.startswith(f"b-{steps.id}") and "-action" in name)
    data[name] = ["runs."]
    answer = client.post(address(cast, "sections/FA-LOCK/"), data | {"do": ["save"]})
    assert answer.status_code == 412
    shown = text_of(answer).split('<div class="theirs">')[1].split("Below stands")[0]
    assert "](feature:" not in shown
    assert 'data-reference="feature:gone"' in shown
    assert "They call the office." in shown


def test_sending_to_review_from_a_section_saves_it_first(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    html = get(client, cast, "sections/FA-LOCK/")
    assert 'form="section-form" name="do" value="review"' in html
    data = fields(html)
    name = next(name for name in data if name.endswith("-markdown"))
    data[name] = ["Lock the door before all else."]
    answer = client.post(address(cast, "sections/FA-LOCK/"), data | {"do": ["review"]})
    assert answer.status_code == 303
    assert answer["Location"] == address(cast, "review/")
    with in_district(cast):
        draft.refresh_from_db()
        assert blocks(section(draft, "FA-LOCK"))[0].markdown == "Lock the door before all else."
    assert draft.state == PlanState.IN_REVIEW


def test_a_text_too_long_comes_back_with_everything_typed(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("sro")
    data = fields(get(client, cast, "sections/BP-07/"))
    name = next(name for name in data if name.endswith("-markdown"))
    data[name] = ["x" * 20_001]
    answer = client.post(address(cast, "sections/BP-07/"), {**data, "do": "save"})
    assert answer.status_code == 422
    assert "20,001 characters" in text_of(answer)
    assert "x" * 20_001 in text_of(answer)


def test_the_dialog_gets_all_that_a_text_may_refer_to(cast: Cast, draft: PlanVersion) -> None:
    answer = cast.client("sro").get(address(cast, "references.json"))
    rows = answer.json()
    assert {"feature", "role", "contact", "agency"} == {row["scheme"] for row in rows}
    assert any(row["label"] == "Door 8" for row in rows)


def test_review_shows_sentences_columns_and_signatures(cast: Cast) -> None:
    with in_district(cast):
        published(cast)
        second = drafting.start_from_published(
            campus=cast.lincoln, actor=person(cast, "sro"), at=NOW
        )
        row = section(second, "FA-LOCK")
        first, *rest = blocks(row)
        sections.edit_section(
            section=row,
            expected_edits=0,
            blocks=[type(first)(first.id, "text", "public", "A lockdown begins at once."), *rest],
            actor=person(cast, "sro"),
            at=NOW,
        )
    client = cast.client("principal")
    assert client.post(address(cast, "submit/")).status_code == 303
    html = get(client, cast, "review/")
    assert "What changes from v1 to v2?" in html
    assert "1 change, in plain words" in html
    assert re.search("<ins>[^<]*begins at once", html)
    assert re.search("<del>[^<]*is called", html)
    assert "Sign as principal" in html
    assert "<strong>3 contacts at 3 agencies</strong>" in html


def signing(html: str) -> dict[str, str]:
    found = re.search(r'name="content_hash" value="([^"]+)"', html)
    assert found
    return {"role": "principal", "content_hash": found[1]}


def test_sign_and_publish_from_the_pages(cast: Cast) -> None:
    with in_district(cast):
        version = signed(cast, submitted(cast), ("sro", "sro"))
    client = cast.client("principal")
    data = signing(get(client, cast, "review/"))
    assert client.post(address(cast, "review/sign/"), data).status_code == 303
    assert "3 contacts at 3 agencies" in get(client, cast, "publish/")
    bad = client.post(address(cast, "publish/"), {"in_force_from": "2020-01-01"})
    assert bad.status_code == 422
    assert "This day has passed." in text_of(bad)
    today = NOW.date().replace(year=2027)
    answer = client.post(address(cast, "publish/"), {"in_force_from": today.isoformat()})
    assert answer.status_code == 303
    with in_district(cast):
        version.refresh_from_db()
        assert version.state == PlanState.PUBLISHED
        assert Publication.objects.get(agency=None).in_force_from == today
    assert "v1" in get(client, cast, "versions/")


def test_sending_back_without_a_reason_says_so(cast: Cast) -> None:
    with in_district(cast):
        submitted(cast)
    client = cast.client("principal")
    answer = client.post(address(cast, "review/send-back/"), {"reason": ""})
    assert answer.status_code == 422
    answer = client.post(address(cast, "review/send-back/"), {"reason": "Door 7 is chained."})
    assert answer.status_code == 303
    assert "Door 7 is chained." in get(client, cast)


def test_posts_and_first_page_are_saved(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    html = get(client, cast, "posts/")
    mark = re.search(r'name="expected" value="([^"]*)"', html)
    assert mark
    data = {
        "expected": mark[1],
        "do": "save",
        "position": ["IC", "LNO"],
        "person": ["Thomas Adler", "Jo Brandt"],
        "first_alternate": ["Maria Ochoa", ""],
        "second_alternate": ["", ""],
        "phone": ["555-0142", ""],
    }
    assert client.post(address(cast, "posts/"), data).status_code == 303
    assert client.post(address(cast, "posts/"), data).status_code == 303  # the same again
    data["person"] = ["Somebody", "Jo Brandt"]
    assert client.post(address(cast, "posts/"), data).status_code == 412
    with in_district(cast):
        assert [role.person for role in document_of(draft).roles] == ["Thomas Adler", "Jo Brandt"]
    html = get(client, cast, "first-page/")
    mark = re.search(r'name="expected" value="([^"]*)"', html)
    assert mark
    answer = client.post(
        address(cast, "first-page/"),
        {"expected": mark[1], "panel": "Left of door 1", "hour-9": "1200"},
    )
    assert answer.status_code == 303
    with in_district(cast):
        draft.refresh_from_db()
    assert draft.facts["panel"] == "Left of door 1"
    assert draft.facts["people_by_hour"] == [[9, 1200]]


def test_a_post_is_written_in_words_and_kept_by_its_code(cast: Cast, draft: PlanVersion) -> None:
    client = cast.client("principal")
    mark = re.search(r'name="expected" value="([^"]*)"', get(client, cast, "posts/"))
    assert mark
    data = {
        "expected": mark[1],
        "do": "save",
        "position": ["Incident commander", "Bus lead"],
        "person": ["Thomas Adler", "Jo Brandt"],
        "first_alternate": ["", ""],
        "second_alternate": ["", ""],
        "phone": ["", ""],
    }
    assert client.post(address(cast, "posts/"), data).status_code == 303
    with in_district(cast):
        assert [role.position for role in document_of(draft).roles] == ["IC", "Bus lead"]
    assert 'value="Incident commander"' in get(client, cast, "posts/")


def test_the_office_writes_the_sheet_and_the_principal_confirms_it(cast: Cast) -> None:
    office, principal = cast.client("office"), cast.client("principal")
    content = sheet_content()
    data: dict[str, Any] = {"expected_edits": "0"}
    for name, value in content.items():
        if isinstance(value, str):
            data[name] = value
            continue
        for key in value[0]:
            data[f"{name}-{key}"] = [row[key] for row in value]
    assert office.post(address(cast, "contacts/"), data).status_code == 303
    assert "Confirm these numbers" not in get(office, cast, "contacts/")
    assert (
        office.post(address(cast, "contacts/confirm/"), {"expected_edits": "1"}).status_code == 403
    )
    assert "Confirm these numbers" in get(principal, cast, "contacts/")
    answer = principal.post(address(cast, "contacts/confirm/"), {"expected_edits": "1"})
    assert answer.status_code == 303
    with in_district(cast):
        assert ContactSheetCopy.objects.count() == 1


def test_confirming_takes_the_numbers_that_the_form_shows(cast: Cast) -> None:
    principal = cast.client("principal")
    data = {
        "expected_edits": "0",
        "school_day_hours": "Mon to Fri",
        "school_day-post": ["Main office"],
        "school_day-person": ["Jo Brandt"],
        "school_day-note": [""],
        "school_day-phone": ["555-0177"],
        "school_day-private_phone": [""],
    }
    assert principal.post(address(cast, "contacts/confirm/"), data).status_code == 303
    with in_district(cast):
        assert "555-0177" in ContactSheetCopy.objects.get().document
