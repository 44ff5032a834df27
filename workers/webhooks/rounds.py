"""A worker's round: it serves many endpoints at once, and waits for none of them.

One thread decides, and alone uses the database; each request has a thread of its own. Outcomes that came in
while it committed are its next commit, whoever they are of. Endpoints that have to prove themselves (new,
failing or slow ones) have places of their own, so that however many they are, those that do well go on.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from labeling.errors import LabelyardError
from labeling.models import Delivery, Webhook, WebhookState
from labeling.services.webhooks import webhook_give_up
from workers.leaving import leaving
from workers.webhooks.connections import Connections
from workers.webhooks.recording import Outcome, Recorded, record
from workers.webhooks.serving import Serving
from workers.webhooks.turns import Turn, turn_rest, turns_end, turns_take

logger = logging.getLogger(__name__)

# Turns at once, and the requests that they share: each has one at least.
STEADY_TURNS, STEADY_REQUESTS = 64, 192
SUSPECT_TURNS, SUSPECT_REQUESTS = 128, 128
# Also for steady ones that all of a sudden keep us waiting.
THREADS = 512
# Seconds from one look for more that is due to the next, at least and at most.
LOOK_SOON, LOOK_LATE = 0.02, 0.25
OUTCOMES_A_COMMIT = 500
# How long an endpoint rests with which something is wrong that should not be.
BUG_REST_SECONDS = 60

Came = tuple[Serving, Delivery, Outcome | BaseException]


class Round:
    """Turns that are under way, until nothing more is due."""

    def __init__(self, *, holder: str) -> None:
        self.holder = holder
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self.connections = Connections()
        self.arrivals: SimpleQueue[Came | None] = SimpleQueue()
        self.servings: dict[Turn, Serving] = {}
        self.look_at = 0.0

    def run(self) -> None:
        """Go on until nothing is due or under way, or the worker was told to end."""
        try:
            while self.goes_on():
                self.send_more()
                self.keep(self.arrived())
        finally:
            # What is under way has its end; nobody else may send meanwhile.
            self.threads.shutdown()
            self.connections.close()
            turns_end(list(self.servings))

    def ring(self) -> None:
        """Say from another thread that more is due."""
        self.arrivals.put(None)

    def goes_on(self) -> bool:
        """End turns that are over and begin others; False when there are none."""
        now = time.monotonic()
        ended = [turn for turn, one in self.servings.items() if not one.under_way and one.over(now)]
        if ended:
            turns_end(ended)
            for turn in ended:
                del self.servings[turn]
            self.look_at = min(self.look_at, now + LOOK_SOON)
        if now >= self.look_at or not self.servings:
            self.look_at = now + LOOK_LATE
            self.begin_turns(now)
        return bool(self.servings)

    def begin_turns(self, now: float) -> None:
        if leaving():
            for serving in self.servings.values():
                serving.stop()
            return
        suspects = sum(serving.suspect(now) for serving in self.servings.values())
        steady = len(self.servings) - suspects
        turns = turns_take(
            holder=self.holder, steady=STEADY_TURNS - steady, suspects=SUSPECT_TURNS - suspects
        )
        webhooks = Webhook.objects.in_bulk([turn.webhook_id for turn in turns])
        for turn in turns:
            # One that is gone was deleted meanwhile, and its turn with it.
            if turn.webhook_id in webhooks:
                self.begin(turn, webhooks[turn.webhook_id])

    def begin(self, turn: Turn, webhook: Webhook) -> None:
        try:
            self.servings[turn] = Serving(turn, webhook, self.connections.sender(webhook))
        except LabelyardError as error:
            # Its secret cannot be read: that endpoint is paused, and its page says why.
            logger.error("Webhook %s: %s", turn.webhook_id, error.sentence)
            webhook_give_up(webhook_id=turn.webhook_id, state=WebhookState.PAUSED, reason=error.sentence)
            turns_end([turn])
        except Exception as error:  # noqa: BLE001  (any: see ``drop``)
            self.drop(turn, error)
            turns_end([turn])

    def send_more(self) -> None:
        now = time.monotonic()
        suspects = {turn for turn, serving in self.servings.items() if serving.suspect(now)}
        steady = len(self.servings) - len(suspects)
        for turn, serving in self.servings.items():
            of_suspects = SUSPECT_REQUESTS // max(1, len(suspects))
            share = max(1, of_suspects if turn in suspects else STEADY_REQUESTS // max(1, steady))
            while delivery := serving.next(now, share=share):
                self.threads.submit(self.attempt, serving, delivery)

    def attempt(self, serving: Serving, delivery: Delivery) -> None:
        try:
            self.arrivals.put((serving, delivery, serving.attempt(delivery)))
        except BaseException as error:  # noqa: BLE001  (the round logs it, and goes on with the others)
            self.arrivals.put((serving, delivery, error))

    def arrived(self) -> list[Came]:
        """Wait for outcomes, no longer than until the next look; return all that there are."""
        came: list[Came] = []
        wait = max(0.0, self.look_at - time.monotonic())
        while len(came) < OUTCOMES_A_COMMIT:
            try:
                one = self.arrivals.get(timeout=wait)
            except Empty:
                break
            wait = 0.0
            if one is None:
                self.look_at = 0.0
            else:
                came.append(one)
        return came

    def keep(self, came: list[Came]) -> None:
        """Write down what came, and have each turn go on as that says."""
        outcomes: dict[Turn, list[Outcome]] = defaultdict(list)
        for serving, delivery, outcome in came:
            serving.came(delivery)
            if isinstance(outcome, BaseException):
                self.drop(serving.turn, outcome)
            else:
                outcomes[serving.turn].append(outcome)
        if not outcomes:
            return
        for turn, recorded in self.recorded(outcomes).items():
            answers = [outcome.answer for outcome in outcomes[turn]]
            self.servings[turn].go_on(recorded, answers)

    def recorded(self, outcomes: dict[Turn, list[Outcome]]) -> dict[Turn, Recorded]:
        """Write all down in one transaction; where that fails, each by itself, so that one fails alone."""
        try:
            recorded = record(outcomes)
        except Exception as error:  # noqa: BLE001  (any: see ``drop``)
            if len(outcomes) > 1:
                parts = [self.recorded({turn: some}) for turn, some in outcomes.items()]
                return {turn: one for part in parts for turn, one in part.items()}
            self.drop(next(iter(outcomes)), error)
            return {}
        for turn in outcomes.keys() - recorded.keys():
            logger.warning("Webhook %s was taken over; nothing more is sent to it.", turn.webhook_id)
            self.servings[turn].stop()
        return recorded

    def drop(self, turn: Turn, error: BaseException) -> None:
        """A bug must not have the endpoint tried anew at once, for ever, nor hold up the others."""
        logger.error("Webhook %s rests after a fault of ours.", turn.webhook_id, exc_info=error)
        if turn in self.servings:
            self.servings[turn].stop()
        turn_rest(turn, seconds=BUG_REST_SECONDS)
