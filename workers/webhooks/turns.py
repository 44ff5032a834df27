"""Whose turn it is: the endpoints that had none for longest, each by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from labeling.models import Delivery, Event, Webhook
from labeling.statements import Row, model_of, places, row_of, rows_of, run, run_many

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
# One that has to prove itself: nothing was delivered yet, or it fails, or it takes its time.
SUSPECT = "(webhook.delivered_at IS NULL OR webhook.failing_since IS NOT NULL OR webhook.answers_slowly)"
NEXT = f"""
SELECT webhook.id FROM labeling_webhook webhook WHERE {OPEN} AND {{kind}}
ORDER BY webhook.served_at NULLS FIRST, webhook.id LIMIT %s
"""  # noqa: S608
HOW_MANY = f"SELECT COUNT(*) FROM (SELECT 1 FROM labeling_webhook webhook WHERE {OPEN} LIMIT %s) open"  # noqa: S608
DUE = f"""
SELECT delivery.id FROM labeling_delivery delivery
WHERE delivery.webhook_id = %s AND {SENDABLE} ORDER BY delivery.id LIMIT %s
"""  # noqa: S608
TAKE = """
UPDATE labeling_webhook
SET token = token + 1, holder = %s, lease_expires_at = {lease}, served_at = {now}
WHERE id IN ({places}) AND state = 'active' AND (lease_expires_at IS NULL OR lease_expires_at < {now})
RETURNING id, token
"""
REST = "UPDATE labeling_webhook SET resting_until = {rest} WHERE id = %s AND token = %s"
RELEASE = "UPDATE labeling_webhook SET lease_expires_at = NULL, holder = '' WHERE id = %s AND token = %s"
# What a request is made of, and what its outcome changes.
OWN = ("id", "job_id", "kind", "attempts", "rung", "due_at", "created_at", "event_id")
EVENT_COLUMNS = ("id", "at", "position", "project_id", "task_id", "job_id", "media_id", "payload")
OF_EVENT = tuple(f"event__{name}" for name in EVENT_COLUMNS)


@dataclass(frozen=True)
class Turn:
    """The right to send to one endpoint, fenced by ``token``."""

    webhook_id: int
    token: int


def lease_clause(statement: str) -> str:
    """Put in when a lease given now ends: later than any request does, with its look-up of the name."""
    seconds = int(2 * settings.WEBHOOK_TIMEOUT_SECONDS + 30)
    return statement.replace("{lease}", f"{{in {seconds} seconds}}")


def turns_take(*, holder: str, steady: int, suspects: int) -> list[Turn]:
    """Take the next endpoints that something is due for: so many at most that do well, and that may not."""
    ids = [*next_of(f"NOT {SUSPECT}", steady), *next_of(SUSPECT, suspects)]
    if not ids:
        return []
    # Where another worker was quicker, the lease says so.
    statement = lease_clause(TAKE).replace("{places}", places(len(ids)))
    taken = {pk: Turn(pk, token) for pk, token in rows_of(statement, (holder, *ids))}
    return [taken[pk] for pk in ids if pk in taken]


def next_of(kind: str, most: int) -> list[int]:
    return [pk for (pk,) in rows_of(NEXT.replace("{kind}", kind), (most,))] if most > 0 else []


@transaction.atomic
def turns_end(turns: Sequence[Turn]) -> None:
    """Let others have the endpoints."""
    if turns:
        run_many(RELEASE, [(turn.webhook_id, turn.token) for turn in turns])


def turn_rest(turn: Turn, *, seconds: int) -> None:
    """Send nothing to the endpoint for a while."""
    run(REST.replace("{rest}", f"{{in {seconds} seconds}}"), (turn.webhook_id, turn.token))


def due_of(webhook: Webhook, *, most: int) -> list[Delivery]:
    """Return what is due for the endpoint now, in the order in which it is to be sent, with its events."""
    ids = [one for (one,) in rows_of(DUE, (webhook.pk, most))]
    rows = Delivery.objects.filter(pk__in=ids).order_by("pk").values_list(*OWN, *OF_EVENT)
    return [delivery_of(row, webhook) for row in rows]


def delivery_of(row: Row, webhook: Webhook) -> Delivery:
    own, told = row[: len(OWN)], row[len(OWN) :]
    event = None if told[0] is None else model_of(Event, EVENT_COLUMNS, told)
    related = {"webhook": webhook, "event": event}
    return model_of(Delivery, (*OWN, "webhook_id"), (*own, webhook.pk), **related)


def endpoints_waiting(most: int) -> int:
    """Return how many endpoints could have a turn now, counted up to ``most``."""
    row = row_of(HOW_MANY, (most,))
    return int(row[0]) if row else 0
