"""Bulk work on a GPU gives way to clicks on the same machine, between two of its frames.

A frame waits for ``GIVE_WAY_SECONDS`` at most, so bulk work always goes on; the lease is renewed meanwhile,
and a stop is heard at once.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import redis
from django.conf import settings

from labeling.lane.store import store
from labeling.lane.urgency import is_urgent
from labeling.models import Capability
from workers.taken import Taken

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.005
AWAY_SECONDS = 5.0
"""A queue that does not answer is not asked again for so long: bulk work does without it."""


@dataclass
class Courtesy:
    """How a part has given way so far. The queue may be asked from ``asked_again`` on."""

    run: Taken
    given_way: bool = False
    waited: float = 0.0
    asked_again: float = 0.0

    def between_frames(self) -> None:
        """Wait while clicks are at work on this machine's GPU, for a moment."""
        if self.run.work.capability != Capability.GPU:
            return
        begun = time.monotonic()
        end = begun + settings.GIVE_WAY_SECONDS
        while time.monotonic() < end and self.clicks_wait():
            self.given_way = True
            if self.run.watch.stop.wait(LOOK_SECONDS):
                return
        self.waited += time.monotonic() - begun

    def clicks_wait(self) -> bool:
        if time.monotonic() < self.asked_again:
            return False
        try:
            return is_urgent(store())
        except (redis.RedisError, OSError) as error:
            logger.warning("The queue does not say whether clicks wait (%s).", type(error).__name__)
            self.asked_again = time.monotonic() + AWAY_SECONDS
            return False

    def tell(self) -> None:
        """Log what the clicks cost the part."""
        if self.given_way:
            logger.info("Part %s gave way to clicks for %.2f s.", self.run.lease.part_id, self.waited)
