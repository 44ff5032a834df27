"""An interactive worker offers what answers prompts: a queue of its own, and a beat while it lives."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import redis
from celery.concurrency.prefork import TaskPool as PreforkPool
from celery.signals import celeryd_after_setup, worker_ready, worker_shutting_down
from django.conf import settings

from labeling.lane.live import LiveWorker, worker_beat, worker_leave
from labeling.lane.store import ALIVE_SECONDS, store
from workers.backends.base import BackendError
from workers.backends.clickers import clicker_names
from workers.backends.detectors import detector_get, detector_names
from workers.heartbeat import EXIT_NO_PROGRESS
from workers.lane.answering import Desk, answer_waiting

logger = logging.getLogger(__name__)

INTERACTIVE = "interactive"


@dataclass
class Post:
    """This process at the lane: its desk once the worker is ready, None in all other processes."""

    desk: Desk | None = None
    left: threading.Event = field(default_factory=threading.Event)


post = Post()


def own_queue(hostname: str) -> str:
    """The queue that only the worker ``hostname`` listens to."""
    return f"{INTERACTIVE}.{hostname}"


def answer_bell() -> None:
    """A bell rang for this worker."""
    if post.desk is not None:
        answer_waiting(post.desk)


def allowed(name: str) -> bool:
    """The scripted backends answer only where the operator wants demonstrations."""
    return name != "scripted" or settings.SCRIPTED_BACKEND


def offered_clickers() -> tuple[str, ...]:
    """The segmenters that this process offers."""
    return tuple(name for name in clicker_names() if allowed(name))


def offered_detectors() -> dict[str, tuple[str, ...]]:
    """The detectors that this process offers, and what each understands. One that fails is logged."""
    offered = {}
    for name in filter(allowed, detector_names()):
        try:
            offered[name] = tuple(sorted(detector_get(name).reads))
        except BackendError as error:
            logger.error("The detector “%s” is not offered: %s", name, error)
    return offered


@celeryd_after_setup.connect
def listen(sender: str, instance: Any, **kwargs: Any) -> None:
    """Listen to a queue of one's own beside ``interactive``."""
    queues = instance.app.amqp.queues
    if INTERACTIVE in queues.consume_from:
        queues.select_add(own_queue(sender))


@worker_ready.connect
def begin(sender: Any, **kwargs: Any) -> None:
    """Offer what there is, and begin to beat."""
    if INTERACTIVE not in sender.app.amqp.queues.consume_from:
        return
    if isinstance(sender.pool, PreforkPool):
        logger.error("Clicks need one process that keeps embeddings: start this worker with -P solo.")
        return
    name = f"{sender.hostname}#{uuid.uuid4().hex[:8]}"
    queue = own_queue(sender.hostname)
    desk = Desk(LiveWorker(name, queue, offered_clickers(), offered_detectors()))
    post.desk = desk
    post.left.clear()
    beat_safely(desk)
    threading.Thread(target=beat_until_end, args=(desk,), name="lane-beat", daemon=True).start()


@worker_shutting_down.connect
def end(**kwargs: Any) -> None:
    post.left.set()


def beat_until_end(desk: Desk) -> None:
    """Beat; at the end what waits for this worker goes to others at once."""
    while not post.left.wait(ALIVE_SECONDS / 5):
        since = desk.busy_since
        if since is not None and time.monotonic() - since > settings.PROGRESS_DEADLINE_SECONDS:
            logger.error("A prompt got no answer in time; this worker ends itself.")
            os._exit(EXIT_NO_PROGRESS)
        beat_safely(desk)
    beat_safely(desk, tell=worker_leave)


def beat_safely(desk: Desk, *, tell: Callable[[Any, LiveWorker], None] = worker_beat) -> None:
    """A queue that is away for a moment must not end the thread."""
    try:
        tell(store(), desk.worker)
    except redis.RedisError as error:
        logger.warning("The queue does not hear how this worker is: %s", error)
