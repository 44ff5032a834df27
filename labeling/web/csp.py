"""The content security policy of the pages: nothing inline runs unless it carries this answer's nonce."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

NONCE_BYTES = 16
HEADER = "Content-Security-Policy"

Answer = HttpResponseBase | Awaitable[HttpResponseBase]


def policy(nonce: str, *, bucket: str = "") -> str:
    """Return the header's value. Modules that a script with the nonce imports inherit it (CSP 3).

    ``bucket`` is the one other place that scripts may send to.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "font-src 'self'",
            f"connect-src 'self' {bucket}".rstrip(),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


class ContentSecurityPolicy:
    """Middleware: gives each request a nonce (``request.csp_nonce``) and its answer the policy."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseBase):
            return with_policy(answer, nonce)
        return awaited(answer, nonce)


async def awaited(answer: Awaitable[HttpResponseBase], nonce: str) -> HttpResponseBase:
    return with_policy(await answer, nonce)


def with_policy(answer: HttpResponseBase, nonce: str) -> HttpResponseBase:
    answer.headers.setdefault(HEADER, policy(nonce))
    return answer


def bucket_allow(request: HttpRequest, answer: HttpResponse, *, bucket: str) -> None:
    """Let the scripts of this one page send to the bucket."""
    answer.headers[HEADER] = policy(csp_nonce(request)["csp_nonce"], bucket=bucket)


def csp_nonce(request: HttpRequest) -> dict[str, str]:
    """Context processor: ``csp_nonce``, which django-htmx's script tags read too."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
