"""Templates, tags and style sheets that all pages stand on."""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation

WEB = Path(__file__).resolve().parents[2] / "backend/web"
TEMPLATES = WEB / "templates"
STYLES = WEB / "static/web/css"
SCRIPTS = WEB / "static/web/js"
ALL_TEMPLATES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
NOW = datetime(2026, 9, 8, 13, 50, tzinfo=UTC)

Render = Callable[..., str]


@pytest.fixture
def engine(settings: Any) -> Engine:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return Engine(
        dirs=[str(TEMPLATES)],
        libraries={
            "ui": "backend.web.templatetags.ui",
            "i18n": "django.templatetags.i18n",
            "static": "django.templatetags.static",
        },
    )


@pytest.fixture
def render(engine: Engine) -> Render:
    def draw(text: str, **context: Any) -> str:
        return engine.from_string("{% load ui %}" + text).render(Context(context)).strip()

    return draw


class CallForm(forms.Form):
    who = forms.CharField(label="Who said it", help_text="Name, badge or operator number")
    line = forms.CharField(label="Line called", required=False)
    how = forms.ChoiceField(label="How", choices=[("a", "By phone")], widget=forms.RadioSelect)


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_a_template_compiles(engine: Engine, name: str) -> None:
    engine.get_template(name)


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_a_template_holds_no_inline_style_or_script(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (WEB / "static/web/icons.svg").read_text()))
    for name in ALL_TEMPLATES:
        text = (TEMPLATES / name).read_text()
        named = set(re.findall(r'{% icon "([^"]+)"', text))
        named |= set(re.findall(r"icons\.svg' %}#([a-z-]+)", text))
        assert named <= sprite, name


def test_every_static_file_that_a_template_names_is_there() -> None:
    for name in ALL_TEMPLATES:
        for file in re.findall(r"{% static '(web/[^']+)' %}", (TEMPLATES / name).read_text()):
            assert (WEB / "static" / file).exists(), f"{name} names {file}"


def test_every_module_that_a_script_imports_is_there() -> None:
    for script in SCRIPTS.glob("*.js"):
        for file in re.findall(r'from "(\.[^"]+)"', script.read_text()):
            assert (SCRIPTS / file).exists(), f"{script.name} imports {file}"


def test_an_icon_is_hidden_from_screen_readers_unless_it_is_named(render: Render) -> None:
    assert 'aria-hidden="true"' in render('{% icon "search" %}')
    named = render('{% icon "search" "Find" %}')
    assert 'role="img" aria-label="Find"' in named
    assert "aria-hidden" not in named


def test_a_status_is_word_shape_and_color(render: Render) -> None:
    drawn = render('{% status "due" %}')
    assert "status--due" in drawn
    assert "#status-due" in drawn
    assert drawn.endswith("Due</span>")


def test_a_status_may_have_a_word_and_a_shape_of_its_own(render: Render) -> None:
    drawn = render('{% status "on_track" "Opened" "opened" %}')
    assert "#status-opened" in drawn
    assert "Opened" in drawn


def test_a_status_that_does_not_exist_is_refused(render: Render) -> None:
    with pytest.raises(TemplateSyntaxError, match="use one of met"):
        render('{% status "late" %}')


def test_what_people_typed_is_escaped_in_a_status(render: Render) -> None:
    assert "&lt;b&gt;" in render('{% status "met" word %}', word="<b>")


@pytest.mark.parametrize(
    ("state", "reached"), [("queued", 1), ("sent", 2), ("delivered", 3), ("acknowledged", 5)]
)
def test_a_delivery_reaches_its_step(render: Render, state: str, reached: int) -> None:
    drawn = render("{% delivery_steps state %}", state=state)
    assert drawn.count("data-reached") == reached
    assert f"step {reached} of 5" in drawn


def test_a_failed_delivery_stops_where_it_failed(render: Render) -> None:
    drawn = render('{% delivery_steps "failed" reached=2 %}')
    assert drawn.count("data-reached") == 2
    assert "track--overdue" in drawn


def test_a_moment_is_a_time_element_with_the_span(render: Render) -> None:
    drawn = render('{% moment at "America/Detroit" now %}', at=NOW + timedelta(minutes=25), now=NOW)
    assert 'datetime="2026-09-08T14:15:00+00:00"' in drawn
    assert "Tue, Sep\u00a08, 10:15\u00a0AM</time> (in\u00a025\u00a0min)" in drawn


def test_a_moment_speaks_the_language_of_the_reader(render: Render) -> None:
    with translation.override("es"):
        assert render('{{ at|moment:"America/Detroit" }}', at=NOW).startswith("mar, 8\u00a0sep")


