"""Names of a feature: the label on its sign and every further name, in every language."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

EMPTY_WORDS = frozenset({"", "null", "none", "undefined", "nan", "n/a"})
LONGEST_KNOWN = 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_NAME_KEY = re.compile(
    r"(name|names|alt_?name|short_?name|official_name|old_name|loc_name|local_ref|loc_ref|label"
    r"|ref|room_?(no|nr|num|number|name)|number|title|alias|aliases|labels)(:[\w-]+)?",
    re.IGNORECASE,
)
_SIGN_FIRST = ("label", "ref", "room_number", "number", "name", "title", "alt_name", "short_name")
_NAME_FIRST = ("label", "name", "title", "ref", "number", "alt_name", "short_name")
SIGNED_KINDS = frozenset({"room", "corridor", "stair", "elevator", "door", "exterior_door"})


def _clean_text(value: str) -> str | None:
    return _clean_short(value) if len(value) <= LONGEST_KNOWN else _cleaned(value)


@lru_cache(maxsize=8192)
def _clean_short(value: str) -> str | None:
    """Clean a text that a map repeats, such as “yes” or a level; long ones are not kept."""
    return _cleaned(value)


def _cleaned(value: str) -> str | None:
    text = (value if value.isprintable() else _CONTROL.sub(" ", value)).strip()
    return None if text.casefold() in EMPTY_WORDS else text


def clean(value: Any) -> Any:
    """Return a property value without control characters; None for the words that mean nothing."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, dict):
        return {clean_key(key): clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [clean(part) for part in value]
    return value


def clean_key(key: str) -> str:
    """Return the name of a property without control characters."""
    return key if key.isprintable() else _CONTROL.sub(" ", key)


def texts(value: Any) -> list[str]:
    """Return every text of a name: a string, a number, a list, or LABELS by language."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts(part)]
    text = _clean_text(value if isinstance(value, str) else str(value))
    return [text] if text else []


def text_in(value: Any, languages: Iterable[str]) -> str:
    """Return the text of LABELS in the first language it has, else any; empty without."""
    if isinstance(value, Mapping):
        for language in languages:
            found = texts(value.get(language))
            if found:
                return found[0]
    found = texts(value)
    return found[0] if found else ""


def unique(names: Iterable[str], label: str) -> tuple[str, ...]:
    """Return names without repeats and without the label, in their order."""
    return tuple(dict.fromkeys(name for name in names if name and name != label))


@lru_cache(maxsize=4096)
def is_name_key(key: str) -> bool:
    """Return whether a property holds a name."""
    return _NAME_KEY.fullmatch(key) is not None


def label_and_names(
    properties: Mapping[str, Any], kind: str, languages: Iterable[str] = ("en",)
) -> tuple[str, tuple[str, ...]]:
    """Return the label and the further names of properties.

    A room's sign shows its number (`ref`), a building's its name.
    """
    found = {key.casefold(): value for key, value in properties.items() if is_name_key(key)}
    return label_of(found, kind, languages)


def label_of(
    found: Mapping[str, Any], kind: str, languages: Iterable[str] = ("en",)
) -> tuple[str, tuple[str, ...]]:
    """Return the label and the further names of name properties, their keys in lower case."""
    if not found:
        return "", ()
    label = ""
    for key in _SIGN_FIRST if kind in SIGNED_KINDS else _NAME_FIRST:
        if key in found:
            label = text_in(found[key], languages)
            if label:
                break
    if len(found) == 1 and label:
        value = next(iter(found.values()))
        return (label, ()) if isinstance(value, str | int) else (label, unique(texts(value), label))
    names = [text for value in found.values() for text in texts(value)]
    if not label and names:
        label = names[0]
    return label, unique(names, label)
