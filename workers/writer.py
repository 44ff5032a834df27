"""Writing what a backend found: one transaction a commit, fenced by the lease.

The first statement is a conditional UPDATE of the part's row. When it finds nothing, the lease is
somebody else's and nothing is written. Labels follow by an upsert that skips protected rows.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from labeling.label_rows import LabelRow, label_row
from labeling.models import (
    ChangeKind,
    Job,
    JobState,
    Label,
    Part,
    PartState,
    Provenance,
)
from labeling.selectors.review_ranges import accepted_ranges, frame_in
from labeling.services.events import job_event_numbered
from labeling.services.job_notes import job_count, job_note
from labeling.services.job_states import job_conclude, job_settle
from labeling.services.label_events import labels_changed_write, ranges_of
from labeling.services.label_rows import labels_upsert
from labeling.services.sequence import change_record, task_take_seq
from labeling.services.spent import time_book
from labeling.statements import model_of, places, row_of, rows_of, run
from workers.claim import Lease, LeaseLost
from workers.failures import failures_joined
from workers.hints import Hint
from workers.originals import Chunk, chunks_keep, hints_keep, originals

# The condition of every write: the lease, by the part's id and token.
HELD = "id = %s AND token = %s AND state = 'running'"
JOB_COLUMNS = (
    "id", "project_id", "task_id", "batch_id", "state", "frames_done", "frames_total", "labels_written",
    "event_number", "cancel_keeps",
)  # fmt: skip
ADVANCE = f"""
UPDATE labeling_job
SET frames_done = frames_done + %s, labels_written = labels_written + %s, event_number = event_number + %s,
    model_version = COALESCE(NULLIF(%s, ''), model_version)
