"""The real transport against the real capture server, and against relays that fail."""

import ipaddress
import socket
import socketserver
import ssl
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backend.capture import list_captured, read_captured
from notifications.channels.email.transport import (
    BatchEnd,
    Outgoing,
    Result,
    SmtpPool,
    Stream,
    wire_form,
)
from notifications.policy.backoff import Outcome

CONTENT = b"Subject: THIS IS A DRILL\r\n\r\n.a line with a dot\r\nTHIS IS A DRILL\r\n"


def outgoing(recipient: str = "chief@example.org") -> Outgoing:
    return Outgoing(uuid4(), "muster+token@example.org", recipient, CONTENT)


def pool_to(port: int, **settings) -> SmtpPool:
    return SmtpPool("127.0.0.1", port, greeting_name="localhost", **settings)


def sent_one(port: int, recipient: str, **settings) -> Result:
    results: list[Result] = []
    with pool_to(port, **settings, connections=1) as pool:
        pool.send_batch([outgoing(recipient)], results.append)
    (result,) = results
    return result


def test_every_message_of_a_batch_arrives_once_over_kept_connections(capture):
    batch = [outgoing(f"contact{n}@example.org") for n in range(150)]
    results: list[Result] = []
    with pool_to(capture.port, connections=3, messages_a_connection=20) as pool:
        end = pool.send_batch(batch, results.append)
        pool.send_batch([outgoing("last@example.org")], results.append)
    assert end.not_started == ()
    assert {result.outcome for result in results} == {Outcome.SENT}
    arrived = Counter(one.recipient for one in list_captured(capture.folder))
    assert arrived == Counter([*(message.recipient for message in batch), "last@example.org"])


def test_the_bytes_arrive_as_they_were_built(capture):
    sent_one(capture.port, "chief@example.org")
    captured = read_captured(capture.folder, 1)
    assert captured.content == CONTENT
    assert captured.envelope.sender == "muster+token@example.org"


@pytest.mark.parametrize(
    ("word", "outcome", "code", "enhanced", "written"),
    [
        ("fail550", Outcome.PERMANENT, 550, "5.1.1", 0),
        ("full552", Outcome.PASSING, 552, "5.2.2", 0),
        ("policy550", Outcome.SENDER_FAULT, 550, "5.7.1", 0),
        ("defer451", Outcome.PASSING, 451, "4.3.0", 0),
        ("busy421", Outcome.PASSING, 421, "4.3.2", 0),
        ("drop", Outcome.PASSING, None, None, 0),
        ("refuse554", Outcome.SENDER_FAULT, 554, "5.6.0", 0),
        ("dropafter", Outcome.UNKNOWN, None, None, 1),
    ],
)
def test_each_failure_is_told_apart(capture, word, outcome, code, enhanced, written):
    result = sent_one(capture.port, f"{word}@example.org")
    assert (result.outcome, result.code, result.enhanced_code) == (outcome, code, enhanced)
    assert len(list_captured(capture.folder)) == written


def test_silence_after_the_final_dot_is_unknown(capture):
    result = sent_one(capture.port, "stall@example.org", after_dot_seconds=0.3)
    assert result.outcome is Outcome.UNKNOWN
    assert len(list_captured(capture.folder)) == 1


def test_a_slow_answer_after_the_dot_is_waited_for_longer_than_others(capture):
    result = sent_one(capture.port, "stall@example.org", answer_seconds=0.5)
    assert result.outcome is Outcome.SENT


def test_failures_in_a_batch_leave_the_rest_untouched(capture):
    words = ["fail550", "drop", "busy421", "dropafter", "refuse554", "defer451"]
    batch = [outgoing(f"{words[n % 6]}+{n}@example.org") for n in range(12)]
    batch += [outgoing(f"contact{n}@example.org") for n in range(30)]
    batch.sort(key=lambda message: message.delivery_id.bytes)
    results: list[Result] = []
    with pool_to(capture.port, connections=2) as pool:
        end = pool.send_batch(batch, results.append)
    assert end.not_started == ()
    assert sorted(r.delivery_id for r in results) == sorted(m.delivery_id for m in batch)
    arrived = Counter(one.recipient for one in list_captured(capture.folder))
    assert all(arrived[f"contact{n}@example.org"] == 1 for n in range(30))
    assert Counter(result.outcome for result in results)[Outcome.SENT] == 30


