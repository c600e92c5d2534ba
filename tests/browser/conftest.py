"""A running copy of Muster with its demonstration, and people with browsers in front of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.flows.test_up import environment, free_port

PROJECT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
START_SECONDS = 120
LOOKED_AT_PIXELS = 3000
SCREENS = PROJECT / "build" / "screens"
# The strokes of a drawing hold nothing for axe and cost it half a minute: of a drawing it looks
# only at names and links.
RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const page = await axe.run({ exclude: ["svg"] }, { runOnly: tags });
  const drawn = await axe.run({ runOnly: { type: "rule", values: ["link-name", "svg-img-alt"] } });
  return [...page.violations, ...drawn.violations];
}"""
RUN_CONTRAST = """async () => {
  const only = { type: "rule", values: ["color-contrast"] };
  return (await axe.run({ exclude: ["svg"] }, { runOnly: only })).violations;
}"""
IDS_HELD_TWICE = """() => {
  const all = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return all.filter((id, place) => all.indexOf(id) !== place);
}"""
TELL_OF_REFUSALS = """
document.addEventListener("securitypolicyviolation", (refused) => {
  console.error(`refused by policy: ${refused.violatedDirective} ${refused.blockedURI}`);
});
"""


def browser_executable() -> str | None:
    """Return a Chromium: named by MUSTER_CHROMIUM, of the system, or Playwright's own."""
    named = [os.environ.get("MUSTER_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in named if name and (found := shutil.which(name))), None)


@contextmanager
def headless_browser() -> Iterator[Any]:
    """Return a headless browser, or skip loudly; where CI demands one, a skip is a failure."""
    program = browser_executable()
    if program is None:
        reason = "no Chromium is here: the browser tests did not run"
        if os.environ.get("MUSTER_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return the browser of one module.

    Playwright keeps an event loop in this thread while it runs, and Django refuses every query
    in such a thread: it must be gone before the next module of this process.
    """
    with headless_browser() as browser:
        yield browser


@dataclass
class Running:
    """A copy of Muster of its own data folder and port."""

    url: str
    data: Path

    def muster(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a subcommand beside the running copy."""
        port = int(self.url.rsplit(":", 1)[1])
        return subprocess.run(
            [sys.executable, "-m", "backend.cli", *words],
            cwd=PROJECT,
            env=environment(self.data, port),
            capture_output=True,
            text=True,
            timeout=300,
        )


@contextmanager
def running_copy(folder: Path) -> Iterator[Running]:
    """Start `muster up --demonstration` as `make run` does, in a folder of its own; stop it."""
    data, port = folder / "data", free_port()
    log = folder / "up.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "up", "--demonstration"],
            cwd=PROJECT,
            env=environment(data, port),
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while "Muster is up" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield Running(f"http://127.0.0.1:{port}", data)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a running copy with its demonstration, shared by the browser tests of a process."""
    with running_copy(tmp_path_factory.mktemp("running")) as started:
        yield started


@dataclass
class Person:
    """Somebody with a browser; what the page complains of is gathered, presses are counted."""

    page: Any
    url: str
    complaints: list[str] = field(default_factory=list)
    presses: int = 0

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.url + path)

    def press(self, name: str, *, role: str = "button", exact: bool = False) -> None:
        """Press a button or link by the name that it shows, and count it."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.presses += 1

    def check(self) -> None:
        """Assert that the page has no axe violation and complained of nothing so far."""
        self.page.evaluate(AXE.read_text())
        self._hold_against(RUN_AXE)
        twice = self.page.evaluate(IDS_HELD_TWICE)
        assert twice == [], f"{self.page.url}: labels of these lead to the wrong place"
        assert self.complaints == [], self.page.url
        width = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert width <= 0, f"{self.page.url} scrolls sideways by {width} px"

    def check_colors(self) -> None:
        """Assert that what `check` has seen can be read in the colors of now as well."""
        self._hold_against(RUN_CONTRAST)
        assert self.complaints == [], self.page.url

    def _hold_against(self, run: str) -> None:
        violations = [
            f"{item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
            for item in self.page.evaluate(run)
        ]
        assert violations == [], self.page.url


def somebody(
    chromium: Any,
    url: str,
    name: str = "",
    *,
    phone: bool = False,
    night: bool = False,
    **more: Any,
) -> Person:
    """Give somebody a browser of their own, signed in by one press where named.

    Errors and warnings of the console, broken scripts and refusals of the Content Security Policy
    are gathered as complaints. The caller closes `page.context`.
    """
    context = chromium.new_context(
        viewport=PHONE if phone else DESK,
        color_scheme="dark" if night else "light",
        has_touch=phone,
        **more,
    )
    context.add_init_script(TELL_OF_REFUSALS)
    found = Person(context.new_page(), url)
    found.page.on(
        "console",
        lambda message: (
            found.complaints.append(f"{message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    if name:
        found.go("/sign-in/")
        found.press(name)
        found.presses = 0
    return found


@pytest.fixture
def person(chromium: Any, running: Running) -> Iterator[Callable[..., Person]]:
    """Return a function that gives somebody a browser, signed in by one press where named."""
    here = []

    def arrive(name: str = "", **how: Any) -> Person:
        found = somebody(chromium, running.url, name, **how)
        here.append(found)
        return found

    yield arrive
    for found in here:
        found.page.context.close()


def campus_of(found: Person, name: str = "Lincoln High School") -> str:
    """Return the address of a campus that this person may read."""
    campuses = found.page.request.get(f"{found.url}/api/v1/campuses/").json()["results"]
    slug = next(row["slug"] for row in campuses if row["name"] == name)
    return f"/campuses/{slug}/"


def take_screen(found: Person, name: str) -> Path:
    """Save a page down to 3000 px as build/screens/<name>.png, for looking; return the path."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    path = SCREENS / f"{name}.png"
    size = found.page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], LOOKED_AT_PIXELS)}
    found.page.screenshot(path=path, full_page=True, clip=clip)
    return path


def wait_for(condition: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Poll until the condition holds; return whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def answers(url: str) -> int:
    """Return the HTTP status of an address for a stranger."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
