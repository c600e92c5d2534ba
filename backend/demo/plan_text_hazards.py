"""Five hazard annexes of Lincoln High School: only what differs from the functional annexes."""

from backend.demo.plan_text_form import (
    CAFETERIA,
    COMMAND_POST,
    PANEL,
    SectionText,
    annex,
    area,
    door,
    step,
)

FIRE = annex(
    "TH-fire",
    opening="When the fire alarm sounds we evacuate. See the annex Evacuation; here stands only "
    "what differs in a fire.",
    goals=(
        "Alarms, extinguishers and exits work, and each is checked.",
        "Everyone is outside within 4 minutes, and fire crews find a person who knows.",
        "Nobody goes in before fire releases the building.",
    ),
    before=(
        step("Custodians", "check extinguishers, exit lights and fire doors monthly."),
        step("Food service", "keeps the hood clean and knows the pull station."),
    ),
    during=(
        step("Anyone", "pulls the alarm and says where the fire is.", trigger="Fire or smoke"),
        step("Teachers", "close the door behind the last person and leave the lights as they are."),
        step(
            "Staff",
            "use an extinguisher only on a small fire, with the exit behind them.",
            if_not="leave and close the door.",
        ),
        step(
            "Head custodian",
            f"meets the engine at {door(1)} with keys and reads the {PANEL}.",
            where="fire_panel:FACP",
        ),
        step("Safety officer", f"moves {area('A2')} back when smoke drifts there."),
    ),
    after=(
        step(
            "Principal",
            "waits for the release by fire before anyone goes in.",
            trigger="The fire is out",
        ),
        step("Custodians", "keep a fire watch as long as sprinklers or alarm are off."),
    ),
    responder=f"### Fire\n\nPanel {PANEL} is inside {door(1)}. Sprinklers on all floors. The "
    "kitchen hood has a wet chemical system. Two gas boilers, no oil. The chemistry store is "
    "marked as a hazard on the map.",
)

TORNADO = annex(
    "TH-tornado",
    opening="A tornado watch means that one may form. A warning means that one is near: we shelter "
    "at once. See the annex Shelter-in-place.",
    goals=(
        "Warnings reach the office at once, by two ways.",
        "Everyone is in an inner hall of floor 1 within 3 minutes of a warning.",
        "The building is checked, and everyone is accounted for.",
    ),
    before=(
        step("Office", "keeps a weather radio on, with a battery, all day."),
        step(
            "Assistant principal",
            "moves classes from portable classrooms into the building.",
            trigger="Tornado watch",
        ),
    ),
    during=(
        step(
            "Principal",
            "says “Shelter. Tornado. Go to the inner hall of floor 1” twice.",
            trigger="Tornado warning or siren",
        ),
        step("Teachers", f"lead away from the {CAFETERIA} and the gym: their roofs are wide."),
        step("Everyone", "kneels facing the inner wall and covers head and neck."),
        step("Bus drivers", "stop at the nearest sturdy building and lead riders inside."),
    ),
    after=(
        step("Custodians", "smell for gas, and shut it off if there is any doubt."),
        step("Principal", "holds dismissal until the warning has ended."),
    ),
    responder="### Tornado\n\nLook first in the inner halls of floor 1, then in the locker rooms. "
    "Wide roofs: gym, cafeteria, auditorium.",
)