def test_no_moment_is_no_text(render: Render) -> None:
    assert render("{{ at|moment }}{{ at|moment_24 }}{% moment at %}{{ n|duration }}") == ""


def test_agencies_read_24_hours(render: Render) -> None:
    assert render('{{ at|moment_24:"America/Detroit" }}', at=NOW).endswith("09:50")


def test_a_number_can_be_tapped_and_words_stay_words(render: Render) -> None:
    assert 'href="tel:+15175550191"' in render('{{ "517-555-0191"|phone_link }}')
    assert render("{{ number|phone_link }}", number="<i>ask") == "&lt;i&gt;ask"


def test_a_field_ties_hint_and_error_to_its_input(render: Render) -> None:
    form = CallForm({"who": ""})
    drawn = render('{% include "components/field.html" %}', field=form["who"])
    assert 'aria-describedby="id_who_helptext id_who_error"' in drawn
    assert 'id="id_who_helptext"' in drawn
    assert 'id="id_who_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_a_field_that_may_stay_empty_says_so(render: Render) -> None:
    drawn = render('{% include "components/field.html" %}', field=CallForm()["line"])
    assert "(optional)" in drawn


def test_the_summary_of_errors_links_to_each_field(render: Render) -> None:
    drawn = render('{% include "components/form_errors.html" %}', form=CallForm({}))
    assert 'href="#id_who"' in drawn
    assert 'href="#id_how_fieldset"' in drawn
    assert "Mend 2 things" in drawn


def test_a_form_without_errors_has_no_summary(render: Render) -> None:
    assert render('{% include "components/form_errors.html" %}', form=CallForm()) == ""


def _palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{3,6}|transparent|rgb\([^)]*\));", block))


def _palettes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    text = (STYLES / "tokens.css").read_text()
    first, by_switch = text.split(':root[data-theme="night"]')
    by_switch, by_device = by_switch.split("@media (prefers-color-scheme: dark)")
    return _palette(first), _palette(by_switch), _palette(by_device)


def test_night_is_the_same_by_switch_and_by_device() -> None:
    day, by_switch, by_device = _palettes()
    assert by_switch == by_device
    assert set(by_switch) == set(day)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(2 * c for c in color[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXTS = ("--ink", "--soft", "--link", "--met", "--on-track", "--due", "--overdue", "--impossible",
         "--unknown")  # fmt: skip
GROUNDS = ("--ground", "--card", "--sunk")
PAIRS = (
    *itertools.product(TEXTS, GROUNDS),
    ("--on-link", "--link"), ("--on-link", "--pressed"), ("--on-stop", "--stop"),
    ("--due", "--due-tint"), ("--overdue", "--overdue-tint"), ("--met", "--met-tint"),
    ("--soft", "--due-tint"), ("--soft", "--overdue-tint"), ("--soft", "--chosen"),
    ("--ink", "--added"), ("--ink", "--removed"), ("--on-track", "--chosen"),
    ("--map-door-number", "--map-door"), ("--map-on-gas", "--map-gas"),
    ("--map-on-water", "--map-water"), ("--map-on-fire", "--map-fire"),
    ("--map-on-hvac", "--map-hvac"), ("--map-assembly-text", "--map-assembly"),
    ("--map-label", "--map-room"), ("--map-label", "--map-corridor"),
    ("--map-label", "--map-found"),
)  # fmt: skip


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
def test_text_stands_out_from_its_ground(theme: int) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    palette = _palettes()[theme]
    weak = {
        (text, ground): round(_contrast(palette[text], palette[ground]), 2)
        for text, ground in PAIRS
        if _contrast(palette[text], palette[ground]) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
def test_edges_of_fields_and_the_focus_stand_out(theme: int) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1."""
    palette = _palettes()[theme]
    for edge, ground in itertools.product(("--field-edge", "--focus"), ("--card", "--ground")):
        assert _contrast(palette[edge], palette[ground]) >= 3


def test_every_color_that_a_sheet_or_script_uses_is_a_token() -> None:
    known = set(_palettes()[0]) | set(
        re.findall(r"(--[a-z0-9-]+):", (STYLES / "tokens.css").read_text())
    )
    for sheet in STYLES.glob("*.css"):
        used = set(re.findall(r"var\((--[a-z0-9-]+)\)", sheet.read_text()))
        assert used <= known, sheet.name
    for script in SCRIPTS.glob("map_*.js"):
        used = set(re.findall(r'"(--[a-z-]+)"', script.read_text()))
        assert used <= known, script.name
