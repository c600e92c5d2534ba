"""README's pictures, taken from a copy of the demonstration that is started for them.

`python -m tests.browser.pictures [FOLDER]` writes today.png, map.png, plan.png and packet.png (a
desk, 1280 px), packet-page-one.png (the printed page) and packet-phone-night.png (a phone, 390 px)
into docs/pictures. Needs Chromium and pdftoppm. Each picture stays below 300 kB.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.conftest import (
    PROJECT,
    QUIET,
    Person,
    Running,
    browser_executable,
    campus_of,
    running_copy,
    somebody,
)
from tests.browser.test_pages import mailed_link

OFFICER, OFFICE = "Officer Dana Whitfield", "Jo Brandt"
FOLDER = PROJECT / "docs" / "pictures"
LARGEST_BYTES = 300_000
PAPER_DPI = 110
COLORS = (256, 128, 64, 32)


def save_small(picture: Image.Image, path: Path) -> None:
    """Write a PNG below 300 kB, with fewer colors only where it must be; raises ValueError."""
    full = picture.convert("RGB")
    full.save(path, optimize=True)
    for colors in COLORS:
        if path.stat().st_size < LARGEST_BYTES:
            return
        full.quantize(colors).save(path, optimize=True)
    if path.stat().st_size >= LARGEST_BYTES:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes with {COLORS[-1]} colors")


def take(found: Person, address: str, path: Path, *, settled: str = "body") -> None:
    """Open an address and save what its window shows."""
    found.go(address)
    found.page.wait_for_selector(settled)
    found.page.wait_for_load_state("networkidle")
    found.page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.load()
    save_small(picture, path)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def take_paper(found: Person, campus: str, path: Path, scratch: Path) -> None:
    """Save the first page of the campus's printed packet."""
    answer = found.page.request.get(f"{found.url}{campus}packet/open/packet.pdf")
    (scratch / "packet.pdf").write_bytes(answer.body())
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(PAPER_DPI), "-f", "1", "-l", "1", "-singlefile",
         str(scratch / "packet.pdf"), str(scratch / "page")],
        check=True,
    )  # fmt: skip
    with Image.open(scratch / "page.png") as picture:
        picture.load()
    save_small(picture, path)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def take_all(chromium: Any, running: Running, folder: Path, scratch: Path) -> None:
    """Take each picture as the person whose page it is."""
    officer = somebody(chromium, running.url, OFFICER)
    office = somebody(chromium, running.url, OFFICE)
    patrol = somebody(chromium, running.url, phone=True, night=True)
    campus = campus_of(officer)
    take(officer, "/", folder / "today.png")
    take(officer, f"{campus}map/", folder / "map.png", settled="[data-map-levels] button")
    section = f"{campus}plan/sections/FA-LOCK/"
    take(officer, section, folder / "plan.png", settled=".editor__text")
    take(office, f"{campus}packet/", folder / "packet.png")
    take(patrol, mailed_link(running, "/p/"), folder / "packet-phone-night.png")
    take_paper(office, campus, folder / "packet-page-one.png", scratch)


def main(words: list[str]) -> int:
    """Take the pictures into the folder given, or into docs/pictures."""
    program = browser_executable()
    missing = [
        name
        for name, path in (("Chromium", program), ("pdftoppm", shutil.which("pdftoppm")))
        if not path
    ]
    if missing:
        print(f"Needs {' and '.join(missing)}.", file=sys.stderr)
        return 1
    folder = Path(words[0]) if words else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as scratch,
        running_copy(Path(scratch)) as running,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=program, args=QUIET)
        take_all(chromium, running, folder, Path(scratch))
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
