"""Whose turn it is: the endpoint that had none for longest, by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from labeling.models import Delivery, Webhook
from labeling.statements import Row, row_of, rows_of, run

# A delivery waits for the earlier ones of its job.
SENDABLE = """
delivery.state = 'waiting' AND delivery.due_at <= {now} AND (
    delivery.job_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM labeling_delivery earlier
        WHERE earlier.webhook_id = delivery.webhook_id AND earlier.job_id = delivery.job_id
            AND earlier.state = 'waiting' AND earlier.id < delivery.id AND earlier.due_at > {now}
    )
)
"""
OPEN = f"""
webhook.state = 'active' AND (webhook.lease_expires_at IS NULL OR webhook.lease_expires_at < {{now}})
AND (webhook.resting_until IS NULL OR webhook.resting_until <= {{now}})
AND EXISTS (SELECT 1 FROM labeling_delivery delivery WHERE delivery.webhook_id = webhook.id AND {SENDABLE})
"""  # noqa: S608  (names of ours)
NEXT = f"""
SELECT webhook.id, webhook.token FROM labeling_webhook webhook WHERE {OPEN}
ORDER BY webhook.served_at NULLS FIRST, webhook.id LIMIT 1
"""  # noqa: S608
HOW_MANY = f"SELECT COUNT(*) FROM (SELECT 1 FROM labeling_webhook webhook WHERE {OPEN} LIMIT %s) open"  # noqa: S608
DUE = f"""
SELECT delivery.id FROM labeling_delivery delivery
WHERE delivery.webhook_id = %s AND {SENDABLE} ORDER BY delivery.id LIMIT %s
"""  # noqa: S608
TAKE = """
UPDATE labeling_webhook
SET token = token + 1, holder = %s, lease_expires_at = {lease}, served_at = {now}
WHERE id = %s AND token = %s AND state = 'active'
    AND (lease_expires_at IS NULL OR lease_expires_at < {now})
"""
REST = "UPDATE labeling_webhook SET resting_until = {rest} WHERE id = %s AND token = %s"
RELEASE = "UPDATE labeling_webhook SET lease_expires_at = NULL, holder = '' WHERE id = %s AND token = %s"


class TurnLost(Exception):
    """Another worker has the endpoint now. Whoever gets this sends nothing more to it."""


@dataclass(frozen=True)
class Turn:
    """The right to send to one endpoint, fenced by ``token``."""

    webhook_id: int
    token: int


def lease_clause(statement: str) -> str:
    """Put in when a lease given now ends: later than any request does, with its look-up of the name."""
    seconds = int(2 * settings.WEBHOOK_TIMEOUT_SECONDS + 30)
    return statement.replace("{lease}", f"{{in {seconds} seconds}}")


def turn_take(*, holder: str) -> Turn | None:
    """Take the next endpoint that something is due for; None when there is none."""
    while True:
        row: Row | None = row_of(NEXT, ())
        if row is None:
            return None
        webhook_id, token = row
        if run(lease_clause(TAKE), (holder, webhook_id, token)):
            return Turn(webhook_id, token + 1)


def turn_end(turn: Turn) -> None:
    """Let others have the endpoint."""
    run(RELEASE, (turn.webhook_id, turn.token))


def turn_rest(turn: Turn, *, seconds: int) -> None:
    """Send nothing to the endpoint for a while."""
    run(REST.replace("{rest}", f"{{in {seconds} seconds}}"), (turn.webhook_id, turn.token))


def due_of(turn: Turn, *, webhook: Webhook, most: int) -> Sequence[Delivery]:
    """Return what is due for the endpoint now, in the order in which it is to be sent."""
    ids = [one for (one,) in rows_of(DUE, (turn.webhook_id, most))]
    rows = list(Delivery.objects.filter(pk__in=ids).select_related("event").order_by("pk"))
    for delivery in rows:
        delivery.webhook = webhook
    return rows


def endpoints_waiting(most: int) -> int:
    """Return how many endpoints could have a turn now, counted up to ``most``."""
    row = row_of(HOW_MANY, (most,))
    return int(row[0]) if row else 0
