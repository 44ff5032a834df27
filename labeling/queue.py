"""The only door to the broker: rings doorbells by name. (What clicks keep there is ``labeling.lane``'s.)

A message says "there may be work"; what the work is stands in the database. A bell that is lost is
rung again by the relay, and one that is rung too often finds nothing to do.
"""

from __future__ import annotations

import logging
from functools import cache

import redis
from celery import Celery
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# Seconds. A broker that is down must not hold up the request that rings.
CONNECT_TIMEOUT = 1.0
# Bells that may wait on one queue.
BELLS_MOST = 32

BELLS = {
    "cpu": "workers.take_part",
    "gpu": "workers.take_part",
    "media": "workers.take_media",
    "interactive": "workers.take_prompts",
    "webhooks": "workers.take_webhooks",
}


@cache
def sender() -> Celery:
    """The Celery app that sends; the one that runs is ``workers.app``."""
    app = Celery("labelyard-doorbell", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_timeout=CONNECT_TIMEOUT,
        broker_transport_options={
            "socket_connect_timeout": CONNECT_TIMEOUT,
            "socket_timeout": CONNECT_TIMEOUT,
        },
    )
    return app


def ring(capability: str, *, times: int = 1) -> None:
    """Ring the bell of ``capability`` now. A broker that does not answer is logged, not raised.

    Where ``BELLS_MOST`` wait unheard, more would wake nobody: workers go on while there is work.
    """
    ring_on(capability, capability=capability, times=times)


def ring_worker(queue: str) -> None:
    """Ring for the one worker that listens to ``queue``: clicks wait for it."""
    ring_on(queue, capability="interactive", times=1)


def ring_on(queue: str, *, capability: str, times: int) -> None:
    try:
        times = min(times, BELLS_MOST - bells_waiting(queue))
        if times <= 0:
            return
        with sender().producer_pool.acquire(block=True, timeout=CONNECT_TIMEOUT) as producer:
            for _ in range(times):
                sender().send_task(
                    BELLS[capability], args=[capability], queue=queue, producer=producer, retry=False
                )
    except (OperationalError, redis.RedisError, OSError) as error:
        logger.warning(
            "The queue does not answer (%s); it is rung for %s later.", type(error).__name__, queue
        )


def ring_on_commit(capability: str, *, times: int = 1) -> None:
    """Ring once the running transaction has committed."""
    transaction.on_commit(lambda: ring(capability, times=times))


@cache
def broker() -> redis.Redis:
    """A plain connection to the broker, for counting what waits."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=CONNECT_TIMEOUT
    )


def bells_waiting(queue: str) -> int:
    """Return how many bells on ``queue`` no worker has heard yet.

    Raises ``redis.RedisError`` when the broker does not answer.
    """
    length = broker().llen(queue)
    assert isinstance(length, int)  # noqa: S101  (the synchronous client)
    return length
