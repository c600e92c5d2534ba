"""The ten functional annexes of Lincoln High School. All people and numbers are invented."""

from backend.demo.plan_text_form import (
    CAFETERIA,
    COMMAND_POST,
    GYM,
    MAIN_OFFICE,
    PANEL,
    STAGING,
    SectionText,
    annex,
    area,
    door,
    reference,
    step,
)

EVACUATION = annex(
    "FA-EVAC",
    opening="We leave the building when it is not safe to stay. The words name the way and the "
    "place. Everyone walks, helps a neighbor, and stays with the group.",
    goals=(
        "Everyone knows two ways out of each place they use.",
        "Everyone reaches an assembly area by a safe route within 4 minutes.",
        "Everyone is accounted for, and nobody goes back before the all clear.",
    ),
    before=(
        step("Teachers", "show the first and the second way out on the first day of each term."),
        step("Custodians", "check that every exit opens and is free, each morning before 7:15 AM."),
        step("Helpers", "practice the evacuation chair twice a year with the person's agreement."),
    ),
    during=(
        step(
            "Principal",
            "says “Evacuate”, the way and the place, twice.",
            trigger="Fire alarm, smoke, smell of gas, or an order of a responder",
            if_not="the assistant principal announces by radio.",
        ),
        step(
            "Teachers",
            f"take the roster and lead out. Rooms on the south side leave by {door(3)} or "
            f"{door(5)}, rooms on the west side by {door(8)}, others by {door(1)}.",
            seconds=240,
            if_not="take the second way on the card beside the door.",
        ),
        step("Food service", f"turns off the kitchen and leads those in the {CAFETERIA} out."),
        step("Teachers in the gym", f"lead from {GYM} by {door(7)} to {area('A1')}."),
        step("Helpers", "go with their person to the refuge area or down by chair, as agreed."),
        step("Students who are alone", "join the nearest class and tell its teacher their name."),
    ),
    after=(
        step("Teachers", "report each class as complete, missing, extra or injured.", seconds=300),
        step(
            "Principal",
            "ends the evacuation with “all clear”, or moves everyone on to the reunification site.",
            trigger="Fire has released the building",
        ),
        step("Custodians", "reset doors and check each floor before classes go back in."),
    ),
    responder="### Where people are\n\n"
    f"{area('A1')} holds those from the gym and the west side, {area('A2')} the east side, "
    f"{area('A3')} the north side. Six people need help on stairs; refuge areas are at the stairs "
    "on floor 2, each with a chair and an intercom. Fire lanes stay free on two sides.",
)

LOCKDOWN = annex(
    "FA-LOCK",
    opening="A lockdown is called when there is danger inside the building or on the grounds. The "
    "words are always the same: “Lockdown. Lock the door. Lights off. Stay hidden and quiet.”",
    goals=(
        "Every room can be locked from inside, and everyone knows that they may call a lockdown.",
        (
            "Every person in a room is behind a locked door within 60 seconds, and stays there "
            "until the door is opened with a key."
        ),
        "Each room is released in person, and everyone is accounted for.",
    ),
    before=(
        step("Custodians", "check each room's lock on the first Monday of the month."),
        step("Teachers", "mark the part of the room that cannot be seen from the door."),
    ),
    during=(
        step(
            "Principal, or whoever sees the danger,",
            "says “Lockdown” twice on the PA and on radio channel 3.",
            trigger="Danger inside the building or on the grounds",
            if_not="shout it, and use any telephone.",
        ),
        step(
            "Staff",
            "take in whoever is within reach, lock the door, switch off the lights and move "
            "everyone out of sight of the door window.",
            seconds=60,
        ),
        step(
            "Office",
            "calls 911, says “Lincoln High School, lockdown”, gives the place of the danger, and "
            "stays on the line.",
            where="room:Main Office",
        ),
        step(
            "Anyone outside a room",
            f"goes to the nearest room that locks; if that way is closed, out by {door(8)} or "
            f"{door(5)} and away from the building.",
        ),
        step(
            "Everyone",
            "stays when the fire alarm sounds, unless they see fire or smoke.",
            trigger="Fire alarm during a lockdown",
        ),
    ),
    after=(
        step(
            "Principal and police",
            "release each room with a key in the door. There is no release by bell or PA.",
            trigger="Police have searched the building",
        ),
        step(
            "Staff",
            f"keep the door locked until it is opened from outside, then account for their room at "
            f"{area('A2')}.",
            where="assembly_area:A2",
        ),
        step("Office", "tells families where to wait, with words the principal approved."),
        step("Counselors", "meet each class that asks, the same day and again within the week."),
    ),
    responder="### Way in\n\n"
    f"{door(1)} is the main entrance; the key box is right of it. The panel is {PANEL}. Meet at "
    f"{COMMAND_POST}; other units wait at {STAGING}. Rooms do not answer a knock: keys open. The "
    "school hands over one radio and a floor plan.",
    restricted="The assistant principal keeps the second set of keys in the safe of "
    f"{reference('room', '144', 'Room 144')}. Camera views open at the front desk.",
)

