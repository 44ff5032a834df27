"""One endpoint's turn: what is due goes out in order, and what came of it is written down at once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from labeling.models import Delivery, DeliveryAttempt, DeliveryState, Webhook, WebhookState
from labeling.services.webhooks import webhook_give_up
from labeling.statements import row_of
from labeling.webhooks.request import request_of, secrets_of
from workers.leaving import leaving
from workers.webhooks.failing import Failing, failing_of
from workers.webhooks.sending import Answer, Sender
from workers.webhooks.turns import Turn, TurnLost, due_of, lease_clause, turn_end

# An endpoint gives way to the others after so many deliveries, or so much time.
DELIVERIES_A_TURN = 50
TURN_SECONDS = 2.0

WENT_WELL = """
UPDATE labeling_webhook
SET lease_expires_at = {lease}, failures_in_row = 0, failing_since = NULL, resting_until = NULL,
    delivered_at = {now}
WHERE id = %s AND token = %s RETURNING state
"""
WENT_WRONG = """
UPDATE labeling_webhook
SET lease_expires_at = {lease}, failures_in_row = failures_in_row + 1, resting_until = %s,
    failing_since = COALESCE(failing_since, {now})
WHERE id = %s AND token = %s RETURNING state
"""


def serve(turn: Turn) -> int:
    """Send what is due, until the turn is over or the endpoint rests; return how many were sent."""
    sent = 0
    try:
        webhook = Webhook.objects.get(pk=turn.webhook_id)
        secrets = secrets_of(webhook, now=timezone.now())
        end = time.monotonic() + TURN_SECONDS
        held_up: set[int] = set()
        with Sender(webhook.url) as sender:
            for delivery in due_of(turn, most=DELIVERIES_A_TURN):
                if delivery.job_id in held_up:
                    continue
                goes_on = deliver(turn, delivery, sender=sender, secrets=secrets, held_up=held_up)
                sent += 1
                if not goes_on or leaving() or time.monotonic() >= end:
                    break
    finally:
        turn_end(turn)
    return sent


def deliver(turn: Turn, delivery: Delivery, *, sender: Sender, secrets: list[str], held_up: set[int]) -> bool:
    """Send one delivery; say whether the next one may follow. One that has to wait holds up its job."""
    at = timezone.now()
    request = request_of(delivery, at=at, secrets=secrets)
    answer = sender.post(request.body, request.headers)
    failing = None if answer.delivered else failing_of(answer, delivery=delivery)
    state = record(
        turn, delivery, answer=answer, failing=failing, headers=request.headers, at=at, url=sender.url
    )
    if failing is not None and delivery.job_id is not None and failing.due_at is not None:
        held_up.add(delivery.job_id)
    return state == WebhookState.ACTIVE and (failing is None or failing.resting_until is None)


@transaction.atomic
def record(
    turn: Turn,
    delivery: Delivery,
    *,
    answer: Answer,
    failing: Failing | None,
    headers: Mapping[str, str],
    at: datetime,
    url: str,
) -> str:
    """Write down what came of an attempt, fenced by the turn; return the endpoint's state after it.

    Raises ``TurnLost`` when another worker has the endpoint by now: then it sends that delivery again.
    """
    if failing is None:
        row = row_of(lease_clause(WENT_WELL), (turn.webhook_id, turn.token))
    else:
        row = row_of(lease_clause(WENT_WRONG), (failing.resting_until, turn.webhook_id, turn.token))
    if row is None:
        raise TurnLost
    delivery_record(delivery, answer=answer, failing=failing)
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=delivery.attempts + 1,
        url=url,
        request_headers=dict(headers),
        status=answer.status,
        response_headers=answer.headers,
        response_body=answer.body,
        error_code=answer.code,
        outcome=answer.sentence,
        milliseconds=answer.milliseconds,
        at=at,
    )
    if failing is not None and failing.ends_as is not None:
        webhook_give_up(webhook_id=turn.webhook_id, state=failing.ends_as, reason=failing.reason)
        return failing.ends_as
    return str(row[0])


def delivery_record(delivery: Delivery, *, answer: Answer, failing: Failing | None) -> None:
    """Write the delivery's new state. The fence has seen to it that nobody else sends it."""
    changes: dict[str, object] = {
        "attempts": delivery.attempts + 1,
        "rung": delivery.rung + 1,
        "status": answer.status,
        "outcome": answer.sentence,
    }
    if failing is None or failing.due_at is None:
        changes["state"] = DeliveryState.DELIVERED if failing is None else DeliveryState.FAILED
        changes["finished_at"] = timezone.now()
    else:
        changes["due_at"] = failing.due_at
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
