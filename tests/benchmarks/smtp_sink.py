"""A mail server that takes everything, keeps nothing and answers as fast as it can.

`python -m tests.benchmarks.smtp_sink` prints its port, then serves until it is killed.
"""

import asyncio
import sys

DOT = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection; commands may come in one piece or many."""

    def __init__(self) -> None:
        self.buffer = b""
        self.in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            mark = DOT if self.in_content else b"\r\n"
            found = self.buffer.find(mark)
            if found < 0:
                return
            line, self.buffer = self.buffer[:found], self.buffer[found + len(mark) :]
            if self.in_content:
                self.in_content = False
                self.transport.write(b"250 2.0.0 taken\r\n")
                continue
            word = line[:4].upper()
            if word == b"DATA":
                # The blank line in front lets a message that is only a dot be found as well.
                self.in_content, self.buffer = True, b"\r\n" + self.buffer
                self.transport.write(b"354 go on\r\n")
            elif word == b"QUIT":
                self.transport.write(b"221 2.0.0 bye\r\n")
                self.transport.close()
                return
            else:
                self.transport.write(b"250 2.0.0 fine\r\n")


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
