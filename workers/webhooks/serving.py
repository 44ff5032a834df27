"""One endpoint's turn: several requests are under way at once, those of a job one after another."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, wait

from django.utils import timezone

from labeling.models import Delivery, Webhook
from labeling.webhooks.request import request_of, secrets_of
from workers.leaving import leaving
from workers.webhooks.lanes import Lanes
from workers.webhooks.recording import Outcome, record
from workers.webhooks.sending import Sender, Senders
from workers.webhooks.turns import Turn, due_of, turn_end

# An endpoint gives way to the others after so many deliveries, or so much time.
DELIVERIES_A_TURN = 200
TURN_SECONDS = 2.0


def serve(turn: Turn) -> int:
    """Send what is due, until the turn is over or the endpoint rests; return how many were sent."""
    try:
        webhook = Webhook.objects.get(pk=turn.webhook_id)
        with Senders(webhook.url, at_once=webhook.at_once) as senders:
            return Serving(turn, webhook, senders).run()
    finally:
        turn_end(turn)


class Serving:
    """What is under way to an endpoint: ``at_once`` requests where it does well, else one that goes ahead.

    This thread alone uses the database. While it commits, other answers come in, and are the next
    commit's; a job's next delivery is sent only when the outcome of the one before is committed, so that
    after a crash nothing overtakes it.
    """

    def __init__(self, turn: Turn, webhook: Webhook, senders: Senders) -> None:
        self.turn = turn
        self.webhook = webhook
        self.senders = senders
        self.secrets = secrets_of(webhook, now=timezone.now())
        self.lanes = Lanes(due_of(turn, webhook=webhook, most=DELIVERIES_A_TURN))
        self.under_way: set[Future[Outcome]] = set()
        doing_well = webhook.delivered_at is not None and webhook.failing_since is None
        self.width = webhook.at_once if doing_well else 1
        self.over = time.monotonic() + TURN_SECONDS
        self.goes_on = True
        self.sent = 0

    def run(self) -> int:
        while True:
            self.send_more()
            if not self.under_way:
                return self.sent
            ended, self.under_way = wait(self.under_way, return_when=FIRST_COMPLETED)
            self.keep([one.result() for one in ended])

    def send_more(self) -> None:
        while self.goes_on and len(self.under_way) < self.width and (delivery := self.lanes.next()):
            self.under_way.add(self.senders.submit(self.attempt, delivery))
            self.sent += 1

    def attempt(self, sender: Sender, delivery: Delivery) -> Outcome:
        """Make one request. Runs on a thread of its own, and asks the database nothing."""
        at = timezone.now()
        request = request_of(delivery, at=at, secrets=self.secrets)
        answer = sender.post(request.body, request.headers)
        return Outcome(delivery, at, self.senders.url, request.headers, answer)

    def keep(self, outcomes: list[Outcome]) -> None:
        """Write down what came of attempts, and decide how it goes on."""
        recorded = record(self.turn, outcomes)
        for delivery in recorded.settled:
            self.lanes.done(delivery)
        self.width = self.webhook.at_once if any(one.answer.delivered for one in outcomes) else 1
        in_time = not leaving() and time.monotonic() < self.over
        self.goes_on = self.goes_on and recorded.goes_on and in_time
