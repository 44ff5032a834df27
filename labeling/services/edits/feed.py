"""Telling other pages what an edit touched: one entry of the change feed a kind."""

from __future__ import annotations

from labeling.models import ChangeKind
from labeling.services.edits.journal import Journal
from labeling.services.edits.pieces import WHOLE, Piece
from labeling.services.label_events import labels_changed_write, ranges_of
from labeling.services.sequence import change_record

KIND_OF_NOUN = {
    "answers": ChangeKind.ANSWERS,
    "classifications": ChangeKind.ANSWERS,
    "decisions": ChangeKind.REVIEW,
}


def changes_tell(journal: Journal, *, task_id: int, seq: int, author_id: int) -> None:
    """Write the entries of ``seq``. Frames are those that anything of the kind was touched on."""
    told: dict[ChangeKind, tuple[set[int], list[int]]] = {}
    deleted = {pk for pk, turned in journal.instances.items() if turned.after is None}
    for pk, turned in journal.instances.items():
        if turned.before is None and turned.after is None:
            continue
        kind = ChangeKind.INSTANCE_DELETED if pk in deleted else ChangeKind.INSTANCE
        told.setdefault(kind, (set(), []))[0].add(pk)
    for instance, frame in journal.labels:
        if instance not in deleted:
            instances, frames = told.setdefault(ChangeKind.LABELS, (set(), []))
            instances.add(instance)
            frames.append(frame)
    for (noun, instance, _), pieces in journal.ranges.items():
        if instance not in deleted:
            instances, frames = told.setdefault(KIND_OF_NOUN[noun], (set(), []))
            instances |= {instance} - {0}
            frames += frames_touched(pieces.before, pieces.after)
    for kind, (instances, frames) in told.items():
        ranged = [frame for frame in frames if frame != WHOLE]
        change_record(
            task_id=task_id,
            seq=seq,
            kind=kind,
            instances=instances,
            first_frame=min(ranged, default=None),
            last_frame=max(ranged, default=None),
            author_id=author_id,
        )


def labels_tell(journal: Journal, *, task_id: int, seq: int, cause: str, by: str) -> None:
    """Write the event of the labels that the journal names, those of deleted instances too."""
    if journal.labels:
        labels_changed_write(
            task_id=task_id,
            seq=seq,
            instances={instance for instance, _ in journal.labels},
            frames=ranges_of(frame for _, frame in journal.labels),
            provenances=[turned.after.provenance for turned in journal.labels.values() if turned.after],
            cause=cause,
            by=by,
        )


def frames_touched(before: list[Piece], after: list[Piece]) -> list[int]:
    """Return the ends of the pieces that came or went."""
    return [frame for one in {*before} ^ {*after} for frame in (one.first, one.last)]
