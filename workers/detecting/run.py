"""One part that detects, from its claim to its end: frame → detector → linking → commit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgpack
from django.conf import settings

from labeling.media.errors import FrameUnreadable
from labeling.models import Job, JobState, Part, PartState
from labeling.selectors.workers import DETECTING
from workers.announcing import detectors_offered
from workers.backends.detecting import Detector
from workers.backends.detectors import detector_get
from workers.claim import Lease, LeaseLost
from workers.detecting.batch import DetectedBatch
from workers.detecting.course import DetectingCourse
from workers.detecting.made import Maker
from workers.detecting.order import DetectingOrder, detecting_order
from workers.detecting.wishes import ClassWish, wish_of
from workers.frames import frames_of_media
from workers.giving_way import Courtesy
from workers.heartbeat import Watch
from workers.leaving import leaving
from workers.read_ahead import ReadAhead
from workers.taken import Taken
from workers.work import Work
from workers.writer import commit

BATCH_LABELS = 2000


@dataclass
class DetectRun:
    """A part on its way."""

    lease: Lease
    work: Work
    watch: Watch
    order: DetectingOrder
    maker: Maker
    detector: Detector
    batch: DetectedBatch = field(init=False)
    due: float = 0.0

    def __post_init__(self) -> None:
        self.begin_batch()

    def begin_batch(self) -> None:
        self.batch = DetectedBatch(order=self.order, maker=self.maker)
        self.due = time.monotonic() + settings.COMMIT_SECONDS

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self.due or len(self.batch.sightings) >= BATCH_LABELS

    def flush(self, course: DetectingCourse) -> None:
        """Commit what is there with a checkpoint; stop when the job no longer runs."""
        if self.batch.position is None or self.watch.lost:
            return
        self.batch.checkpoint = msgpack.packb(course.state())
        if self.keep() != JobState.RUNNING:
            self.watch.stop.set()

    def keep(self, *, ends: PartState | None = None) -> JobState:
        version, task_id = self.detector.version, self.work.task_id
        state = commit(lease=self.lease, task_id=task_id, batch=self.batch, ends=ends, model=version)
        self.begin_batch()
        return state


def detecting_algorithms(capability: str) -> set[str]:
    """What parts of this kind name that this process runs for ``capability``."""
    return {f"{DETECTING}{name}" for name in detectors_offered(capability)}


def is_detecting(work: Work) -> bool:
    return work.algorithm.startswith(DETECTING)


def detect(*, lease: Lease, work: Work, watch: Watch) -> bool:
    """Look at all frames and end the part; False when it was stopped before, with all that it had kept.

    Raises ``LeaseLost`` when somebody else holds the part, BackendError when the detector cannot go on,
    ``LabelyardError`` when the task is complete.
    """
    order = detecting_order(work)
    detector = detector_get(work.algorithm.removeprefix(DETECTING))
    run = DetectRun(lease, work, watch, order, maker_of(lease, work, order), detector)
    with frames_of_media(work.media) as reader, ReadAhead(reader, step=order.step) as frames:
        course = DetectingCourse(order, detector, wishes_of(run, frames))
        if work.checkpoint is not None:
            course.restore(msgpack.unpackb(work.checkpoint, raw=False))
        courtesy = Courtesy(Taken(lease, work, watch))
        for frame in order.frames(after=work.position):
            courtesy.between_frames()
            if watch.stop.is_set() or leaving():
                return stopped(run, course)
            look(run, course, frames, frame)
            watch.advanced()
            if run.is_due:
                run.flush(course)
    run.keep(ends=PartState.DONE)
    courtesy.tell()
    return True


def stopped(run: DetectRun, course: DetectingCourse) -> bool:
    """Keep what is there and go, when the job or the worker is to stop."""
    run.flush(course)
    if run.watch.lost:
        raise LeaseLost
    return False


def maker_of(lease: Lease, work: Work, order: DetectingOrder) -> Maker:
    told = Job.objects.values_list("uid", "first_frame", "last_frame").get(pk=lease.job_id)
    number = Part.objects.values_list("number", flat=True).get(pk=lease.part_id)
    uid, first, last = told
    return Maker(lease.job_id, str(uid), number, work.task_id, first, last, holds=order.link)


def wishes_of(run: DetectRun, frames: ReadAhead) -> Sequence[ClassWish]:
    """Read the examples; of those that are gone it is said when the part begins."""
    wishes = []
    for wanted in run.order.classes:
        wish, gone = wish_of(wanted, run.detector, frames, task_id=run.work.task_id)
        wishes.append(wish)
        if run.work.position is None:
            run.batch.notes += gone
    return wishes


def look(run: DetectRun, course: DetectingCourse, frames: ReadAhead, frame: int) -> None:
    """Run one frame into the batch; one that cannot be read is reported and skipped."""
    batch = run.batch
    batch.position = frame
    batch.frames += 1
    try:
        rgb = frames.read_rgb(frame)
    except FrameUnreadable as error:
        course.skip(frame)
        batch.failures.append({"frame": frame, "sentence": str(error)})
        return
    looked = course.look(rgb, frame=frame)
    batch.sightings += looked.sightings
    batch.noticed += looked.hints
    batch.failures += looked.failures
    batch.tally["capped"] += looked.capped
    batch.sizes[frame] = (rgb.shape[1], rgb.shape[0])
