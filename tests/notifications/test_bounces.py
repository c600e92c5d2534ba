"""What a mail that came back means."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.policy.bounces import Cause, Kind, read_bounce

SENT_ID = "<01936b2e-7b1c-7c3e-9a53-4f0f8d1c2b3a@mail.cedarvalley.example>"
RETURNED = f"Message-ID: {SENT_ID}\nSubject: Packet of Lincoln\n"


def report(fields: str, kind: str = "message/delivery-status", top: str = "report") -> bytes:
    extra = "; report-type=delivery-status" if top == "report" else ""
    return (
        "From: MAILER-DAEMON@relay.example\nTo: muster+token@mail.cedarvalley.example\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/{top}{extra}; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI am sorry to have to inform you.\n\n"
        f"--b\nContent-Type: {kind}\n\n{fields}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{RETURNED}\nbody\n--b--\n"
    ).encode()


def fields(action: str, status: str, words: str = "", address: str = "anna@example.org") -> str:
    text = f"Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; {address}\n"
    return text + f"Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n"


@pytest.mark.parametrize(
    ("action", "status", "words", "permanent", "code", "cause"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", True, "5.1.1", Cause.ADDRESS),
        ("failed", "5.0.0", "550 5.1.1 User unknown", True, "5.1.1", Cause.ADDRESS),
        ("failed", "", "550 No such user", True, "550", Cause.ADDRESS),
        ("failed", "5.0.0", "", True, "5.0.0", Cause.OTHER),
        ("failed", "5.2.2", "552 5.2.2 Over quota", False, "5.2.2", Cause.MAILBOX_FULL),
        ("failed", "5.2.1", "550 5.2.1 Disabled", False, "5.2.1", Cause.MAILBOX_DISABLED),
        ("failed", "5.7.26", "550 5.7.26 no such user", True, "5.7.26", Cause.POLICY),
        ("failed", "5.3.4", "552 5.3.4 Too big", True, "5.3.4", Cause.TOO_LARGE),
        ("failed", "4.4.7", "Delivery time expired", False, "4.4.7", Cause.GAVE_UP),
        ("Undeliverable", "5.1.10", "550 5.1.10 not found", True, "5.1.10", Cause.ADDRESS),
    ],
)
def test_a_report_says_whose_fault_it_is(action, status, words, permanent, code, cause):
    reading = read_bounce(report(fields(action, status, words)))
    (one,) = reading.recipients
    assert (reading.kind, reading.original_message_id) == (Kind.BOUNCE, SENT_ID)
    assert (one.address, one.is_permanent) == ("anna@example.org", permanent)
    assert (one.code, one.cause) == (code, cause)
    assert one.address_is_bad == (cause is Cause.ADDRESS)


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [("delayed", "4.4.1", Kind.DELAY), ("delivered", "2.0.0", Kind.DELIVERED)],
)
def test_a_report_without_failure_is_no_bounce(action, status, kind):
    assert read_bounce(report(fields(action, status))).kind is kind


@pytest.mark.parametrize(
    ("kind", "top"), [("text/plain", "report"), ("text/plain", "mixed"), ("text/plain", "x-odd")]
)
def test_the_fields_count_in_whatever_part_they_stand(kind, top):
    reading = read_bounce(report(fields("failed", "5.1.1"), kind, top))
    assert [one.cause for one in reading.recipients] == [Cause.ADDRESS]


def test_a_blank_before_the_colon_is_no_hindrance():
    text = fields("failed", "5.1.1").replace("Final-Recipient:", "Final-Recipient :")
    assert read_bounce(report(text)).recipients[0].address == "anna@example.org"


def test_several_recipients_have_outcomes_of_their_own():
    text = (
        fields("failed", "5.1.1")
        + "\nFinal-Recipient: rfc822; ben@example.org\nAction: delayed\nStatus: 4.4.1\n"
        + "\nFinal-Recipient: rfc822; cleo@example.org\nAction: delivered\nStatus: 2.0.0\n"
    )
    reading = read_bounce(report(text))
    assert reading.kind is Kind.BOUNCE
    assert [(one.address[0], one.cause) for one in reading.recipients] == [
        ("a", Cause.ADDRESS),
        ("b", Cause.DELAYED),
        ("c", Cause.DELIVERED),
    ]


def test_a_report_in_words_names_address_and_code():
    mail = (
        "From: Mail Delivery System <mailer-daemon@relay.example>\nReturn-Path: <>\n"
        "Subject: failure notice\n\nHi. I could not be delivered:\n\n<anna@example.org>:\n"
        "192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 No such user\n\n"
        f"--- Below this line is a copy of the message.\n\n{RETURNED}\nTo: <other@example.org>\n"
    )
    reading = read_bounce(mail.encode())
    (one,) = reading.recipients
    assert (one.address, one.code, one.cause) == ("anna@example.org", "5.1.1", Cause.ADDRESS)
    assert reading.original_message_id == SENT_ID


def test_a_header_names_the_recipient_where_no_field_does():
    mail = (
        "From: Mail Delivery System <mailer-daemon@relay.example>\n"
        "X-Failed-Recipients: anna@example.org\nSubject: Mail delivery failed\n\n"
        "  alias@inner.example\n    (generated from anna@example.org)\n    550 No such user here\n"
    )
    (one,) = read_bounce(mail.encode()).recipients
    assert (one.address, one.cause) == ("anna@example.org", Cause.ADDRESS)


def test_a_bounce_nobody_can_read_is_left_to_a_person():
    mail = b"From: postmaster@relay.example\nSubject: Undeliverable\n\nSorry.\n"
    reading = read_bounce(mail)
    assert (reading.kind, reading.recipients) == (Kind.BOUNCE, ())


def test_a_report_in_json_is_read():
    inner = {
        "notificationType": "Bounce",
        "bounce": {
            "bouncedRecipients": [
                {"emailAddress": "anna@example.org", "action": "failed", "status": "5.1.1"}
            ]
        },
        "mail": {"commonHeaders": {"messageId": SENT_ID}},
    }
    for body in (inner, {"Type": "Notification", "Message": json.dumps(inner)}):
        reading = read_bounce(b"From: no-reply@sns.example\n\n" + json.dumps(body).encode())
        assert (reading.kind, reading.original_message_id) == (Kind.BOUNCE, SENT_ID)
        assert [one.cause for one in reading.recipients] == [Cause.ADDRESS]


@pytest.mark.parametrize(
    ("feedback", "kind"), [("abuse", Kind.COMPLAINT), ("opt-out", Kind.OPT_OUT)]
)
def test_a_feedback_report_is_no_bounce(feedback, kind):
    text = f"Feedback-Type: {feedback}\nUser-Agent: x/1\nOriginal-Rcpt-To: <anna@example.org>\n"
    mail = report(text, "message/feedback-report").replace(b"delivery-status", b"feedback-report")
    reading = read_bounce(mail)
    assert (reading.kind, reading.original_message_id) == (kind, SENT_ID)
    assert [(one.address, one.address_is_bad) for one in reading.recipients] == [
        ("anna@example.org", False)
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: All",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Packet of Lincoln",
        "Subject: Respuesta automática",
    ],
)
def test_a_machine_that_answers_is_neither_bounce_nor_acknowledgement(header):
    mail = f"From: anna@example.org\nIn-Reply-To: {SENT_ID}\n{header}\n\nBack on Monday.\n"
    reading = read_bounce(mail.encode())
    assert (reading.kind, reading.original_message_id) == (Kind.AUTO_REPLY, SENT_ID)


def test_a_persons_words_about_a_bounce_are_no_bounce():
    mail = b"From: anna@example.org\nSubject: Re: undeliverable mail\n\n550 pupils, delayed bus\n"
    assert read_bounce(mail).kind is Kind.NOT_A_BOUNCE


def test_the_document_has_the_words_of_the_command_line():
    assert read_bounce(report(fields("failed", "5.1.1"))).document() == {
        "kind": "bounce",
        "recipients": [
            {
                "address": "anna@example.org",
                "class": "permanent",
                "code": "5.1.1",
                "cause": "address",
            }
        ],
        "original_message_id": SENT_ID,
    }


def test_the_address_it_came_to_is_told_for_its_token():
    assert read_bounce(report(fields("failed", "5.1.1"))).addressed_to == (
        "muster+token@mail.cedarvalley.example",
    )


@given(st.binary(max_size=400), st.integers(0, 800), st.integers(0, 255))
def test_any_bytes_give_an_answer(noise, place, byte):
    whole = report(fields("failed", "5.1.1", "550 5.1.1 no"))
    read_bounce(noise)
    damaged = bytearray(whole)
    damaged[place % len(whole)] = byte
    read_bounce(bytes(damaged) + noise)
    read_bounce(whole[:place] + noise + whole[place:])


@pytest.mark.parametrize(
    "mail",
    [b"Content-Type: message/rfc822\n\n" * 3000, b"To: " + b"(" * 9000 + b"\n\n"],
    ids=["mails in mails", "brackets in brackets"],
)
def test_a_mail_made_to_exhaust_the_reader_is_no_bounce(mail):
    assert read_bounce(mail).kind is Kind.NOT_A_BOUNCE
