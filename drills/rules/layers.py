"""Layers of rules: a state's law, the fire code that it adopts, and a district's own rules.

Every layer binds and each row keeps its own verdict and citation. A layer can only add rows, so a
district makes its duties stricter and never looser.
"""

from datetime import timedelta
from itertools import pairwise

from drills.rules.pack import PackRefused, PackVersion, RulePack, read_pack


def layered(state: RulePack, *layers: RulePack) -> RulePack:
    """Return a state's pack with the rules of other layers added, version by version.

    Raises PackRefused where two layers name a rule alike, or a layer that is no fire code and no
    part of the state holds a rule whose severity is not `district`.
    """
    for layer in layers:
        _refuse_looser(state, layer)
    packs = (state, *layers)
    versions = [version for pack in packs for version in pack.versions]
    day = timedelta(days=1)
    turns = {version.since for version in versions}
    turns |= {version.until + day for version in versions if version.until}
    found = []
    for start, following in pairwise([*sorted(turns), None]):
        if start is None or state.version_for(start) is None:
            continue
        governing = [pack.version_for(start) for pack in packs]
        rules = tuple(rule for version in governing if version for rule in version.rules)
        found.append(PackVersion(start, following - day if following else None, rules))
    return RulePack(state.jurisdiction, state.name, tuple(found))


def read_district_pack(text: str, name: str, state: RulePack) -> RulePack:
    """Return a district's own rules, laid over its state's; raises PackRefused.

    The file has the form of a state's pack, with the state's jurisdiction and only rules of
    severity `district`.
    """
    district = read_pack(text, name)
    if district.jurisdiction != state.jurisdiction:
        raise PackRefused(
            where=f"{name}: jurisdiction",
            why=f"The district lies in {state.jurisdiction}, not in {district.jurisdiction}.",
            mend=f"Write {state.jurisdiction}.",
        )
    return layered(state, district)


def _refuse_looser(state: RulePack, layer: RulePack) -> None:
    names = {rule.id for version in state.versions for rule in version.rules}
    for version in layer.versions:
        for rule in version.rules:
            if rule.id in names:
                raise PackRefused(
                    where=f"{layer.name}: {rule.id}",
                    why=f"A rule of {state.name} is called so: no layer may replace it.",
                    mend="Give it an id of its own; both then bind.",
                )
            if layer.jurisdiction == state.jurisdiction and rule.severity != "district":
                raise PackRefused(
                    where=f"{layer.name}: {rule.id}.severity",
                    why=f"It says {rule.severity}, in a district's own rules.",
                    mend="Write district.",
                )
