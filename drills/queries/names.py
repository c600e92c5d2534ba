"""Names of people in a finding: reviews speak of places and procedures (DR-16)."""

import re

from backend.directory.models import Campus, Membership

TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Officer|Coach|Señor|Señora|Sr|Sra)\.? +[A-ZÁÉÍÓÚÑ]\w+")
SHORTEST_NAME = 3


def names_in(text: str, campus: Campus) -> list[str]:
    """Return the names of people that a text holds: members of the district, and titled names."""
    people = Membership.objects.filter(district_id=campus.district_id)
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    found = {match.group(0) for match in TITLED.finditer(text)}
    for name in set(people.values_list("user__name", flat=True)):
        family = name.split()[-1] if name.split() else ""
        if len(family) >= SHORTEST_NAME and family.casefold() in words:
            found.add(name)
    return sorted(found)
