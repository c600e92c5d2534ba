"""Markdown of plan texts: safe HTML, live references, freezing, the tree and plain words."""

import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plans.content.markdown import (
    Reference,
    block_tree,
    freeze,
    inline_tree,
    reference_markdown,
    references_in,
    to_html,
    to_plain,
)
from plans.content.markdown_tree import (
    Heading,
    ItemList,
    Link,
    LiveReference,
    Paragraph,
    ReferenceChip,
    Strong,
    Table,
    Words,
    block_text,
)


def resolve(scheme: str, reference_id: str, text: str) -> Reference:
    if reference_id == "gone":
        return Reference(text, "gone")
    return Reference(f"now {reference_id}", "renamed")


def test_a_reference_is_drawn_with_its_present_label() -> None:
    assert to_html("Use [Door 7](feature:d7).", resolve) == (
        '<p>Use <span class="reference reference-feature" data-reference="feature:d7">'
        "now d7</span>.</p>\n"
    )


def test_a_reference_that_is_gone_is_struck() -> None:
    html = to_html("[Door 7](feature:gone)", resolve)
    assert 'class="reference reference-feature reference-gone"' in html
    assert "<s>Door 7</s>" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](JaVaScRiPt:alert(1))",
        "![x](https://example.org/x.png)",
        "<https://example.org/><b>x</b>",
        '[x](feature:"><script>alert(1)</script>)',
        "[x](file:///etc/passwd)",
        "[x](http://example.org)",
    ],
)
def test_nothing_active_comes_through(attack: str) -> None:
    html = to_html(attack, resolve)
    for forbidden in ("<script", "<img", "<b>", 'href="javascript', 'href="data', 'href="file'):
        assert forbidden not in html.lower()


def test_a_label_with_html_is_shown_as_characters() -> None:
    html = to_html("[x](role:IC)", lambda *_: Reference("<b>IC</b>", "present"))
    assert "&lt;b&gt;IC&lt;/b&gt;" in html


def test_links_out_are_marked_and_other_schemes_stay_text() -> None:
    html = to_html("[a](https://example.org) [b](tel:+15550140) [c](http://example.org)")
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">a</a>' in html
    assert '<a href="tel:+15550140"' in html
    assert "[c](http://example.org)" in html


def test_headings_begin_at_the_level_of_the_page() -> None:
    assert to_html("# A\n\n##### B", first_heading=3) == "<h3>A</h3>\n<h6>B</h6>\n"


def test_table_alignment_needs_no_style() -> None:
    html = to_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert 'data-align="right"' in html
    assert "style=" not in html


def test_references_in_code_and_after_a_backslash_are_none() -> None:
    text = "`[a](feature:1)` \\[b](feature:2) [c](feature:3)\n\n    [d](feature:4)"
    assert references_in(text) == (LiveReference("feature", "3", "c"),)


def test_references_are_found_in_lists_tables_and_quotes() -> None:
    text = "- [a](feature:1)\n\n> [b](contact:2)\n\n| x |\n|---|\n| [c](agency:3) |\n\n<role:IC>"
    assert [(r.scheme, r.id) for r in references_in(text)] == [
        ("feature", "1"),
        ("contact", "2"),
        ("agency", "3"),
        ("role", "IC"),
    ]


def test_freezing_changes_the_words_of_references_and_nothing_else() -> None:
    text = (
        "Go  to [Door *1*](feature:d1) `[Door 1](feature:d1)`\r\n"
        "> - a [two\n>   lines](feature:d1) [left](feature:gone)\n\n"
        "| [Door 1](feature:d1) | [a \\| b](feature:d1) `[x](feature:d1)` |\n|---|---|\n"
        "| `[x](feature:d1)` | [x](feature:d1) |\n"
    )
    now = "[now d1](feature:d1)"
    assert freeze(text, resolve) == (
        f"Go  to {now} `[Door 1](feature:d1)`\r\n"
        f"> - a {now} [left](feature:gone)\n\n"
        f"| {now} | {now} `[x](feature:d1)` |\n|---|---|\n"
        f"| `[x](feature:d1)` | {now} |\n"
    )


