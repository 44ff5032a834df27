"""A bucket that misbehaves on purpose, or has as many keys as wanted: a server that speaks a little S3.

The ordinary ways are tested against moto and nanio (``tests.servers``).
"""

from __future__ import annotations

import hashlib
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit
from xml.sax.saxutils import escape

import boto3
from botocore.config import Config

from labeling.stack.ports import LOOPBACK
from tests.servers import S3Server

NAME = "strange"
PAGE = 1000


@dataclass
class StrangeBucket:
    """Objects by key, all in memory; ``keys`` alone stand in for objects whose bytes nobody asks for.

    ``claimed`` are sizes that are told instead of the true ones.

    ``faults`` are taken one a request, oldest first: each is given the request and answers it, or
    returns False to let it pass. ``always`` is asked after them.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    claimed: dict[str, int] = field(default_factory=dict)
    faults: deque[Callable[[Request], bool]] = field(default_factory=deque)
    always: Callable[[Request], bool] | None = None
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def etag(self, key: str) -> str:
        data = self.objects.get(key)
        return hashlib.md5(key.encode() if data is None else data, usedforsecurity=False).hexdigest()

    def size(self, key: str) -> int:
        return self.claimed.get(key, len(self.objects[key]) if key in self.objects else 1000)

    def page(self, prefix: str, after: str, most: int) -> tuple[list[str], bool]:
        """The keys of one answer, and whether there are more. ``keys`` are ASCII and sorted."""
        keys = self.keys or sorted(self.objects, key=str.encode)
        start = bisect_right(keys, after) if self.keys else 0
        found = []
        for place in range(start, len(keys)):
            key = keys[place]
            if key.startswith(prefix) and key.encode() > after.encode():
                found.append(key)
            if len(found) > most:
                break
        return found[:most], len(found) > most


class Request(BaseHTTPRequestHandler):
    """One request to a StrangeBucket."""

    protocol_version = "HTTP/1.1"
    bucket: StrangeBucket

    def do_GET(self) -> None:
        self.serve()

    def do_HEAD(self) -> None:
        self.serve()

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path.removeprefix(f"/{NAME}").removeprefix("/"))

    def serve(self) -> None:
        bucket = self.bucket
        bucket.requests.append(f"{self.command} {self.path}")
        if bucket.faults and bucket.faults.popleft()(self):
            return
        if bucket.always is not None and bucket.always(self):
            return
        if self.key:
            self.send_object(self.key)
        else:
            self.send_list()

    def send_list(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, after = query.get("prefix", ""), query.get("start-after", "")
        keys, more = self.bucket.page(prefix, after, min(int(query.get("max-keys", PAGE)), PAGE))
        rows = "".join(
            f"<Contents><Key>{quote_plus(key, safe='/')}</Key><Size>{self.bucket.size(key)}</Size>"
            f"<ETag>&quot;{self.bucket.etag(key)}&quot;</ETag></Contents>"
            for key in keys
        )
        self.say(
            200,
            f"<ListBucketResult><Name>{NAME}</Name><EncodingType>url</EncodingType>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{rows}</ListBucketResult>",
        )

    def send_object(self, key: str) -> None:
        if key not in self.bucket.objects:
            self.refuse(404, "NoSuchKey")
            return
        wanted = self.headers.get("If-Match", "").strip('"')
        if wanted and wanted != self.bucket.etag(key):
            self.refuse(412, "PreconditionFailed")
            return
        data = self.bucket.objects[key]
        first, last = 0, len(data) - 1
        span = self.headers.get("Range")
        if span:
            first, last = (int(number) for number in span.removeprefix("bytes=").split("-"))
            last = min(last, len(data) - 1)
        self.send_response(206 if span else 200)
        length = last - first + 1 if self.command == "GET" else self.bucket.size(key)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", f'"{self.bucket.etag(key)}"')
        if span:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[first : last + 1])

    def refuse(self, status: int, code: str) -> None:
        self.say(status, f"<Error><Code>{escape(code)}</Code><Message>no</Message></Error>")

    def say(self, status: int, body: str, **headers: str) -> None:
        data = f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/xml", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def strange_bucket(bucket: StrangeBucket) -> Iterator[StrangeBucket]:
    """Serve ``bucket`` at its ``url`` until the end of the block."""
    served = type("Served", (Request,), {"bucket": bucket})
    with ThreadingHTTPServer((LOOPBACK, 0), served) as server:
        server.daemon_threads = True
        server.block_on_close = False
        bucket.url = f"http://{LOOPBACK}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield bucket
        finally:
            server.shutdown()
            thread.join()


def refusing(status: int, code: str) -> Callable[[Request], bool]:
    """A fault: answer with an error."""

    def refuse(request: Request) -> bool:
        request.refuse(status, code)
        return True

    return refuse


class RealBucket:
    """A bucket on a real server, filled by a client of its own."""

    def __init__(self, server: S3Server, name: str) -> None:
        self.server = server
        self.name = name
        self.client = boto3.session.Session().client(
            "s3",
            endpoint_url=server.endpoint,
            region_name=server.region,
            aws_access_key_id=server.access_key,
            aws_secret_access_key=server.secret_key,
            config=Config(s3={"addressing_style": "path"}),
        )
        self.client.create_bucket(Bucket=name)

    def put(self, key: str, data: bytes) -> None:
        """Store an object, replacing what is there."""
        self.client.put_object(Bucket=self.name, Key=key, Body=data)

    def drop(self, key: str) -> None:
        """Delete an object."""
        self.client.delete_object(Bucket=self.name, Key=key)
