"""Answers by ETag: 304 to who has what would be answered."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.decorators import decorator_from_middleware, method_decorator

# A 304 of Django's has of all headers only those that HTTP names for it.
KEPT = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class ConditionalGet(ConditionalGetMiddleware):
    """Django's, of answers of success alone; on a 304 it keeps how many requests are left."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 200:
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        for name in KEPT if answer is not response else ():
            if name in response.headers:
                answer.headers[name] = response.headers[name]
        return answer


conditional = method_decorator(decorator_from_middleware(ConditionalGet), name="dispatch")
"""Decorates a class of views: whatever it reads gets an ETag, unless it is a stream."""
