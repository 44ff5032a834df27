"""What came of attempts, written down: all that came in meanwhile in one transaction, fenced by the turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models.functions import Now

from labeling.models import Delivery, DeliveryAttempt, DeliveryState, Webhook, WebhookState
from labeling.services.webhooks import webhook_give_up
from labeling.statements import run, run_many
from workers.webhooks.failing import Failing, failing_of
from workers.webhooks.sending import Answer
from workers.webhooks.turns import Turn, TurnLost, lease_clause

FENCE = "UPDATE labeling_webhook SET lease_expires_at = {lease} WHERE id = %s AND token = %s"
DELIVERY = """
UPDATE labeling_delivery
SET state = %s, attempts = attempts + 1, rung = rung + 1, status = %s, outcome = %s, due_at = %s,
    finished_at = %s
WHERE id = %s
"""
HEALTH = ("failures_in_row", "failing_since", "resting_until", "delivered_at")


@dataclass(frozen=True)
class Outcome:
    """One attempt: when it was made, what was sent to where, and what was answered."""

    delivery: Delivery
    at: datetime
    url: str
    headers: Mapping[str, str]
    answer: Answer


@dataclass(frozen=True)
class Recorded:
    """What holds after it: whether the endpoint may get more, and for which deliveries that is settled."""

    goes_on: bool
    settled: list[Delivery]


@transaction.atomic
def record(turn: Turn, outcomes: Sequence[Outcome]) -> Recorded:
    """Write down what came of attempts that ended together: first those that were delivered.

    Raises ``TurnLost`` when another worker has the endpoint by now: then it sends those deliveries again.
    """
    if not run(lease_clause(FENCE), (turn.webhook_id, turn.token)):
        raise TurnLost
    webhook = Webhook.objects.annotate(now=Now()).get(pk=turn.webhook_id)
    # The database's clock, by which turns are given: a worker's own may be wrong.
    now = webhook.now
    outcomes = sorted(outcomes, key=lambda outcome: not outcome.answer.delivered)
    judged = [(outcome, judge(outcome, webhook, now=now)) for outcome in outcomes]
    # Requests that were under way together fail for one reason: it counts once.
    webhook.failures_in_row += any(failing is not None for _, failing in judged)
    Webhook.objects.filter(pk=webhook.pk).update(**{name: getattr(webhook, name) for name in HEALTH})
    run_many(DELIVERY, [delivery_row(outcome, failing, now=now) for outcome, failing in judged])
    DeliveryAttempt.objects.bulk_create(attempt_of(outcome) for outcome in outcomes)
    ended = next((failing for _, failing in judged if failing and failing.ends_as), None)
    if ended is not None and ended.ends_as is not None:
        webhook_give_up(webhook_id=webhook.pk, state=ended.ends_as, reason=ended.reason)
    return Recorded(
        goes_on=ended is None and webhook.state == WebhookState.ACTIVE and webhook.resting_until is None,
        settled=[one.delivery for one, failing in judged if failing is None or failing.due_at is None],
    )


def judge(outcome: Outcome, webhook: Webhook, *, now: datetime) -> Failing | None:
    """Return what follows from a failure, None for a success; keep on ``webhook`` how it is doing."""
    if webhook.resting_until is not None and webhook.resting_until <= now:
        webhook.resting_until = None
    if outcome.answer.delivered:
        # A rest that another request has brought about meanwhile stands: it may have been asked for.
        webhook.failures_in_row, webhook.failing_since, webhook.delivered_at = 0, None, now
        return None
    failing = failing_of(outcome.answer, delivery=outcome.delivery, webhook=webhook, now=now)
    webhook.failing_since = webhook.failing_since or now
    rests = [until for until in (webhook.resting_until, failing.resting_until) if until is not None]
    webhook.resting_until = max(rests, default=None)
    return failing


def delivery_row(outcome: Outcome, failing: Failing | None, *, now: datetime) -> tuple[object, ...]:
    """The values of ``DELIVERY``. The fence has seen to it that nobody else sends it."""
    due_at: datetime = outcome.delivery.due_at
    finished_at: datetime | None = None
    if failing is not None and failing.due_at is not None:
        state, due_at = DeliveryState.WAITING, failing.due_at
    else:
        state = DeliveryState.DELIVERED if failing is None else DeliveryState.FAILED
        finished_at = now
    answer = outcome.answer
    words = (str(state), answer.status, answer.sentence)
    return (*words, stored(due_at), stored(finished_at), outcome.delivery.pk)


def stored(at: datetime | None) -> object:
    return connection.ops.adapt_datetimefield_value(at)


def attempt_of(outcome: Outcome) -> DeliveryAttempt:
    answer = outcome.answer
    return DeliveryAttempt(
        delivery=outcome.delivery,
        number=outcome.delivery.attempts + 1,
        url=outcome.url,
        request_headers=dict(outcome.headers),
        status=answer.status,
        response_headers=answer.headers,
        response_body=answer.body,
        error_code=answer.code,
        outcome=answer.sentence,
        milliseconds=answer.milliseconds,
        at=outcome.at,
    )
