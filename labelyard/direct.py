"""Files straight into the installation's bucket: in parts, several at a time, going on where it broke off."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import httpx2

from labelyard.connection import Connection
from labelyard.errors import LabelyardError
from labelyard.retrying import Again, attempted

THREADS = 4
# As many addresses are asked for at once: they are good for a quarter of an hour.
AT_ONCE = 8
TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
FIRST_TRIES = 2
UNCONNECTED = (httpx2.ConnectError, httpx2.ConnectTimeout)
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

Progress = Callable[[int, int | None], object]


@dataclass(frozen=True, kw_only=True)
class Way:
    """By which way files arrive: of ``min_bytes`` and more straight into the bucket where ``direct``."""

    direct: bool
    sentence: str
    min_bytes: int
    max_bytes: int


@dataclass(frozen=True, kw_only=True)
class DirectUpload:
    """An upload that the server opened. Parts are numbered from 1."""

    id: int
    state: str
    part_bytes: int
    part_count: int
    parts_there: list[int]
    media: int | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """Where to put a part."""

    number: int
    size: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Parts:
    parts: list[Part]


class BucketAway(Exception):
    """Nothing at all reached the bucket from here."""


class Expired(Exception):
    """The bucket refuses the address of a part."""


def upload_way(connection: Connection, project: int) -> Way | None:
    """Ask how files arrive; None where the server is older than the question."""
    try:
        return connection.read(Way, f"projects/{project}/uploads/")
    except LabelyardError as error:
        if error.status == 404:
            return None
        raise


def may_go_direct(file: Path, *, kind: str | None) -> bool:
    """Of a series only an archive is one file; what else it is made of the server packs."""
    if kind is None:
        return True
    with file.open("rb") as opened:
        return opened.read(4) in ZIP


def upload_direct(
    connection: Connection,
    project: int,
    file: Path,
    *,
    fields: dict[str, object],
    progress: Progress | None,
) -> DirectUpload:
    """Put the file into the bucket, all parts that are not there; return the upload, whose parts are there.

    Of what the project has, ``media`` names it. Raises ``BucketAway`` when the bucket cannot be reached from
    here, ``LabelyardError``; after that, another call goes on where this one broke off.
    """
    size = file.stat().st_size
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    begun = connection.post(
        DirectUpload,
        f"projects/{project}/uploads/",
        {**fields, "size_bytes": size, "sha256": digest},
        repeatable=True,
    )
    if begun.state == "open":
        try:
            Sending(connection, begun, file, size=size, progress=progress).run()
        except BucketAway:
            connection.send("DELETE", f"uploads/{begun.id}/")
            raise
    elif progress is not None:
        progress(size, size)
    return begun


class Sending:
    """The parts of one file on their way."""

    def __init__(
        self,
        connection: Connection,
        upload: DirectUpload,
        file: Path,
        *,
        size: int,
        progress: Progress | None,
    ) -> None:
        self.connection = connection
        self.upload = upload
        self.file = file
        self.size = size
        self.progress = progress
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.sent = sum(self.size_of(number) for number in upload.parts_there)
        self.reached = bool(upload.parts_there)
        # Without the token: the bucket is somebody else.
        self.http = httpx2.Client(timeout=TIMEOUT, transport=connection.transport)

    def size_of(self, number: int) -> int:
        return min(self.upload.part_bytes, self.size - (number - 1) * self.upload.part_bytes)

    def run(self) -> None:
        """Send what is missing; addresses are asked for a few at a time."""
        self.tell(0)
        there = set(self.upload.parts_there)
        missing = (number for number in range(1, self.upload.part_count + 1) if number not in there)
        with self.http, ThreadPoolExecutor(THREADS, thread_name_prefix="parts") as pool:
            sending: set[Future[None]] = set()
            try:
                for part in self.addresses(missing):
                    if len(sending) >= THREADS:
                        sending = finished(sending)
                    sending.add(pool.submit(self.send, part))
                while sending:
                    sending = finished(sending)
            except BaseException:
                self.stop.set()
                raise

    def addresses(self, numbers: Iterator[int]) -> Iterator[Part]:
        while some := list(islice(numbers, AT_ONCE)):
            yield from self.ask(some)

    def ask(self, numbers: Sequence[int]) -> list[Part]:
        path = f"uploads/{self.upload.id}/parts/"
        return self.connection.post(Parts, path, {"numbers": list(numbers)}, repeatable=True).parts

    def send(self, part: Part) -> None:
        """Send one part; an address that has expired is asked for anew, once."""
        try:
            self.put(part)
        except Expired:
            (anew,) = self.ask([part.number])
            try:
                self.put(anew)
            except Expired as error:
                sentence = f"The bucket refuses part {part.number} of {self.file.name}: {error}."
                raise LabelyardError("bucket_refused", sentence) from error

    def put(self, part: Part) -> None:
        with self.file.open("rb") as opened:
            opened.seek((part.number - 1) * self.upload.part_bytes)
            data = opened.read(part.size)
        tries = count(1)
        attempted(lambda: self.attempt(part, data, next(tries)), times=self.connection.attempts)

    def attempt(self, part: Part, data: bytes, number: int) -> None:
        if self.stop.is_set():
            return
        try:
            answer = self.http.put(part.url, content=data)
        except UNCONNECTED as error:
            # What was never reached is not tried for minutes: the server takes the file, too.
            if number >= FIRST_TRIES and not self.reached:
                raise BucketAway(self.broken(error).sentence) from error
            raise Again(self.broken(error)) from error
        except httpx2.TransportError as error:
            self.reached = True
            raise Again(self.broken(error)) from error
        self.reached = True
        if answer.status_code >= 500:
            sentence = f"The bucket answered {answer.status_code} to part {part.number} of {self.file.name}."
            raise Again(LabelyardError("bucket_away", sentence))
        if not answer.is_success:
            raise Expired(str(answer.status_code))
        self.tell(part.size)

    def broken(self, error: httpx2.TransportError) -> LabelyardError:
        reason = type(error).__name__
        sentence = f"The line to the bucket broke ({reason}). Upload {self.file.name} again: it goes on."
        return LabelyardError("bucket_away", sentence)

    def tell(self, bytes_sent: int) -> None:
        with self.lock:
            self.sent += bytes_sent
            if self.progress is not None:
                self.progress(self.sent, self.size)


def finished(sending: set[Future[None]]) -> set[Future[None]]:
    """Wait for one or more, raise what they raised, and return those that are under way."""
    done, left = wait(sending, return_when=FIRST_COMPLETED)
    for future in done:
        future.result()
    return left
