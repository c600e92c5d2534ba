"""What drills refuse in a word of their own."""

from backend.problems import BadInput


class Clashes(BadInput):
    """The same school, crew or person would be in two places at once; a reason lets it stand."""

    code = "drill_clashes"
