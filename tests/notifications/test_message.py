"""The bytes of one e-mail."""

import email
import email.policy
import email.utils
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.email.frame import OWN, frame_of
from notifications.channels.email.message import (
    LINK_PLACE,
    Link,
    Message,
    WrongMessage,
    build,
    delivery_of_envelope,
    envelope_sender,
    message_id,
)

DELIVERY = UUID("01936b2e-7b1c-7c3e-9a53-4f0f8d1c2b3a")
KEY = b"a key of the environment, 32 byte"
DRILL = Message(
    delivery_id=DELIVERY,
    district="Cedar Valley Schools",
    mail_from="muster@mail.cedarvalley.example",
    reply_to="safety@cedarvalley.example",
    to="chief@lakeshore.example",
    subject="THIS IS A DRILL: lockdown at Lincoln, 10:15",
    text=(
        "THIS IS A DRILL\n\nLincoln High School holds a lockdown drill today.\n10:15 to 10:30\n\n"
        "{{link}}\n\nTHIS IS A DRILL"
    ),
    date=datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
    link=Link("Accept or decline", "https://muster.cedarvalley.example/ack/Zm9v?a=1&b=2"),
)


def parsed(message: Message) -> EmailMessage:
    return email.message_from_bytes(build(message), policy=email.policy.default)


def shown_sender(message: Message) -> str:
    """Return the name of From by the older parser, which joins encoded words as RFC 2047 says."""
    name = email.utils.parseaddr(email.message_from_bytes(build(message))["From"])[0]
    return str(make_header(decode_header(name)))


def bodies(message: Message) -> tuple[str, str]:
    text, html = parsed(message).iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def test_the_same_input_gives_the_same_bytes():
    assert build(DRILL) == build(replace(DRILL))


def test_the_head_names_the_district_and_says_that_a_machine_wrote():
    head = parsed(DRILL)
    assert head["From"] == "Cedar Valley Schools via Muster <muster@mail.cedarvalley.example>"
    assert head["Reply-To"] == "safety@cedarvalley.example"
    assert head["To"] == "chief@lakeshore.example"
    assert head["Message-ID"] == f"<{DELIVERY}@mail.cedarvalley.example>"
    assert head["Date"].datetime == DRILL.date
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Content-Language"] == "en"
    assert head.get_content_type() == "multipart/alternative"
    assert message_id(DELIVERY, DRILL.mail_from) == head["Message-ID"]


def test_text_and_page_both_hold_the_words_and_the_one_link():
    text, html = bodies(DRILL)
    assert text.startswith("THIS IS A DRILL\n")
    assert text.endswith("THIS IS A DRILL\n")
    assert "Accept or decline:\nhttps://muster.cedarvalley.example/ack/Zm9v?a=1&b=2" in text
    assert html.count("<a ") == 1
    assert 'href="https://muster.cedarvalley.example/ack/Zm9v?a=1&amp;b=2"' in html
    assert "10:15 to 10:30" in html
    assert '<html lang="en">' in html


def test_markup_in_a_text_stays_text():
    html = bodies(replace(DRILL, text="<script>x</script> & more\n\n{{link}}"))[1]
    assert "&lt;script&gt;x&lt;/script&gt; &amp; more" in html


def test_every_line_is_short_ascii_and_ends_with_crlf():
    content = build(
        replace(DRILL, text="ñandú " * 400 + "\n\n{{link}}", subject="Simulacro: evacuación " * 9)
    )
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 100


@given(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=120),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=60),
)
def test_any_subject_and_district_read_back_as_written(subject, district):
    try:
        message = replace(DRILL, subject=subject, district=district)
        head = parsed(message)
    except WrongMessage:
        assert not (subject.isprintable() and subject.strip() and district.isprintable())
        return
    assert str(head["Subject"]).split() == subject.split()
    assert shown_sender(message) == f"{district} via Muster"


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1), min_size=1))
def test_any_text_reads_back_as_written(paragraphs):
    if any("{{link}}" in part for part in paragraphs):
        return
    text = "\n\n".join(paragraphs)
    assert bodies(replace(DRILL, text=text, link=None))[0] == text + "\n"


def test_a_digest_can_be_left_with_one_click():
    head = parsed(replace(DRILL, unsubscribe_url="https://muster.cedarvalley.example/u/Zm9v"))
    assert head["List-Unsubscribe"] == "<https://muster.cedarvalley.example/u/Zm9v>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed(DRILL)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": "Drill\r\nBcc: all@example.org"}, "subject: a line end"),
        ({"subject": " "}, "subject: it is empty"),
        ({"subject": "x" * 300}, "subject: 300 characters"),
        ({"district": "Cedar\nValley"}, "district: a line end"),
        ({"to": "chief@lakeshore.example, all@example.org"}, "to: not one e-mail address"),
        ({"to": "chief@lakeshore.example\r\nBcc: x@y.z"}, "to: not one e-mail address"),
        ({"to": "jefé@lakeshore.example"}, "to: letters outside ASCII"),
        ({"reply_to": "nobody"}, "reply_to: not one"),
        ({"text": "no place for the link"}, "must stand once"),
        ({"link": None}, "not at all without one"),
        ({"link": Link("Open", "javascript:alert(1)")}, "link: not a web address"),
        ({"text": "bell\x07 \n\n{{link}}"}, "text: a control character"),
        ({"date": datetime(2026, 3, 4)}, "date: it has no time zone"),  # noqa: DTZ001
        ({"language": "en\r\nX: y"}, "language"),
    ],
)
def test_a_wrong_part_is_refused_by_name(change, words):
    with pytest.raises(WrongMessage, match=words):
        build(replace(DRILL, **change))


