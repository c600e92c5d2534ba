"""What a mail that came back means: a bounce, a delay, a complaint, a machine's answer, or none.

Real reports keep few rules (`delivery-and-security.md` section 2.1): they come as plain text, with
invented actions, empty states, blanks before colons or as JSON. So fields are read wherever they
stand, first those of each recipient, then headers, then words; what stays unclear has no recipient
and is for a person. Nothing read here proves who sent it: only the token of the address that the
mail came to does (`addressed_to`).
"""

import email
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

from notifications.policy.backoff import (
    SAYS_NOTHING,
    Outcome,
    Stage,
    classify,
    enhanced_code,
    permanent_cause,
    shown_text,
)

LONGEST_READ = 500_000
"""Bytes that are looked at; what stands behind them is an attachment, never a report."""


class Kind(StrEnum):
    """What an incoming mail is."""

    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    AUTO_REPLY = "auto_reply"
    NOT_A_BOUNCE = "not_a_bounce"


class Cause(StrEnum):
    """Why; only ADDRESS speaks against an address."""

    ADDRESS = "address"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_DISABLED = "mailbox_disabled"
    TOO_LARGE = "too_large"
    CONTENT = "content"
    POLICY = "policy"
    GAVE_UP = "gave_up"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of one recipient; `code` is an enhanced code, three digits, or None.

    `is_permanent` is the class of the answer; only `address_is_bad` may suppress, after a person.
    """

    address: str
    is_permanent: bool
    code: str | None
    cause: Cause

    @property
    def address_is_bad(self) -> bool:
        """Return whether this speaks against the address itself, not against sender or message."""
        return self.cause is Cause.ADDRESS


@dataclass(frozen=True, slots=True)
class Reading:
    """An incoming mail understood; without recipients a bounce is for a person to look at."""

    kind: Kind
    recipients: tuple[Returned, ...] = ()
    original_message_id: str | None = None
    addressed_to: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the answer of `muster notices read-bounce` as JSON."""
        return {
            "kind": self.kind.value,
            "recipients": [
                {
                    "address": one.address,
                    "class": "permanent" if one.is_permanent else "passing",
                    "code": one.code,
                    "cause": one.cause.value,
                }
                for one in self.recipients
            ],
            "original_message_id": self.original_message_id,
        }


def read_bounce(content: bytes) -> Reading:
    """Return what an incoming mail means; any bytes give an answer, none raise.

    A mail nested deeper than can be followed is no report: no relay writes such.
    """
    try:
        mail = email.message_from_bytes(content[:LONGEST_READ])
        texts = tuple(_texts(mail))
        kind, recipients = _understood(mail, texts)
        return Reading(kind, recipients, _original_id(mail, texts), _addressed_to(mail))
    except RecursionError:
        return Reading(Kind.NOT_A_BOUNCE)


def _understood(
    mail: Message, texts: tuple[tuple[str, str], ...]
) -> tuple[Kind, tuple[Returned, ...]]:
    complaint = _complaint(texts)
    if complaint is not None:
        return complaint
    if "disposition-notification" in str(mail.get_content_type()) + _report_type(mail):
        return Kind.AUTO_REPLY, ()
    returned = tuple(_from_fields(texts)) or tuple(_from_json(texts))
    if returned:
        return _kind_of(returned), returned
    said = _from_words(mail, "\n".join(text for kind, text in texts if kind.startswith("text/")))
    if said is not None:
        return said
    return (Kind.AUTO_REPLY if _is_automatic(mail) else Kind.NOT_A_BOUNCE), ()


def _from_words(mail: Message, words: str) -> tuple[Kind, tuple[Returned, ...]] | None:
    """Return what a report without fields says in its headers or words, or None when it is none."""
    failed = [address for _, address in getaddresses(_headers(mail, "X-Failed-Recipients"))]
    if failed:
        return Kind.BOUNCE, tuple(_by_words(address, words) for address in failed)
    subject = _header(mail, "Subject")
    if not (_is_from_a_machine(mail) and _BOUNCE_WORDS.search(subject + "\n" + words)):
        return None
    named = dict.fromkeys(_NAMED_ADDRESS.findall(_before_original(words)))
    if _DELAY_WORDS.search(subject):
        return Kind.DELAY, tuple(Returned(one, False, None, Cause.DELAYED) for one in named)
    return Kind.BOUNCE, tuple(_by_words(address, words) for address in named)


_BOUNCE_WORDS = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|to the following)|returned mail|"
    r"mail delivery (?:failed|system)|failure notice|could not be delivered|delayed|"
    r"no se ha podido entregar|no entregado",
    re.IGNORECASE,
)
_DELAY_WORDS = re.compile(r"delay|warning|still being retried|not yet", re.IGNORECASE)
_NAMED_ADDRESS = re.compile(
    r"<?\b([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})>?\s*[:(\n]"
)
_ORIGINAL = re.compile(
    r"(?<!-)-{3,80}.{0,40}(?:original|returned|copy of)|^received\s*:|^return-path\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]*)[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id[ \t]*:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_DIGITS = re.compile(r"(?<![\d.])([245]\d\d)(?![\d.])")
_AUTOMATIC_SUBJECT = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|"
    r"respuesta autom",
    re.IGNORECASE,
)


