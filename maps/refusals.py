"""A refused map file as the problem that page, API and command line show."""

from backend.problems import BadInput
from maps.formats.result import MapRefused


def as_bad_input(refused: MapRefused) -> BadInput:
    """Return the refusal of a map file with its own code, place in the file and mend."""
    problem = BadInput(f"{refused.message}.", where=refused.where, mend=f"{refused.mend}.")
    problem.code = refused.code
    return problem
