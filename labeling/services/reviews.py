"""A reviewer's word on ranges of an instance."""

from __future__ import annotations

from django.utils import timezone

from labeling.errors import refused
from labeling.frame_ranges import frames_check
from labeling.models import Decision, Instance, User
from labeling.services.edits.decided import decision_tell
from labeling.services.edits.opened import OpenEdit, edit_open
from labeling.services.edits.pieces import piece, pieces_cut, pieces_put
from labeling.services.edits.stored import decisions_key, pieces_of, pieces_store

CLEARED = "cleared"
VERBS = {Decision.ACCEPTED.value: "Accept", Decision.REJECTED.value: "Reject", CLEARED: "Clear the review of"}


def review_decide(
    *,
    user: User,
    instance: Instance,
    first_frame: int | None = None,
    last_frame: int | None = None,
    decision: str,
    reason: str = "",
) -> None:
    """Accept or reject the instance over a range of frames (inclusive), or take a decision back.

    Without a range the whole task is meant. One row is written, however many frames it covers.
    Acceptance locks the range until it is cleared. Raises 403 for roles that do not review,
    ``task_complete`` (409), ``range_reversed``, ``frame_out_of_range`` (422).
    """
    title = f"{VERBS.get(decision, 'Review')} {instance}"
    with edit_open(user=user, task=instance.task, title=title) as edit:
        review_decide_in(
            edit,
            instance=instance,
            first_frame=first_frame,
            last_frame=last_frame,
            decision=decision,
            reason=reason,
        )


def review_decide_in(
    edit: OpenEdit,
    *,
    instance: Instance,
    first_frame: int | None = None,
    last_frame: int | None = None,
    decision: str,
    reason: str = "",
) -> None:
    """``review_decide`` as a step of an edit."""
    edit.require_reviewer()
    task = edit.task
    first = task.first_frame if first_frame is None else first_frame
    last = task.last_frame if last_frame is None else last_frame
    if decision not in VERBS:
        raise refused("unknown_decision", "A decision is “accepted”, “rejected” or “cleared”.")
    frames_check(task, first, last)
    key = decisions_key(instance.pk)
    now = pieces_of(edit, key)
    if decision == CLEARED:
        after = pieces_cut(now, first, last)
    else:
        words = {"decision": decision, "reason": reason, "seq": edit.seq, "author_id": edit.user.pk}
        after = pieces_put(now, piece(first, last, {**words, "at": timezone.now().isoformat()}))
    pieces_store(edit, key, after)
    told = piece(first, last, {"decision": decision, "reason": reason})
    decision_tell(task=task, instance_id=instance.pk, decided=told, cause=edit.cause)