def _texts(mail: Message) -> Iterator[tuple[str, str]]:
    """Yield type and text of each part, those inside a report and the returned mail among them."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status" and part.is_multipart():
            inner = part.get_payload()
            blocks = inner if isinstance(inner, list) else []
            yield kind, "\n".join(str(block) for block in blocks).replace("\r\n", "\n")
        elif not part.is_multipart():
            raw = part.get_payload(decode=True)
            text = raw.decode(_charset(part), "replace") if isinstance(raw, bytes) else ""
            yield kind, text.replace("\r\n", "\n")
        elif kind == "message/feedback-report":
            yield kind, str(part.get_payload(0)).replace("\r\n", "\n")


def _charset(part: Message) -> str:
    named = str(part.get_content_charset() or "utf-8")
    try:
        "".encode(named)
    except (LookupError, ValueError):
        return "utf-8"
    return named


def _header(mail: Message, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _headers(mail: Message, name: str) -> list[str]:
    return [str(value) for value in mail.get_all(name, [])]


def _report_type(mail: Message) -> str:
    return str(mail.get_param("report-type", "")).lower()


def _addressed_to(mail: Message) -> tuple[str, ...]:
    names = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
    values = [value for name in names for value in _headers(mail, name)]
    return tuple(dict.fromkeys(address for _, address in getaddresses(values) if "@" in address))


def _original_id(mail: Message, texts: tuple[tuple[str, str], ...]) -> str | None:
    """Return the Message-ID of what was sent: of the returned mail, else as quoted or answered."""
    for part in mail.walk():
        if part is not mail and part.get("Message-ID"):
            return _header(part, "Message-ID")
    for _, text in texts:
        if quoted := _MESSAGE_ID.search(text):
            return quoted.group(1)
    for document in _documents(texts):
        headers = document.get("mail", {})
        common = headers.get("commonHeaders", {}) if isinstance(headers, dict) else {}
        if isinstance(common, dict) and isinstance(common.get("messageId"), str):
            return str(common["messageId"])
    return _header(mail, "In-Reply-To") or None


def _complaint(texts: tuple[tuple[str, str], ...]) -> tuple[Kind, tuple[Returned, ...]] | None:
    """Return what a feedback report (ARF, RFC 5965) says, or None when there is none."""
    for kind, text in texts:
        fields = _fields(text)
        if kind != "message/feedback-report" and "feedback-type" not in dict(fields):
            continue
        opted_out = dict(fields).get("feedback-type", "").lower().startswith("opt-out")
        named = [_plain_address(value) for name, value in fields if name == "original-rcpt-to"]
        cause = Cause.OPT_OUT if opted_out else Cause.COMPLAINT
        found = tuple(Returned(one, False, None, cause) for one in dict.fromkeys(named) if one)
        return (Kind.OPT_OUT if opted_out else Kind.COMPLAINT), found
    return None


def _fields(text: str) -> list[tuple[str, str]]:
    return [(name.lower(), " ".join(value.split())) for name, value in _FIELD.findall(text)]


def _from_fields(texts: tuple[tuple[str, str], ...]) -> Iterator[Returned]:
    """Yield each recipient of the fields of a delivery report (RFC 3464), wherever they stand."""
    for _, text in sorted(texts, key=lambda part: part[0] != "message/delivery-status"):
        groups: list[dict[str, str]] = []
        for name, value in _fields(text):
            names_one = name in {"final-recipient", "original-recipient"}
            if names_one and (not groups or name in groups[-1] or "action" in groups[-1]):
                groups.append({})
            if groups:
                groups[-1].setdefault(name, value)
        found = [one for group in groups if (one := _from_group(group)) is not None]
        if found:
            yield from found
            return


def _from_group(group: dict[str, str]) -> Returned | None:
    address = _plain_address(group.get("original-recipient") or group.get("final-recipient", ""))
    if not address or not group.keys() & {"action", "status", "diagnostic-code"}:
        return None
    diagnostic = group.get("diagnostic-code", "")
    words = diagnostic.partition(";")[2].strip() if ";" in diagnostic else diagnostic
    code = enhanced_code(group.get("status", ""))
    if code is None or code in SAYS_NOTHING:
        code = enhanced_code(words) or code
    return _judged(address, group.get("action", ""), code, words)


def _judged(address: str, action: str, code: str | None, words: str) -> Returned:
    """Judge one recipient: an action that RFC 3464 does not know is read by its stem."""
    action = action.lower()
    digits = _DIGITS.search(words)
    shown = code or (digits.group(1) if digits else None)
    if re.search(r"undeliv|fail|bounce|reject", action):
        return _failed(address, shown, words)
    if re.search(r"delay|defer|retr|warn", action):
        return Returned(address, False, shown, Cause.DELAYED)
    if re.search(r"deliver|relay|expand", action) or (shown or "").startswith("2"):
        return Returned(address, False, shown, Cause.DELIVERED)
    if (shown or "").startswith("4"):
        return Returned(address, False, shown, Cause.DELAYED)
    return _failed(address, shown, words)


def _failed(address: str, code: str | None, words: str) -> Returned:
    if code is None:
        return Returned(address, True, None, Cause.OTHER)
    if code.startswith("4"):
        # The relay gave up on a passing fault: this delivery is over, the address is fine.
        return Returned(address, False, code, Cause.GAVE_UP)
    if "." in code and code not in SAYS_NOTHING:
        outcome = permanent_cause(code, words)
    else:
        digits = _DIGITS.search(words)
        number = int(digits.group(1)) if digits else 550 if "." in code else int(code)
        outcome = classify(number, words or code, stage=Stage.RECIPIENT).outcome
    if outcome is Outcome.PERMANENT:
        # Without any words the answer proves nothing about the address: a person looks.
        proven = bool(words) or code not in SAYS_NOTHING
        return Returned(address, True, code, Cause.ADDRESS if proven else Cause.OTHER)
    return Returned(address, outcome is not Outcome.PASSING, code, _cause(code))


_CAUSES = {
    "5.2.1": Cause.MAILBOX_DISABLED,
    "5.2.2": Cause.MAILBOX_FULL,
    "552": Cause.MAILBOX_FULL,
    "5.2.3": Cause.TOO_LARGE,
    "5.3.4": Cause.TOO_LARGE,
}


def _cause(code: str) -> Cause:
    if code in _CAUSES:
        return _CAUSES[code]
    if code.startswith("5.6."):
        return Cause.CONTENT
    return Cause.POLICY if code.startswith(("5.7.", "55")) else Cause.OTHER


def _plain_address(value: str) -> str:
    """Return the address of a field such as `rfc822; <anna@example.org>`, or an empty text."""
    bare = value.rpartition(";")[2].strip().strip("<>").strip()
    return bare if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", bare) else ""


def _kind_of(returned: tuple[Returned, ...]) -> Kind:
    causes = {one.cause for one in returned}
    if causes <= {Cause.DELIVERED}:
        return Kind.DELIVERED
    if causes <= {Cause.DELIVERED, Cause.DELAYED}:
        return Kind.DELAY
    return Kind.COMPLAINT if causes <= {Cause.COMPLAINT} else Kind.BOUNCE


def _documents(texts: tuple[tuple[str, str], ...]) -> Iterator[dict[str, Any]]:
    """Yield the JSON reports of a mail, in the form of Amazon SES, bare or inside an envelope."""
    for _, text in texts:
        outer = _document(text)
        inner = _document(str(outer.get("Message", "")))
        yield from (document for document in (outer, inner) if document)


def _document(text: str) -> dict[str, Any]:
    opening, closing = text.find("{"), text.rfind("}")
    try:
        document = json.loads(text[opening : closing + 1]) if opening >= 0 else None
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _from_json(texts: tuple[tuple[str, str], ...]) -> Iterator[Returned]:
    for document in _documents(texts):
        for part, listed in (
            ("bounce", "bouncedRecipients"),
            ("complaint", "complainedRecipients"),
        ):
            report = document.get(part)
            entries = report.get(listed) if isinstance(report, dict) else None
            for entry in entries if isinstance(entries, list) else []:
                if not isinstance(entry, dict) or not _plain_address(
                    str(entry.get("emailAddress"))
                ):
                    continue
                address = _plain_address(str(entry["emailAddress"]))
                if part == "complaint":
                    yield Returned(address, False, None, Cause.COMPLAINT)
                    continue
                words = str(entry.get("diagnosticCode") or "")
                code = enhanced_code(str(entry.get("status") or "")) or enhanced_code(words)
                yield _judged(address, str(entry.get("action") or "failed"), code, words)


def _by_words(address: str, words: str) -> Returned:
    report = _before_original(words)
    code = enhanced_code(report)
    digits = _DIGITS.search(report)
    shown = code or (digits.group(1) if digits else None)
    return _failed(address, shown, shown_text(report[digits.start() :] if digits else report))


def _before_original(words: str) -> str:
    """Return a report without the returned mail below it."""
    found = _ORIGINAL.search(words)
    return words[: found.start()] if found else words


def _is_from_a_machine(mail: Message) -> bool:
    sender = f"{_header(mail, 'From')} {_header(mail, 'Return-Path')}".lower()
    empty = _header(mail, "Return-Path") == "<>"
    return empty or bool(re.search(r"mailer-daemon|postmaster|mail delivery|mailbot", sender))


def _is_automatic(mail: Message) -> bool:
    """Return whether a machine answered: neither a bounce nor an acknowledgement."""
    submitted = _header(mail, "Auto-Submitted").lower()
    return (
        (bool(submitted) and submitted != "no")
        or any(
            name in mail for name in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond")
        )
        or _header(mail, "Precedence").lower() in {"auto_reply", "auto-reply"}
        or bool(_AUTOMATIC_SUBJECT.search(_header(mail, "Subject")))
    )