def test_a_relay_that_closes_a_kept_connection_gets_the_message_on_a_new_one(capture):
    results: list[Result] = []
    with pool_to(capture.port, connections=1) as pool:
        batch = [outgoing(), outgoing("busy421-once@example.org"), outgoing()]
        pool.send_batch(batch, results.append)
    assert [result.outcome for result in results] == [Outcome.SENT] * 3
    assert len(list_captured(capture.folder)) == 3


def test_what_is_no_longer_wanted_is_not_sent_and_has_no_result(capture):
    wanted, unwanted = outgoing("wanted@example.org"), outgoing("unwanted@example.org")
    results: list[Result] = []
    with pool_to(capture.port, connections=2) as pool:
        end = pool.send_batch(
            [unwanted, wanted], results.append, before_send=lambda key: key == wanted.delivery_id
        )
    assert [result.delivery_id for result in results] == [wanted.delivery_id]
    assert [one.recipient for one in list_captured(capture.folder)] == ["wanted@example.org"]
    assert end.not_started == ()


def test_callbacks_run_in_the_calling_thread_and_the_asking_comes_right_before(capture):
    seen: list[tuple[str, UUID, int]] = []

    def before(key: UUID) -> bool:
        seen.append(("before", key, threading.get_ident()))
        return True

    with pool_to(capture.port, connections=2) as pool:
        pool.send_batch(
            [outgoing() for _ in range(20)],
            lambda result: seen.append(("after", result.delivery_id, threading.get_ident())),
            before_send=before,
        )
    assert {thread for _, _, thread in seen} == {threading.get_ident()}
    under_way = 0
    for kind, _, _ in seen:
        under_way += 1 if kind == "before" else -1
        assert 0 <= under_way <= 2


def test_a_callback_that_fails_stops_the_batch_and_loses_no_answer(capture):
    results: list[Result] = []
    begun: list[UUID] = []

    def before(key: UUID) -> bool:
        if len(begun) == 5:
            raise RuntimeError("the lease is gone")
        begun.append(key)
        return True

    with (
        pool_to(capture.port, connections=2) as pool,
        pytest.raises(RuntimeError, match="the lease is gone"),
    ):
        pool.send_batch([outgoing() for _ in range(20)], results.append, before_send=before)
    assert sorted(result.delivery_id for result in results) == sorted(begun)
    assert len(list_captured(capture.folder)) == 5


def test_a_relay_that_is_not_there_starts_nothing_and_says_why():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        batch = [outgoing() for _ in range(5)]
        asked: list[UUID] = []
        results: list[Result] = []
        with pool_to(taken.getsockname()[1], connections=2) as pool:
            end = pool.send_batch(batch, results.append, before_send=lambda k: not asked.append(k))
    assert (asked, results) == ([], [])
    assert end.not_started == tuple(message.delivery_id for message in batch)
    assert end.relay is not None
    assert end.relay.outcome is Outcome.PASSING
    assert "refused" in end.relay.text


def test_a_relay_that_does_not_greet_is_given_up_after_the_short_wait():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pool_to(silent.getsockname()[1], answer_seconds=0.3, connections=2) as pool:
            end = pool.send_batch([outgoing() for _ in range(4)], lambda _: None)
    assert len(end.not_started) == 4
    assert time.monotonic() - begun < 2


def test_a_pool_can_be_used_again_when_the_relay_is_back(capture):
    results: list[Result] = []
    with pool_to(capture.port, connections=2) as pool:
        pool.send_batch([outgoing("dropafter@example.org")], results.append)
        pool.send_batch([outgoing(), outgoing()], results.append)
    assert [r.outcome for r in results] == [Outcome.UNKNOWN, Outcome.SENT, Outcome.SENT]


def test_a_relay_killed_in_mid_batch_leaves_every_message_accounted_for(capture):
    batch = [outgoing(f"contact{n}@example.org") for n in range(300)]
    results: list[Result] = []

    def kill_after_twenty(result: Result) -> None:
        results.append(result)
        if len(results) == 20:
            capture.process.kill()
            capture.process.communicate()

    with pool_to(capture.port, connections=4) as pool:
        end = pool.send_batch(batch, kill_after_twenty)
    told = [result.delivery_id for result in results]
    assert sorted([*told, *end.not_started]) == sorted(m.delivery_id for m in batch)
    assert end.not_started
    arrived = {one.recipient for one in list_captured(capture.folder)}
    address = {message.delivery_id: message.recipient for message in batch}
    unsent = {r.delivery_id for r in results if r.outcome is Outcome.PASSING} | {*end.not_started}
    assert not arrived & {address[key] for key in unsent}
    assert {address[r.delivery_id] for r in results if r.outcome is Outcome.SENT} <= arrived


