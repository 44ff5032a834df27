"""Bad weather between a client and a server: lines that break, servers that turn requests away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Line:
    """A TCP line to a server that breaks its first connections after so many bytes of the client's."""

    target: str
    breaks: list[int]
    opened: int = 0
    url: str = ""


@contextmanager
def breaking_line(target: str, *, breaks: list[int]) -> Iterator[Line]:
    """Yield a line to ``target`` whose n-th connection is cut after ``breaks[n]`` bytes; later ones hold."""
    line = Line(target, breaks)
    with socket.create_server(("127.0.0.1", 0)) as server:
        line.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=accept, args=(server, line), daemon=True).start()
        yield line


def accept(server: socket.socket, line: Line) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        most = line.breaks[line.opened] if line.opened < len(line.breaks) else None
        line.opened += 1
        address = urlsplit(line.target)
        upstream = socket.create_connection((address.hostname or "", address.port or 80))
        threading.Thread(target=carry, args=(client, upstream, most), daemon=True).start()
        threading.Thread(target=carry, args=(upstream, client, None), daemon=True).start()


def carry(source: socket.socket, sink: socket.socket, most: int | None) -> None:
    """Carry bytes until the source ends, or ``most`` of them have come: then cut the line both ways."""
    carried = 0
    try:
        while piece := source.recv(16384):
            carried += len(piece)
            if most is not None and carried > most:
                break
            sink.sendall(piece)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue


@dataclass
class Porter:
    """What stands in front of a server: gives its answers in turn, and keeps what it was asked."""

    answers: list[tuple[int, dict[str, str], bytes]]
    url: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def porter(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Porter]:
    """Yield a server that gives these answers (status, headers, body) one after the other."""
    kept = Porter(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept.asked.append((self.command, self.path, self.headers.get("Idempotency-Key", "")))
            status, headers, body = kept.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815  (names of http.server's)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield kept
        server.shutdown()
