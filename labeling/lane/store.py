"""Where the lane lies: keys of the queue's server, each with an end.

======================  ===========  =================================================================
key                     is           holds
======================  ===========  =================================================================
``lane:workers``        set          ids of workers that answer clicks; the gone are taken out
``lane:alive:ID``       string       what the worker offers; renewed by its beat
``lane:queue:ID``       list         ids of prompts that wait for the worker, oldest first
``lane:warm:ID``        list         frames to encode for the worker, newest first
``lane:prompt:ID``      hash         the prompt, when it was sent, its worker, how often it was lost
``lane:draft:KEY``      sorted set   the newest ``seq`` of a draft
``lane:viewing:KEY``    string       what a person looks at: older wishes to encode are dropped
``lane:answer:ID``      string       the answer
``lane:bell:ID``        list         wakes who waits for the answer
``lane:urgent:NAME``    sorted set   the workers that are at a prompt on this machine, each until when
======================  ===========  =================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from labeling.errors import LabelyardError

TIMEOUT = 1.0
"""Seconds that the server may take: a person waits."""

ALIVE_SECONDS = 2.5
"""A worker that was not heard of for so long is gone."""

PROMPT_SECONDS = 120
"""How long a prompt is kept after somebody asked for its answer last."""

DRAFT_SECONDS = 3600
WARM_SECONDS = 30


@cache
def store() -> Any:  # the client's types mix answers with awaitables
    """A connection to the queue's server. One that was lost is made anew once, without waiting."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )


@contextmanager
def lane_open() -> Iterator[Any]:
    """Give the connection. A server that does not answer is ``lane_closed`` (503)."""
    try:
        yield store()
    except (redis.RedisError, OSError) as error:
        raise LabelyardError(
            "lane_closed",
            "The queue does not answer, so nothing can be segmented. Your clicks are kept; try again soon.",
            status=503,
        ) from error


def clock(told: tuple[int, int]) -> float:
    """Seconds of the server's own clock, which all hosts share, from its answer to ``TIME``."""
    seconds, microseconds = told
    return int(seconds) + int(microseconds) / 1e6
