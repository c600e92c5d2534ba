"""Papers carry what somebody wrote, never a prompt of the template."""

from plans.content.document import Block, PlanDocument, RoleAssignment, Section
from plans.content.template import new_document
from plans.content.written import written


def plan(*blocks: Block) -> PlanDocument:
    section = Section("s", "FA-LOCK", "functional_annex", "Lockdown", blocks)
    return PlanDocument({}, 1, None, None, (section,), (RoleAssignment("IC", ""),))


def test_a_plan_of_prompts_only_says_nothing() -> None:
    sections = written(new_document({"name": "Lincoln"}, ["fire"])).sections
    assert all(block.kind == "roles" for section in sections for block in section.blocks)


def test_a_prompt_before_what_was_typed_is_left_out() -> None:
    kept = written(plan(Block("b", "text", "responder", "[How it is announced] Everybody leaves.")))
    assert kept.sections[0].blocks[0].markdown == "Everybody leaves."


def test_a_link_at_the_start_is_no_prompt() -> None:
    words = "[Door 1](feature:d1) is the way in."
    kept = written(plan(Block("b", "text", "responder", words)))
    assert kept.sections[0].blocks[0].markdown == words


def test_a_post_that_nobody_holds_is_not_printed() -> None:
    assert written(plan()).roles == ()