SHELTER = annex(
    "FA-SHEL",
    opening="We stay inside when weather or something in the air is the danger. The words name the "
    "hazard first, then what to do.",
    goals=(
        "Shelter places are marked, and each has water, light, a radio and a first aid kit.",
        "Everyone is in a shelter place within 3 minutes.",
        "The building is checked before anyone leaves the shelter places.",
    ),
    before=(
        step("Custodians", "check lights, water and kits of the shelter places each term."),
        step("Nurse", "keeps medicine that people may need within reach of the shelter places."),
    ),
    during=(
        step("Principal", "says “Shelter”, the hazard and what to do, twice."),
        step(
            "Teachers",
            "lead to the inner hall of their floor, away from glass; from floor 2 go down.",
            trigger="Tornado or strong wind",
            seconds=180,
            if_not="stay low in an inner room without windows.",
        ),
        step(
            "Head custodian",
            "stops the ventilation with the red button.",
            trigger="Smoke or chemicals outside",
            where="room:Main Office",
        ),
        step("Teachers", "close windows and doors, and seal gaps with tape from the kit."),
        step("Students who are alone", "go to the nearest adult in the inner hall."),
    ),
    after=(
        step("Custodians", "walk both floors and report damage, gas smell and blocked exits."),
        step("Principal", "says “all clear” by room when the commander agrees."),
    ),
    responder="### Shelter places\n\nInner halls of floor 1, the locker rooms, and the corridor "
    f"behind the {CAFETERIA}. Ventilation stops at the red button in {MAIN_OFFICE}. Supplies last "
    "one day for 300 people.",
)

ACCOUNTING = annex(
    "FA-ACCT",
    opening="We account for every person after every action. Families can help: tell the office "
    "when a student is absent or leaves early.",
    goals=(
        "Rosters and the visitor list are current by 8:15 AM.",
        "Every room and area has reported within 10 minutes.",
        "Every missing person is found, and every visitor has left or is known.",
    ),
    before=(
        step("Teachers", "take attendance in the first ten minutes of each class."),
        step("Office", "signs in visitors, substitutes and contractors, and prints the list."),
    ),
    during=(
        step("Teachers", "count their group against the roster and note missing and extra."),
        step("Teachers", "hold up the card or send the room code: complete, missing, extra, help."),
        step("Student care lead", "collects reports at each area and sends them by radio."),
        step(
            "Planning chief",
            "marks each room on the board. A room without a report is not counted as safe.",
            seconds=600,
        ),
        step(
            "Commander",
            "gives responders the last known place of each missing person.",
            trigger="Somebody is missing",
        ),
    ),
    after=(
        step("Student care lead", "goes through the list once more before anyone is released."),
        step("Office", "closes the visitor list and calls those who left without signing out."),
    ),
    responder="### The list\n\nThe planning chief hands over the board and rosters at "
    f"{COMMAND_POST}. “No report” means that nobody has heard from that place yet.",
)