class _Takes:
    """A relay of the test that counts what it takes."""

    def __init__(self):
        self.taken = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken += 1
        return "250 2.0.0 Taken"


@contextmanager
def running(handler, **settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, "127.0.0.1", port, server_hostname="localhost", **settings)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def certificate(tmp_path):
    """Return the path of a certificate for 127.0.0.1 that nobody trusts yet, and its context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "relay.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return path, context


def signs_in(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"open sesame", handled=False)


def test_an_encrypted_relay_takes_mail_after_sign_in(certificate, monkeypatch):
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    settings = {"tls_context": context, "authenticator": signs_in, "auth_required": True}
    with running(_Takes(), **settings) as port:
        asked = {"starttls": True, "username": "muster"}
        result = sent_one(port, "chief@example.org", **asked, password="open sesame")
        assert result.outcome is Outcome.SENT
        with pool_to(port, **asked, password="wrong horse") as pool:
            end = pool.send_batch([outgoing()], lambda _: None)
    assert end.relay is not None
    assert (end.relay.outcome, end.relay.code) == (Outcome.SENDER_FAULT, 535)
    assert "wrong horse" not in repr((end, pool.relay))


@pytest.mark.parametrize("offers", [True, False])
def test_nothing_is_sent_where_encryption_cannot_be_trusted_or_is_missing(certificate, offers):
    handler = _Takes()
    with (
        running(handler, tls_context=certificate[1] if offers else None) as port,
        pool_to(port, starttls=True) as pool,
    ):
        end = pool.send_batch([outgoing()], lambda _: None)
    assert end.relay is not None
    assert end.relay.outcome is Outcome.SENDER_FAULT
    assert handler.taken == 0


def test_a_password_is_never_sent_in_the_clear():
    with pytest.raises(ValueError, match="unencrypted") as refusal:
        SmtpPool("relay.example.org", 25, username="muster", password="open sesame")
    assert "open sesame" not in str(refusal.value)


def test_an_envelope_address_that_could_carry_a_command_is_refused():
    with pytest.raises(ValueError, match="recipient"):
        Outgoing(uuid4(), "a@example.org", "b@example.org>\r\nRCPT TO:<c@example.org", b"x")


def test_no_bare_line_end_can_pass_for_the_end_of_a_message():
    assert wire_form(b"a\n.\nb\r.\r\n..c") == b"a\r\n..\r\nb\r\n..\r\n...c\r\n"


class _Pipelining(socketserver.StreamRequestHandler):
    """A relay that answers nothing before sender, recipient and DATA have all come."""

    def handle(self) -> None:
        self.say(b"220 relay")
        while word := self.rfile.readline():
            if word.startswith(b"ehlo"):
                self.say(b"250-relay", b"250-PIPELINING", b"250 SIZE 99999999")
            elif word.startswith(b"MAIL"):
                if not self.takes(self.rfile.readline(), self.rfile.readline()):
                    return
            else:
                self.say(b"250 2.0.0 fine")

    def takes(self, recipient: bytes, data: bytes) -> bool:
        """Answer one message; return whether the connection goes on."""
        assert data == b"DATA\r\n"
        if b"fail550" in recipient:
            self.say(b"250 2.1.0 ok", b"550 5.1.1 no such user", b"354 go on")
        elif b"closing" in recipient:
            self.say(b"421 4.3.2 going down")
            return False
        else:
            self.say(b"250 2.1.0 ok", b"250 2.1.5 ok", b"354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
            if b"answer early" in line:
                self.say(b"552 5.3.4 too large")
                return False
        content = b"".join(lines)
        self.server.contents.append(content)
        self.say(b"250 2.0.0 taken" if content else b"554 5.5.1 nobody to send to")
        return True

    def say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))


@pytest.fixture
def pipelining():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Pipelining) as server:
        server.daemon_threads = True
        server.contents = []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def test_the_envelope_goes_in_one_piece_where_the_relay_offers_it(pipelining):
    results: list[Result] = []
    with pool_to(pipelining.server_address[1], connections=2, answer_seconds=2) as pool:
        pool.send_batch([outgoing() for _ in range(20)], results.append)
    assert [result.outcome for result in results] == [Outcome.SENT] * 20
    assert pipelining.contents == [wire_form(CONTENT)] * 20


def test_a_recipient_refused_in_one_piece_gets_nothing_and_the_line_goes_on(pipelining):
    results: list[Result] = []
    batch = [outgoing("fail550@example.org"), outgoing("chief@example.org")]
    with pool_to(pipelining.server_address[1], connections=1, answer_seconds=2) as pool:
        pool.send_batch(batch, results.append)
    assert [result.outcome for result in results] == [Outcome.PERMANENT, Outcome.SENT]
    assert results[0].enhanced_code == "5.1.1"
    assert pipelining.contents == [b"", wire_form(CONTENT)]


def test_a_relay_that_goes_down_before_the_message_is_passing(pipelining):
    result = sent_one(pipelining.server_address[1], "closing@example.org", answer_seconds=2)
    assert (result.outcome, result.code) == (Outcome.PASSING, 421)


def test_a_message_larger_than_the_sockets_take_at_once_arrives_whole(pipelining):
    content = b"Subject: large\r\n\r\n" + b"0123456789abcdef\r\n" * 200_000
    message = Outgoing(uuid4(), "muster@example.org", "chief@example.org", content)
    results: list[Result] = []
    with pool_to(pipelining.server_address[1], connections=1) as pool:
        pool.send_batch([message], results.append)
    assert results[0].outcome is Outcome.SENT
    assert pipelining.contents == [content]


def test_a_message_refused_before_its_end_was_not_sent(pipelining):
    content = b"answer early\r\n" + b"0123456789abcdef\r\n" * 200_000
    message = Outgoing(uuid4(), "muster@example.org", "chief@example.org", content)
    results: list[Result] = []
    with pool_to(pipelining.server_address[1], connections=1, answer_seconds=2) as pool:
        pool.send_batch([message], results.append)
    assert results[0].outcome in {Outcome.SENDER_FAULT, Outcome.PASSING}
    assert pipelining.contents == []


def everything(stream: Stream) -> tuple[list[Result], BatchEnd]:
    end = stream.end()
    return stream.take(0), end


def test_a_stream_sends_while_its_owner_gives_more(capture):
    batches = [[outgoing(f"contact{n}x{m}@example.org") for m in range(20)] for n in range(4)]
    told: list[Result] = []
    with pool_to(capture.port, connections=3) as pool:
        stream = pool.stream()
        for batch in batches:
            stream.give(batch)
            told += stream.take(0.05)
        last, end = everything(stream)
    given = [message.delivery_id for batch in batches for message in batch]
    assert sorted(one.delivery_id for one in told + last) == sorted(given)
    assert {one.outcome for one in told + last} == {Outcome.SENT}
    assert end == BatchEnd()
    assert len(list_captured(capture.folder)) == 80


def test_a_stopped_stream_starts_nothing_more_and_names_what_it_left(capture):
    batch = [outgoing(f"contact{n}@example.org") for n in range(200)]
    with pool_to(capture.port, connections=2) as pool:
        stream = pool.stream()
        stream.give(batch)
        told = stream.take(5)
        stream.stop()
        last, end = everything(stream)
    told += last
    assert len(told) < 200
    assert {*(one.delivery_id for one in told)} | {*end.not_started} == {
        message.delivery_id for message in batch
    }
    assert len(list_captured(capture.folder)) == len(told)


def test_a_stream_to_a_relay_that_is_not_there_ends_by_itself():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        batch = [outgoing() for _ in range(5)]
        with pool_to(taken.getsockname()[1], connections=2) as pool:
            stream = pool.stream()
            stream.give(batch)
            stream.take(2)
            results, end = everything(stream)
    assert results == []
    assert end.not_started == tuple(message.delivery_id for message in batch)
    assert end.relay is not None


def test_a_question_that_fails_ends_the_stream_and_comes_to_its_owner(capture):
    def fails(_: UUID) -> bool:
        raise RuntimeError("the lease is gone")

    with pool_to(capture.port, connections=2) as pool:
        stream = pool.stream(before_send=fails)
        stream.give([outgoing()])
        with pytest.raises(RuntimeError, match="the lease is gone"):
            stream.end()
    assert list_captured(capture.folder) == []
