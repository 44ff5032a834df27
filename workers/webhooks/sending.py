"""One request to a stranger: checked before, bounded in bytes and time, told in a sentence."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.util import create_urllib3_context

from labeling.addresses import AddressRefused, AddressRule
from workers.webhooks.deadline import Deadline
from workers.webhooks.faults import fault_of
from workers.webhooks.peers import guarded_pools

# What is read of an answer, and how long: it is for the log alone.
ANSWER_BYTES = 16 * 1024
ANSWER_SECONDS = 2.0
PIECE_BYTES = 4096
HEADERS_MOST = 40
HEADER_CHARACTERS = 500
# What comes of a receiver, its name or its address.
FAULTS = (urllib3.exceptions.HTTPError, OSError, ValueError, AddressRefused)
ALWAYS = {"User-Agent": "Labelyard-Webhooks/1", "Accept-Encoding": "identity"}
PRIVATE_HOSTS = "LABELYARD_WEBHOOK_PRIVATE_HOSTS"


@dataclass(frozen=True)
class Answer:
    """What came of a request. ``status`` None: there was no answer. ``code`` empty: it was delivered."""

    status: int | None
    code: str
    sentence: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    milliseconds: int = 0

    @property
    def delivered(self) -> bool:
        return not self.code


class Sender:
    """Sends to one endpoint, from any thread, over connections that are kept where the receiver keeps them.

    It knows no cookies, proxies or netrc, and follows no redirect.
    """

    def __init__(self, url: str, *, at_once: int = 1) -> None:
        self.url = url
        self.host = urlsplit(url).hostname or ""
        rule = AddressRule(private=self.host in settings.WEBHOOK_PRIVATE_HOSTS, setting=PRIVATE_HOSTS)
        self.pools = urllib3.PoolManager(
            num_pools=1,
            maxsize=at_once,
            retries=False,
            ssl_context=trusting(Path(settings.WEBHOOK_CERTIFICATES or certifi.where())),
        )
        self.pools.pool_classes_by_scheme = guarded_pools(rule)

    def close(self) -> None:
        self.pools.clear()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and return what came of it; nothing that a receiver does is raised."""
        begun = time.monotonic()
        seconds = settings.WEBHOOK_TIMEOUT_SECONDS
        with Deadline(seconds) as deadline:
            try:
                response = self.pools.urlopen(
                    "POST",
                    self.url,
                    body=body,
                    headers={**ALWAYS, **headers},
                    timeout=urllib3.Timeout(connect=seconds, read=seconds),
                    redirect=False,
                    preload_content=False,
                )
                try:
                    answer = answer_read(response, deadline)
                finally:
                    # One that was read to its end has given its connection back before.
                    response.close()
            except FAULTS as error:
                code, sentence = fault_of(error, host=self.host, late=deadline.passed, seconds=seconds)
                answer = Answer(None, code, sentence)
        return timed(answer, begun)


def trusting(authorities: Path) -> ssl.SSLContext:
    return context_of(authorities, authorities.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def context_of(authorities: Path, changed: int) -> ssl.SSLContext:
    """Return a context that knows the file's authorities: reading them takes longer than a request."""
    context = create_urllib3_context()
    context.load_verify_locations(cafile=authorities)
    return context


def timed(answer: Answer, begun: float) -> Answer:
    milliseconds = round(1000 * (time.monotonic() - begun))
    return Answer(answer.status, answer.code, answer.sentence, answer.headers, answer.body, milliseconds)


def answer_read(response: urllib3.BaseHTTPResponse, deadline: Deadline) -> Answer:
    """Judge by the status, and read as much of the answer as the log keeps."""
    if deadline.passed:
        raise TimeoutError  # headers that the deadline cut off read like whole ones
    deadline.renew(ANSWER_SECONDS)
    text, cut = body_read(response, deadline)
    code, sentence = verdict(response)
    headers = {
        name: printable(value)[:HEADER_CHARACTERS]
        for name, value in list(response.headers.items())[:HEADERS_MOST]
    }
    return Answer(response.status, code, f"{sentence} {cut}".strip(), headers, text)


def body_read(raw: Any, deadline: Deadline) -> tuple[str, str]:
    """Return the beginning of the answer, and a sentence on what was not read of it, empty for nothing."""
    pieces: list[bytes] = []
    size = 0
    try:
        while size < ANSWER_BYTES:
            piece = raw.read1(PIECE_BYTES, decode_content=False)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return text_of(pieces), slow_or_broken(deadline)
    if deadline.passed:
        return text_of(pieces), slow_or_broken(deadline)
    if size >= ANSWER_BYTES:
        return text_of(pieces), f"Of its answer only the first {ANSWER_BYTES // 1024} KiB were read."
    return text_of(pieces), ""


def slow_or_broken(deadline: Deadline) -> str:
    if deadline.passed:
        return f"The rest of its answer came too slowly: it was waited for {ANSWER_SECONDS:g} seconds."
    return "Its answer broke off."


def text_of(pieces: list[bytes]) -> str:
    return printable(b"".join(pieces)[:ANSWER_BYTES].decode("utf-8", errors="replace"))


def printable(text: str) -> str:
    """Without NUL, which PostgreSQL does not store."""
    return text.replace("\x00", "\ufffd")


def verdict(response: urllib3.BaseHTTPResponse) -> tuple[str, str]:
    """Return the code of the failure, empty for none, and the sentence."""
    status = response.status
    if 200 <= status < 300:
        return "", f"Answered {status}."
    if status < 400:
        to = printable(response.headers.get("Location", "elsewhere"))[:200]
        return (
            "redirect",
            f"Answered {status}, a redirect to {to}. Redirects are not followed: enter that address.",
        )
    if status == 410:
        return "gone", "Answered 410: it does not want to be told any more."
    return "refused", f"Answered {status}."