COMMUNICATIONS = annex(
    "FA-COMM",
    opening="Families hear from us by text message, e-mail and telephone, in English, Spanish and "
    "Arabic. The first message is short; the next follows within 30 minutes.",
    goals=(
        "Every channel is tested each term, and every list is current.",
        "Staff and dispatch are told within 2 minutes, families within 30.",
        "Everyone who was told of the danger is told that it has ended.",
    ),
    before=(
        step("Office", "tests the PA, radios and the message service in the first week of a term."),
        step("Information officer", "keeps short messages ready in three languages."),
    ),
    during=(
        step("Principal", "tells staff by PA; the second channel is radio channel 3."),
        step("Office", "tells dispatch by 911; the second channel is the SRO's police radio."),
        step(
            "Information officer",
            "tells families by message service; the second channel is the school's web page.",
            if_not="the district sends for us.",
        ),
        step("Information officer", "speaks to the media, alone, at the corner of Birch Avenue."),
        step(
            "Runners",
            "carry paper notes in pairs to each wing.",
            trigger="Power or network is down",
            if_not="use the bullhorn from the office; its battery is tested monthly.",
        ),
        step("Helpers", "pass each message in writing or sign to those who cannot hear it."),
    ),
    after=(
        step("Principal", "tells staff, families and dispatch that it has ended, in that order."),
        step("Office", "writes down which messages failed, and mends the lists."),
    ),
    responder="### Radio\n\nSchool channel 3 is the command channel; one radio is handed over at "
    f"{COMMAND_POST}. Police and fire meet on CV TAC 3. There is no signal in the boiler room.",
)

REUNIFICATION = annex(
    "FA-REUN",
    opening="When students cannot go home in the usual way, families meet them at the gym of "
    "Harbor Middle School. Bring photo identification. It takes patience: each student is handed "
    "to an adult who may take them.",
    goals=(
        "Site, agreement, cards and helpers are ready all year.",
        "Each student is released to an adult who may take them; no student leaves alone.",
        "Every release is matched with the list, and support goes on.",
    ),
    before=(
        step("Registrar", "keeps reunification cards and lane signs in two boxes."),
        step("Principal", "explains the process to families each September, in three languages."),
    ),
    during=(
        step(
            "Commander",
            "decides on reunification and calls Harbor Middle School and the buses.",
            trigger="Students cannot go home in the usual way",
        ),
        step("Student care lead", f"loads buses at {area('A3')}, with a list for each bus."),
        step("Greeters", "meet families at the west entrance, give a card and explain the steps."),
        step("Checkers", "compare identification with the list of adults who may take a student."),
        step("Reunifiers", "bring the student and ask if they feel comfortable leaving with them."),
        step("Information officer", "tells those who wait something new every 20 minutes."),
        step("Psychologist", "meets families in the private room when news is hard."),
    ),
    after=(
        step("Registrar", "matches card halves with the list until none is left over."),
        step("Counselors", "call families of students who seemed distressed, within two days."),
    ),
    responder="### Site\n\nHarbor Middle School gym, 0.8 miles, parking for 220 cars on the west "
    "side. Families wait in the gym, media stay on the far side of the street. Traffic needs two "
    "officers. Families are told of injuries in the private room, never in the line.",
)

CONTINUITY = annex(
    "FA-COOP",
    opening="If the building cannot be used, teaching and meals go on elsewhere. Families hear "
    "where and from when by the evening of the same day.",
    goals=(
        "Essential functions, their people and other places are listed.",
        "Meals, attendance and payroll run again within 24 hours, teaching within 3 days.",
        "The school is back in its building, and what was learned is written down.",
    ),
    before=(
        step("Bookkeeper", "keeps a copy of payroll, rosters and agreements with the district."),
        step("Assistant principal", "keeps the list of rooms at other schools up to date."),
    ),
    during=(
        step(
            "Principal",
            "activates continuity with the superintendent.",
            trigger="The building is closed for more than a day",
        ),
        step("Cafeteria manager", "gives out meals at Harbor Middle School from the next morning."),
        step("Teachers", "teach by the remote schedule from the second day."),
    ),
    after=(
        step("Assistant principal", "plans the return by grade, with notice of two days."),
        step("Principal", "writes down what worked and what did not within a month."),
    ),
    responder="### Closed building\n\nThe head custodian on shift answers for the building. Heat "
    "stays on; alarms stay armed with Great Lakes Monitoring.",
)

