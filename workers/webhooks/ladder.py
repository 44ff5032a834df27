"""When something is tried again: over a day, later each time, and never all at once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Seconds from one attempt to the next: 24 hours in all. Jitter adds up to a fifth.
LADDER = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 36000)
JITTER = 0.2
# An endpoint that fails whatever is sent rests, so that it costs the others little.
REST_AFTER_FAILURES = 3
REST_MOST_SECONDS = 300
DAY_SECONDS = 86400


def wait_after(rung: int) -> timedelta | None:
    """Return how long to wait after the attempt at ``rung`` (from 0) failed; None: it was the last one."""
    if rung >= len(LADDER):
        return None
    return timedelta(seconds=LADDER[rung] * (1 + JITTER * random.random()))  # noqa: S311  (no secret)


def rest_after(failures_in_row: int, *, unreachable: bool) -> timedelta | None:
    """Return for how long the endpoint as a whole rests; None: other deliveries are tried meanwhile."""
    if not unreachable and failures_in_row < REST_AFTER_FAILURES:
        return None
    seconds = min(REST_MOST_SECONDS, 5 * 2 ** min(failures_in_row - 1, 10))
    return timedelta(seconds=seconds * (1 + JITTER * random.random()))  # noqa: S311


def retry_after(text: str, *, now: datetime) -> timedelta | None:
    """Read a ``Retry-After`` header, seconds or a date; at most a day. None when it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = float(min(int(text[:9]), DAY_SECONDS))
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = (at - now).total_seconds()
    return timedelta(seconds=min(seconds, DAY_SECONDS)) if seconds > 0 else None
