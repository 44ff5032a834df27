"""How many requests a token, or a person, may send in a while. Counted in the queue's server, so that
all processes agree; while it is away nobody is turned away.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from labeling.errors import LabelyardError
from labeling.models import ApiToken, User

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

# Seconds. A request must not wait for the counter, nor every request for one that is away.
TIMEOUT = 0.5
AWAY_SECONDS = 10.0


@dataclass(frozen=True)
class Standing:
    """Where one stands: ``remaining`` requests until ``reset`` (seconds from now)."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        """What answers tell of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Counter:
    """Counts by name. One that is away is asked again after a while."""

    def __init__(self, url: str) -> None:
        storage = RedisStorage(
            url,
            key_prefix="rates",
            wrap_exceptions=True,
            socket_connect_timeout=TIMEOUT,
            socket_timeout=TIMEOUT,
        )
        self.windows = SlidingWindowCounterRateLimiter(storage)
        self.away_until = 0.0

    def hit(self, rate: RateLimitItem, *, who: str) -> Standing | None:
        """Count a request and return where ``who`` stands; None when nothing can be counted."""
        if time.monotonic() < self.away_until:
            return None
        try:
            allowed = self.windows.hit(rate, who)
            window = self.windows.get_window_stats(rate, who)
        except StorageError as error:
            logger.warning("Requests are not counted: %s", error.storage_error)
            self.away_until = time.monotonic() + AWAY_SECONDS
            return None
        reset = max(0, ceil(window.reset_time - time.time()))
        return Standing(rate.amount, max(0, int(window.remaining)), reset, allowed)


@cache
def counter(url: str) -> Counter:
    return Counter(url)


class RequestRate(BaseThrottle):
    """Turns away who asks too often (429). A view with ``unlimited`` is not counted.

    Keeps where the asker stands on the view as ``standing``, for the answer's headers.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not settings.RATE_LIMIT or getattr(view, "unlimited", False):
            return True
        standing = counter(settings.REDIS_URL).hit(parse(settings.RATE_LIMIT), who=asker(request))
        view.standing = standing  # type: ignore[attr-defined]
        if standing is None or standing.allowed:
            return True
        raise LabelyardError(
            "too_many_requests",
            f"You have sent more than {settings.RATE_LIMIT} requests. Go on in {standing.reset} s.",
            status=429,
            details={"seconds": standing.reset},
        )


def asker(request: Request) -> str:
    """Whose requests count together: a token's, a person's, or those of an address without either."""
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.pk}"
    if isinstance(request.user, User):
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"
