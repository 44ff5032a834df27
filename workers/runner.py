"""One part from claim to finish. Read this first: claim → frames → backend → writer → finish.

Only this file knows both a backend and the writer.
"""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import dataclass

import msgpack
from django.conf import settings
from django.db import InterfaceError, OperationalError

from labeling import queue
from labeling.errors import LabelyardError
from labeling.geometry.packing import shape_pack
from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from labeling.models import Job, JobState, MediaKind, PartState
from workers.anchors import anchors_of, keys_of, seeds_gone
from workers.announcing import holder_name, offered
from workers.backends.base import BackendError, Remark, Tracker, TrackSession, remarks_taken
from workers.claim import Lease, LeaseLost, claim_part
from workers.far_sides import FarSides
from workers.frames import frames_of_media
from workers.heartbeat import Heartbeat, Watch
from workers.interpolating import interpolate, interpolating_algorithms
from workers.leaving import leaving
from workers.read_ahead import ReadAhead
from workers.track_run import Anchors, Order, Outcome, TrackRun
from workers.work import Work, work_of
from workers.writer import Batch, Found, commit, part_fail, part_release

logger = logging.getLogger(__name__)
heartbeat = Heartbeat()

# A commit is due after COMMIT_SECONDS, or when this many labels wait.
BATCH_LABELS = 2000
# How long a worker goes on for one bell.
TURN_SECONDS = 2.0

# What becomes of a part that was stopped; resumed meanwhile, it is queued again.
STOPPED_TO = {JobState.PAUSED: PartState.HELD, JobState.CANCELLING: PartState.CANCELLED}


class Stopped(Exception):
    """The job was paused or cancelled, or the worker ends: not a failure."""


@dataclass
class Taken:
    """A claimed part with all that belongs to it."""

    lease: Lease
    work: Work
    watch: Watch


@dataclass
class Run(Taken):
    """A part that tracks."""

    tracker: Tracker


def run_waiting(*, capability: str) -> None:
    """Run part after part while there are any, so that a part does not cost a message.

    After ``TURN_SECONDS`` the bell goes back to the queue: who listens to several queues hears the
    others, too.
    """
    end = time.monotonic() + TURN_SECONDS
    while not leaving() and run_next(capability=capability):
        if time.monotonic() >= end:
            queue.ring(capability)
            return


def run_next(*, capability: str) -> bool:
    """Claim the next part of ``capability`` and run it; False when there was none."""
    trackers = offered(capability)
    algorithms = {*trackers, *interpolating_algorithms(capability)}
    lease = claim_part(capability=capability, holder=holder_name(), algorithms=algorithms)
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
        track(run) if isinstance(run, Run) else fill(run)
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


def fill(run: Taken) -> None:
    """Fill frames between labels; nothing is decoded."""
    if not interpolate(lease=run.lease, work=run.work, watch=run.watch):
        raise Stopped


def stop(run: Taken) -> None:
    """Give the part up as the job's state asks."""
    state = JobState(Job.objects.values_list("state", flat=True).get(pk=run.lease.job_id))
    to = STOPPED_TO.get(state, PartState.QUEUED)
    part_release(lease=run.lease, to=to)
    if to == PartState.QUEUED:
        queue.ring(run.work.capability)


def track(run: Run) -> None:
    """Decode, track and commit frame by frame, from the last commit on."""
    order = Order.of(run.work.plan, run.work.parameters)
    anchors = anchors_of(order, task_id=run.work.task_id)
    gone = seed_failures(order, anchors) if run.work.position is None else []
    with frames_of_media(run.work.media) as reader, ReadAhead(reader, backwards=order.backwards) as frames:
        session, state = open_session(run, frames)
        course = TrackRun(order, anchors, session, far_sides=far_sides_of(run, order, anchors, frames))
        if state is not None:
            course.restore(state)
        try:
            follow(run, course, frames, Batch(failures=gone))
        finally:
            session.close()


def seed_failures(order: Order, anchors: Anchors) -> list[dict[str, object]]:
    """Instances that cannot start, since somebody deleted their seed after the order."""
    return [
        {"instance": instance_id, "sentence": "Its label to track from was deleted meanwhile."}
        for instance_id in seeds_gone(order, anchors)
    ]


def far_sides_of(run: Run, order: Order, anchors: Anchors, frames: ReadAhead) -> FarSides | None:
    """Both sides of key frames are used on video, by trackers that gain from it."""
    if not run.tracker.two_sided or run.work.media.kind != MediaKind.VIDEO:
        return None
    parameters = run.work.parameters.get("backend") or {}
    return FarSides(
        pictures=frames,
        open=lambda: run.tracker.open(frames, parameters=parameters),
        keys=keys_of(order, anchors),
    )


