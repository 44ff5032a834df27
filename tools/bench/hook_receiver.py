"""A receiver of webhooks in a process of its own, which writes down each request before it answers.

``python -m tools.bench.hook_receiver LOG`` prints its port, and serves until its input ends. What stands
in the address's path says how it answers: ``/live/…`` at once, ``/slow/…`` after ``SLOW_SECONDS``,
``/hole/…`` never. ``GET /heard`` answers how many different messages the live ones have heard.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import BinaryIO

SLOW_SECONDS = 1.0
TOLD = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver:
    """Answers on any number of connections, each kept open as long as the sender likes."""

    def __init__(self, log: BinaryIO) -> None:
        self.log = log
        self.heard: set[tuple[str, str]] = set()
        self.never = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(await self.answer(head.decode("latin-1"), reader))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return  # the sender went, or the input has ended
        finally:
            writer.close()

    async def answer(self, head: str, reader: asyncio.StreamReader) -> bytes:
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        if path == "/heard":
            body = str(len(self.heard)).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        message = headers["webhook-id"]
        self.log.write(f"{time.monotonic()}\t{path}\t{message}\t".encode() + body + b"\n")
        if path.startswith("/live/"):
            self.heard.add((path, message))
        elif path.startswith("/slow/"):
            await asyncio.sleep(SLOW_SECONDS)
        else:
            await self.never.wait()
        return TOLD


async def serve_until_input_ends(log: BinaryIO) -> None:
    server = await asyncio.start_server(Receiver(log).serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    log.flush()


def main() -> None:
    with Path(sys.argv[1]).open("wb") as log:
        asyncio.run(serve_until_input_ends(log))


if __name__ == "__main__":
    main()
