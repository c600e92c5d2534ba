"""Threat and hazard annexes: slug, title, group and guidance. An annex refers to functions and adds
only what differs. The four groups are those of the federal school guide.
"""

from dataclasses import dataclass
from typing import Literal

from plans.content.section_template import SectionTemplate, annex_blocks

HazardGroup = Literal["natural", "technological", "biological", "human-caused"]


@dataclass(frozen=True, slots=True)
class HazardKind:
    """One threat or hazard that an annex may be written for."""

    slug: str
    title: str
    group: HazardGroup
    guidance: str = ""


_NATURAL = (
    "How warning reaches the school, which protective action follows, what the weather does to "
    "buses, roads and reunification, and who decides to close or to open."
)
_TECHNOLOGICAL = (
    "What fails or escapes, who can stop it and where, which way the wind or water carries it, and "
    "which protective action follows. Name shut-offs and the outside company that helps."
)
_BIOLOGICAL = (
    "Who notices first, which health agency is told, how the school goes on teaching, and how "
    "families are told without naming anyone."
)
_HUMAN = (
    "Who may act at once, which protective action follows, what is told to dispatch first, and how "
    "people are cared for afterward. No names of students, no cases."
)
GROUP_GUIDANCE: dict[HazardGroup, str] = {
    "natural": _NATURAL,
    "technological": _TECHNOLOGICAL,
    "biological": _BIOLOGICAL,
    "human-caused": _HUMAN,
}

