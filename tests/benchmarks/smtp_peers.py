"""Those beside whom mail is sent: connections of our own that record nothing, a library's pool."""

import asyncio
import importlib.util
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

MESSAGES = 4_000
CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Trial:
    """Mails a second, and the processor time a mail by what spent it, in microseconds."""

    speed: float
    spent: dict[str, float]


@dataclass(frozen=True)
class Sink:
    port: int
    process: int


def spent_by(process: int) -> float:
    """Return the seconds of processor time of a process so far; 0 where nobody says."""
    with suppress(OSError):
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS
    return 0.0


def by_the_standard_library(number: int) -> bytes:
    """Return a mail of the same parts, written as a Python program usually does."""
    to, link = f"e{number}@bench.test", f"https://muster.bench.test/ack/{number:032}/"
    mail = EmailMessage()
    mail["From"] = "Benchmark via Muster <muster@bench.test>"
    mail["To"] = to
    mail["Subject"] = "Lincoln High School: new packet"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{number}@bench.test>"
    text = f"Lincoln High School: version 8.\n\nOpen the packet:\n{link}\n\nAcknowledge:\n{link}\n"
    mail.set_content(text)
    mail.add_alternative(f"<html><body><p>{text}</p><a href='{link}'>x</a></body></html>", "html")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def bare_sends(
    port: int,
    content_of: Callable[[int], bytes],
    number: int = MESSAGES,
    *,
    pipelining: bool = False,
    relay: Sink | None = None,
) -> Trial:
    """Return the speed of eight asyncio connections that record nothing."""
    envelope = [b"MAIL FROM:<muster@bench.test>\r\n", b"RCPT TO:<e1@bench.test>\r\n", b"DATA\r\n"]
    steps = [(b"".join(envelope), 3)] if pipelining else [(one, 1) for one in envelope]

    async def connection(numbers: range) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()

        async def ask(words: bytes, answers: int = 1) -> None:
            writer.write(words)
            for _ in range(answers):
                while (answer := await reader.readline())[3:4] == b"-":
                    pass
                assert answer[:1] in b"23", answer

        await ask(b"EHLO bench\r\n")
        for n in numbers:
            content = content_of(n)
            for words, answers in steps:
                await ask(words, answers)
            await ask(content + b".\r\n")
        writer.close()

    async def all_of_them() -> None:
        share = number // CONNECTIONS
        lines = (connection(range(n * share, (n + 1) * share)) for n in range(CONNECTIONS))
        await asyncio.gather(*lines)

    taken = spent_by(relay.process) if relay else 0.0
    begun, own = time.perf_counter(), time.process_time()
    asyncio.run(all_of_them())
    speed = number / (time.perf_counter() - begun)
    spent = {"sender": time.process_time() - own}
    if relay:
        spent["relay"] = spent_by(relay.process) - taken
    return Trial(speed, {name: value / number * 1e6 for name, value in spent.items()})


def library_sends(port: int, content: bytes, number: int = MESSAGES) -> float | None:
    """Return mails a second of eight kept connections of aiosmtplib; None where it is missing."""
    if importlib.util.find_spec("aiosmtplib") is None:
        return None
    import aiosmtplib

    async def connection(share: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for _ in range(share):
            await client.sendmail("muster@bench.test", ["e1@bench.test"], content)
        await client.quit()

    async def all_of_them() -> None:
        await asyncio.gather(*(connection(number // CONNECTIONS) for _ in range(CONNECTIONS)))

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return number / (time.perf_counter() - begun)
