"""A run as one unit: taken back, and brought back, without running again.

What a person touched since stays, and the answer says how many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models.functions import Now

from labeling.errors import conflict
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Bitmask
from labeling.label_rows import LabelRow, rows_unpack
from labeling.models import FINAL_STATES, ChangeKind, Job, Label, Provenance, RunChunk, User
from labeling.selectors.review_ranges import Ranges, accepted_ranges, frame_in
from labeling.services.events import job_event_write
from labeling.services.label_events import labels_changed_write, ranges_of
from labeling.services.panoptic import StandingBitmask, bitmasks_standing, newer_in_the_way
from labeling.services.run_instances import Instances, instances_bring_back, instances_take_back
from labeling.services.run_labels import Standing, StandingLabel, Turned, chunks_standing
from labeling.services.sequence import change_record, task_take_seq


@dataclass(frozen=True)
class Outcome:
    """``removed`` of the run's labels are gone (or came back, on redo), ``kept`` were touched since.

    ``kept_own`` of the kept ones are as the person left them who asks. So with the ``instances`` that the
    run made, and those of them that stay: ``instances_kept``.
    """

    removed: int
    kept: int
    kept_own: int = 0
    instances: int = 0
    instances_kept: int = 0


@dataclass
class Count:
    """What taking a run back, or bringing it back, came to so far. ``user`` is who asks."""

    user: User | None
    moved: int = 0
    kept: int = 0
    own: int = 0

    def keep(self, labels: Iterable[StandingLabel | None]) -> None:
        """Count what is left as it stands there now; None where nothing does."""
        for label in labels:
            self.kept += 1
            self.own += self.user is not None and label is not None and label.author_id == self.user.pk

    def outcome(self, instances: Instances) -> Outcome:
        return Outcome(self.moved, self.kept, self.own, len(instances.moved), instances.kept)


@transaction.atomic
def job_revert(*, job: Job, user: User | None) -> Outcome:
    """Take back what the run wrote and restore what it replaced.

    Raises ``job_active`` (409) while it runs (cancel it instead), ``already_reverted`` (409),
    ``task_complete`` (409).
    """
    if job.state not in FINAL_STATES:
        raise conflict("job_active", "The job has not ended. Cancel it, and say whether to keep its labels.")
    if job.reverted_at:
        raise conflict("already_reverted", "The job was reverted before.")
    outcome = run_take_back(job=job, user=user)
    job_event_write(job=job, kind="job.reverted", payload=asdict(outcome))
    return outcome


def run_take_back(*, job: Job, user: User | None) -> Outcome:
    """The revert itself, without its conditions; within the caller's transaction."""
    seq = task_take_seq(task_id=job.task_id)
    won = Job.objects.filter(pk=job.pk, reverted_at__isnull=True, state__in=FINAL_STATES).update(
        reverted_at=Now(), reverted_by=user, reverted_seq=seq
    )
    if not won:
        raise conflict("already_reverted", "The job was reverted before.")
    count = Count(user)
    chunks = chunks_of(job)
    accepted = accepted_ranges({chunk.instance_id for chunk in chunks})
    for some in chunks_standing(chunks[::-1]):
        turned = Turned(seq)
        for chunk, now in some:
            chunk_take_back(chunk, now, job=job, accepted=accepted, count=count, turned=turned)
        turned.write(task_id=job.task_id)
    gone = instances_take_back(job=job, seq=seq)
    record(job=job, seq=seq, chunks=chunks, user=user, cause="revert", but=gone.moved)
    job.refresh_from_db()
    return count.outcome(gone)


def chunks_of(job: Job) -> list[RunChunk]:
    """Return what the run kept of the instances that are still there, as it came.

    A run may have come over its own labels again: it is taken back from its end.
    """
    rows = RunChunk.objects.filter(job=job, instance__task_id=job.task_id)
    return list(rows.select_related("instance__object_class").order_by("pk"))


def fitting(packed: bytes | memoryview, chunk: RunChunk) -> list[LabelRow]:
    """Return the rows whose shape is one of the instance's class: it may have been converted since."""
    object_class = chunk.instance.object_class
    rows = rows_unpack(packed, instance_id=chunk.instance_id)
    return [row for row in rows if row.geometry is None or object_class.draws(row.geometry)]


def chunk_take_back(
    chunk: RunChunk, now: Standing, *, job: Job, accepted: Ranges, count: Count, turned: Turned
) -> None:
    locked = accepted.get(chunk.instance_id, ())
    written = {row.frame for row in rows_unpack(chunk.written, instance_id=chunk.instance_id)}
    replaced = {row.frame: row for row in fitting(chunk.replaced, chunk)}
    untouched = {
        frame
        for frame in written
        if frame in now
        and now[frame].job_id == job.pk
        and not now[frame].protected
        and not frame_in(locked, frame)
    }
    gone = {frame for frame in replaced if frame not in written and frame not in now}
    count.moved += len(untouched)
    count.keep(now[frame] for frame in written if frame in now and frame not in untouched)
    turned.put(now, [replaced[frame] for frame in sorted((untouched & replaced.keys()) | gone)])
    turned.remove(now, untouched - replaced.keys(), instance_id=chunk.instance_id)


