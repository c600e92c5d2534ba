"""A mail server that takes everything, keeps nothing and answers as fast as it can.

`python -m tests.benchmarks.smtp_sink [milliseconds]` prints its port, then serves until it is
killed. It offers PIPELINING and SIZE, as Postfix, Exim and Exchange do. With milliseconds it takes
each message only after so long, as a relay does that writes it to a disk and stands elsewhere.
"""

import asyncio
import sys

DOT = b"\r\n.\r\n"
GREETING = b"250-sink\r\n250-PIPELINING\r\n250 SIZE 35882577\r\n"


class Sink(asyncio.Protocol):
    """One connection; commands may come in one piece or many."""

    seconds = 0.0

    def __init__(self) -> None:
        self.buffer = b""
        self.in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = []
        while True:
            mark = DOT if self.in_content else b"\r\n"
            found = self.buffer.find(mark)
            if found < 0:
                break
            line, self.buffer = self.buffer[:found], self.buffer[found + len(mark) :]
            answers.append(self.answer(line))
        if answers:
            self.say(b"".join(answers))

    def answer(self, line: bytes) -> bytes:
        """Return what to say to one command, or to the end of a message."""
        if self.in_content:
            self.in_content = False
            return self.later(b"250 2.0.0 taken\r\n")
        word = line[:4].upper()
        if word == b"DATA":
            # The blank line in front lets a message that is only a dot be found as well.
            self.in_content, self.buffer = True, b"\r\n" + self.buffer
            return b"354 go on\r\n"
        if word == b"QUIT":
            asyncio.get_running_loop().call_soon(self.transport.close)
            return b"221 2.0.0 bye\r\n"
        return GREETING if word == b"EHLO" else b"250 2.0.0 fine\r\n"

    def later(self, words: bytes) -> bytes:
        """Return the words, or nothing and say them after this sink's wait."""
        if not self.seconds:
            return words
        asyncio.get_running_loop().call_later(self.seconds, self.say, words)
        return b""

    def say(self, words: bytes) -> None:
        if words and not self.transport.is_closing():
            self.transport.write(words)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    Sink.seconds = float(sys.argv[1]) / 1000 if sys.argv[1:] else 0.0
    asyncio.run(serve())
