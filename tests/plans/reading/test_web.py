"""Web pages: words and structure are kept; scripts, handlers and tracking never are."""

import json
from datetime import date

import pytest

from plans.reading.assembling import document_of
from plans.reading.reading import read_plan
from plans.reading.report import report_of
from plans.reading.result import PlanReading, PlanRefused

HOSTILE = """<!doctype html><html><head><title>Plan</title><script>var stolen = 1</script>
<style>p { color: red }</style></head><body onload="steal()">
<h1>Purpose</h1><p onclick="steal()">We keep <a href="javascript:steal()">people</a> safe.</p>
<img src="https://track.example/open.gif?id=7" width="1" height="1">
<img src="https://pictures.example/map.png" alt="Site map">
<iframe src="https://other.example/"></iframe><noscript>Turn scripts on</noscript>
<form><input value="typed"><textarea>typed too</textarea></form><svg><text>drawn</text></svg>
<p style="display:none">Not shown</p></body></html>"""


def read(page: str) -> PlanReading:
    return read_plan("plan.html", page.encode())


@pytest.mark.parametrize(
    "never",
    [
        "stolen",
        "steal",
        "javascript",
        "track.example",
        "color",
        "other.example",
        "onclick",
        "typed",
    ],
)
def test_nothing_of_scripts_handlers_frames_and_tracking_is_kept(never: str) -> None:
    reading = read(HOSTILE)
    held = json.dumps(report_of(reading, date(2026, 11, 24))) + repr(document_of(reading))
    assert never not in held


def test_what_is_dropped_is_named() -> None:
    codes = {finding.code for finding in read(HOSTILE).findings}
    assert {"script_dropped", "tracking_dropped", "picture_outside", "embedded_object"} <= codes


def test_hidden_words_are_listed() -> None:
    left = {(item.text, item.why) for item in read(HOSTILE).unplaced}
    assert ("Not shown", "hidden on the page") in left
    assert ("Turn scripts on", "shown only where scripts are off") in left


def test_navigation_and_a_list_of_links_within_the_page_are_set_aside() -> None:
    links = "".join(f'<li><a href="#s{n}">Part {n}</a></li>' for n in range(4))
    page = f"<body><header>District site</header><ul>{links}</ul><h1>Purpose</h1><p>Why.</p></body>"
    left = {(item.text, item.why) for item in read(page).unplaced}
    assert ("Part 0", "table of contents") in left
    assert ("District site", "page header or footer, repeated from page to page") in left


def test_pictures_in_the_page_itself_are_kept() -> None:
    page = '<h1>Purpose</h1><p>Map <img alt="Map" src="data:image/png;base64,iVBORw0KGgo="></p>'
    [picture] = read(page).pictures
    assert (picture.alt, picture.content) == ("Map", b"\x89PNG\r\n\x1a\n")


def test_a_page_laid_out_by_tables_is_no_table() -> None:
    page = "<table><tr><td><h1>Lockdown</h1><p>Lock the door.</p></td></tr></table>"
    reading = read(page)
    assert reading.tables == 0
    assert reading.sections[0].template_section == "FA-LOCK"


def nested(depth: int) -> str:
    return "<h1>Purpose</h1>" + "<div>" * depth + "deep words" + "</div>" * depth


def test_a_deeply_nested_page_is_read_and_one_nested_without_end_is_refused() -> None:
    assert read(nested(1000)).words_in == 3
    with pytest.raises(PlanRefused) as refused:
        read(nested(5000))
    assert refused.value.code == "too_deep"


def test_entities_of_a_page_are_not_resolved_from_outside() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<html><body><h1>Purpose</h1><p>&x; &amp; &eacute;</p></body></html>"
    )
    reading = read(page)
    assert "root:" not in repr(reading)
    assert "é" in reading.sections[-1].elements[-1].text
