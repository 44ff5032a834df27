"""What came of attempts, written down: all that came in meanwhile in one transaction, fenced by the turns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models.functions import Now

from labeling.models import Delivery, DeliveryState, Webhook, WebhookState
from labeling.services.webhooks import webhook_give_up
from labeling.statements import insert, rows_of, run_many
from workers.webhooks.failing import Failing, failing_of
from workers.webhooks.sending import Answer
from workers.webhooks.turns import Turn, lease_clause

FENCE = """
UPDATE labeling_webhook SET lease_expires_at = {lease} WHERE (id, token) IN (VALUES {turns})
RETURNING id, token
"""
DELIVERY = """
UPDATE labeling_delivery
SET state = %s, attempts = attempts + 1, rung = rung + 1, status = %s, outcome = %s, due_at = %s,
    finished_at = %s
WHERE id = %s
"""
HEALTH = ("failures_in_row", "failing_since", "resting_until", "delivered_at", "answers_slowly")
HEALTH_KEPT = """
UPDATE labeling_webhook
SET failures_in_row = %s, failing_since = %s, resting_until = %s, delivered_at = %s, answers_slowly = %s
WHERE id = %s
"""
ATTEMPT = """
INSERT INTO labeling_deliveryattempt (
    delivery_id, number, url, request_headers, status, response_headers, response_body, error_code, outcome,
    milliseconds, at
) VALUES
"""
ATTEMPT_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
# An endpoint whose last answer took longer answers slowly.
SLOW_MILLISECONDS = 1000


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
def record(came: Mapping[Turn, Sequence[Outcome]]) -> dict[Turn, Recorded]:
    """Write down what came of attempts that ended together, by the turns in which they were made.

    A turn that is missing from what this returns is lost: another worker has the endpoint by now, and sends
    those deliveries again.
    """
    turns = {turn.webhook_id: turn for turn in held_still(list(came))}
    webhooks = Webhook.objects.filter(pk__in=turns).only("state", *HEALTH).annotate(now=Now()).order_by("pk")
    entries = [Entry(webhook, came[turns[webhook.pk]]) for webhook in webhooks]
    run_many(HEALTH_KEPT, [health_row(entry.webhook) for entry in entries])
    judged = [(*one, entry.now) for entry in entries for one in entry.judged]
    run_many(DELIVERY, [delivery_row(outcome, failing, now=now) for outcome, failing, now in judged])
    insert(ATTEMPT, ATTEMPT_ROW, [attempt_row(outcome) for outcome, *_ in judged])
    return {turns[entry.webhook.pk]: entry.recorded() for entry in entries}


def held_still(turns: Sequence[Turn]) -> list[Turn]:
    """Renew the leases, and return the turns that nobody has taken over."""
    some = ", ".join(["(%s, %s)"] * len(turns))
    values = [value for turn in turns for value in (turn.webhook_id, turn.token)]
    return [Turn(*row) for row in rows_of(lease_clause(FENCE).replace("{turns}", some), values)]


class Entry:
    """What attempts say of one endpoint: first those that were delivered."""

    def __init__(self, webhook: Webhook, outcomes: Sequence[Outcome]) -> None:
        self.webhook = webhook
        # The database's clock, by which turns are given: a worker's own may be wrong.
        self.now: datetime = webhook.now  # type: ignore[attr-defined]
        ordered = sorted(outcomes, key=lambda outcome: not outcome.answer.delivered)
        self.judged = [(outcome, judge(outcome, webhook, now=self.now)) for outcome in ordered]
        # Requests that were under way together fail for one reason: it counts once.
        webhook.failures_in_row += any(failing is not None for _, failing in self.judged)
        webhook.answers_slowly = any(one.answer.milliseconds > SLOW_MILLISECONDS for one in outcomes)

    def recorded(self) -> Recorded:
        """Give the endpoint up where an answer says so; return how it goes on."""
        ended = next((failing for _, failing in self.judged if failing and failing.ends_as), None)
        if ended is not None and ended.ends_as is not None:
            webhook_give_up(webhook_id=self.webhook.pk, state=ended.ends_as, reason=ended.reason)
        active = self.webhook.state == WebhookState.ACTIVE and self.webhook.resting_until is None
        return Recorded(
            goes_on=ended is None and active,
            settled=[one.delivery for one, failing in self.judged if failing is None or not failing.due_at],
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


def health_row(webhook: Webhook) -> tuple[object, ...]:
    times = (webhook.failing_since, webhook.resting_until, webhook.delivered_at)
    return (webhook.failures_in_row, *map(stored, times), webhook.answers_slowly, webhook.pk)


def attempt_row(outcome: Outcome) -> tuple[object, ...]:
    delivery, answer = outcome.delivery, outcome.answer
    return (
        delivery.pk, delivery.attempts + 1, outcome.url, json.dumps(dict(outcome.headers)), answer.status,
        json.dumps(answer.headers), answer.body, answer.code, answer.sentence, answer.milliseconds,
        stored(outcome.at),
    )  # fmt: skip


def stored(at: datetime | None) -> object:
    return connection.ops.adapt_datetimefield_value(at)
