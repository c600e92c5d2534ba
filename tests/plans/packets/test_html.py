"""The HTML packet: one file, complete without scripts, under a policy of its own."""

import base64
import hashlib
import re
from functools import cache
from html.parser import HTMLParser

from maps.document import MapDocument
from plans.content.document import Block, PlanDocument, Section
from plans.packets.html import HtmlPacket, render, room_anchors
from plans.packets.html_bar import OnlineBar
from tests.plans.packets.campus import composed, tree

MOST_BYTES = 900_000
NO_MAP = MapDocument((), ())


class Parts(HTMLParser):
    """Collects ids, local targets, outward addresses and attributes that a policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.outward: list[str] = []
        self.forbidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])
            elif name in {"href", "src"}:
                self.outward.append(value or "")
            if name == "style" or name.startswith("on"):
                self.forbidden.append(f"{tag} {name}")


@cache
def made() -> HtmlPacket:
    return render(tree(), copy_lines=("For Sgt. Pruitt", "Copy 7KQ2M9XD, opened now"))


@cache
def parts() -> Parts:
    found = Parts()
    found.feed(made().page)
    return found


def test_it_is_small_enough_for_a_phone_with_two_bars() -> None:
    assert len(made().page.encode()) < MOST_BYTES


def test_it_needs_nothing_from_anywhere() -> None:
    assert all(address.startswith("tel:") for address in parts().outward)
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", made().page)


def test_its_policy_holds_the_hashes_of_its_own_blocks_and_nothing_inline_is_left() -> None:
    page = made().page
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"sha256-{digest}" in made().policy
    assert parts().forbidden == []
    assert made().policy.split("; frame-ancestors")[0] in page


def test_every_link_inside_leads_somewhere_and_ids_stand_once() -> None:
    assert set(parts().targets) <= set(parts().ids)
    assert len(parts().ids) == len(set(parts().ids))


def test_every_room_has_a_link_and_a_card() -> None:
    for anchor in room_anchors(tree()).values():
        assert anchor in parts().ids
        assert anchor in parts().targets


def test_the_card_of_a_room_says_level_cell_nearest_door_and_shows_the_map() -> None:
    card = re.search(r'<article class="room" id="room-204">.*?</article>', made().page, re.DOTALL)
    assert card is not None
    for wanted in ("Room 204", "Floor 2, cell", "Nearest exterior door", "Chemistry lab", "<use "):
        assert wanted in card[0]


def test_numbers_can_be_dialed() -> None:
    assert 'href="tel:5550100"' in made().page


def test_it_says_as_of_when_and_who_holds_it() -> None:
    assert "right as of Tue,\u00a0Sep\u00a08,\u00a02026,\u00a009:50" in made().page
    assert "For Sgt. Pruitt" in made().page


def test_the_bar_stands_only_where_the_page_is_served() -> None:
    bar = OnlineBar(pdf_words="PDF to print: being made, 40 %", save_address="packet.html",
                    older=(("v7", "?version=7"),))  # fmt: skip
    served = render(composed(map_document=NO_MAP), bar=bar).page
    assert "being made, 40 %" in served
    assert "?version=7" in served
    assert 'class="online"' not in made().page


def test_two_rooms_of_one_number_have_two_anchors() -> None:
    document = tree().map_document
    room = next(f for f in document.features if f.label == "204")
    twin = type(room)("twin", "room", "204", room.geometry, (), (document.levels[0].id,), {})
    doubled = MapDocument(document.levels, (*document.features, twin), document.grid)
    assert sorted(
        anchor for anchor in room_anchors(composed(map_document=doubled)).values()
        if anchor.startswith("room-204")
    ) == ["room-204", "room-204-2"]  # fmt: skip


def test_markup_in_a_plan_stays_text() -> None:
    block = Block("BP-01/1", "text", "staff", "<script>alert(1)</script> **<b>x</b>**")
    section = Section("BP-01", "BP-01", "basic_plan", "<img src=x onerror=y>", (block,))
    plan = PlanDocument(campus={}, version=1, map_version=None, map_hash=None, sections=(section,))
    page = render(composed(document=plan, map_document=NO_MAP)).page
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_packet_without_a_map_still_opens() -> None:
    bare = composed(map_document=NO_MAP, first_page=None)
    assert "Rooms" in render(bare).page