@transaction.atomic
def job_redo(*, job: Job, user: User) -> Outcome:
    """Bring a reverted run back without running it again, except where somebody has been since."""
    seq = task_take_seq(task_id=job.task_id)
    since = job.reverted_seq
    won = Job.objects.filter(pk=job.pk, reverted_at__isnull=False).update(
        reverted_at=None, reverted_by=None, reverted_seq=None
    )
    if not won or since is None:
        raise conflict("not_reverted", "The job is not reverted, so there is nothing to bring back.")
    count = Count(user)
    back = instances_bring_back(job=job, seq=seq)
    chunks = chunks_of(job)
    room = Room(job, since=since)
    accepted = accepted_ranges({chunk.instance_id for chunk in chunks})
    for some in chunks_standing(chunks):
        turned = Turned(seq)
        for chunk, now in some:
            chunk_redo(chunk, now, room=room, accepted=accepted, count=count, turned=turned)
        turned.write(task_id=job.task_id)
    record(job=job, seq=seq, chunks=chunks, user=user, cause="redo")
    job.refresh_from_db()
    outcome = count.outcome(back)
    told = asdict(outcome)
    job_event_write(job=job, kind="job.redone", payload={"written": told.pop("removed"), **told})
    return outcome


class Room:
    """Where a run that left other bitmasks out may come back: not where newer ones lie by now.

    ``since``: the change that reverted it.
    """

    def __init__(self, job: Job, *, since: int) -> None:
        self.since = since
        self.job = job
        self.excludes = bool(job.parameters.get("exclude_bitmasks"))
        self.by_frame: dict[int, list[StandingBitmask]] = {}

    def is_there_for(self, row: LabelRow) -> bool:
        if not self.excludes or row.provenance != Provenance.DETECTED or row.geometry is None:
            return True
        shape = shape_unpack(row.geometry)
        if not isinstance(shape, Bitmask):
            return True
        if row.frame not in self.by_frame:
            standing = bitmasks_standing(self.job.task, row.frame)
            self.by_frame[row.frame] = [one for one in standing if one.seq > self.since]
        others = [one for one in self.by_frame[row.frame] if one.instance_id != row.instance_id]
        return not newer_in_the_way(shape, others, since=self.since)


def chunk_redo(
    chunk: RunChunk, now: Standing, *, room: Room, accepted: Ranges, count: Count, turned: Turned
) -> None:
    locked = accepted.get(chunk.instance_id, ())
    written = fitting(chunk.written, chunk)
    replaced = {row.frame for row in rows_unpack(chunk.replaced, instance_id=chunk.instance_id)}

    def as_revert_left_it(frame: int) -> bool:
        if frame_in(locked, frame):
            return False
        label = now.get(frame)
        if label is None:
            return frame not in replaced
        return not label.protected and (label.seq <= room.since or label.seq == turned.seq)

    again = [row for row in written if as_revert_left_it(row.frame) and room.is_there_for(row)]
    came = {row.frame for row in again}
    count.moved += len(again)
    count.keep(now.get(row.frame) for row in written if row.frame not in came)
    absent = replaced - {row.frame for row in written}
    leave = [frame for frame in absent if frame in now and as_revert_left_it(frame)]
    turned.remove(now, leave, instance_id=chunk.instance_id)
    turned.put(now, again)


def record(
    *,
    job: Job,
    seq: int,
    chunks: list[RunChunk],
    user: User | None,
    cause: str,
    but: Collection[int] = (),
) -> None:
    """Tell the change feed and the events of labels; the feed hears of instances that are gone apart.

    A run without a chunk changed nothing, but its number is taken.
    """
    change_record(
        task_id=job.task_id,
        seq=seq,
        kind=ChangeKind.LABELS,
        instances={chunk.instance_id for chunk in chunks}.difference(but),
        first_frame=min((chunk.first_frame for chunk in chunks), default=None),
        last_frame=max((chunk.last_frame for chunk in chunks), default=None),
        author_id=user.pk if user else None,
        job_id=job.pk,
    )
    if chunks:
        labels_changed_write(
            task_id=job.task_id,
            seq=seq,
            instances={chunk.instance_id for chunk in chunks},
            frames=ranges_of(
                frame for chunk in chunks for frame in range(chunk.first_frame, chunk.last_frame + 1)
            ),
            provenances=provenances_now(chunks),
            cause=cause,
            by=user.username if user else None,
            job_id=job.pk,
        )


def provenances_now(chunks: Sequence[RunChunk]) -> set[int]:
    """Return how the labels came to be that stand where the run wrote."""
    rows = Label.objects.filter(
        instance_id__in={chunk.instance_id for chunk in chunks},
        frame__gte=min(chunk.first_frame for chunk in chunks),
        frame__lte=max(chunk.last_frame for chunk in chunks),
    )
    return set(rows.order_by().values_list("provenance", flat=True).distinct())
