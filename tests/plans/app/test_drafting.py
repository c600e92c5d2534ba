"""Drafts: from the template, from the published plan, and two people in one section."""

import dataclasses

import pytest

from backend.audit.models import AuditEvent
from backend.demo import plan_text
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from plans.content.completeness import blocking
from plans.content.document import Block, CourseOfAction, RoleAssignment
from plans.models import PlanState, PlanVersion
from plans.queries import document_of, gaps_of, references_for, resolver_of
from plans.services import drafting, roles, sections
from plans.services.sections import SectionEditedMeanwhile
from tests.cast import NOW, Cast
from tests.plans.app.writing import (
    TODAY,
    blocks,
    drafted,
    facts,
    feature_key,
    in_district,
    person,
    publish_map,
    published,
    section,
)


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    with in_district(cast):
        return drafting.start_plan(
            campus=cast.lincoln, hazards=["tornado"], actor=person(cast, "sro"), at=NOW
        )


def test_a_first_draft_has_the_sections_of_the_template_and_its_hazards(
    cast: Cast, draft: PlanVersion
) -> None:
    with in_district(cast):
        document = document_of(draft)
    assert [item.template_id for item in document.sections[:2]] == ["BP-01", "BP-02"]
    assert document.sections[-1].template_id == "TH-tornado"
    assert len(document.sections) == 29
    assert draft.number == 1
    assert draft.authors == [{"key": str(cast.users["sro"].pk), "name": "Officer Dana Whitfield"}]


def test_a_campus_has_one_version_in_work(cast: Cast, draft: PlanVersion) -> None:
    with in_district(cast), pytest.raises(WrongState, match="Version 1 is in work"):
        drafting.start_plan(campus=cast.lincoln, hazards=[], actor=person(cast, "sro"), at=NOW)


def test_an_unknown_hazard_is_refused_with_near_ones(cast: Cast) -> None:
    with in_district(cast), pytest.raises(BadInput, match="tornado") as refused:
        drafting.start_plan(
            campus=cast.lincoln, hazards=["tornadoes"], actor=person(cast, "sro"), at=NOW
        )
    assert refused.value.where == "hazards"


@pytest.mark.parametrize("word", ["office", "staff", "principal_elsewhere", "auditor", "patrol"])
def test_who_may_not_draft_starts_nothing(cast: Cast, word: str) -> None:
    with in_district(cast), pytest.raises(NotAllowed):
        drafting.start_plan(campus=cast.lincoln, hazards=[], actor=person(cast, word), at=NOW)


def test_the_demonstration_has_no_gap_that_blocks(cast: Cast) -> None:
    with in_district(cast):
        found = gaps_of(drafted(cast), TODAY)
    assert blocking(found) == ()


def test_blocks_are_added_moved_changed_and_taken_out(cast: Cast, draft: PlanVersion) -> None:
    with in_district(cast):
        row = section(draft, "FA-LOCK")
        first, second, *rest = blocks(row)
        new = Block("", "text", "restricted", "Keys are in the safe.")
        changed = dataclasses.replace(second, markdown="All are behind a locked door.")
        row = sections.edit_section(
            section=row,
            expected_edits=0,
            blocks=[changed, new, *rest],
            actor=person(cast, "principal"),
            at=NOW,
        )
        after = blocks(row)
        draft.refresh_from_db()
    assert after[0].id == second.id
    assert after[1].markdown == "Keys are in the safe."
    assert first.id not in {block.id for block in after}
    assert row.edits == 1
    assert [author["name"] for author in draft.authors] == [
        "Officer Dana Whitfield", "Maria Ochoa",
    ]  # fmt: skip


def test_of_two_people_in_one_section_neither_loses_a_word(cast: Cast, draft: PlanVersion) -> None:
    with in_district(cast):
        row = section(draft, "FA-EVAC")
        before = blocks(row)

        def save(word: str, text: str, expected: int) -> None:
            sections.edit_section(
                section=row,
                expected_edits=expected,
                blocks=[dataclasses.replace(before[0], markdown=text), *before[1:]],
                actor=person(cast, word),
                at=NOW,
            )

        save("sro", "Leave by door 8.", 0)
        with pytest.raises(SectionEditedMeanwhile, match="Officer Dana Whitfield") as conflict:
            save("principal", "Leave by door 5.", 0)
        assert conflict.value.theirs.blocks[0].markdown == "Leave by door 8."
        assert blocks(section(draft, "FA-EVAC"))[0].markdown == "Leave by door 8."
        save("principal", "Leave by door 8, else by door 5.", conflict.value.edits)
        assert blocks(section(draft, "FA-EVAC"))[0].markdown.endswith("door 5.")


