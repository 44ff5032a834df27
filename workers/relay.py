"""What follows a commit: events get their place in the stream, and bells ring for work nobody took."""

from __future__ import annotations

import logging
from typing import Any

import redis
from django.db import transaction
from django.db.models import F, QuerySet

from labeling import queue
from labeling.models import Capability, Event, EventCursor, Media, MediaState, Part, PartState
from labeling.statements import run
from workers.listing import due_listings
from workers.webhooks.fan_out import fan_out
from workers.webhooks.turns import endpoints_waiting

logger = logging.getLogger(__name__)
EVENTS = 2000
NUMBER = """
UPDATE labeling_event SET position = waiting.place + (SELECT position FROM labeling_eventcursor WHERE id = 1)
FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM labeling_event
    WHERE position IS NULL ORDER BY id LIMIT %s
) waiting
WHERE labeling_event.id = waiting.id
"""
ADVANCE = "UPDATE labeling_eventcursor SET position = position + %s WHERE id = 1"


def relay() -> int:
    """Number committed events, give them out to webhooks, ring for waiting work; return how many of all."""
    return number_events() + fan_out() + ring_for_waiting()


def number_events() -> int:
    """Number what waits; a transaction, which is a lock, is opened only when something does."""
    if not Event.objects.filter(position__isnull=True).exists():
        return 0
    return number_committed()


@transaction.atomic
def number_committed() -> int:
    """Give committed events the next positions. The cursor's row lock makes it one hand at a time.

    Events of one job were written under its row's lock, so the order of their ids is that of commits.
    """
    EventCursor.objects.get_or_create(pk=1)
    EventCursor.objects.filter(pk=1).update(position=F("position"))
    numbered = run(NUMBER, (EVENTS,))
    run(ADVANCE, (numbered,))
    return numbered


def ring_for_waiting() -> int:
    """Ring for work that waits while too few bells do: some were lost, or workers came late."""
    rung = 0
    for capability, waiting in waiting_work().items():
        try:
            missing = min(waiting, queue.BELLS_MOST) - queue.bells_waiting(capability)
        except redis.RedisError as error:
            logger.warning("The queue does not answer: %s", error)
            return rung
        if missing > 0:
            queue.ring(capability, times=missing)
            rung += missing
    return rung


def waiting_work() -> dict[str, int]:
    """How much waits for each capability, counted up to ``BELLS_MOST``."""
    parts = Part.objects.filter(state=PartState.QUEUED)
    counts = {
        str(capability): at_most(parts.filter(capability=capability), queue.BELLS_MOST)
        for capability in (Capability.CPU, Capability.GPU)
    }
    counts["media"] = sum(at_most(rows, queue.BELLS_MOST) for rows in media_waiting())
    counts["webhooks"] = endpoints_waiting(queue.BELLS_MOST)
    return {capability: count for capability, count in counts.items() if count}


def media_waiting() -> tuple[QuerySet[Any], ...]:
    """What the media queue is for: each has an index of its own."""
    media = Media.objects.filter(state=MediaState.REGISTERED)
    return media.filter(connection=None), media.filter(connection__isnull=False), due_listings()


def at_most(rows: QuerySet[Any], most: int) -> int:
    return len(rows.order_by().values_list("pk")[:most])
