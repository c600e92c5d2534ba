"""What every value of the directory must be, said once for pages, API and imports."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from backend.directory.states import ZONES
from backend.problems import BadInput


def require_text(value: str, where: str, *, most: int) -> str:
    """Return the text without blanks around it and doubled inside; raises BadInput."""
    text = " ".join(value.split())
    if not text:
        raise BadInput(_("This is empty."), where=where, mend=_("Fill it in."))
    return at_most(text, where, most=most)


def at_most(value: str, where: str, *, most: int) -> str:
    """Return the text; raises BadInput for more than `most` characters."""
    text = value.strip()
    if len(text) > most:
        raise BadInput(
            _("This has %(number)s characters.") % {"number": len(text)},
            where=where,
            mend=_("Shorten it to %(most)s.") % {"most": most},
        )
    return text


def require_email(value: str, where: str) -> str:
    """Return the address in lower case; raises BadInput for none."""
    text = value.strip().lower()
    try:
        validate_email(text)
    except ValidationError as error:
        raise BadInput(
            _("“%(value)s” is no e-mail address.") % {"value": value.strip()[:80]},
            where=where,
            mend=_("Write it as name@example.org."),
        ) from error
    return at_most(text, where, most=254)


def require_zone(value: str, where: str) -> str:
    """Return the time zone; raises BadInput for one that does not exist."""
    if value not in available_timezones():
        raise BadInput(
            _("There is no time zone “%(zone)s”.") % {"zone": value[:60]},
            where=where,
            mend=_("Write it as in America/Detroit."),
        )
    return value


def require_state(value: str, where: str) -> str:
    """Return the postal code of a state in capitals; raises BadInput."""
    code = value.strip().upper()
    if code not in ZONES:
        raise BadInput(
            _("“%(value)s” is no state.") % {"value": value[:20]},
            where=where,
            mend=_("Write its two letters, as in MI."),
        )
    return code


def require_nces(value: str, where: str) -> str:
    """Return the NCES school id, or "" where there is none; raises BadInput."""
    code = value.strip()
    if code and (len(code) != 12 or not code.isascii() or not code.isdigit()):
        raise BadInput(
            _("“%(value)s” is no NCES school id.") % {"value": code[:40]},
            where=where,
            mend=_("Write its 12 digits, with zeros in front."),
        )
    return code


def require_between(value: float | None, where: str, *, least: float, most: float) -> float | None:
    """Return the number or None; raises BadInput outside the bounds."""
    if value is not None and not least <= value <= most:
        raise BadInput(
            _("%(value)s is out of bounds.") % {"value": value},
            where=where,
            mend=_("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most},
        )
    return value
