"""A part that fills the frames between labels. It needs no picture: labels in, labels out.

Object after object, gap after gap, frame after frame; a commit says how far it came. What stays is
read when a holder begins, so that an interrupted part ends with the labels of an undisturbed one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgpack
from django.conf import settings

from labeling.geometry.between import Tween, shape_tween
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Shape
from labeling.models import JobState, Part, PartState, Provenance
from labeling.selectors.gaps import Gap, gaps_of
from labeling.selectors.media import frame_sizes
from labeling.services.algorithms import INTERPOLATION
from labeling.statements import places, rows_of
from workers.claim import Lease, LeaseLost
from workers.heartbeat import Watch
from workers.leaving import leaving
from workers.work import Work
from workers.writer import Batch, Found, commit

CONFIDENCE = 0.99
VERSION = "interpolation 1"
BATCH_LABELS = 2000
# Gaps whose ends are read at a time: what is held of an object with many labels.
GAPS_A_READ = 50
ENDS = """
SELECT frame, geometry FROM labeling_label
WHERE instance_id = %s AND frame IN ({frames}) AND geometry IS NOT NULL
"""


@dataclass
class Fill:
    """A part on its way: ``left`` frames of it are not counted yet."""

    lease: Lease
    work: Work
    watch: Watch
    left: int
    batch: Batch = field(default_factory=lambda: Batch(provenance=Provenance.INTERPOLATED))
    due: float = 0.0

    def put(self, found: Found) -> None:
        """Book one label; commit when that is due."""
        self.batch.found.append(found)
        self.batch.position = found.frame
        self.batch.checkpoint = msgpack.packb([found.instance_id, found.frame])
        self.watch.advanced()
        if len(self.batch.found) >= BATCH_LABELS or time.monotonic() >= self.due:
            self.flush()

    def report(self, gap: Gap, reason: str) -> None:
        """Say of a gap that it stays open; whoever goes on from here does not say it again."""
        sentence = f"Frames {gap.first} to {gap.last} stay open: {reason.rstrip('.')}."
        self.batch.failures.append({"instance": gap.instance_id, "frame": gap.first, "sentence": sentence})
        self.batch.checkpoint = msgpack.packb([gap.instance_id, gap.last])

    def flush(self) -> None:
        """Commit what is there; stop when the job no longer runs."""
        if not self.batch.found or self.watch.lost:
            return
        if self.keep(min(len(self.batch.found), self.left)) != JobState.RUNNING:
            self.watch.stop.set()

    def keep(self, frames: int, *, ends: PartState | None = None) -> JobState:
        self.batch.frames = frames
        self.left -= frames
        task_id = self.work.task_id
        state = commit(lease=self.lease, task_id=task_id, batch=self.batch, ends=ends, model=VERSION)
        self.batch = Batch(provenance=Provenance.INTERPOLATED)
        self.due = time.monotonic() + settings.COMMIT_SECONDS
        return state


def interpolating_algorithms(capability: str) -> set[str]:
    """What parts of this kind name, on the queue that they wait on; every worker of it takes them."""
    return {INTERPOLATION.name} if capability == INTERPOLATION.capability else set()


def interpolate(*, lease: Lease, work: Work, watch: Watch) -> bool:
    """Fill what lies open and end the part; False when it was stopped before, with all that it had kept.

    Raises ``LeaseLost`` when somebody else holds the part, ``LabelyardError`` when the task is complete.
    """
    total, done = Part.objects.values_list("frames_total", "frames_done").get(pk=lease.part_id)
    fill = Fill(lease, work, watch, left=total - done, due=time.monotonic() + settings.COMMIT_SECONDS)
    for instance_id, frame, tween, t in open_frames(fill):
        if watch.stop.is_set() or leaving():
            fill.flush()
            if watch.lost:
                raise LeaseLost
            return False
        fill.put(Found(instance_id, frame, shape_pack(tween(t)), CONFIDENCE))
    # Frames that somebody labelled since the order are done, too.
    fill.keep(fill.left, ends=PartState.DONE)
    return True


def open_frames(fill: Fill) -> Iterator[tuple[int, int, Tween, float]]:
    """Yield instance, frame, the way that it lies on and how far along, in order, after the checkpoint."""
    plan = fill.work.plan
    since = msgpack.unpackb(fill.work.checkpoint) if fill.work.checkpoint else None
    instances = [one["instance"] for one in plan["objects"]]
    if since is not None:
        instances = instances[instances.index(since[0]) :]
    sizes = frame_sizes(fill.work.media)
    for instance_id in instances:
        after = since[1] if since is not None and instance_id == since[0] else -1
        gaps = gaps_of([instance_id], first=plan["first"], last=plan["last"])
        for gap, tween in tweens([gap for gap in gaps if gap.last > after], fill, sizes=sizes):
            for frame in gap.frames(after=after):
                yield instance_id, frame, tween, (frame - gap.before) / (gap.after - gap.before)


def tweens(
    gaps: Sequence[Gap], fill: Fill, *, sizes: Sequence[tuple[int, int]] | None
) -> Iterator[tuple[Gap, Tween]]:
    """Yield each gap with the way between its ends; one that has none is reported and stays open."""
    for start in range(0, len(gaps), GAPS_A_READ):
        some = gaps[start : start + GAPS_A_READ]
        ends = ends_of(some)
        for gap in some:
            if gap.before not in ends or gap.after not in ends:
                continue  # deleted since the gaps were read
            if sizes is not None and len(set(sizes[gap.before : gap.after + 1])) > 1:
                fill.report(gap, "the pictures between have different sizes")
                continue
            try:
                tween = shape_tween(ends[gap.before], ends[gap.after])
            except ShapeError as error:
                fill.report(gap, str(error))
                continue
            yield gap, tween


def ends_of(gaps: Sequence[Gap]) -> dict[int, Shape]:
    """Return the shapes that the gaps of one instance lie between, by frame."""
    frames = sorted({frame for gap in gaps for frame in (gap.before, gap.after)})
    statement = ENDS.replace("{frames}", places(len(frames)))
    rows = rows_of(statement, [gaps[0].instance_id, *frames])
    return {frame: shape_unpack(bytes(geometry)) for frame, geometry in rows}