def open_session(run: Run, frames: ReadAhead) -> tuple[TrackSession, dict[str, object] | None]:
    """Start anew, or go on from the part's checkpoint."""
    parameters = run.work.parameters.get("backend") or {}
    if run.work.checkpoint is None:
        return run.tracker.open(frames, parameters=parameters), None
    kept = msgpack.unpackb(run.work.checkpoint, raw=False)
    return run.tracker.resume(frames, kept["backend"], parameters=parameters), kept["courses"]


def follow(run: Run, course: TrackRun, frames: ReadAhead, batch: Batch) -> None:
    """The loop over frames: a commit when one is due, when the run is stopped, and at the end."""
    due = time.monotonic() + settings.COMMIT_SECONDS
    for frame in course.order.frames(after=run.work.position):
        stop_when_asked(run, course, batch)
        for _ in course.look_back(frame):
            run.watch.advanced()
            stop_when_asked(run, course, batch)
        step(course, frames, frame, batch)
        run.watch.advanced()
        if time.monotonic() >= due or len(batch.found) >= BATCH_LABELS:
            flush(run, course, batch)
            batch = Batch()
            due = time.monotonic() + settings.COMMIT_SECONDS
    keep(run, batch, ends=PartState.DONE)


def stop_when_asked(run: Run, course: TrackRun, batch: Batch) -> None:
    """Between any two frames: keep what is there and go, when the job or the worker is to stop."""
    if run.watch.stop.is_set() or leaving():
        flush(run, course, batch)
        raise LeaseLost if run.watch.lost else Stopped


def keep(run: Run, batch: Batch, *, ends: PartState | None = None) -> JobState:
    """Commit the batch; the job remembers the version of the model that found it."""
    version = run.tracker.version
    return commit(lease=run.lease, task_id=run.work.task_id, batch=batch, ends=ends, model=version)


def step(course: TrackRun, frames: ReadAhead, frame: int, batch: Batch) -> None:
    """Run one frame into the batch; a frame that cannot be read is reported and skipped."""
    outcomes: list[Outcome] = []
    batch.failures += size_failures(course, frames, frame)
    try:
        if course.needs_picture(frame):
            frames.reach(frame)
        outcomes = course.advance(frame)
        remember(remarks_taken(course.session), batch)
        batch.hints += course.noticed(frame, outcomes)
    except FrameUnreadable as error:
        course.skip(frame)
        batch.failures.append({"frame": frame, "sentence": str(error)})
    batch.position = frame
    batch.frames += 1
    batch.found += [
        Found(
            instance_id=one.instance_id,
            frame=frame,
            geometry=None if one.tracked.shape is None else shape_pack(one.tracked.shape),
            confidence=one.tracked.confidence,
        )
        for one in outcomes
    ]


def remember(remarks: list[Remark], batch: Batch) -> None:
    """Take what the session has to say into the batch: failures of objects, and notes on the run."""
    for remark in remarks:
        if remark.object_id is None:
            batch.notes.append(remark.sentence)
        else:
            where = {"instance": remark.object_id, "frame": remark.frame}
            batch.failures.append({**where, "sentence": remark.sentence})


def size_failures(course: TrackRun, frames: ReadAhead, frame: int) -> list[dict[str, object]]:
    """End tracking where the pictures of a group change their size: an object cannot be followed over it."""
    before = frame + 1 if course.order.backwards else frame - 1
    if not course.following or not 0 <= before < len(frames):
        return []
    (width, height), (width_before, height_before) = frames.frame_size(frame), frames.frame_size(before)
    if (width, height) == (width_before, height_before):
        return []
    sentence = (
        f"Tracking ends here: the picture has {width} x {height} pixels, that of frame {before} has "
        f"{width_before} x {height_before}. Draw the object on it and track on from there."
    )
    ended = course.break_off(frame)
    return [{"instance": instance_id, "frame": frame, "sentence": sentence} for instance_id in ended]


def flush(run: Run, course: TrackRun, batch: Batch) -> None:
    """Commit what is there with a checkpoint; stop when the job no longer runs."""
    if batch.position is None or run.watch.lost:
        return
    batch.checkpoint = msgpack.packb({"courses": course.state(), "backend": course.session.checkpoint()})
    state = keep(run, batch)
    if state != JobState.RUNNING:
        run.watch.stop.set()