HAZARDS: tuple[HazardKind, ...] = (
    HazardKind(
        "earthquake",
        "Earthquake",
        "natural",
        "Drop, cover and hold first; then evacuate only after a look at the way out. Expect "
        "aftershocks and gas leaks.",
    ),
    HazardKind(
        "tornado",
        "Tornado",
        "natural",
        "Watch and warning are different things: say what each starts. Shelter places on the "
        "lowest level, away from glass; what buses and portable classrooms do.",
    ),
    HazardKind(
        "severe-storm",
        "Severe storm",
        "natural",
        "Thunder, hail and straight wind: who watches the weather, when outdoor activity stops, "
        "how long after the last thunder it starts again.",
    ),
    HazardKind("lightning", "Lightning", "natural"),
    HazardKind(
        "flood",
        "Flood",
        "natural",
        "Which way water comes, which roads close first, and when it is too late to send buses.",
    ),
    HazardKind("hurricane", "Hurricane", "natural"),
    HazardKind(
        "winter-storm",
        "Severe winter storm",
        "natural",
        "Who decides on closing and by what hour, how students without a ride are cared for, "
        "heat and food when the school is cut off.",
    ),
    HazardKind("extreme-heat", "Extreme heat", "natural"),
    HazardKind("extreme-cold", "Extreme cold", "natural"),
    HazardKind("wildfire", "Wildfire", "natural"),
    HazardKind("landslide", "Landslide", "natural"),
    HazardKind("tsunami", "Tsunami", "natural"),
    HazardKind("volcanic", "Volcanic eruption", "natural"),
    HazardKind("drought", "Drought", "natural"),
    HazardKind("explosion", "Explosion", "technological"),
    HazardKind(
        "hazmat-on-site",
        "Hazardous materials on site",
        "technological",
        "What is kept where and how much, who may go near, ventilation, and where people go "
        "upwind. Safety data sheets must be reachable without entering the room.",
    ),
    HazardKind(
        "hazmat-off-site",
        "Hazardous materials nearby",
        "technological",
        "Rail, road and plants nearby, who warns the school, sealing of rooms, ventilation off, "
        "and when to move instead.",
    ),
    HazardKind("radiological", "Radiological release", "technological"),
    HazardKind("dam-failure", "Dam failure", "technological"),
    HazardKind(
        "power-failure",
        "Power failure",
        "technological",
        "What still works and for how long: lights, doors, bells, telephones, elevators, heat, "
        "refrigerators, and devices that people depend on.",
    ),
    HazardKind("water-failure", "Water failure", "technological"),
    HazardKind(
        "gas-leak",
        "Gas leak",
        "technological",
        "No switch, no bell, no telephone near the smell. Who shuts the gas off, where, and how "
        "people leave without passing the leak.",
    ),
    HazardKind("hvac-failure", "Heating or ventilation failure", "technological"),
    HazardKind("structural-failure", "Structural failure", "technological"),
    HazardKind("transport-accident", "Bus or transport accident", "technological"),
    HazardKind(
        "fire",
        "Fire",
        "technological",
        "Alarm, way out, second way out, who meets the engines and with what, who may use an "
        "extinguisher and when not.",
    ),
    HazardKind("cyber-outage", "Network or system outage", "technological"),
    HazardKind("infectious-disease", "Infectious disease", "biological"),
    HazardKind("pandemic", "Pandemic", "biological"),
    HazardKind("contaminated-food", "Contaminated food", "biological"),
    HazardKind("water-contamination", "Contaminated water", "biological"),
    HazardKind("toxic-material-in-lab", "Toxic material in a laboratory", "biological"),
    HazardKind("mold", "Mold", "biological"),
    HazardKind(
        "active-assailant",
        "Active assailant",
        "human-caused",
        "Lockdown, leave, or defend: what people may decide for themselves. What dispatch must "
        "hear first. How police release rooms, where families go, who gives care in the first "
        "hours and in the first weeks.",
    ),
    HazardKind("intruder", "Intruder", "human-caused"),
    HazardKind("weapon", "Weapon on campus", "human-caused"),
    HazardKind(
        "threat-of-violence",
        "Threat of violence",
        "human-caused",
        "How a threat is passed on, that the threat-assessment team decides next steps, and "
        "that its cases are kept elsewhere.",
    ),
    HazardKind(
        "bomb-threat",
        "Bomb threat",
        "human-caused",
        "Words to write down during the call, who decides between search and evacuation, places "
        "at a distance, radios and telephones near a parcel.",
    ),
    HazardKind("suspicious-package", "Suspicious package", "human-caused"),
    HazardKind("arson", "Arson", "human-caused"),
    HazardKind("hostage", "Hostage situation", "human-caused"),
    HazardKind("gang-violence", "Gang violence", "human-caused"),
    HazardKind(
        "domestic-violence-spill-over",
        "Domestic violence reaching the school",
        "human-caused",
    ),
    HazardKind("fight", "Fight", "human-caused"),
    HazardKind(
        "suicide",
        "Suicide risk or loss",
        "human-caused",
        "Stay with the person, who is called, what is said afterward. Write in the words of "
        "current prevention guidance; never a name.",
    ),
    HazardKind(
        "missing-or-abducted-student",
        "Missing or abducted student",
        "human-caused",
        "Who searches where in the first ten minutes, when 911 is called, what is told to the "
        "family, and how doors and cameras are used.",
    ),
    HazardKind("civil-unrest", "Civil unrest", "human-caused"),
    HazardKind("cyber-attack", "Cyber attack", "human-caused"),
    HazardKind("sexual-assault", "Sexual assault", "human-caused"),
    HazardKind(
        "swatting",
        "False report of violence",
        "human-caused",
        "A false call brings armed officers to a calm school: who verifies with dispatch, what "
        "staff do meanwhile, how families hear that it was false.",
    ),
)


def hazard_template(hazard: HazardKind) -> SectionTemplate:
    """Return the annex template of one hazard, `TH-<slug>`."""
    name = hazard.title[0].lower() + hazard.title[1:]
    return SectionTemplate(
        template_id=f"TH-{hazard.slug}",
        part="hazard_annex",
        title=hazard.title,
        guidance=hazard.guidance or GROUP_GUIDANCE[hazard.group],
        blocks=annex_blocks(
            opening=f"What the school does about this hazard: {name}",
            before="Goal before: what is prepared, checked and practiced",
            during="Goal during: what must be true within how many minutes",
            after="Goal after: when it is over, and what is cared for next",
            responders="What responders must know of this hazard here",
        ),
        required=False,
    )
