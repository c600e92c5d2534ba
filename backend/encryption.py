"""Fields that only the running product can read: keys come from the environment and rotate."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from backend.problems import BadSetting


@cache
def _box() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
    except ValueError as error:
        raise BadSetting(
            "MUSTER_FIELD_KEYS holds a key of the wrong form.",
            where="MUSTER_FIELD_KEYS",
            mend="Make each with: muster key",
        ) from error


def encrypt(text: str) -> str:
    """Return the text under the newest key."""
    return _box().encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Return the text; raises ValueError when no key of the environment opens it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("no key of MUSTER_FIELD_KEYS opens this field") from error
