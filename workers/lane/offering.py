"""An interactive worker offers what answers prompts: a queue of its own, and a beat while it lives."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import redis
from celery.concurrency.prefork import TaskPool as PreforkPool
from celery.signals import celeryd_after_setup, worker_ready, worker_shutting_down
from django.conf import settings

from labeling.lane.live import LiveWorker, worker_beat, worker_leave
from labeling.lane.store import ALIVE_SECONDS, store
from workers.backends.clickers import clicker_get, clicker_names
from workers.backends.detectors import detector_get, detector_names
from workers.heartbeat import EXIT_NO_PROGRESS
from workers.lane.answering import Desk, answer_waiting
from workers.lane.loading import ready_at_once, ready_later

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


def offered_clickers() -> list[str]:
    """The segmenters that this process is to offer."""
    return [name for name in clicker_names() if allowed(name)]


def offered_detectors() -> list[str]:
    """The detectors that this process is to offer."""
    return [name for name in detector_names() if allowed(name)]


def understood(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of these detectors understands."""
    return {name: tuple(sorted(detector_get(name).reads)) for name in names}


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
    clickers = tuple(ready_at_once(offered_clickers(), clicker_get))
    detectors = understood(ready_at_once(offered_detectors(), detector_get))
    desk = Desk(LiveWorker(name, own_queue(sender.hostname), clickers, detectors))
    post.desk = desk
    post.left.clear()
    beat_safely(desk)
    threading.Thread(target=beat_until_end, args=(desk,), name="lane-beat", daemon=True).start()
    threading.Thread(target=offer_as_loaded, args=(desk,), name="lane-models", daemon=True).start()


def offer_as_loaded(desk: Desk) -> None:
    """Load models, and offer what they answer as soon as each is there."""
    for name in ready_later(offered_clickers(), clicker_get):
        logger.info("“%s” answers clicks now: %s", name, clicker_get(name).version)
        offer(desk, clickers=(*desk.worker.clickers, name))
    for name in ready_later(offered_detectors(), detector_get):
        logger.info("“%s” finds objects now: %s", name, detector_get(name).version)
        offer(desk, detectors={**desk.worker.detectors, **understood([name])})


def offer(desk: Desk, **more: Any) -> None:
    """Offer ``more`` than before, unless the worker is leaving."""
    desk.worker = replace(desk.worker, **more)
    if not post.left.is_set():
        beat_safely(desk)


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
