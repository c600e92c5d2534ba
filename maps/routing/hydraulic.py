"""The hydraulic model of people who leave a building: speed, density and flow of a crowd.

Source: Gwynne and Rosenbaum, "Employing the Hydraulic Model in Assessing Emergency Movement", SFPE
Handbook of Fire Protection Engineering, 5th edition 2016, chapter 59 (effective width after Pauls
1984). With D in persons per square meter, S in meters per second, F in persons per second and
meter of effective width:

    S = k (1 - a D), a = 0.266 m²/person; below D = 0.54 people walk freely, S = 0.85 k
    F = S D = k D (1 - a D), at most k / (4 a) at D = 1.88

| element                                | k m/s | S free | F at most |
| corridor, ramp, doorway                | 1.40  | 1.19   | 1.32      |
| stair, 7 in riser on 11 in tread       | 1.08  | 0.92   | 1.02      |

Effective width is the clear width less a boundary on each side: 0.15 m at a door or a stair's wall,
0.20 m at a corridor's wall. Good for adults who see where they go: no smoke, no counter-flow, no
groups that wait for each other, and never for a lockdown.
"""

import math
from dataclasses import dataclass

SPACE_PER_PERSON = 0.266  # a, m²/person
LEVEL_FACTOR = 1.40  # k, m/s
STAIR_FACTOR = 1.08  # k of a 7 in riser on an 11 in tread, usual in US schools
FREE_SHARE = 0.85  # of k, below the density of 0.54
DOOR_BOUNDARY_METERS = 0.15
STAIR_BOUNDARY_METERS = 0.15
CORRIDOR_BOUNDARY_METERS = 0.20
LEAST_EFFECTIVE_METERS = 0.3  # a door drawn too narrow still lets one person after another through


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people walk who are not held up, in meters per second.

    Defaults are adults and grades 6 to 12. `K_TO_2` and `THREE_TO_5` are working figures after
    Najmanová and Ronchi 2017 and 2023, and Ono et al. 2024.
    """

    level: float = FREE_SHARE * LEVEL_FACTOR
    stair: float = FREE_SHARE * STAIR_FACTOR


SIX_AND_UP = Pace()
THREE_TO_5 = Pace(1.1, 0.6)
K_TO_2 = Pace(0.9, 0.5)
PACES: dict[str, Pace] = {"k-2": K_TO_2, "3-5": THREE_TO_5, "6-12": SIX_AND_UP}


def specific_flow(factor: float, density: float) -> float:
    """Return F in persons/(s·m) at a density in persons/m²; 0 from 1/a on, where all stand."""
    return max(0.0, factor * density * (1 - SPACE_PER_PERSON * density))


def greatest_flow(factor: float) -> float:
    """Return the greatest specific flow, k / (4 a): 1.32 on the level, 1.02 on a 7 × 11 stair."""
    return specific_flow(factor, 1 / (2 * SPACE_PER_PERSON))


def density_at(factor: float, flow: float) -> float:
    """Return the smaller density (persons/m²) at a specific flow; 1/(2 a) at the greatest or above.

    Solves F = k D (1 - a D).
    """
    inside = 1 - 4 * SPACE_PER_PERSON * flow / factor
    return (1 - math.sqrt(max(0.0, inside))) / (2 * SPACE_PER_PERSON)


def speed_at(factor: float, flow: float, free: float) -> float:
    """Return the speed in m/s of a stream of a specific flow, at most that of a free walk."""
    density = density_at(factor, flow)
    return min(free, FREE_SHARE * factor, factor * (1 - SPACE_PER_PERSON * density))


def door_rate(width: float) -> float:
    """Return the persons/s that pass a door or opening of a clear width in meters."""
    return greatest_flow(LEVEL_FACTOR) * effective(width, DOOR_BOUNDARY_METERS)


def stair_rate(width: float) -> float:
    """Return the persons/s that pass a flight of a clear width in meters."""
    return greatest_flow(STAIR_FACTOR) * effective(width, STAIR_BOUNDARY_METERS)


def effective(width: float, boundary: float) -> float:
    """Return a clear width less the boundary on each side, in meters."""
    return max(width - 2 * boundary, LEAST_EFFECTIVE_METERS)
