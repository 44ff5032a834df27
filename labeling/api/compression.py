"""JSON answers gzipped: labels, timelines and change feeds shrink to a third, and often to a tenth.

Compression tells who listens on the line how long an answer is, and so, guess by guess, what stands
in it (BREACH). JSON answers repeat no secret: the tokens of a session and of CSRF travel in headers
and pages, a new API token is shown once and is shorter than what is compressed. Pages, frames,
uploads and the event stream, which has to flow, stay as they are.
"""

from __future__ import annotations

import gzip

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

# What fits into a packet or two gains nothing.
LEAST_BYTES = 1400
# Measured on windows of labels: the ninth level saves another sixth, and takes ten times as long.
LEVEL = 1
CONTENT_TYPES = ("application/json", "application/vnd.oai.openapi+json")


class JsonCompression(MiddlewareMixin):
    """Middleware: gzips JSON of some size for clients that take it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or not compressible(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not takes_gzip(request.headers.get("Accept-Encoding", "")):
            return response
        response.content = gzip.compress(response.content, compresslevel=LEVEL, mtime=0)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        etag = response.headers.get("ETag", "")
        if etag.startswith('"'):
            response.headers["ETag"] = f"W/{etag}"
        return response


def compressible(response: HttpResponse) -> bool:
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (
        content_type in CONTENT_TYPES
        and not response.has_header("Content-Encoding")
        and len(response.content) >= LEAST_BYTES
    )


def takes_gzip(accepted: str) -> bool:
    """Say whether an ``Accept-Encoding`` takes gzip: named, and not with ``q=0``."""
    for entry in accepted.lower().split(","):
        name, _, weight = entry.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
