"""An officer brings in the plan that a school has and sees what became of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Running, campus_of, somebody, take_screen
from tests.plans.reading.test_draft import PLAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
OFFICER = "Officer Dana Whitfield"


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_refused_file_is_explained_and_a_plan_becomes_a_draft(
    chromium: Any, running: Running, tmp_path: Path, phone: bool
) -> None:
    wide = "phone" if phone else "desk"
    officer = somebody(chromium, running.url, OFFICER, phone=phone)
    campus = campus_of(officer, "Harbor Middle School")
    officer.go(f"{campus}plan/bring-in/")
    take_screen(officer, f"bring-in-{wide}")
    officer.check()
    wrong = tmp_path / "plan.png"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n")
    officer.page.get_by_label("Plan file").set_input_files(wrong)
    officer.press("Make the draft")
    officer.page.get_by_text("This file was not taken, and nothing has changed").wait_for()
    (refused,) = officer.complaints
    assert "422" in refused  # the browser's own word for a refusal; there was no other
    officer.complaints.clear()
    officer.check()
    if phone:  # the desk makes the one draft that the campus has
        return
    plan = tmp_path / "plan.md"
    plan.write_text(PLAN)
    officer.page.get_by_label("Plan file").set_input_files(plan)
    officer.press("Make the draft")
    officer.page.get_by_role("heading", name="What became of the file").wait_for()
    take_screen(officer, "brought-in-desk")
    officer.check()
    officer.page.emulate_media(color_scheme="dark")
    take_screen(officer, "brought-in-desk-night")
    officer.check_colors()
    officer.page.context.close()
