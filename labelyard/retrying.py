"""What is sent again, how often and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_base, wait_random_exponential

from labelyard.errors import LabelyardError

# Longer than this nobody waits between two attempts, whatever the server asks for.
PAUSE_MAX_SECONDS = 60.0
# Answers of what stands in front of a server: the request may or may not have got through.
GATEWAY = frozenset({502, 503, 504})
# Nothing of the request has reached the server.
UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

T = TypeVar("T")


class Again(Exception):
    """An attempt failed, and another one may help. ``error`` is what is raised when none is left."""

    def __init__(self, error: LabelyardError, *, seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


class Pause(wait_base):
    """As long as ``Retry-After`` says, else growing at random, so that many clients do not come at once."""

    def __init__(self) -> None:
        self.growing = wait_random_exponential(multiplier=0.25, max=20.0)

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if isinstance(error, Again) and error.seconds is not None:
            return min(error.seconds, PAUSE_MAX_SECONDS)
        return self.growing(retry_state)


def attempted(attempt: Callable[[], T], *, times: int) -> T:
    """Return what ``attempt`` does, trying again while it raises ``Again``; then raise its error."""
    retrying = Retrying(
        retry=retry_if_exception_type(Again), stop=stop_after_attempt(times), wait=Pause(), reraise=True
    )
    try:
        return retrying(attempt)
    except Again as last:
        raise last.error from last.__cause__


def failed(error: httpx2.TransportError, *, url: str, repeatable: bool) -> Exception:
    """Return what an attempt raises when no answer came."""
    late = isinstance(error, httpx2.TimeoutException) and not isinstance(error, UNSENT)
    reason = "did not answer in time" if late else f"cannot be reached ({error or type(error).__name__})"
    told = LabelyardError("timeout" if late else "unreachable", f"{url} {reason}.")
    return Again(told) if repeatable or isinstance(error, UNSENT) else told


def refused(error: LabelyardError, *, retry_after: str, repeatable: bool) -> Exception:
    """Return what an attempt raises for an answer that is none of success."""
    seconds = seconds_of(retry_after)
    # With Retry-After it says itself that it did nothing.
    turned_away = error.status == 429 or (error.status == 503 and seconds is not None)
    if turned_away or (repeatable and error.status in GATEWAY):
        return Again(error, seconds=seconds)
    return error


def seconds_of(retry_after: str) -> float | None:
    """Return the seconds of a ``Retry-After``, a number or a date; None where it says nothing."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
