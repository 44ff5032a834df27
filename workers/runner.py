"""One part from claim to finish. Read this first, then what a part does: ``tracking.py``.

Claim → frames → backend → writer → finish. Only what is called from here knows a backend and the writer.
"""

from __future__ import annotations

import logging
import time
import traceback

from django.db import InterfaceError, OperationalError

from labeling import queue
from labeling.errors import LabelyardError
from labeling.media.errors import MediaRefused, StorageError
from labeling.models import Job, JobState, PartState
from workers.announcing import holder_name, offered
from workers.backends.base import BackendError
from workers.claim import LeaseLost, claim_part
from workers.detecting.run import detect, detecting_algorithms, is_detecting
from workers.heartbeat import Heartbeat, Watch
from workers.interpolating import interpolate, interpolating_algorithms
from workers.leaving import leaving
from workers.taken import Stopped, Taken
from workers.tracking import Run, track
from workers.work import work_of
from workers.writer import part_fail, part_release

logger = logging.getLogger(__name__)
heartbeat = Heartbeat()

# How long a worker goes on for one bell.
TURN_SECONDS = 2.0

# What becomes of a part that was stopped; resumed meanwhile, it is queued again.
STOPPED_TO = {JobState.PAUSED: PartState.HELD, JobState.CANCELLING: PartState.CANCELLED}


def run_waiting(*, capability: str, worker: str = "") -> None:
    """Run part after part while there are any, so that a part does not cost a message.

    After ``TURN_SECONDS`` the bell goes back to the queue: who listens to several queues hears the
    others, too.
    """
    end = time.monotonic() + TURN_SECONDS
    while not leaving() and run_next(capability=capability, worker=worker):
        if time.monotonic() >= end:
            queue.ring(capability)
            return


def run_next(*, capability: str, worker: str = "") -> bool:
    """Claim the next part of ``capability`` and run it; False when there was none for this worker."""
    trackers = offered(capability)
    algorithms = {*trackers, *interpolating_algorithms(capability), *detecting_algorithms(capability)}
    lease = claim_part(capability=capability, holder=holder_name(), algorithms=algorithms, worker=worker)
    if lease is None:
        return False
    watch = Watch(lease)
    heartbeat.begin(watch)
    try:
        work = work_of(lease)
        tracker = trackers.get(work.algorithm)
        run_part(Run(lease, work, watch, tracker) if tracker else Taken(lease, work, watch))
    except LeaseLost:
        logger.warning("Part %s was taken away; nothing more is written.", lease.part_id)
    finally:
        heartbeat.end()
    return True


def run_part(run: Taken) -> None:
    """Run the part and end it, whatever happens, with a state and a sentence."""
    try:
        track(run) if isinstance(run, Run) else run_otherwise(run)
    except Stopped:
        stop(run)
    except SystemExit:
        stop(run)  # the worker ends at once: whoever takes the part goes on from its last commit
        raise
    except (LeaseLost, OperationalError, InterfaceError):
        raise  # the lease is gone, or the database is: whoever holds the part next goes on
    except (LabelyardError, BackendError, MediaRefused, StorageError) as error:
        logger.exception("Part %s failed", run.lease.part_id)
        part_fail(lease=run.lease, code=getattr(error, "code", "backend_failed"), sentence=str(error))
    except Exception as error:  # noqa: BLE001  (a bug: kept with its traceback, never retried by itself)
        logger.error("Part %s failed unexpectedly\n%s", run.lease.part_id, traceback.format_exc())
        part_fail(
            lease=run.lease,
            code="unexpected",
            sentence=f"The worker failed unexpectedly ({type(error).__name__}). Its log has the details.",
        )


def run_otherwise(run: Taken) -> None:
    """Detect, or fill frames between labels; each has a loop of its own."""
    carry_out = detect if is_detecting(run.work) else interpolate
    if not carry_out(lease=run.lease, work=run.work, watch=run.watch):
        raise Stopped


def stop(run: Taken) -> None:
    """Give the part up as the job's state asks."""
    state = JobState(Job.objects.values_list("state", flat=True).get(pk=run.lease.job_id))
    to = STOPPED_TO.get(state, PartState.QUEUED)
    part_release(lease=run.lease, to=to)
    if to == PartState.QUEUED:
        queue.ring(run.work.capability)
