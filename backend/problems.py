"""Errors that a person can mend: what is wrong, where, and how to mend it."""

from typing import Any


class Problem(Exception):
    """A refusal with a stable code.

    Pages show it at the field, the API as RFC 9457 problem details, `muster` as exit 1.
    """

    code = "refused"
    status = 400
    title = "This was refused"

    def __init__(self, message: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.mend = mend

    @property
    def hides(self) -> bool:
        """Return whether it refuses access: a page never shows such a refusal at a field."""
        return self.status in {403, 404}

    def as_json(self) -> dict[str, Any]:
        """Return code, message, where and mend, as every `--json` refusal prints them."""
        return {
            "code": self.code,
            "message": self.message,
            "where": self.where,
            "mend": self.mend,
        }

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.mend) if part)


class NotAllowed(Problem):
    """The actor may see the object, but not do this with it."""

    code = "not_allowed"
    status = 403
    title = "Not allowed"


class NotFound(Problem):
    """There is no such object, or the actor may not know of it."""

    code = "not_found"
    status = 404
    title = "Not found"


class WrongState(Problem):
    """The object is not in a state that permits this."""

    code = "wrong_state"
    status = 409
    title = "Not possible in this state"


class EditConflict(Problem):
    """Someone else changed the object since it was read."""

    code = "edit_conflict"
    status = 412
    title = "Somebody else has changed this"


class BadInput(Problem):
    """A value that cannot be taken. `where` names the field, line or feature."""

    code = "bad_input"
    status = 422
    title = "This needs mending"


class FileRefused(Exception):
    """A file that a reader does not take. Nothing of it is kept."""

    def __init__(self, code: str, message: str, where: str, mend: str) -> None:
        """Keep a stable code, what is wrong, the place in the file, and how to mend it."""
        super().__init__(f"{message} ({where}). {mend}" if where else f"{message}. {mend}")
        self.code = code
        self.message = message
        self.where = where
        self.mend = mend

    def as_problem(self) -> BadInput:
        """Return it as page, API and command line show it, with its own code."""
        problem = BadInput(f"{self.message}.", where=self.where, mend=f"{self.mend}.")
        problem.code = self.code
        return problem


class BadSetting(Problem):
    """A missing or bad value in the environment; the start stops with it."""

    code = "bad_setting"


class EngineUnavailable(Problem):
    """PostgreSQL or Redis cannot be started or reached."""

    code = "engine_unavailable"
