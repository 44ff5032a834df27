"""The heartbeat of a worker process: renews the lease, and hears of cancel and pause.

One thread a process, with a database connection of its own. It outlives the parts, so that a part
of milliseconds does not pay for a thread.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from labeling.models import Job, JobState, PartState
from workers.claim import Lease, LeaseLost, lease_end
from workers.writer import part_release

logger = logging.getLogger(__name__)

# A stop that the runner does not follow within this time (it sits in a long call, such as loading a
# model) is carried out from here: the part is given up, and what the runner does later is fenced off.
GRACE_SECONDS = 1.0
EXIT_NO_PROGRESS = 75


@dataclass
class Watch:
    """What the runner and the heartbeat tell each other about one part.

    ``progress`` is when the runner got on last, ``told`` what of it the database knows.
    """

    lease: Lease
    stop: threading.Event = field(default_factory=threading.Event)
    lost: bool = False
    asked_at: float | None = None
    progress: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def advanced(self) -> None:
        """The runner got on by a frame."""
        self.progress = time.monotonic()


class Heartbeat:
    """Beats for the watch that is set, once every ``HEARTBEAT_SECONDS``."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.watch: Watch | None = None
        self.thread: threading.Thread | None = None

    def begin(self, watch: Watch) -> None:
        with self.lock:
            self.watch = watch
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="heartbeat", daemon=True)
                self.thread.start()

    def end(self) -> None:
        with self.lock:
            self.watch = None

    def run(self) -> None:
        while True:
            time.sleep(settings.HEARTBEAT_SECONDS)
            with self.lock:
                watch = self.watch
                if watch is not None:
                    self.beat_safely(watch)

    def beat_safely(self, watch: Watch) -> None:
        """A database that is away for a moment must not end the thread: the lease decides."""
        try:
            beat(watch)
        except DatabaseError as error:
            logger.warning("Heartbeat of part %s failed: %s", watch.lease.part_id, error)
            connection.close()


def beat(watch: Watch) -> None:
    if time.monotonic() - watch.progress > settings.PROGRESS_DEADLINE_SECONDS:
        logger.error("Part %s made no progress; this worker ends itself.", watch.lease.part_id)
        os._exit(EXIT_NO_PROGRESS)
    if not renew(watch):
        watch.lost = True
        watch.stop.set()
        return
    state = Job.objects.values_list("state", flat=True).get(pk=watch.lease.job_id)
    if state in (JobState.CANCELLING, JobState.PAUSED):
        ask_to_stop(watch, state=JobState(state))


def renew(watch: Watch) -> int:
    """Renew the lease; 0 when it is somebody else's.

    A runner may get on for long without a commit (it looks back from a key frame): the reaper has to
    see that, too.
    """
    news: dict[str, object] = {"lease_expires_at": lease_end()}
    if watch.progress > watch.told:
        watch.told = watch.progress
        news["progress_at"] = Now()
    return watch.lease.rows().update(**news)


def ask_to_stop(watch: Watch, *, state: JobState) -> None:
    watch.stop.set()
    if watch.asked_at is None:
        watch.asked_at = time.monotonic()
    elif time.monotonic() - watch.asked_at >= GRACE_SECONDS and state == JobState.CANCELLING:
        give_up(watch)


def give_up(watch: Watch) -> None:
    """Carry a cancellation out on behalf of a runner that does not answer."""
    watch.lost = True
    try:
        part_release(lease=watch.lease, to=PartState.CANCELLED)
    except LeaseLost:
        logger.info("Part %s had been given up before.", watch.lease.part_id)