RECOVERY = annex(
    "FA-RECV",
    opening="After an emergency people need time, calm routines and somebody to talk to. Support "
    "is there for students, staff and families, for as long as it is needed.",
    goals=(
        "Partners for counseling, cleaning and repair are agreed.",
        "The first days have a calm order that everyone knows.",
        "Teaching, building, money and people are cared for over the following year.",
    ),
    before=(
        step("Psychologist", "keeps the list of counselors from other schools who would come."),
        step("Bookkeeper", "keeps photographs and lists of equipment with the vital records."),
    ),
    during=(
        step("Superintendent", "decides on reopening, with the principal, fire and health."),
        step("Counselors", "open a quiet room and visit classes that ask for it."),
        step("Principal", "greets students at the doors with staff they know."),
    ),
    after=(
        step("Psychologist", "offers help again after a month, and around anniversaries."),
        step("Principal", "asks families and students before any memorial is planned."),
        step("Bookkeeper", "claims costs and closes the accounts."),
    ),
    responder="### Handing back\n\nThe building is handed back to the principal, or to the "
    "district safety coordinator, in writing and with the keys.",
)

HEALTH = annex(
    "FA-PHMM",
    opening="Trained staff give first aid until EMS arrives. Counselors and the psychologist help "
    "with fear and grief. Families are called as soon as a student needs more than first aid.",
    goals=(
        "Kits are full, AEDs ready, and twelve staff are trained.",
        "Help reaches a person within 3 minutes.",
        "Care goes on, and families know where to find it.",
    ),
    before=(
        step("Nurse", "checks AEDs and trauma kits monthly."),
        step("First aid team", "renews its training each year."),
    ),
    during=(
        step("Staff", "call 911 and the nurse, and stay with the person."),
        step(
            "Principal",
            "says “Hold” so that halls are clear for the stretcher.",
            trigger="EMS is on the way",
        ),
        step("First aid team", "brings the AED and a trauma kit.", seconds=180),
        step("Office", f"sends somebody to {door(1)} to lead EMS in."),
        step("Nurse", "reports to the health department.", trigger="Several people fall ill"),
    ),
    after=(
        step("Nurse", "writes down care given and passes it to EMS, nothing more."),
        step("Counselors", "look after those who saw it, the same day."),
    ),
    responder="### Medical\n\nAEDs and trauma kits stand on the map. The ambulance entrance is the "
    f"one nearest the health room; if in doubt come to {door(1)}. A helicopter can land on the "
    "practice field.",
)

SECURITY = annex(
    "FA-SECU",
    opening="Outside doors are locked during lessons. Visitors come to the main entrance, show "
    "identification and wear a badge.",
    goals=(
        "Outside doors are locked, and one entrance is watched.",
        "A concern is looked into within 5 minutes.",
        "What was seen is checked, and what was broken is mended.",
    ),
    before=(
        step("Custodians", "check outside doors at 8:00 AM and after each break."),
        step("Office", "admits visitors one by one, after a look at the camera."),
        step("Staff", f"watch {door(1)} and {door(3)} at arrival and departure."),
    ),
    during=(
        step("Staff", "ask a stranger without badge whether they can help, and call the office."),
        step(
            "Principal",
            "says “Secure” twice; staff bring everyone in.",
            trigger="Danger near the school",
        ),
        step("Office", "calls 911 and the SRO when a person does not go with staff."),
        step(
            "Threat-assessment team",
            "meets the same day. Its cases are kept outside this plan.",
            trigger="A threat is reported",
        ),
    ),
    after=(
        step("Assistant principal", "writes down time and place, without names of students."),
        step("Custodians", "mend doors and lights within two working days."),
    ),
    responder="### Doors and cameras\n\nDoor release and cameras are at the front desk in "
    f"{MAIN_OFFICE}. Key holders at night stand on the contact sheet.",
    restricted="Two cameras on the north side do not record at night. Replacement is ordered.",
)

FUNCTIONAL_TEXT: tuple[SectionText, ...] = (
    EVACUATION,
    LOCKDOWN,
    SHELTER,
    ACCOUNTING,
    COMMUNICATIONS,
    REUNIFICATION,
    CONTINUITY,
    RECOVERY,
    HEALTH,
    SECURITY,
)
