"""The basic plan of Lincoln High School, BP-01 to BP-18. All people and numbers are invented."""

from backend.demo.plan_text_form import (
    CAFETERIA,
    COMMAND_POST,
    MAIN_OFFICE,
    STAGING,
    SectionText,
    text,
)
from plans.content.document import Audience, Block

Part = tuple[Audience, str]


def _section(template_id: str, *parts: Part) -> SectionText:
    return SectionText(
        template_id,
        tuple(
            text(template_id, number, audience, markdown)
            for number, (audience, markdown) in enumerate(parts, start=1)
        ),
    )


OPENING: tuple[SectionText, ...] = (
    _section(
        "BP-01",
        (
            "public",
            (
                "Emergency operations plan of Lincoln High School, 2100 Alder Street, Cedar "
                "Valley, Michigan. Cedar Valley Public Schools. It covers the high school, its "
                "grounds and its athletic fields."
            ),
        ),
    ),
    _section(
        "BP-02",
        (
            "public",
            (
                "The board of Cedar Valley Public Schools adopts this plan for Lincoln High "
                "School. It gives the principal the authority and the duty to act on it. Everyone "
                "who works at the school, for a day or for years, acts by this plan in an "
                "emergency."
            ),
        ),
    ),
    _section(
        "BP-03",
        (
            "public",
            (
                "The plan applies from the day it is published. It takes the place of every "
                "earlier plan and of loose instruction sheets. Copies of earlier versions are "
                "destroyed or given back."
            ),
        ),
        (
            "staff",
            (
                "The principal may change the plan together with the SRO; the district signs each "
                "change. The principal activates it. In the principal's absence the assistant "
                "principal does, then the senior counselor."
            ),
        ),
    ),
    _section(
        "BP-04",
        (
            "staff",
            (
                "Each published version keeps its own list of changes. In short:\n\n"
                "| Version | Who | What changed |\n|---|---|---|\n"
                "| 6 | Principal | Reunification moved to Harbor Middle School |\n"
                "| 7 | SRO | Staging area moved to the north lot |\n"
                "| 8 | SRO | Rooms are released with a key after a lockdown |"
            ),
        ),
    ),
    _section(
        "BP-05",
        (
            "staff",
            (
                "The response packet goes to the agencies below by link. The office keeps two "
                "paper copies, and each patrol car of the school's beat has one.\n\n"
                "| Agency | Post | Holds |\n|---|---|---|\n"
                "| Cedar Valley Police Department | watch commander | link, 4 paper copies |\n"
                "| Cedar Valley Fire & Rescue | battalion chief | link, 3 paper copies |\n"
                "| Lakeshore EMS | operations supervisor | link |\n"
                "| Wexley County 911 | shift supervisor | link, 1 paper copy |"
            ),
        ),
    ),
    _section("BP-06", ("public", "The list of sections and annexes stands at the front.")),
    _section(
        "BP-07",
        (
            "public",
            (
                "This plan helps people at Lincoln High School protect one another. It says who "
                "decides, what everyone does first, and how families hear from us.\n\n"
                "The basic plan holds what is true in every emergency. Functional annexes describe "
                "actions that many emergencies share. Hazard annexes add only what differs."
            ),
        ),
    ),
    _section(
        "BP-08",
        (
            "public",
            (
                "The plan covers everyone on campus: students, staff, substitutes, volunteers, "
                "contractors and visitors. It applies on school days and at school events."
            ),
        ),
        (
            "staff",
            (
                "### Outside lesson time\n\n"
                "- Before and after school, from 6:30 to 7:30 AM and from 2:45 to 6:00 PM, the "
                "administrator on duty commands.\n"
                "- At evening events and games the event supervisor commands until an "
                "administrator arrives. The announcement before each event names the exits.\n"
                "- On field trips the lead teacher commands and calls the office after 911.\n"
                f"- Community groups that rent the {CAFETERIA} or the gym receive one page with "
                "the five actions, and name one person who answers the telephone."
            ),
        ),
        (
            "staff",
            (
                "### People who are here for a day\n\n"
                "Substitutes get a role card with their roster. Volunteers and visitors stay with "
                "their host. Contractors sign in, and the head custodian shows them two exits."
            ),
        ),
    ),
    _section(
        "BP-09",
        (
            "public",
            (
                "Lincoln High School teaches grades 9 to 12. It has 1,180 students and 88 staff. "
                "Families speak English, Spanish and Arabic; each message goes out in all three "
                "languages."
            ),
        ),
        (
            "responder",
            (
                "### Building and grounds\n\n"
                "Two floors, masonry walls, steel truss roof, built in 1968 and extended in 1999. "
                "Sprinklers on all floors. Alder Street lies to the east, Birch Avenue to the "
                "south. Two portable classrooms stand north of the building."
            ),
        ),
        (
            "staff",
            (
                "### Access and functional needs\n\n"
                "Six people need help on stairs, in four rooms. Each has two trained helpers by "
                "post. Evacuation chairs hang at both refuge areas on floor 2. A bus with a lift "
                "is on call for transport. Two people need words in writing, and one needs a quiet "
                "place after an alarm."
            ),
        ),
        (
            "staff",
            (
                "### Hazards in order\n\n"
                "| Hazard | Priority | Reason |\n|---|---|---|\n"
                "| Fire | high | kitchen, laboratories, boilers |\n"
                "| Tornado | high | season April to July, little warning |\n"
                "| Active assailant | high | rare, gravest effect |\n"
                "| Hazardous materials on site | medium | chemistry store |\n"
                "| Severe winter storm | medium | each winter, roads close |"
            ),
        ),
        (
            "staff",
            (
                "### What we need from outside\n\n"
                "Police, fire and EMS; buses of the district; the gym of Harbor Middle School; the "
                "alarm company; the county health department."
            ),
        ),
    ),
    _section(
        "BP-10",
        (
            "staff",
            (
                "- Fire arrives about 5 minutes after the call, EMS about 7, police about 4.\n"
                "- In a storm or a regional event the school may be alone for many hours.\n"
                "- Cell service fails when everyone calls. Radios and paper go on working.\n"
                "- The principal may be away. The plan works with any of three commanders.\n"
                "- Some people will be in a hallway, outside, or alone when it begins."
            ),
        ),
    ),
)