ASSAILANT = annex(
    "TH-active-assailant",
    opening="If somebody attacks people at school, everyone may act at once to be safe: lock in, "
    "leave, or, as a last resort, defend. See the annex Lockdown.",
    goals=(
        "Everyone knows the three choices, taught calmly and without any acting out.",
        "Everyone is out of reach within 60 seconds, and police know where the danger is.",
        "People are cared for, families are told the truth, and rooms are released one by one.",
    ),
    before=(
        step("Counselors", "explain the choices to students in words fit for their age."),
        step("Staff", "learn to stop bleeding, each year."),
    ),
    during=(
        step("Anyone", "calls a lockdown and 911, and says where and what.", trigger="An attack"),
        step(
            "Staff",
            "lock in where they are, or lead out when the danger is far and the way is free.",
            seconds=60,
            if_not="defend with what is at hand, as the last resort.",
        ),
        step("Those who leave", f"go away from the building, not to {area('A1')} or {area('A2')}."),
        step("SRO", "goes to the danger. The assistant principal meets other police."),
        step("Everyone", "shows empty hands to police and does what they say."),
    ),
    after=(
        step("Police", "open each room with a key; nobody opens to a voice."),
        step("First aid team", "gives care where police say that it is safe."),
        step("Commander", "starts reunification at Harbor Middle School."),
        step("Psychologist", "leads support in the first hours, days and weeks."),
    ),
    responder="### On arrival\n\n"
    f"Enter by {door(1)}, {door(3)} or {door(8)}. Staff meet police at {COMMAND_POST}. Rooms stay "
    "locked and silent. Cameras can be shown from the front desk. Casualty collection is at the "
    "front drive.",
)

HAZMAT = annex(
    "TH-hazmat-on-site",
    opening="Chemicals at school are kept in small amounts, in locked cabinets. If something "
    "spills, people leave the area and trained staff take over.",
    goals=(
        "Every chemical is listed, labeled and locked away.",
        "The area is empty within 2 minutes, and nobody walks through fumes.",
        "The area is opened again only after fire or the district says so.",
    ),
    before=(
        step("Science teachers", "keep the list and safety data sheets, also in the office."),
        step("Head custodian", "keeps cleaning products apart from acids."),
    ),
    during=(
        step(
            "Teacher",
            "leads everyone out of the room, closes the door and calls the office.",
            trigger="A spill or a strong smell",
            seconds=120,
        ),
        step("Office", "calls 911 and says what, how much and where."),
        step("Head custodian", "stops the ventilation.", where="room:Main Office"),
        step("Principal", f"moves people upwind: to {area('A1')} or {area('A3')}, as wind allows."),
        step("Nurse", "rinses eyes and skin with water for 15 minutes."),
    ),
    after=(
        step("District safety coordinator", "orders cleaning and reports to the state if needed."),
        step("Science teachers", "bring the list up to date."),
    ),
    responder="### What is kept\n\nChemistry store: acids and solvents, 40 gallons in cabinets. "
    "Kitchen: cleaning agents. Boiler room: water treatment. Data sheets lie in a red folder in "
    "the office and at the panel.",
)

WINTER_STORM = annex(
    "TH-winter-storm",
    opening="The superintendent decides by 5:30 AM whether school opens, and families hear by "
    "6:00. If a storm comes during the day, nobody goes home until the way is safe.",
    goals=(
        "Heat, light, food and blankets last one night for those who stay.",
        "Everyone is inside and warm, and families know it.",
        "Everyone gets home safely, and the building is checked.",
    ),
    before=(
        step("Custodians", "salt walks and clear exits before 7:00 AM."),
        step("Cafeteria manager", "keeps food for one extra day from November to March."),
    ),
    during=(
        step(
            "Principal",
            "says “Hold” and keeps everyone in while roads are closed.",
            trigger="The sheriff closes roads",
        ),
        step("Office", "tells families not to drive, and when they hear next."),
        step("Nurse", "looks after people who depend on medicine or powered devices."),
        step("Custodians", f"keep {door(1)}, {door(3)} and {door(8)} free of snow."),
    ),
    after=(
        step("Transportation office", "sends buses when roads are open, longest route first."),
        step("Head custodian", "checks roof, pipes and heat before the next school day."),
    ),
    responder="### Snow\n\nAlder Street is cleared first. The key box and fire connections are dug "
    "out within an hour. Up to 300 people can stay for a night.",
)

HAZARD_TEXT: tuple[SectionText, ...] = (FIRE, TORNADO, ASSAILANT, HAZMAT, WINTER_STORM)