def test_a_frozen_text_reads_as_the_live_one() -> None:
    text = "## [a](feature:d1)\n\n1. [b][ref] and <role:IC>\n\n[ref]: feature:d2\n"
    assert to_plain(freeze(text, resolve)) == to_plain(text, resolve)


@given(st.text(alphabet="ab|\\[]()*_`<>&! \n#", min_size=1, max_size=12))
def test_any_label_survives_freezing(label: str) -> None:
    expected = " ".join(label.split())
    frozen = freeze("x [y](feature:1) z", lambda *_: Reference(label, "renamed"))
    if expected:
        assert references_in(frozen) == (LiveReference("feature", "1", expected),)


@given(st.text(alphabet="ab[](feature:1)|-\n\r>`*\\ #", max_size=60))
def test_freezing_any_text_never_fails_and_is_done_once(text: str) -> None:
    once = freeze(text, resolve)
    assert freeze(once, resolve) == once
    assert [(r.scheme, r.id) for r in references_in(once)] == [
        (r.scheme, r.id) for r in references_in(text)
    ]


@given(st.text(max_size=80))
def test_any_text_gives_html_and_a_tree(text: str) -> None:
    assert "<script" not in to_html(text).lower()
    block_tree(text)
    inline_tree(text)


def test_an_id_with_spaces_is_written_and_read_back() -> None:
    written = reference_markdown("feature", "label:room:Main Office (east)", "Main Office")
    assert references_in(written)[0].id == "label:room:Main Office (east)"


def test_the_tree_holds_every_kind_of_block() -> None:
    tree = block_tree("# T\n\nA **b** [c](https://d.example)\n\n3. x\n4. y\n\n| h |\n|:-:|\n| c |")
    heading, paragraph, items, table = tree
    assert heading == Heading(1, (Words("T"),))
    assert paragraph == Paragraph(
        (
            Words("A "),
            Strong((Words("b"),)),
            Words(" "),
            Link("https://d.example", (Words("c"),)),
        )
    )
    assert isinstance(items, ItemList)
    assert (items.ordered, items.start, len(items.items)) == (True, 3, 2)
    assert table == Table(((Words("h"),),), (((Words("c"),),),), ("center",))


def test_one_line_becomes_inline_nodes_with_chips() -> None:
    assert inline_tree("leave by [Door 7](feature:d7).", resolve) == (
        Words("leave by "),
        ReferenceChip(LiveReference("feature", "d7", "Door 7"), "now d7", "renamed"),
        Words("."),
    )


def test_plain_words_keep_lists_and_tables_readable() -> None:
    text = "# T\n\n1. a\n2. b\n   - c\n\n| h | i |\n|---|---|\n| j | **k** |"
    assert to_plain(text) == "T\n1. a\n2. b\n  - c\nh\ti\nj\tk"


SIGNS = "ab 1.)-+#*_`[]()<>&\\|~!:\n\té"


@settings(max_examples=300, deadline=None)
@given(st.text(SIGNS, max_size=24))
def test_a_plain_line_is_read_without_parsing_as_the_parser_reads_it(text: str) -> None:
    assert to_plain(text) == block_text(block_tree(text))


LINKS = st.lists(
    st.sampled_from(
        ["[Door 5](feature:d5)", "[a](ROLE:IC)", "[x", "](", "(feature:d1)", "`", "\\", "*", "\n",
         "\n\n", "    ", "<feature:a>", "![p](contact:c-1)", "[b](https://x.y)", "|", "&amp;", "~",
         "[r]: feature:z", "[r]", "text ", "[n [m](agency:a)](role:b)", "[](feature:e)", "# ", "- "]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@example("-     [Door 5](feature:d5)")  # code within a list item
@given(LINKS)
def test_references_found_without_parsing_are_those_of_the_parser(text: str) -> None:
    drawn = [chip for block in block_tree(text) for chip in _chips(block)]
    assert [(r.scheme, r.id) for r in references_in(text)] == drawn


def _chips(node: object) -> Iterator[tuple[str, str]]:
    """Yield scheme and id of every reference below a node of the tree."""
    if isinstance(node, ReferenceChip):
        yield node.reference.scheme, node.reference.id
    elif isinstance(node, tuple):
        for inner in node:
            yield from _chips(inner)
    elif dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from _chips(getattr(node, field.name))