MIDDLE: tuple[SectionText, ...] = (
    _section(
        "BP-11",
        (
            "staff",
            (
                "### Who activates the plan\n\n"
                "The principal activates the plan. Anyone who sees danger may call a lockdown or "
                "pull a fire alarm, and needs nobody's permission. In the principal's absence "
                "command passes to the assistant principal, then to the senior counselor."
            ),
        ),
        (
            "public",
            (
                "### Five actions\n\n"
                "| Action | Words | Meaning |\n|---|---|---|\n"
                "| Hold | Stay in your room. Keep the halls empty. | The halls must be clear. |\n"
                "| Secure | Come inside. Outside doors are locked. | Danger is outside. |\n"
                "| Lockdown | Lock the door. Lights off. Stay hidden and quiet. | Danger is "
                "inside. |\n"
                "| Evacuate | Leave by the named way to the named place. | This place is not safe. "
                "|\n"
                "| Shelter | The hazard, then what to do. | Weather, or something in the air. |\n\n"
                "Each action is said twice. It ends with the words: all clear."
            ),
        ),
        (
            "staff",
            (
                "### Working with agencies\n\n"
                "The school commands until responders arrive. Then command passes, or is shared, "
                f"at the {COMMAND_POST}. The school stays responsible for accounting for students "
                "and for their release. Before, during and after mean: to prevent and prepare, to "
                "act, and to recover."
            ),
        ),
        (
            "public",
            (
                "### Access for everyone\n\n"
                "Every alarm can be heard and seen. Routes have no step, or a helper and a chair. "
                "Messages come in plain words, in writing and aloud, in three languages."
            ),
        ),
    ),
    _section(
        "BP-12",
        (
            "staff",
            (
                "- **Principal** decides, announces, commands until relieved.\n"
                "- **Assistant principal** leads the teams and stands in for the principal.\n"
                "- **Teachers** lead their class, keep the roster, report by room.\n"
                "- **Aides** stay with the people they support.\n"
                "- **Counselors and psychologist** support people in distress, during and after.\n"
                "- **Nurse** gives first aid and brings the emergency bag.\n"
                "- **Custodians** open, lock and shut off.\n"
                "- **Office** calls 911, keeps the visitor list, answers the telephone."
            ),
        ),
        (
            "staff",
            (
                "- **SRO** is a police officer first and goes to the danger. The officer commands "
                "nothing for the school and holds no key that nobody else has. School discipline "
                "is never the SRO's task.\n"
                "- **Food service** turns off the kitchen and leads those in the cafeteria.\n"
                "- **Bus drivers** hold at the last safe stop and call the transportation office.\n"
                "- **Substitutes and volunteers** read the card on the wall and follow a neighbor."
            ),
        ),
        (
            "public",
            (
                "Students learn the five actions and may ask about them at any time. Families keep "
                "their telephone numbers current, read the messages, and come to the place that "
                "the message names, with photo identification."
            ),
        ),
        (
            "responder",
            (
                "### Agreements\n\n"
                "Harbor Middle School: gym as reunification site. Cedar Valley Transit: six buses "
                "within 40 minutes. First Church of Cedar Valley: warm shelter for 300 people. "
                "Neighboring departments send mutual aid through Wexley County 911."
            ),
        ),
    ),
    _section(
        "BP-13",
        (
            "staff",
            (
                "The [incident commander](role:IC) has a safety officer, a liaison officer and a "
                "public information officer. Four chiefs lead operations, planning, logistics and "
                "finance. Posts that nobody holds stay with the one above. The district safety "
                "coordinator links the school to the county emergency operations center."
            ),
        ),
        (
            "responder",
            (
                "### Passing command\n\n"
                f"The commander meets the first officer or chief at the {COMMAND_POST}, face to "
                "face, with map, roster and this plan. Both say the time aloud; the scribe writes "
                f"it down. Other units wait at {STAGING}."
            ),
        ),
        (
            "responder",
            (
                "### Utilities\n\n"
                "- Gas: shut-off valve on the outside wall, quarter turn, wrench on the chain.\n"
                "- Water: shut-off in the boiler room, red wheel, no tool.\n"
                "- Electricity: main breaker in the electrical room, key in the key box.\n"
                f"- HVAC: red stop button in {MAIN_OFFICE}, under the cover, no tool.\n\n"
                "The head custodian and trained custodians may operate them. Fire may order it."
            ),
        ),
    ),
    _section(
        "BP-14",
        (
            "staff",
            (
                "| Information | From | Judged by | Goes to | When |\n|---|---|---|---|---|\n"
                "| Weather | county alerts, radio | assistant principal | staff | at each change "
                "|\n"
                "| Room reports | teachers | planning chief | commander | within 10 minutes |\n"
                "| Injuries | first aid lead | nurse | EMS | at once |\n"
                "| What families ask | office | information officer | commander | each 30 minutes |"
            ),
        ),
    ),
    _section(
        "BP-15",
        (
            "staff",
            (
                "- All staff: this plan and the five actions, each August; new staff in week one.\n"
                "- Holders of posts: IS-100 and IS-700. Leaders also IS-200 and IS-362.\n"
                "- Helpers: evacuation chair, twice a year. First aid team: bleeding control, "
                "yearly.\n"
                "- One tabletop with police, fire, EMS and dispatch each year."
            ),
        ),
        (
            "public",
            (
                "Drills teach a skill, calmly. Each one is announced as a drill, in every message, "
                "before and after. Nobody plays an attacker and nothing is staged. Staff explain "
                "each step first. A counselor is present, and a student may ask for another way to "
                "take part. Families are told at least five school days ahead and again on the "
                "same day."
            ),
        ),
    ),
)

