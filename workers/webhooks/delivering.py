"""What a bell of the queue ``webhooks`` brings about: turn after turn while something is due."""

from __future__ import annotations

import logging
import threading
import time

from labeling import queue
from labeling.errors import LabelyardError
from labeling.models import WebhookState
from labeling.services.webhooks import webhook_give_up
from workers.announcing import holder_name
from workers.leaving import leaving
from workers.webhooks.serving import serve
from workers.webhooks.turns import TurnLost, turn_rest, turn_take

logger = logging.getLogger(__name__)

# How long a worker goes on for one bell.
BELL_SECONDS = 5.0


def deliver_waiting() -> None:
    """Give one endpoint after another its turn; then the bell goes back to the queue, if more is due."""
    end = time.monotonic() + BELL_SECONDS
    while not leaving() and deliver_next():
        if time.monotonic() >= end:
            queue.ring("webhooks")
            return


def deliver_next() -> bool:
    """Take one turn; False when nothing is due."""
    turn = turn_take(holder=f"{holder_name()}:{threading.get_native_id()}")
    if turn is None:
        return False
    try:
        serve(turn)
    except TurnLost:
        logger.warning("Webhook %s was taken over; nothing more is sent to it.", turn.webhook_id)
    except LabelyardError as error:
        # Its secret cannot be read: that endpoint is paused, and its page says why.
        logger.error("Webhook %s: %s", turn.webhook_id, error.sentence)
        webhook_give_up(webhook_id=turn.webhook_id, state=WebhookState.PAUSED, reason=error.sentence)
    except Exception:
        # A bug must not have the endpoint tried anew at once, for ever.
        turn_rest(turn, seconds=60)
        raise
    return True
