"""Typed readers of the environment. A bad value stops the start with one clear sentence."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from backend.problems import BadSetting

PROJECT = Path(__file__).resolve().parent.parent


def text(name: str, default: str | None = None) -> str:
    """Return the value of `name`, or of the file that `name`_FILE points to, or the default."""
    if file_name := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(
                f"{name}_FILE points to {file_name}, which cannot be read ({error.strerror}).",
                where=f"{name}_FILE",
            ) from error
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadSetting(f"{name} is not set.", where=name, mend=f"Set {name}; see .env.example.")
    return default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no value; anything but true or false is refused."""
    value = text(name, "true" if default else "false").lower()
    if value not in {"true", "false"}:
        raise BadSetting(f"{name} is “{value}”.", where=name, mend="Write true or false.")
    return value == "true"


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise BadSetting(
            f"{name} is “{value}”.",
            where=name,
            mend=f"Write a whole number from {least} to {most}.",
        )
    return int(value)


def choice(name: str, default: str, among: Sequence[str]) -> str:
    """Return one of the listed words."""
    value = text(name, default)
    if value not in among:
        raise BadSetting(f"{name} is “{value}”.", where=name, mend=f"Write {' or '.join(among)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a list written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str, default: str | None = None, *, schemes: Sequence[str]) -> str:
    """Return an address (URL) of one of the schemes, with a host or a path."""
    value = text(name, default)
    parts = urlsplit(value)
    try:
        fits = parts.scheme in schemes and bool(parts.hostname or parts.path.strip("/"))
        fits = fits and (parts.port is None or 0 < parts.port < 65536)
    except ValueError:
        fits = False
    if not fits:
        forms = " or ".join(f"{scheme}://…" for scheme in schemes)
        # The value is not repeated: it may hold a password.
        raise BadSetting(f"{name} is no such address.", where=name, mend=f"Write {forms}.")
    return value


def data_folder() -> Path:
    """Return the one folder that holds engines, secrets and the demonstration's files."""
    return Path(text("MUSTER_DATA", str(PROJECT / ".data"))).expanduser().resolve()


def port() -> int:
    """Return the port of the web server."""
    return integer("MUSTER_PORT", 8000, least=1, most=65535)
