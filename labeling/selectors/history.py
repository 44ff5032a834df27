"""What happened to a label, and what runs wrote: read from what edits and runs have kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from labeling.label_rows import LabelRow, rows_unpack
from labeling.models import (
    ChangeKind,
    EditChunk,
    EditTurn,
    Instance,
    Job,
    JobKind,
    Label,
    Provenance,
    RunChunk,
    TaskChange,
    User,
)
from labeling.selectors.labels import UNREVIEWED, LabelView, label_view, window_check

LABEL_FIELDS = (
    "instance_id", "frame", "geometry", "provenance", "confidence", "protected", "z_order", "occluded",
    "job_id", "author_id",
)  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a label. ``row``: what stood there after it, None for nothing.

    ``kind`` is ``edit``, ``undo``, ``redo``, ``run``, ``revert`` (of a run), ``rerun`` (brought again), or
    ``found`` for a label whose origin nobody wrote down.
    """

    kind: str
    title: str
    author: User | None
    job: int | None
    at: datetime
    seq: int
    row: LabelRow | None

    @property
    def label(self) -> LabelView | None:
        return past_view(self.row, seq=self.seq) if self.row else None


class NeverReviewed:
    """Stands for the decisions of a time that is gone."""

    def of(self, instance_id: int, frame: int, seq: int) -> str:
        del instance_id, frame, seq
        return UNREVIEWED


def past_view(row: LabelRow, *, seq: int) -> LabelView:
    """Return a label of the past as the API shows labels; its version is 0."""
    values: list[Any] = [
        row.instance_id, row.frame, row.geometry, row.provenance, row.confidence, row.protected, 0, seq,
        row.z_order, row.occluded, row.job_id, row.author_id,
    ]  # fmt: skip
    return label_view(values, NeverReviewed())


def label_history(*, instance: Instance, frame: int) -> list[Happening]:
    """Return what happened to the instance's label on ``frame``, newest first."""
    told = [*edits_there(instance, frame), *runs_there(instance, frame)]
    told.sort(key=lambda one: one.seq)
    happened = list(effective(told))
    if not happened:
        happened = list(found_there(instance, frame))
    return happened[::-1]


def edits_there(instance: Instance, frame: int) -> Iterator[Happening]:
    chunks = EditChunk.objects.filter(instance_id=instance.pk, first_frame__lte=frame, last_frame__gte=frame)
    chunks = chunks.select_related("edit__author").defer("edit__effects")
    turns: dict[int, list[EditTurn]] = {}
    for turn in EditTurn.objects.filter(edit__in=[chunk.edit_id for chunk in chunks]).select_related(
        "author"
    ):
        turns.setdefault(turn.edit_id, []).append(turn)
    for chunk in chunks:
        before, after = (row_at(packed, instance.pk, frame) for packed in (chunk.before, chunk.after))
        if before is None and after is None:
            continue
        edit = chunk.edit
        yield Happening("edit", edit.title, edit.author, None, edit.at, edit.seq, after)
        for turn in turns.get(edit.pk, ()):
            if [instance.pk, frame] in turn.kept:
                continue
            kind, word, row = ("undo", "Undo", before) if turn.undone else ("redo", "Redo", after)
            yield Happening(kind, f"{word}: {edit.title}", turn.author, None, turn.at, turn.seq, row)


def runs_there(instance: Instance, frame: int) -> Iterator[Happening]:
    chunks = RunChunk.objects.filter(instance_id=instance.pk, first_frame__lte=frame, last_frame__gte=frame)
    for chunk in chunks.select_related("job"):
        written, replaced = (row_at(packed, instance.pk, frame) for packed in (chunk.written, chunk.replaced))
        if written is None and replaced is None:
            continue
        for number, change in enumerate(changes_of_run(chunk.job, instance, frame)):
            kind, title = run_kind(chunk.job, number)
            row = replaced if kind == "revert" else written
            yield Happening(kind, title, change.author, chunk.job_id, change.at, change.seq, row)


def changes_of_run(job: Job, instance: Instance, frame: int) -> list[TaskChange]:
    """Return the changes by which the run wrote there, was reverted, was brought again, and so on."""
    rows = TaskChange.objects.filter(
        task_id=job.task_id, job=job, kind=ChangeKind.LABELS, first_frame__lte=frame, last_frame__gte=frame
    )
    return [row for row in rows.order_by("seq").select_related("author") if instance.pk in row.instances]


def run_kind(job: Job, number: int) -> tuple[str, str]:
    """Say what the n-th change of a run on one label is: it writes, and then goes and comes by turns."""
    name = f"{JobKind(job.kind).label} (job {job.pk})"
    if number == 0:
        return "run", name
    return ("revert", f"Revert: {name}") if number % 2 else ("rerun", f"Redo: {name}")


def effective(told: list[Happening]) -> Iterator[Happening]:
    """Leave out the reverts of runs that found something else there, and what brought them again."""
    last: Happening | None = None
    for one in told:
        if one.kind == "revert" and not (last and last.job == one.job and last.kind in ("run", "rerun")):
            continue
        if one.kind == "rerun" and not (last and last.job == one.job and last.kind == "revert"):
            continue
        yield one
        last = one


def found_there(instance: Instance, frame: int) -> Iterator[Happening]:
    """Yield what is known of a label that was there before anything was written down."""
    label = Label.objects.filter(instance=instance, frame=frame).select_related("author").first()
    if label is not None:
        row = LabelRow(*(getattr(label, name) for name in LABEL_FIELDS))
        row = replace(row, geometry=None if row.geometry is None else bytes(row.geometry))
        title = Provenance(label.provenance).label.capitalize()
        yield Happening("found", title, label.author, label.job_id, label.updated_at, label.seq, row)


def row_at(packed: bytes | memoryview, instance_id: int, frame: int) -> LabelRow | None:
    rows = rows_unpack(packed, instance_id=instance_id)
    return next((row for row in rows if row.frame == frame), None)


def run_originals(*, job: Job, first: int, last: int) -> list[LabelView]:
    """Return the labels of a range (inclusive, at most a window) as the run wrote them."""
    window_check(first, last)
    chunks = RunChunk.objects.filter(job=job, first_frame__lte=last, last_frame__gte=first)
    rows = [
        row
        for chunk in chunks
        for row in rows_unpack(chunk.written, instance_id=chunk.instance_id)
        if first <= row.frame <= last
    ]
    rows.sort(key=lambda row: (row.frame, row.instance_id))
    return [past_view(row, seq=0) for row in rows]
