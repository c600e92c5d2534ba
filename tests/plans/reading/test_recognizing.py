"""People, posts, hazards, signatures, steps, blanks and private facts are recognized."""

import pytest

from plans.reading.reading import read_plan
from plans.reading.result import PlanReading
from tests.plans.reading.word_files import item, paragraph, table, word_file


def read(*body: str) -> PlanReading:
    return read_plan("plan.docx", word_file(paragraph("Evacuation", "Heading1"), *body))


def test_contact_lists_are_recognized_by_their_columns() -> None:
    rows = [["Title", "Name", "Office phone", "E-mail"],
            ["Principal", "Ana Ruiz", "(555) 555-0101", "ana@school.example"],
            ["Nurse", "", "", ""]]  # fmt: skip
    [contact] = read(table(rows)).contacts
    assert (contact.name, contact.role) == ("Ana Ruiz", "Principal")
    assert (contact.phone, contact.email) == ("(555) 555-0101", "ana@school.example")


@pytest.mark.parametrize(
    ("line", "name", "role"),
    [
        ("Principal: Ana Ruiz 555-0101", "Ana Ruiz", "Principal"),
        ("Ana Ruiz, Principal – 555-0101", "Ana Ruiz", "Principal"),
        ("Poison Control 800-555-0199", "Poison Control", ""),
    ],
)
def test_lines_with_a_number_are_contacts(line: str, name: str, role: str) -> None:
    [contact] = read(paragraph(line)).contacts
    assert (contact.name, contact.role) == (name, role)


def test_a_record_of_changes_is_no_contact_list() -> None:
    rows = [["Change Number", "Date", "Name"], ["1", "2024-08-01", "Ana Ruiz"]]
    assert read(table(rows)).contacts == ()


def test_role_tables_give_posts_with_their_codes_and_alternates() -> None:
    rows = [["ICS Position", "Name", "1st Alternate", "2nd Alternate"],
            ["Incident Commander", "Ana Ruiz", "Bo Li", "Cy Dee"],
            ["Liaison Officer", "Di Em", "[name]", ""]]  # fmt: skip
    commander, liaison = read(table(rows)).roles
    assert (commander.position, commander.person) == ("IC", "Ana Ruiz")
    assert (commander.first_alternate, commander.second_alternate) == ("Bo Li", "Cy Dee")
    assert (liaison.position, liaison.first_alternate) == ("LNO", "")


def test_hazard_tables_give_slugs_and_scores() -> None:
    rows = [["Hazard", "Probability", "Magnitude", "Risk Priority"],
            ["Tornado", "3 likely", "4", "High"], ["Meteor shower", "1", "1", "Low"]]  # fmt: skip
    tornado, meteor = read(table(rows)).hazards
    assert (tornado.slug, tornado.scores["priority"]) == ("tornado", "High")
    assert (meteor.slug, meteor.template_section) == ("meteor-shower", "")


def test_lines_for_signatures_are_approvals_asked_and_no_blanks() -> None:
    reading = read(paragraph("_" * 20 + "\nAna Ruiz\nPrincipal"))
    [approval] = reading.approvals
    assert (approval.name, approval.post) == ("Ana Ruiz", "Principal")
    assert not [finding for finding in reading.findings if finding.code == "unfilled"]


def test_labeled_goals_objectives_and_courses_of_action_are_rows() -> None:
    reading = read(
        item("Goal (During): Everyone is out"), item("Objective: Rooms are empty", level=1),
        item("Course of Action: Teachers will sweep the room", level=1),
        item("Objective: Halls are clear", level=1),
    )  # fmt: skip
    [section] = reading.sections
    assert [(g.kind, g.phase, g.courses) for g in section.goals] == [
        ("goal", "during", 0), ("objective", "during", 1), ("objective", "during", 0),
    ]  # fmt: skip
    [course] = section.courses
    assert (course.actor, course.action) == ("Teachers", "sweep the room")


def test_lists_under_phases_and_people_are_steps_with_phase_and_actor() -> None:
    reading = read(
        paragraph("Before", "Heading2"), item("The principal will test the alarm."),
        paragraph("During", "Heading2"), paragraph("Teachers", "Heading3"),
        item("Take the roster."),
        paragraph("After", "Heading2"), item("Nurse: check those who are hurt."),
    )  # fmt: skip
    steps = [(c.phase, c.actor) for section in reading.sections for c in section.courses]
    assert steps == [("before", "The principal"), ("during", "Teachers"), ("after", "Nurse")]


def test_planning_questions_are_notes_and_no_courses_of_action() -> None:
    reading = read(
        item("How will staff know who is present?"), item("What to do when a way is shut")
    )
    assert reading.sections[0].courses == ()


def test_blanks_and_brackets_of_an_unfilled_form_count_as_empty() -> None:
    reading = read(
        paragraph("Please describe the routes."), paragraph("____________"), paragraph("[school]")
    )
    assert reading.sections[0].empty
    [finding] = [f for f in reading.findings if f.code == "unfilled"]
    assert "1 blank" in finding.what
    assert "[school]" in finding.what


def test_a_filled_form_is_not_empty() -> None:
    assert (
        not read(paragraph("Please describe the routes."), paragraph("By door 5."))
        .sections[0]
        .empty
    )
    assert not read(table([["Date", "Who"], ["May 1", "Ana"]])).sections[0].empty
    assert read(table([["Date", "Who"], ["", ""]])).sections[0].empty


@pytest.mark.parametrize(
    "body",
    [
        paragraph("Help student Ana Smith on the stairs."),
        paragraph("One boy has epilepsy."),
        table([["Student", "Teacher"], ["Ana Smith", "Bo Li"]]),
        table([["Name", "Medication"], ["Ana Smith", "insulin at noon"]]),
        item("Ana Smith, grade 3, uses a wheelchair"),
    ],
)
def test_names_diagnoses_and_medical_lists_are_flagged_without_repeating_them(body: str) -> None:
    reading = read(body)
    found = [finding for finding in reading.findings if finding.code == "CK-16"]
    assert found
    assert "Smith" not in repr(found)


@pytest.mark.parametrize(
    "body",
    [
        paragraph(
            "The Student Assembly Area is the field. Three students need help on the stairs."
        ),
        table([["Name", "Role", "Phone"], ["Ana Ruiz", "Nurse", "555-0101"]]),
        table([["Grade", "Students", "Inhalers"], ["K", "60", "4"]]),
        paragraph("Medical Response Team members take the AED."),
    ],
)
def test_counts_and_staff_are_not_flagged(body: str) -> None:
    assert "CK-16" not in {finding.code for finding in read(body).findings}
