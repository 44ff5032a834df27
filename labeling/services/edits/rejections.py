"""A label that was rejected, then changed, and is put back as it was: it is rejected still."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from labeling.models import ChangeKind, Decision, Edit, TaskChange
from labeling.services.edits.journal import LabelKey
from labeling.services.edits.opened import OpenEdit
from labeling.services.edits.pieces import Piece, piece, pieces_put
from labeling.services.edits.stored import decisions_key, pieces_of, pieces_store


def rejections_renew(opened: OpenEdit, *, edit: Edit, places: Collection[LabelKey]) -> None:
    """Have rejections hold again for the labels at ``places``, which undoing ``edit`` put back.

    A rejection holds for labels that are not younger than it, and putting a label back makes it young. So a
    rejection that held when the edit was made becomes as young as the label, on its frame.
    """
    frames: dict[int, list[int]] = defaultdict(list)
    for instance, frame in places:
        frames[instance].append(frame)
    since = done_at(edit)
    for instance, numbers in frames.items():
        key = decisions_key(instance)
        now = pieces_of(opened, key)
        after = now
        for frame, rejection in held_before(opened, now, instance, sorted(numbers), since):
            after = pieces_put(after, piece(frame, frame, {**rejection.words, "seq": opened.seq}))
        if after != now:
            pieces_store(opened, key, after)


def done_at(edit: Edit) -> int:
    """Return the number of the change that did the edit, or did it again."""
    redone = edit.turns.filter(undone=False).order_by("-seq").values_list("seq", flat=True).first()
    return edit.seq if redone is None else redone


def held_before(
    opened: OpenEdit, now: Iterable[Piece], instance: int, frames: list[int], since: int
) -> Iterable[tuple[int, Piece]]:
    """Yield the frames whose label was rejected when the change ``since`` came, each with its rejection."""
    for one in now:
        words = one.words
        if words["decision"] != Decision.REJECTED or words["seq"] >= since:
            continue
        between = touched(opened, instance, after=words["seq"], before=since)
        for frame in frames:
            if one.first <= frame <= one.last and not any(first <= frame <= last for first, last in between):
                yield frame, one


def touched(opened: OpenEdit, instance: int, *, after: int, before: int) -> list[tuple[int, int]]:
    """Return the ranges in which labels of the instance were touched between two changes, both left out."""
    rows = TaskChange.objects.filter(
        task=opened.task, kind=ChangeKind.LABELS, seq__gt=after, seq__lt=before
    ).values_list("instances", "first_frame", "last_frame")
    return [
        (first, last)
        for instances, first, last in rows
        if instance in instances and first is not None and last is not None
    ]
