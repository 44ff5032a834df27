"""What follows from an attempt that failed: for the delivery, and for the endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from labeling.models import Delivery, Webhook, WebhookState
from workers.webhooks.faults import UNREACHABLE
from workers.webhooks.ladder import rest_after, retry_after, wait_after
from workers.webhooks.sending import Answer


@dataclass(frozen=True)
class Failing:
    """``due_at`` None: the delivery has failed for good. ``ends_as``: the endpoint gets nothing more."""

    due_at: datetime | None
    resting_until: datetime | None
    ends_as: WebhookState | None = None
    reason: str = ""


def failing_of(answer: Answer, *, delivery: Delivery, webhook: Webhook, now: datetime) -> Failing:
    """Decide by the answer, and by how long the endpoint had been failing before it."""
    if answer.code == "gone":
        return Failing(None, None, WebhookState.DISABLED, answer.sentence)
    wait = wait_after(delivery.rung)
    rest = rest_after(webhook.failures_in_row + 1, unreachable=answer.code in UNREACHABLE)
    asked = retry_after(header(answer, "Retry-After"), now=now)
    if asked is not None:
        rest = max(rest, asked) if rest else asked
        wait = max(wait, asked) if wait else None
    due_at = None if wait is None else now + wait
    resting_until = None if rest is None else now + rest
    if failing_for(webhook, now) < timedelta(hours=settings.WEBHOOK_PAUSE_HOURS):
        return Failing(due_at, resting_until)
    hours = f"{settings.WEBHOOK_PAUSE_HOURS:g}"
    reason = f"Nothing could be delivered for {hours} hours. The last time: {answer.sentence}"
    return Failing(due_at, resting_until, WebhookState.PAUSED, reason)


def failing_for(webhook: Webhook, now: datetime) -> timedelta:
    return now - webhook.failing_since if webhook.failing_since else timedelta(0)


def header(answer: Answer, name: str) -> str:
    found = (value for key, value in answer.headers.items() if key.lower() == name.lower())
    return next(found, "")
