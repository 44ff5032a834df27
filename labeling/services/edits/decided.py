"""What reviewers' decisions became by an edit that was undone or redone, told like decisions of their own."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.models import Task
from labeling.services.edits.journal import Journal
from labeling.services.edits.pieces import Piece, joined, piece, reader, same_words, stretches
from labeling.services.events import event_write

CLEARED = {"decision": "cleared", "reason": ""}


def decisions_tell(done: Journal, *, task: Task, cause: str) -> None:
    """Write an event for each range in which another decision holds now, or none: who follows accepted,
    rejected and cleared knows what holds, and need not know of undo.
    """
    for (_, instance, _), turned in done.of_noun("decisions"):
        for one in changed(turned.before, turned.after):
            decision_tell(task=task, instance_id=instance, decided=one, cause=cause)


def decision_tell(*, task: Task, instance_id: int, decided: Piece, cause: str) -> None:
    """Write the event of one decision, the reviewer's or one that came back or went. ``cause`` as in
    ``labels.changed``: edit, undo, redo.
    """
    words = decided.words
    event_write(
        kind=f"review.{words['decision']}",
        project_id=task.project_id,
        task_id=task.pk,
        payload={
            "instance": instance_id,
            "first_frame": decided.first,
            "last_frame": decided.last,
            "reason": words["reason"],
            "cause": cause,
        },
    )


def changed(before: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
    """Return what holds now where something else did, ``CLEARED`` where nothing does."""
    was, comes = reader(before), reader(after)
    return joined(
        [
            Piece(first, last, comes(first) or piece(first, last, CLEARED).said)
            for first, last in stretches(before, after)
            if not same_words(was(first), comes(first))
        ]
    )