def test_an_international_domain_is_written_in_ascii():
    assert parsed(replace(DRILL, to="chief@cañon.example"))["To"] == "chief@xn--caon-hqa.example"


def test_the_envelope_sender_leads_back_to_its_delivery_in_any_case():
    address = envelope_sender(DRILL.mail_from, DELIVERY, KEY)
    assert len(address.partition("@")[0]) <= 64
    assert delivery_of_envelope(address, KEY) == DELIVERY
    assert delivery_of_envelope(f"<{address.upper()}>", KEY) == DELIVERY


def test_a_forged_or_foreign_envelope_address_belongs_to_nobody():
    address = envelope_sender(DRILL.mail_from, DELIVERY, KEY)
    assert delivery_of_envelope(address, b"another key") is None
    assert delivery_of_envelope(DRILL.mail_from, KEY) is None
    assert delivery_of_envelope("muster+ünïcode@example.org", KEY) is None


def test_a_sender_too_long_for_the_token_is_refused():
    with pytest.raises(WrongMessage, match="room for the token"):
        envelope_sender("school-emergency-notices@cedarvalley.example", DELIVERY, KEY)


PACKET = "{{link:packet:01936b2e-7b1c-7c3e-9a53-4f0f8d1c2b3b}}"
ADDRESSES = {
    OWN: "https://muster.cedarvalley.example/ack/Zm9v?a=1&b=2",
    PACKET: "https://muster.cedarvalley.example/p/" + "x" * 60 + "/",
}
words = st.text(
    st.one_of(st.characters(categories=["L", "N", "P", "S"]), st.sampled_from(" \n.%=&<\t")),
    max_size=90,
)


def framed(shared: Message, one: Message) -> bytes:
    """Return a recipient's message by way of the frame that all recipients of a text share."""
    return frame_of(shared).fill(
        delivery_id=one.delivery_id, to=one.to, date=one.date, addresses=ADDRESSES
    )


@given(words, words, words, words.filter(str.strip), st.uuids())
def test_a_frame_filled_for_a_recipient_gives_the_bytes_built_for_it_alone(
    before, amid, after, subject, delivery_id
):
    text = f"{before}\n\n{LINK_PLACE}\n\n{amid}{PACKET}{after}\n\n{PACKET}"
    shared = replace(DRILL, text=text, subject=" ".join(subject.split()), link=Link("Open it", ""))
    one = replace(
        shared,
        delivery_id=delivery_id,
        to="engine4@lakeshore.example",
        text=text.replace(PACKET, ADDRESSES[PACKET]),
        link=Link("Open it", ADDRESSES[OWN]),
    )
    try:
        expected = build(one)
    except WrongMessage:
        with pytest.raises(WrongMessage):
            framed(shared, one)
        return
    assert framed(shared, one) == expected


def test_a_filled_frame_reads_back_as_written_by_the_standard_parser():
    shared = replace(DRILL, text=f"100 % sure.\n\nOpen: {PACKET}\n\n{LINK_PLACE}")
    content = framed(shared, replace(DRILL, to="engine4@lakeshore.example"))
    head = email.message_from_bytes(content, policy=email.policy.default)
    text, page = (part.get_content().replace("\r\n", "\n") for part in head.iter_parts())
    assert head["To"] == "engine4@lakeshore.example"
    assert head["Message-ID"] == f"<{DELIVERY}@mail.cedarvalley.example>"
    assert text == (
        f"100 % sure.\n\nOpen: {ADDRESSES[PACKET]}\n\nAccept or decline:\n{ADDRESSES[OWN]}\n"
    )
    assert 'href="https://muster.cedarvalley.example/ack/Zm9v?a=1&amp;b=2"' in page


@pytest.mark.parametrize(
    ("place", "address"),
    [(OWN, "javascript:alert(1)"), (PACKET, "https://x.example/\r\nBcc: all@example.org")],
)
def test_a_frame_is_filled_with_web_addresses_alone(place, address):
    frame = frame_of(replace(DRILL, text=f"{PACKET}\n\n{LINK_PLACE}"))
    with pytest.raises(WrongMessage, match="not a web address"):
        frame.fill(
            delivery_id=DELIVERY,
            to=DRILL.to,
            date=DRILL.date,
            addresses={**ADDRESSES, place: address},
        )


def test_a_text_that_names_the_place_of_its_own_link_makes_no_frame():
    with pytest.raises(WrongMessage, match="for the link of the message alone"):
        frame_of(replace(DRILL, text=f"{OWN}\n\n{LINK_PLACE}"))
