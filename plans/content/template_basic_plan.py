"""The basic plan's eighteen sections, BP-01 to BP-18, with guidance in our own words.

Order, numbers and required content follow the federal authoring tool and the federal school guide.
"""

from plans.content.section_template import BlockTemplate, SectionTemplate, text


def _section(
    template_id: str,
    number: str,
    title: str,
    guidance: str,
    blocks: tuple[BlockTemplate, ...],
    *,
    also: tuple[str, ...] = (),
    generated: bool = False,
) -> SectionTemplate:
    return SectionTemplate(
        template_id=template_id,
        part="basic_plan",
        title=title,
        guidance=guidance,
        blocks=blocks,
        number=number,
        generated=generated,
        also_met_as=also,
    )


BASIC_PLAN: tuple[SectionTemplate, ...] = (
    _section(
        "BP-01",
        "1.0",
        "Cover page",
        "A reader must see at once which school this plan is for and how old it is. Give the "
        "title, the date and every school the plan covers.",
        (text("public", "Title, date, and the school or schools this plan covers"),),
        also=("title page",),
    ),
    _section(
        "BP-02",
        "1.1",
        "Promulgation and signatures",
        "The head of the school or the board adopts the plan and gives people the authority and "
        "the duty to act on it. Signatures themselves are recorded when the version is approved.",
        (
            text(
                "public", "Who adopts this plan, under which authority, and for whom it is binding"
            ),
        ),
        also=("adoption", "letter of promulgation", "policy statement"),
    ),
    _section(
        "BP-03",
        "1.2",
        "Approval and implementation",
        "Say from when the plan applies, whom it binds, who may change it and who may put it into "
        "action, and that it takes the place of every earlier plan.",
        (
            text("public", "From when the plan applies, whom it binds, which plans it replaces"),
            text("staff", "Who may change the plan, and who may activate it"),
        ),
        also=("approval page",),
    ),
    _section(
        "BP-04",
        "1.3",
        "Record of changes",
        "A table of every version: number, date, who changed it, and what changed in one sentence.",
        (text("staff", "Table: number, date, who, what changed"),),
        also=("revision history",),
    ),
    _section(
        "BP-05",
        "1.4",
        "Record of distribution",
        "Everyone who holds this plan, so that an old copy can be called back. List agency, post "
        "and date; the deliveries of the packet complete it.",
        (
            text(
                "staff",
                "Table: who holds the plan, agency, date, how many copies or the packet link",
            ),
        ),
        also=("distribution list",),
    ),
    _section(
        "BP-06",
        "1.5",
        "Table of contents",
        "Written by the product from the sections and annexes of this plan.",
        (),
        generated=True,
    ),
    _section(
        "BP-07",
        "2.1",
        "Purpose",
        "What the plan is for, and what a reader finds in the basic plan and in the annexes. Two "
        "paragraphs are enough.",
        (
            text(
                "public",
                "What this plan is for, and how the basic plan and the annexes fit together",
            ),
        ),
        also=("introduction",),
    ),
    _section(
        "BP-08",
        "2.2",
        "Scope",
        "People, places, hours and agencies that the plan covers. Do not forget before and after "
        "school, evening events, field trips, and groups that rent the building.",
        (
            text("public", "Which people, buildings, grounds and hours the plan covers"),
            text(
                "staff",
                "Events, field trips, before and after school, community use of the building",
            ),
        ),
        also=("applicability",),
    ),
    _section(
        "BP-09",
        "2.3",
        "Situation overview",
        "The school in numbers, its buildings and grounds, its hazards in order, and what it must "
        "get from outside. Access and functional needs are counts and kinds of help, never names "
        "and never diagnoses.",
        (
            text("public", "Number of students and staff, grades, languages of families"),
            text(
                "responder", "Buildings, levels, construction, grounds, and what lies around them"
            ),
            text("staff", "Access and functional needs as counts: kinds of help, helpers, devices"),
            text("staff", "Hazards in order of priority, and when they were last scored"),
            text("staff", "What the school depends on from outside"),
        ),
        also=("school profile", "hazard analysis", "situation"),
    ),
    _section(
        "BP-10",
        "2.4",
        "Planning assumptions",
        "What the plan takes as given. If one of these turns out wrong, the steps that rest on it "
        "must be read again. Name how long help takes to arrive.",
        (text("staff", "What is taken as fact: arrival times, self-reliance, what may fail"),),
        also=("assumptions and limitations",),
    ),
    _section(
        "BP-11",
        "3",
        "Concept of operations",
        "How the school acts as a whole: who may activate the plan, which protective actions exist "
        "and in which words they are called, how agencies join, and how people with disabilities "
        "keep their access to building, program and communication.",
        (
            text("staff", "Who may activate the plan, and who steps in when that person is away"),
            text("public", "The five protective actions and the words used for them"),
            text("staff", "How the school works with police, fire, EMS and the district"),
            text("public", "Access for people with disabilities: building, program, communication"),
        ),
        also=("CONOPS",),
    ),
    _section(
        "BP-12",
        "4",
        "Organization and assignment of responsibilities",
        "One short list of duties for each group: principal, teachers, aides, counselors, nurse, "
        "custodians, office, food service, bus drivers, SRO, students, parents, partners. An SRO "
        "is a police officer first and is not planned as incident commander.",
        (
            text(
                "staff",
                "Duties of principal, teachers, aides, counselors, nurse, office, custodians",
            ),
            text("staff", "Duties of the SRO, food service, bus drivers, substitutes, volunteers"),
            text("public", "What students and families can expect, and what is asked of them"),
            text("responder", "Mutual-aid and site agreements"),
        ),
        also=("roles and responsibilities",),
    ),
    _section(
        "BP-13",
        "5",
        "Direction, control, and coordination",
        "The incident command structure of this school, how command passes to or is shared with "
        "responders, and who controls equipment and supplies.",
        (
            text(
                "staff",
                "Command structure, the link to the district and the emergency operations center",
            ),
            BlockTemplate("roles", "staff", heading="Posts and alternates"),
            text(
                "responder", "How command passes to responders, and who controls keys and utilities"
            ),
        ),
        also=("command and control", "ICS"),
    ),
    _section(
        "BP-14",
        "6",
        "Information collection, analysis, and dissemination",
        "For each kind of information: where it comes from, who judges it, how and to whom it is "
        "passed on, and when.",
        (text("staff", "Table: information, source, who judges it, who receives it, when"),),
        also=("intelligence", "information management"),
    ),
    _section(
        "BP-15",
        "7",
        "Training and exercises",
        "Who learns what, how often. Drills are announced as drills, practice one skill, and are "
        "planned with mental-health staff. No simulated violence while students are present.",
        (
            text("staff", "Training for staff, substitutes, partners: what and how often"),
            text("public", "How drills are announced, adapted and followed up with families"),
        ),
        also=("drills and training",),
    ),
    _section(
        "BP-16",
        "8",
        "Administration, finance, and logistics",
        "Who may spend, which logs are kept, where vital records are, how resources are tracked "
        "and their owners paid.",
        (text("staff", "Spending, activity logs, vital records, tracking of resources"),),
    ),
    _section(
        "BP-17",
        "9",
        "Plan development and maintenance",
        "Who wrote the plan, which post keeps it up to date, and the yearly cycle. No part stays "
        "without review longer than two years.",
        (
            text("public", "The planning team, and when the plan is reviewed"),
            text(
                "staff", "The post that keeps the plan, and what starts a review outside the cycle"
            ),
        ),
        also=("plan maintenance",),
    ),
    _section(
        "BP-18",
        "10",
        "Authorities and references",
        "Laws, policies and agreements the plan rests on, and the order in which decision makers "
        "stand in for one another: three people at least.",
        (
            text("public", "Laws, policies and agreements"),
            text("staff", "Order of succession for the principal, three people at least"),
        ),
        also=("legal basis",),
    ),
)