CLOSING: tuple[SectionText, ...] = (
    _section(
        "BP-16",
        (
            "staff",
            (
                "The principal may spend up to 5,000 dollars in an emergency; the district "
                "approves more. The scribe keeps the log. The bookkeeper tracks hours, supplies "
                "and borrowed things, and pays their owners. Vital records are copied each night "
                "to the district."
            ),
        ),
    ),
    _section(
        "BP-17",
        (
            "public",
            (
                "A team of school staff, parents, police, fire, EMS and the district wrote this "
                "plan. It is reviewed each summer. Ideas are welcome at the office."
            ),
        ),
        (
            "staff",
            (
                "The SRO and the assistant principal keep the plan up to date. A drill, an "
                "emergency, building work or a change of people starts a review of the sections it "
                "touches."
            ),
        ),
    ),
    _section(
        "BP-18",
        (
            "public",
            (
                "Michigan law on school safety and drills; the Americans with Disabilities Act; "
                "Title VI of the Civil Rights Act; board policy on emergency operations; "
                "agreements with police, Harbor Middle School and Cedar Valley Transit."
            ),
        ),
        (
            "staff",
            (
                "### Order of succession\n\n"
                "1. Principal\n2. Assistant principal\n3. Senior counselor\n"
                "4. District safety coordinator"
            ),
        ),
    ),
)


def _with_posts(section: SectionText) -> SectionText:
    """Add the block at whose place the posts and alternates of the plan are drawn."""
    if section.template_id != "BP-13":
        return section
    posts = Block("BP-13/posts", "roles", "staff", "Posts and alternates")
    return SectionText(section.template_id, (section.blocks[0], posts, *section.blocks[1:]))


BASIC_PLAN_TEXT: tuple[SectionText, ...] = tuple(
    _with_posts(section) for section in (*OPENING, *MIDDLE, *CLOSING)
)