WHERE id = %s
RETURNING {", ".join(JOB_COLUMNS)}
"""  # noqa: S608  (names of ours)
BEFORE = """
SELECT instance_id, frame, geometry, provenance, confidence, protected, z_order, occluded, job_id, author_id
FROM labeling_label WHERE instance_id IN ({instances}) AND frame BETWEEN %s AND %s AND NOT protected
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run says of one instance on one frame; ``geometry`` None: it is missing there."""

    instance_id: int
    frame: int
    geometry: bytes | None
    confidence: float


@dataclass
class Batch:
    """What one commit carries. ``position`` is the last frame it covers.

    Interpolated labels replace interpolated ones only; tracked ones whatever is not protected.
    ``failures`` make the job partial; ``notes`` are sentences that people should know besides, ``tally``
    counts what the job says in numbers (``services.job_notes``).
    """

    position: int | None = None
    checkpoint: bytes | None = None
    frames: int = 0
    found: list[Found] = field(default_factory=list)
    failures: list[dict[str, object]] = field(default_factory=list)
    provenance: Provenance = Provenance.TRACKED
    notes: list[str] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def writes(self) -> bool:
        """False when there are no labels to write or to remove, so that the task need not be locked."""
        return bool(self.found)

    def settled(self, *, seq: int) -> Sequence[Found]:
        """Return what is to be written, now that nobody else can write into the task."""
        return self.found

    def follow_up(self, job: Job, *, ends: PartState) -> None:
        """What the end of the part brings about, in the same transaction. For most nothing."""


def commit(
    *, lease: Lease, task_id: int, batch: Batch, ends: PartState | None = None, model: str = ""
) -> JobState:
    """Write ``batch`` and return the job's state, so that the runner knows whether to go on.

    With ``ends`` the part ends in the same transaction. ``model`` is the version of the tracker that
    found it, kept with the job. Raises ``LeaseLost`` when the lease no longer holds and
    ``LabelyardError`` (``task_complete``) when the task was completed; nothing is written then.
    """
    tells = ends is None and batch.frames > 0
    with transaction.atomic():
        part_advance(lease, batch, ends=ends)
        written = labels_write(task_id=task_id, job_id=lease.job_id, batch=batch) if batch.writes else 0
        hints_keep(task_id=task_id, job_id=lease.job_id, hints=batch.hints)
        job = job_advance(lease, frames=batch.frames, written=written, model=model, tells=tells)
        if batch.notes:
            job_note(job_id=job.pk, sentences=batch.notes)
        if +batch.tally:
            job_count(job_id=job.pk, tally=batch.tally)
        if ends is not None:
            batch.follow_up(job, ends=ends)
            job_conclude(job=job)
        elif tells:
            job_event_numbered(job=job, kind="job.progress", payload=progress(job, frames=batch.frames))
        metered(lease)
    return JobState(job.state)


def metered(lease: Lease) -> None:
    """Book the time since the last commit; the last statements of the transaction."""
    time_book(job_id=lease.job_id, seconds=lease.meter.take(), gpu=lease.meter.gpu)


def progress(job: Job, *, frames: int) -> dict[str, object]:
    """What the event of a commit of ``frames`` says. Webhooks are sent a ``sample``: every twentieth part."""
    total = max(job.frames_total, 1)
    sample = 20 * job.frames_done // total != 20 * (job.frames_done - frames) // total
    return {"frames_done": job.frames_done, "frames_total": job.frames_total, "sample": sample}


def part_advance(lease: Lease, batch: Batch, *, ends: PartState | None) -> None:
    changes = ["progress_at = {now}", "losses = 0"]
    values: list[object] = []
    if batch.position is not None:
        changes += ["position = %s", "frames_done = frames_done + %s"]
        values += [batch.position, batch.frames]
    if batch.failures:
        known = Part.objects.values_list("failures", flat=True).get(pk=lease.part_id)
        changes.append("failures = %s")
        values.append(json.dumps(failures_joined(known, batch.failures)))
    if ends is None:
        changes.append("lease_expires_at = {lease_end}")
    else:
        changes += ["state = %s", "lease_expires_at = NULL", "holder = ''", "finished_at = {now}"]
        values.append(ends.value)
    if ends == PartState.DONE:
        changes.append("checkpoint = NULL")
    elif batch.position is not None:
        changes.append("checkpoint = %s")
        values.append(batch.checkpoint)
    statement = f"UPDATE labeling_part SET {', '.join(changes)} WHERE {HELD}"  # noqa: S608  (ours alone)
    if not run(statement, [*values, lease.part_id, lease.token]):
        raise LeaseLost


def job_advance(lease: Lease, *, frames: int, written: int, model: str, tells: bool) -> Job:
    """Count what was written. ``tells`` takes the number of an event in the same statement."""
    row = row_of(ADVANCE, (frames, written, int(tells), model, lease.job_id))
    if row is None:
        raise LeaseLost
    return model_of(Job, JOB_COLUMNS, row)


def labels_write(*, task_id: int, job_id: int, batch: Batch) -> int:
    """Write and remove labels, keep the originals, tell the feed; return how many were written."""
    seq = task_take_seq(task_id=task_id)
    found, provenance = batch.settled(seq=seq), batch.provenance
    instances = {one.instance_id for one in found}
    frames = [one.frame for one in found]
    first, last = min(frames, default=0), max(frames, default=0)
    accepted = accepted_ranges(instances)
    free = [one for one in found if not frame_in(accepted.get(one.instance_id, ()), one.frame)]
    before = labels_before(instances, first=first, last=last)
    if provenance == Provenance.INTERPOLATED:
        free = [one for one in free if fillable(before.get(one.instance_id, {}).get(one.frame))]
    chunks: list[Chunk] = []
    total = 0
    for instance_id, ones in by_instance(free).items():
        stood = before.get(instance_id, {})
        total += instance_write(
            task_id=task_id,
            job_id=job_id,
            seq=seq,
            found=ones,
            stood=stood,
            chunks=chunks,
            provenance=provenance,
        )
    chunks_keep(job_id=job_id, chunks=chunks)
    change_record(
        task_id=task_id,
        seq=seq,
        kind=ChangeKind.LABELS,
        instances=instances,
        first_frame=first,
        last_frame=last,
        job_id=job_id,
    )
    if chunks:
        labels_changed_write(
            task_id=task_id,
            seq=seq,
            instances={one.instance_id for one in free},
            frames=ranges_of(one.frame for one in free),
            provenances=[provenance] if total else [],
            cause="run",
            job_id=job_id,
        )
    return total


def labels_before(instances: Collection[int], *, first: int, last: int) -> dict[int, dict[int, LabelRow]]:
    """Return the unprotected labels that stand there: instance to frame to row."""
    before: dict[int, dict[int, LabelRow]] = defaultdict(dict)
    if not instances:
        return before
    statement = BEFORE.replace("{instances}", places(len(instances)))
    for row in rows_of(statement, [*instances, first, last]):
        label = label_row(row)
        before[label.instance_id][label.frame] = label
    return before


def fillable(stood: LabelRow | None) -> bool:
    """Whether interpolation may write where this label stands, or none."""
    return stood is None or stood.provenance == Provenance.INTERPOLATED


def by_instance(found: Iterable[Found]) -> dict[int, list[Found]]:
    groups: dict[int, list[Found]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.frame):
        groups[one.instance_id].append(one)
    return groups


def instance_write(
    *,
    task_id: int,
    job_id: int,
    seq: int,
    found: Sequence[Found],
    stood: Mapping[int, LabelRow],
    chunks: list[Chunk],
    provenance: Provenance,
) -> int:
    """Write what was found of one instance and add its originals to ``chunks``.

    ``stood`` are its unprotected labels of before, by frame.
    """
    instance_id = found[0].instance_id
    rows = [
        LabelRow(
            instance_id=instance_id,
            frame=one.frame,
            geometry=one.geometry,
            provenance=provenance,
            confidence=one.confidence,
            job_id=job_id,
        )
        for one in found
        if one.geometry is not None
    ]
    written = {frame for _, frame in labels_upsert(task_id=task_id, seq=seq, rows=rows)}
    missing = [one.frame for one in found if one.geometry is None and one.frame in stood]
    if missing:
        Label.objects.filter(instance_id=instance_id, frame__in=missing, protected=False).delete()
    frames = [one.frame for one in found]
    chunks += originals(
        instance_id=instance_id,
        frames=frames,
        written=[row for row in rows if row.frame in written],
        replaced=[stood[frame] for frame in frames if frame in stood],
    )
    return len(written)


def part_release(*, lease: Lease, to: PartState) -> None:
    """Give the part back without ending it well: held (paused), queued, or cancelled."""
    with transaction.atomic():
        finished = Now() if to == PartState.CANCELLED else Value(None)
        if not lease.rows().update(state=to, lease_expires_at=None, holder="", finished_at=finished):
            raise LeaseLost
        job_settle(job=Job.objects.get(pk=lease.job_id))
        metered(lease)


def part_fail(*, lease: Lease, code: str, sentence: str) -> None:
    """End the part with a sentence that people read."""
    with transaction.atomic():
        changed = lease.rows().update(
            state=PartState.FAILED,
            lease_expires_at=None,
            holder="",
            error_code=code,
            error=sentence,
            finished_at=Now(),
        )
        if not changed:
            raise LeaseLost
        job_settle(job=Job.objects.get(pk=lease.job_id))
        metered(lease)
