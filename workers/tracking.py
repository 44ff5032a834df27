"""A part that tracks: decode, track and commit, frame by frame."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgpack
from django.conf import settings

from labeling.geometry.packing import shape_pack
from labeling.media.errors import FrameUnreadable
from labeling.models import JobState, MediaKind, PartState
from workers.anchors import anchors_of, keys_of, seeds_gone
from workers.backends.base import Remark, Tracker, TrackSession, remarks_taken
from workers.claim import LeaseLost
from workers.detecting.filled import FilledBatch, Filling
from workers.far_sides import FarSides
from workers.frames import frames_of_media
from workers.giving_way import Courtesy
from workers.leaving import leaving
from workers.read_ahead import ReadAhead
from workers.taken import Stopped, Taken
from workers.track_run import Anchors, Order, Outcome, TrackRun
from workers.writer import Batch, Found, commit

# A commit is due after COMMIT_SECONDS, or when this many labels wait.
BATCH_LABELS = 2000


@dataclass
class Run(Taken):
    """A part that tracks."""

    tracker: Tracker


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
            follow(run, course, frames, begun(run, frames, failures=gone))
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
    courtesy = Courtesy(run)
    for frame in course.order.frames(after=run.work.position):
        courtesy.between_frames()
        stop_when_asked(run, course, batch)
        for _ in course.look_back(frame):
            run.watch.advanced()
            stop_when_asked(run, course, batch)
        step(course, frames, frame, batch)
        run.watch.advanced()
        if time.monotonic() >= due or len(batch.found) >= BATCH_LABELS:
            flush(run, course, batch)
            batch = begun(run, frames)
            due = time.monotonic() + settings.COMMIT_SECONDS
    keep(run, batch, ends=PartState.DONE)
    courtesy.tell()


def begun(run: Run, frames: ReadAhead, *, failures: Sequence[dict[str, object]] = ()) -> Batch:
    """Return an empty batch. Where the job detects, tracking fills, and minds what its detections mind."""
    overlap = run.work.parameters.get("overlap")
    if overlap is None:
        return Batch(failures=list(failures))
    filling = Filling(run.work.task_id, run.lease.job_id, overlap, frames.frame_size)
    return FilledBatch(failures=list(failures), filling=filling)


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