def test_saving_what_stands_changes_nothing(cast: Cast, draft: PlanVersion) -> None:
    with in_district(cast):
        row = section(draft, "FA-EVAC")
        events = AuditEvent.objects.count()
        sections.edit_section(
            section=row, expected_edits=7, blocks=blocks(row), actor=person(cast, "sro"), at=NOW
        )
        assert section(draft, "FA-EVAC").edits == 0
        assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("block", "where"),
    [
        (Block("", "text", "secret", "x"), "blocks[0].audience"),  # type: ignore[arg-type]
        (Block("", "poem", "staff", "x"), "blocks[0].kind"),  # type: ignore[arg-type]
        (Block("", "text", "staff", "x" * 20_001), "blocks[0].markdown"),
        (Block("nobody", "text", "staff", "x"), "blocks[0].id"),
        (
            Block("", "courses_of_action", "staff", "", (CourseOfAction("later", "A", "B"),)),  # type: ignore[arg-type]
            "blocks[0].courses[0].phase",
        ),
        (
            Block("", "courses_of_action", "staff", "",
                  (CourseOfAction("during", "A", "B", time_limit_seconds=-1),)),
            "blocks[0].courses[0].time_limit_seconds",
        ),
        (Block("", "text", "staff", "a\0b"), "blocks[0].markdown"),
    ],
)  # fmt: skip
def test_a_block_that_cannot_be_is_refused_with_its_place(
    cast: Cast, draft: PlanVersion, block: Block, where: str
) -> None:
    with in_district(cast):
        row = section(draft, "FA-EVAC")
        before = blocks(row)
        with pytest.raises(BadInput) as refused:
            sections.edit_section(
                section=row, expected_edits=0, blocks=[block], actor=person(cast, "sro"), at=NOW
            )
        assert refused.value.where == where
        assert refused.value.mend
        assert blocks(section(draft, "FA-EVAC")) == before


def test_someone_of_another_campus_does_not_find_the_section(
    cast: Cast, draft: PlanVersion
) -> None:
    with in_district(cast):
        row = section(draft, "FA-EVAC")
        elsewhere = person(cast, "principal_elsewhere")
        with pytest.raises(NotFound):
            sections.edit_section(section=row, expected_edits=0, blocks=[], actor=elsewhere, at=NOW)


def test_a_hazard_annex_comes_after_the_others_and_goes_again(
    cast: Cast, draft: PlanVersion
) -> None:
    with in_district(cast):
        row = drafting.add_section(
            version=draft, template_id="TH-earthquake", actor=person(cast, "sro"), at=NOW
        )
        assert [item.template_id for item in draft.sections.all()][-2:] == [
            "TH-tornado", "TH-earthquake",
        ]  # fmt: skip
        drafting.remove_section(section=row, actor=person(cast, "sro"), at=NOW)
        assert not draft.sections.filter(template_id="TH-earthquake").exists()
        with pytest.raises(WrongState, match="Only hazard annexes"):
            drafting.remove_section(
                section=section(draft, "FA-EVAC"), actor=person(cast, "sro"), at=NOW
            )


def test_posts_are_written_whole_and_a_second_writer_sees_the_first(
    cast: Cast, draft: PlanVersion
) -> None:
    with in_district(cast):
        mark = roles.roles_mark(draft)
        roles.edit_roles(
            version=draft, expected=mark, roles=plan_text.roles(), actor=person(cast, "sro"), at=NOW
        )
        assert document_of(draft).roles == plan_text.roles()
        with pytest.raises(roles.RolesEditedMeanwhile) as conflict:
            roles.edit_roles(
                version=draft,
                expected=mark,
                roles=[RoleAssignment("IC", "Somebody")],
                actor=person(cast, "principal"),
                at=NOW,
            )
        assert conflict.value.theirs == plan_text.roles()


def test_the_facts_of_the_first_page_are_part_of_the_document(
    cast: Cast, draft: PlanVersion
) -> None:
    with in_district(cast):
        version = drafting.edit_facts(
            version=draft,
            expected=drafting.facts_mark(draft),
            facts=facts(),
            actor=person(cast, "principal"),
            at=NOW,
        )
        assert document_of(version).campus["panel"] == "FACP, inside door 1, left wall"
        with pytest.raises(BadInput) as refused:
            drafting.edit_facts(
                version=draft,
                expected=drafting.facts_mark(version),
                facts=facts() | {"people_by_hour": [[25, 10]]},
                actor=person(cast, "principal"),
                at=NOW,
            )
    assert refused.value.where == "people_by_hour[0]"


def test_a_new_draft_keeps_the_ids_of_the_published_text(cast: Cast) -> None:
    with in_district(cast):
        publication = published(cast)
        draft = drafting.start_from_published(
            campus=cast.lincoln, actor=person(cast, "sro"), at=NOW
        )
        before, after = document_of(publication.version), document_of(draft)
    assert draft.number == 2
    assert draft.state == PlanState.DRAFT
    assert after.sections == before.sections
    assert after.roles == before.roles
    assert after.campus == before.campus


def test_references_follow_the_map_in_a_draft(cast: Cast) -> None:
    with in_district(cast):
        first = publish_map(cast)
        gone, moved = feature_key(first, "8"), feature_key(first, "5")
        version = drafting.start_plan(
            campus=cast.lincoln, hazards=[], actor=person(cast, "sro"), at=NOW
        )
        publish_map(cast, without="8", renamed={"5": "15"})
        version = drafting.pin_map(version=version, actor=person(cast, "sro"), at=NOW)
        resolve = resolver_of(version)
        choices = {choice.id for choice in references_for(version)}
    assert version.map_version is not None
    assert version.map_version.number == 2
    assert resolve("feature", str(gone), "Door 8").state == "gone"
    assert resolve("feature", str(moved), "Door 5") == resolve("feature", str(moved), "x")
    assert resolve("feature", str(moved), "Door 5").label == "Door 15"
    assert str(moved) in choices
    assert str(gone) not in choices
    assert {"IC", str(cast.users["principal"].pk), str(cast.police.pk)} <= choices
