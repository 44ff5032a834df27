"""A reviewer's word on ranges of an instance."""

from __future__ import annotations

from django.db import transaction

from labeling.access import Permission, require
from labeling.errors import refused
from labeling.models import ChangeKind, Decision, Instance, ReviewDecision, User
from labeling.services.events import event_write
from labeling.services.labels import frame_check
from labeling.services.ranges import clear_range
from labeling.services.sequence import change_record, task_take_seq

CLEARED = "cleared"


@transaction.atomic
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
    task = instance.task
    first = task.first_frame if first_frame is None else first_frame
    last = task.last_frame if last_frame is None else last_frame
    require(user=user, project_id=task.project_id, permission=Permission.REVIEW)
    if decision not in (*Decision.values, CLEARED):
        raise refused("unknown_decision", "A decision is “accepted”, “rejected” or “cleared”.")
    if last < first:
        raise refused("range_reversed", f"The range ends (frame {last}) before it starts (frame {first}).")
    frame_check(task, first)
    frame_check(task, last)
    seq = task_take_seq(task_id=task.pk)
    clear_range(ReviewDecision.objects.filter(instance=instance), first=first, last=last)
    if decision != CLEARED:
        ReviewDecision.objects.create(
            task=task,
            instance=instance,
            first_frame=first,
            last_frame=last,
            decision=decision,
            reason=reason,
            seq=seq,
            author=user,
        )
    change_record(
        task_id=task.pk,
        seq=seq,
        kind=ChangeKind.REVIEW,
        instances=[instance.pk],
        first_frame=first,
        last_frame=last,
        author_id=user.pk,
    )
    event_write(
        kind=f"review.{decision}",
        project_id=task.project_id,
        task_id=task.pk,
        payload={"instance": instance.pk, "first_frame": first, "last_frame": last, "reason": reason},
    )
