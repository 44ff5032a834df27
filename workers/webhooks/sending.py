"""One request to a stranger: checked before, bounded in bytes and time, told in a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings

from labeling.addresses import AddressRefused, AddressRule
from workers.webhooks.deadline import Deadline
from workers.webhooks.faults import fault_of
from workers.webhooks.peers import guarded_pools

if TYPE_CHECKING:
    from requests_hardened import HTTPSession

D = TypeVar("D")
T = TypeVar("T")

# What is read of an answer, and how long: it is for the log alone.
ANSWER_BYTES = 16 * 1024
ANSWER_SECONDS = 2.0
PIECE_BYTES = 4096
HEADERS_MOST = 40
HEADER_CHARACTERS = 500
# What comes of a receiver, its name or its address.
FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, AddressRefused)
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
    """Sends to one endpoint, over one connection where the receiver keeps it open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = urlsplit(url).hostname or ""
        self.session = session_for(self.host)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and return what came of it; nothing that a receiver does is raised."""
        begun = time.monotonic()
        seconds = settings.WEBHOOK_TIMEOUT_SECONDS
        with Deadline(seconds) as deadline:
            try:
                with self.session.post(
                    self.url,
                    data=body,
                    headers=dict(headers),
                    timeout=(seconds, seconds),
                    stream=True,
                    allow_redirects=False,
                    verify=settings.WEBHOOK_CERTIFICATES or True,
                ) as response:
                    answer = answer_read(response, deadline)
            except FAULTS as error:
                code, sentence = fault_of(error, host=self.host, late=deadline.passed, seconds=seconds)
                answer = Answer(None, code, sentence)
        return timed(answer, begun)


class Senders:
    """As many senders to one endpoint as are busy at once, each with a connection and a thread."""

    def __init__(self, url: str, *, at_once: int) -> None:
        self.url = url
        self.threads = ThreadPoolExecutor(at_once, thread_name_prefix="webhook")
        self.idle: list[Sender] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.threads.shutdown()
        for sender in self.idle:
            sender.session.close()

    def submit(self, work: Callable[[Sender, D], T], about: D) -> Future[T]:
        """Have ``work(sender, about)`` done on a thread, by the sender that was busy last."""
        return self.threads.submit(self.lend, work, about)

    def lend(self, work: Callable[[Sender, D], T], about: D) -> T:
        try:
            sender = self.idle.pop()
        except IndexError:
            sender = Sender(self.url)
        try:
            return work(sender, about)
        finally:
            self.idle.append(sender)


def timed(answer: Answer, begun: float) -> Answer:
    milliseconds = round(1000 * (time.monotonic() - begun))
    return Answer(answer.status, answer.code, answer.sentence, answer.headers, answer.body, milliseconds)


def answer_read(response: requests.Response, deadline: Deadline) -> Answer:
    """Judge by the status, and read as much of the answer as the log keeps."""
    if deadline.passed:
        raise TimeoutError  # headers that the deadline cut off read like whole ones
    deadline.renew(ANSWER_SECONDS)
    text, cut = body_read(response.raw, deadline)
    code, sentence = verdict(response)
    headers = {
        name: printable(value)[:HEADER_CHARACTERS]
        for name, value in list(response.headers.items())[:HEADERS_MOST]
    }
    return Answer(response.status_code, code, f"{sentence} {cut}".strip(), headers, text)


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


def verdict(response: requests.Response) -> tuple[str, str]:
    """Return the code of the failure, empty for none, and the sentence."""
    status = response.status_code
    if response.ok and status < 300:
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


def session_for(host: str) -> requests.Session:
    """Return a session without cookies, proxies or netrc, that goes where ``host`` may be."""
    rule = AddressRule(private=host in settings.WEBHOOK_PRIVATE_HOSTS, setting=PRIVATE_HOSTS)
    session = requests.Session() if rule.private else hardened_session()
    for adapter in session.adapters.values():
        guard(adapter, rule)
    session.trust_env = False
    session.headers.update({"User-Agent": "Labelyard-Webhooks/1", "Accept-Encoding": "identity"})
    return session


def hardened_session() -> HTTPSession:
    """Return one that refuses private addresses, and goes to the address that it checked."""
    from requests_hardened import Config, HTTPSession

    seconds = settings.WEBHOOK_TIMEOUT_SECONDS
    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=(seconds, seconds),
    )
    return HTTPSession(config)


def guard(adapter: Any, rule: AddressRule) -> None:
    """Have the adapter's connections end with the deadline, and go where ``rule`` allows."""
    adapter.poolmanager.pool_classes_by_scheme = guarded_pools(rule)
