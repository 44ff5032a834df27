"""HTTP to one installation: token, timeouts, errors, attempts; records out of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import httpx2
import msgspec

from labelyard.errors import LabelyardError, error_of
from labelyard.retrying import attempted, failed, refused

API = "/api/v1/"
TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
# Exports are written before the first byte of them is sent.
EXPORT_TIMEOUT = httpx2.Timeout(600.0, connect=10.0)
ATTEMPTS = 5
LIMIT = 500
PIECE_BYTES = 1 << 18

T = TypeVar("T")
Query = Mapping[str, object]


class Page(msgspec.Struct):
    """A page of a list, its rows still as they came."""

    results: list[msgspec.Raw]
    next: str | None = None


class Connection:
    """Sends requests. Threads may share it."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        attempts: int = ATTEMPTS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/").removesuffix(API.rstrip("/"))
        self.attempts = attempts
        self.transport = transport
        self.http = httpx2.Client(
            base_url=self.url + API,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=TIMEOUT,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections that are open."""
        self.http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> bytes:
        """Return the answer's body. What is repeatable (all that only reads) is tried again when it breaks.

        Raises ``LabelyardError``.
        """
        return self.sent(method, path, query=query, body=body, headers=headers, repeatable=repeatable).content

    def sent(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> httpx2.Response:
        """``send``, and return the answer as a whole."""
        content = None if body is None else msgspec.json.encode(body)
        typed = {"Content-Type": "application/json"} if content is not None else {}

        def attempt() -> httpx2.Response:
            request = self.http.build_request(
                method, path, params=asked(query), content=content, headers={**typed, **(headers or {})}
            )
            return self.answer(request, repeatable=repeatable or method == "GET")

        return attempted(attempt, times=self.attempts)

    def answer(self, request: httpx2.Request, *, repeatable: bool) -> httpx2.Response:
        """Send once, and return an answer of success. Raises ``Again``, ``LabelyardError``."""
        try:
            response = self.http.send(request)
        except httpx2.TransportError as error:
            raise failed(error, url=self.url, repeatable=repeatable) from error
        if not response.is_success:
            raise refusal(response, repeatable=repeatable)
        return response

    def read(self, kind: type[T], path: str, *, query: Query | None = None) -> T:
        """GET a record."""
        return record(kind, self.send("GET", path, query=query))

    def post(self, kind: type[T], path: str, body: object = None, **options: Any) -> T:
        """POST, and return the record that is answered."""
        return record(kind, self.send("POST", path, body={} if body is None else body, **options))

    def put(self, kind: type[T], path: str, body: object, **options: Any) -> T:
        """PUT, and return the record that is answered."""
        return record(kind, self.send("PUT", path, body=body, **options))

    def patch(self, kind: type[T], path: str, body: object, **options: Any) -> T:
        """PATCH, and return the record that is answered."""
        return record(kind, self.send("PATCH", path, body=body, **options))

    def pages(self, kind: type[T], path: str, *, query: Query | None = None) -> Iterator[T]:
        """Yield the rows of a list, a page read when its first row is wanted."""
        cursor: str | None = None
        while True:
            asking = {"limit": LIMIT, **(query or {}), **({"cursor": cursor} if cursor else {})}
            page = self.read(Page, path, query=asking)
            for row in page.results:
                yield record(kind, bytes(row))
            cursor = page.next
            if cursor is None:
                return


def asked(query: Query | None) -> dict[str, Any]:
    """Leave out what is None, and say booleans as the API does."""
    said = {name: value for name, value in (query or {}).items() if value is not None}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in said.items()
    }


def given(**members: object) -> dict[str, object]:
    """Return the members of a body that are told: None is not said."""
    return {name: value for name, value in members.items() if value is not None}


def record(kind: type[T], content: bytes) -> T:
    """Return the record that the JSON tells; members that this client does not know are passed over."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        sentence = f"The server's answer is not what this client understands: {error}."
        raise LabelyardError("unexpected_answer", sentence) from error


def refusal(response: httpx2.Response, *, repeatable: bool) -> Exception:
    """Return what an answer that is none of success is raised as."""
    url = str(response.request.url.copy_with(query=None))
    error = error_of(status=response.status_code, content=response.content, url=url)
    return refused(error, retry_after=response.headers.get("Retry-After", ""), repeatable=repeatable)
