"""The capture server of the trial: what it writes, and how it misbehaves when asked."""

import json
import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage

import pytest

from backend.capture import NotCaptured, list_captured, read_captured
from tests.notifications.capture_server import PROJECT, CaptureServer, start_capture, stop


def letter(to: str, subject: str = "Packet of Lincoln") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "muster@example.org", to, subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content("See https://example.org/p/abc and\n.this line\n")
    message.add_alternative('<p><a href="https://example.org/p/abc">Open</a></p>', subtype="html")
    return message


def send(server: CaptureServer, to: str, subject: str = "Packet of Lincoln") -> None:
    with smtplib.SMTP("127.0.0.1", server.port, "localhost", timeout=5) as smtp:
        smtp.send_message(letter(to, subject), from_addr="bounce+1@example.org", to_addrs=[to])


def test_a_message_is_written_with_its_envelope(capture):
    send(capture, "chief@example.org", "Simulacro: evacuación")
    (one,) = list_captured(capture.folder)
    assert (one.number, one.sender, one.recipient, one.subject) == (
        1,
        "bounce+1@example.org",
        "chief@example.org",
        "Simulacro: evacuación",
    )
    assert one.at.tzinfo is not None
    assert sorted(path.name for path in capture.folder.iterdir()) == ["000001.eml", "000001.json"]
    assert json.loads((capture.folder / "000001.json").read_text())["recipient"] == one.recipient


def test_an_opened_message_shows_bodies_and_links(capture):
    send(capture, "chief@example.org")
    opened = read_captured(capture.folder, 1)
    assert opened.message_id == "<1@example.org>"
    assert opened.text == "See https://example.org/p/abc and\n.this line\n"
    assert opened.html.startswith("<p>")
    assert opened.links == ("https://example.org/p/abc",)


def test_each_recipient_has_a_copy_of_its_own(capture):
    with smtplib.SMTP("127.0.0.1", capture.port, "localhost", timeout=5) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org", "c@example.org"], b"Subject: x\r\n\r\ny")
    assert [one.recipient for one in list_captured(capture.folder)] == [
        "b@example.org",
        "c@example.org",
    ]


def test_numbers_go_on_after_a_restart_and_can_be_listed_from_one_on(capture):
    send(capture, "chief@example.org")
    stop(capture)
    again = start_capture(capture.folder)
    send(again, "captain@example.org")
    stop(again)
    assert [one.number for one in list_captured(capture.folder)] == [1, 2]
    assert [one.number for one in list_captured(capture.folder, after=1)] == [2]


def test_a_half_written_message_is_not_listed(tmp_path):
    (tmp_path / "000001.json").write_text("{}")
    (tmp_path / ".000001.eml.part").write_text("Subject: x")
    assert list_captured(tmp_path) == []


def test_an_unknown_number_is_refused(tmp_path):
    with pytest.raises(NotCaptured, match="No message 7"):
        read_captured(tmp_path, 7)


def test_a_message_without_subject_or_with_a_broken_one_is_captured(capture):
    with smtplib.SMTP("127.0.0.1", capture.port, "localhost", timeout=5) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], b"no head at all")
        smtp.sendmail("a@example.org", ["b@example.org"], b"Subject: =?x-none?b?!?=\r\n\r\ny")
        smtp.sendmail("a@example.org", ["b@example.org"], b"Subject: caf\xe9\r\n\r\ny")
    assert len(list_captured(capture.folder)) == 3


@pytest.mark.parametrize(
    ("word", "code"), [("fail550", 550), ("full552", 552), ("policy550", 550), ("defer451", 451)]
)
def test_a_simulation_address_is_refused_as_its_word_says(capture, word, code):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(capture, f"{word}+anna@example.org")
    assert [answer[0] for answer in refusal.value.recipients.values()] == [code]
    assert list_captured(capture.folder) == []


def test_an_address_misbehaves_only_once_when_asked_so(capture):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(capture, "defer451-once@example.org")
    send(capture, "defer451-once@example.org")
    assert len(list_captured(capture.folder)) == 1


def test_a_person_whose_name_begins_like_a_word_is_left_alone(capture):
    send(capture, "dropper@example.org")
    assert len(list_captured(capture.folder)) == 1


def test_it_listens_on_one_address_of_loopback_only(capture):
    # Whoever listens on all addresses also answers on the second one of loopback.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", capture.port), timeout=2)


def test_a_stop_signal_ends_it_cleanly_with_a_client_still_connected(capture):
    with socket.create_connection(("127.0.0.1", capture.port), timeout=2) as client:
        client.recv(100)
        assert stop(capture) == (0, "")


def test_a_taken_port_is_one_clear_sentence(capture, tmp_path):
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "backend.capture"),
            *(f"--port={capture.port}", f"--folder={tmp_path / 'other'}"),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert f"127.0.0.1:{capture.port}" in ended.stderr
    assert "another --port" in ended.stderr
