"""One endpoint's turn: what is under way to it, and how much may be."""

from __future__ import annotations

import time

from django.utils import timezone

from labeling.models import Delivery, Webhook
from labeling.webhooks.request import request_of, secrets_of
from workers.webhooks.lanes import Lanes
from workers.webhooks.recording import Outcome, Recorded
from workers.webhooks.sending import Answer, Sender
from workers.webhooks.turns import Turn, due_of

# An endpoint gives way to the others after so many deliveries, or so much time.
DELIVERIES_A_TURN = 200
TURN_SECONDS = 2.0
# One that has to prove itself is not likely to get more of them.
DELIVERIES_A_SUSPECT = 32
# A request that has been under way for so long makes the endpoint a slow one.
SLOW_SECONDS = 1.0


class Serving:
    """Up to ``at_once`` requests where the endpoint does well, else one that goes ahead.

    A job's next delivery is sent only when the outcome of the one before is committed, so that after a
    crash nothing overtakes it.
    """

    def __init__(self, turn: Turn, webhook: Webhook, sender: Sender) -> None:
        self.turn = turn
        self.webhook = webhook
        self.sender = sender
        self.secrets = secrets_of(webhook, now=timezone.now())
        self.does_well = webhook.delivered_at is not None and webhook.failing_since is None
        self.slow = webhook.answers_slowly
        most = DELIVERIES_A_TURN if self.does_well and not self.slow else DELIVERIES_A_SUSPECT
        self.lanes = Lanes(due_of(webhook, most=most))
        # When each began that is under way, the oldest first.
        self.under_way: dict[int, float] = {}
        self.until = time.monotonic() + TURN_SECONDS

    def suspect(self, now: float) -> bool:
        """Say whether it has to prove itself, as ``SUSPECT`` in ``turns`` has it, or keeps us waiting."""
        begun = next(iter(self.under_way.values()), now)
        return not self.does_well or self.slow or now - begun > SLOW_SECONDS

    def over(self, now: float) -> bool:
        """Say whether nothing more is sent in this turn."""
        return now >= self.until or (not self.under_way and not self.lanes.ready)

    def next(self, now: float, *, share: int) -> Delivery | None:
        """Take the next delivery that may be sent now, of at most ``share`` at once."""
        width = min(self.webhook.at_once, share) if self.does_well else 1
        if now >= self.until or len(self.under_way) >= width:
            return None
        delivery = self.lanes.next()
        if delivery is not None:
            self.under_way[delivery.pk] = now
        return delivery

    def attempt(self, delivery: Delivery) -> Outcome:
        """Make one request. Runs on a thread of its own, and asks the database nothing."""
        at = timezone.now()
        request = request_of(delivery, at=at, secrets=self.secrets)
        answer = self.sender.post(request.body, request.headers)
        return Outcome(delivery, at, self.sender.url, request.headers, answer)

    def came(self, delivery: Delivery) -> None:
        del self.under_way[delivery.pk]

    def go_on(self, recorded: Recorded, answers: list[Answer]) -> None:
        """Take note of what was written down: who may follow, and whether anything may."""
        for delivery in recorded.settled:
            self.lanes.done(delivery)
        self.does_well = any(answer.delivered for answer in answers)
        self.slow = any(answer.milliseconds > 1000 * SLOW_SECONDS for answer in answers)
        if not recorded.goes_on:
            self.stop()

    def stop(self) -> None:
        """Send nothing more in this turn."""
        self.until = 0.0
