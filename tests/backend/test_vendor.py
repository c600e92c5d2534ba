"""Third-party browser files: what is committed is what the lock file names, unchanged."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = PROJECT / "backend/web/vendor"
BUNDLES = PROJECT / "backend/web/static/web/vendor"
FOLDERS = (BUNDLES, PROJECT / "backend/web/static/web/fonts", PROJECT / "backend/web/fonts",
           PROJECT / "tests/browser/vendor")  # fmt: skip
FILES: list[dict[str, Any]] = json.loads((BUNDLES / "manifest.json").read_text())["files"]
LOCKED: dict[str, dict[str, Any]] = json.loads((VENDOR / "package-lock.json").read_text())[
    "packages"
]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: Path(entry["file"]).name)
def test_a_file_has_the_hash_of_the_manifest(entry: dict[str, Any]) -> None:
    content = (PROJECT / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert len(content) == entry["bytes"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: Path(entry["file"]).name)
def test_a_file_names_packages_with_the_version_and_license_of_the_lock_file(
    entry: dict[str, Any],
) -> None:
    assert entry["packages"]
    for package in entry["packages"]:
        locked = LOCKED[f"node_modules/{package['name']}"]
        assert package["version"] == locked["version"]
        assert package["license"]


def test_no_file_of_the_vendor_folders_is_without_a_line_in_the_manifest() -> None:
    known = {entry["file"] for entry in FILES}
    found = {
        str(path.relative_to(PROJECT))
        for folder in FOLDERS
        for path in folder.iterdir()
        if path.suffix in {".js", ".woff2", ".ttf"}
    }
    assert found == known


def test_every_bundle_carries_the_licenses_of_its_packages() -> None:
    for entry in FILES:
        path = PROJECT / entry["file"]
        if path.parent != BUNDLES:
            continue
        notice = path.with_suffix(".LICENSES.txt").read_text()
        for package in entry["packages"]:
            assert f"{package['name']} {package['version']}" in notice


def test_the_lock_file_names_no_package_index() -> None:
    assert not [name for name, locked in LOCKED.items() if "resolved" in locked]


def test_every_locked_package_has_its_integrity() -> None:
    missing = [name for name, locked in LOCKED.items() if name and "integrity" not in locked]
    assert not missing


def test_the_wanted_versions_are_exact() -> None:
    wanted: dict[str, str] = json.loads((VENDOR / "package.json").read_text())["devDependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert LOCKED[f"node_modules/{name}"]["version"] == version


@pytest.mark.parametrize("name", ["ol.js", "prosemirror.js"])
def test_a_bundle_needs_no_eval(name: str) -> None:
    text = (BUNDLES / name).read_text()
    assert not re.search(r"\beval\(|\bnew Function\b|\bFunction\(\"", text)
