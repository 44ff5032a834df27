"""The web process answers a request in one go: no method of any middleware costs a change of threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.current_thread_executor import CurrentThreadExecutor
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.utils.deprecation import MiddlewareMixin

from labeling.asgi import OneThreadHandler

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/healthz",
    "query_string": b"",
    "headers": [(b"host", b"testserver")],
}
called: list[str] = []


class Watching(MiddlewareMixin):
    """Notes that its methods are called, and that no event loop waits for them."""

    def process_request(self, request: HttpRequest) -> None:
        self.note("request")

    def process_view(self, request: HttpRequest, *rest: object) -> None:
        self.note("view")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        self.note("response")
        return response

    def note(self, what: str) -> None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        called.append(what)


def changes_counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whatever is handed to another thread from now on is in this list."""
    handed: list[object] = []

    def counted(kind: type[Executor]) -> None:
        real = kind.submit

        def submit(executor: Executor, work: Any, *words: Any, **named: Any) -> Future[Any]:
            handed.append(work)
            return real(executor, work, *words, **named)

        monkeypatch.setattr(kind, "submit", submit)

    counted(ThreadPoolExecutor)
    counted(CurrentThreadExecutor)
    return handed


async def answered() -> int:
    talk: Any = ApplicationCommunicator(OneThreadHandler(), SCOPE)  # type: ignore[no-untyped-call]
    await talk.send_input({"type": "http.request"})
    start = await talk.receive_output(timeout=10)
    await talk.receive_output(timeout=10)
    await talk.wait(timeout=10)
    return int(start["status"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_middleware_costs_no_change_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = changes_counted(monkeypatch)
    assert asyncio.run(answered()) == 200
    usual = len(handed)
    handed.clear()
    called.clear()
    # At both ends of the chain, with all of ours between.
    watching = f"{__name__}.Watching"
    with override_settings(MIDDLEWARE=[watching, *settings.MIDDLEWARE, watching]):
        assert asyncio.run(answered()) == 200
    assert called == ["request", "request", "view", "view", "response", "response"]
    # The chain with its view is one; signals before and after it are others.
    assert len(handed) == usual <= 4
