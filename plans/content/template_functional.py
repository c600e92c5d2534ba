"""The ten functional annexes of the federal school guide, and the one Muster adds as optional.

Questions beside each follow the federal guide; words are our own.
"""

from plans.content.section_template import SectionTemplate, annex_blocks


def _annex(
    template_id: str,
    title: str,
    guidance: str,
    *,
    opening: str,
    before: str,
    during: str,
    after: str,
    responders: str,
    required: bool = True,
    also: tuple[str, ...] = (),
) -> SectionTemplate:
    return SectionTemplate(
        template_id=template_id,
        part="functional_annex",
        title=title,
        guidance=guidance,
        blocks=annex_blocks(
            opening=opening, before=before, during=during, after=after, responders=responders
        ),
        required=required,
        also_met_as=also,
    )


FUNCTIONAL_ANNEXES: tuple[SectionTemplate, ...] = (
    _annex(
        "FA-EVAC",
        "Evacuation",
        "How people get from every kind of place to an assembly area, and by which second route "
        "when the first is blocked. Think of students who are alone, people who need help on "
        "stairs, devices, medicine, language and transport.",
        opening="When people leave the building, and in which words it is announced",
        before="Goal before: routes, assembly areas and helpers are known and practiced",
        during="Goal during: everyone reaches an assembly area by a safe route in how many minutes",
        after="Goal after: everyone is accounted for and returns, or moves on, together",
        responders="Assembly areas, people who need help on stairs, refuge areas, blocked exits",
        also=("exit", "clear the building"),
    ),
    _annex(
        "FA-LOCK",
        "Lockdown",
        "Anyone who sees danger may call it. How outside doors are locked and when that is unsafe, "
        "how windows and doors of a room change the steps, what to do when the threat is already "
        "inside, and how each room is released.",
        opening="When a lockdown is called, and in which words",
        before="Goal before: every door can be locked, and everyone knows the words",
        during="Goal during: everyone is behind a locked door, in how many seconds",
        after="Goal after: each room is released in person, and everyone is accounted for",
        responders="Way in, panel, keys, cameras, command post; rooms do not answer a knock",
        also=("hard lockdown",),
    ),
    _annex(
        "FA-SHEL",
        "Shelter-in-place",
        "Which rooms can be sealed, which have no windows, which are storm safe; supplies; who "
        "stops the ventilation; a second place when the first cannot be reached; medicine, devices "
        "and personal help.",
        opening="When people stay inside for a hazard, and in which words",
        before="Goal before: shelter places are chosen, equipped and marked",
        during="Goal during: everyone is in a shelter place in how many minutes",
        after="Goal after: the building is checked before people leave the shelter places",
        responders="Shelter places, ventilation shut-off, supplies",
        also=("take cover",),
    ),
    _annex(
        "FA-ACCT",
        "Accounting for all persons",
        "How staff learn who is present at an assembly area or in a room, what happens about a "
        "missing person, how reports reach one place, and how people are released.",
        opening="That the school accounts for every person, and how families can help",
        before="Goal before: rosters are current and within reach of every teacher",
        during="Goal during: every room and area has reported in how many minutes",
        after="Goal after: every missing person is found, every visitor has left or is known",
        responders="Where the list is kept, who hands it over, how a missing person is reported",
    ),
    _annex(
        "FA-COMM",
        "Communications and warning",
        "First and second channel to staff, families and dispatch; the link to the responders' "
        "radio; people with sensory, cognitive or language needs; who approves messages; who "
        "speaks to the media; what works without power or network.",
        opening="How the school tells families and students what happens",
        before="Goal before: every channel is tested and every list is current",
        during="Goal during: staff, dispatch and families are told in how many minutes",
        after="Goal after: everyone who was told of the danger is told that it has ended",
        responders="Radio channels, places without signal, who answers the telephone",
    ),
    _annex(
        "FA-REUN",
        "Family reunification",
        "Families know the process beforehand; an adult proves that they may take the student; no "
        "student leaves alone; check-in, student assembly and reunion are kept apart; privacy from "
        "media; language barriers; how often families hear something.",
        opening="What families do, where they come, what they bring",
        before="Goal before: site, agreement, supplies and helpers are ready",
        during="Goal during: each student is released to an adult who may take them",
        after="Goal after: every release is matched, and support goes on",
        responders="Site address, traffic, parking, family waiting area, media area",
        also=("parent pick-up",),
    ),
    _annex(
        "FA-COOP",
        "Continuity of operations",
        "Which functions must run again within hours and for at least 30 days: payroll, food, "
        "records, instruction. Activation, other places, succession, and the way back.",
        opening="How teaching and meals go on after an interruption",
        before="Goal before: essential functions, people and places are listed",
        during="Goal during: essential functions run again within how many hours",
        after="Goal after: the school is back at its place, and what was learned is kept",
        responders="Whom to call about the building while it is closed",
        also=("COOP",),
    ),
    _annex(
        "FA-RECV",
        "Recovery",
        "Four kinds: academic, physical, fiscal, emotional. Who decides on reopening, who "
        "counsels, where vital records are, anniversaries and memorials.",
        opening="How the school helps people return to learning",
        before="Goal before: partners for counseling and repair are agreed",
        during="Goal during: the first days have a calm, known order",
        after="Goal after: teaching, building, money and people are cared for over the long term",
        responders="When the building is handed back, and to whom",
    ),
    _annex(
        "FA-PHMM",
        "Public health, medical, and mental health",
        "First aid until EMS arrives, AED and medicine, reporting of outbreaks, counseling and "
        "psychological first aid, and what may pass between school and hospital.",
        opening="How the school cares for health and for grief and fear",
        before="Goal before: kits, trained people and agreements are in place",
        during="Goal during: help reaches a person in how many minutes",
        after="Goal after: care goes on, and families know where to find it",
        responders="AEDs, trauma kits, ambulance entrance, health room",
    ),
    _annex(
        "FA-SECU",
        "Security",
        "The measures of every day: doors, visitors, grounds, arrivals and departures, the lawful "
        "role of the SRO, and the threat-assessment team. Cases of the team stay outside the plan.",
        opening="How visitors enter and how the school is kept secure",
        before="Goal before: outside doors are locked and one entrance is watched",
        during="Goal during: a concern is acted on in how many minutes",
        after="Goal after: what was seen is checked and mended",
        responders="Cameras, door release, key holders",
    ),
)

OPTIONAL_ANNEXES: tuple[SectionTemplate, ...] = (
    _annex(
        "FA-RAPD",
        "Rapid assessment",
        "Who sizes up what happens in the first minutes, on which clues, which protective action "
        "follows, and who announces it.",
        opening="That one person decides quickly, and that anyone may call a lockdown",
        before="Goal before: deciders know the clues and the words",
        during="Goal during: a protective action is announced in how many seconds",
        after="Goal after: the decision and its reasons are written down",
        responders="What the school can tell in the first call",
        required=False,
    ),
)
