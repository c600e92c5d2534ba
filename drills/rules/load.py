"""The rule packs that come with Muster, read once."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from drills.rules.pack import PackRefused, PackVersion, RulePack, read_pack

__all__ = [
    "PackRefused", "PackVersion", "RulePack", "fire_codes", "pack", "packs", "read_pack",
]  # fmt: skip


@cache
def packs() -> tuple[RulePack, ...]:
    """Return every pack in order of jurisdiction; raises PackRefused where one is wrong."""
    return _read_folder(files("drills.rules") / "packs")


@cache
def fire_codes() -> tuple[RulePack, ...]:
    """Return the packs of the model fire codes; raises PackRefused where one is wrong."""
    return _read_folder(files("drills.rules") / "packs" / "codes")


def pack(jurisdiction: str) -> RulePack | None:
    """Return the pack of a jurisdiction such as us-mi, or None: its rules are not yet loaded."""
    return next((pack for pack in packs() if pack.jurisdiction == jurisdiction), None)


def _read_folder(folder: Traversable) -> tuple[RulePack, ...]:
    found = []
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        read = read_pack(file.read_text(encoding="utf-8"), file.name)
        if file.name != f"{read.jurisdiction}.toml":
            raise PackRefused(
                where=f"{file.name}: jurisdiction",
                why=f"It says {read.jurisdiction}.",
                mend="Name the file as its jurisdiction.",
            )
        found.append(read)
    return tuple(found)
