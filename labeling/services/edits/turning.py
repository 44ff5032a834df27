"""Undo and redo: an edit taken back, and brought again, wherever nobody has been since."""

from __future__ import annotations

from django.utils import timezone

from labeling.errors import conflict, forbidden
from labeling.models import Edit, EditTurn, Role, User
from labeling.services.edits.decided import decisions_tell
from labeling.services.edits.edits import Done
from labeling.services.edits.journal import Journal
from labeling.services.edits.keeping import journal_read
from labeling.services.edits.opened import OpenEdit, task_opened
from labeling.services.edits.rejections import done_at, rejections_renew
from labeling.services.edits.swap import Swap


def edit_undo(*, user: User, edit: Edit) -> Done:
    """Put back what the edit replaced.

    What somebody touched since stays, and is counted. Raises ``already_undone``, ``job_active``,
    ``task_complete`` (409), 403 for an edit of somebody else (reviewers and managers undo any).
    """
    return turn(user=user, edit=edit, undo=True)


def edit_redo(*, user: User, edit: Edit) -> Done:
    """Put again what the edit had written. Raises ``not_undone`` (409) and what ``edit_undo`` raises."""
    return turn(user=user, edit=edit, undo=False)


def turn(*, user: User, edit: Edit, undo: bool) -> Done:
    with task_opened(user=user, task=edit.task) as opened:
        opened.cause = "undo" if undo else "redo"
        edit.refresh_from_db(fields=["undone_seq", "undone_at", "undone_by"])
        turnable(opened, edit, undo=undo)
        written = journal_read(edit)
        plan = written.turned_back() if undo else written
        permitted(opened, plan)
        swap = Swap(opened, plan, since=done_at(edit) if undo else undone_at(edit))
        swap.run()
        if undo:
            back = [key for key, turned in opened.journal.labels.items() if turned.after is not None]
            rejections_renew(opened, edit=edit, places=back)
        edit.undone_seq = opened.seq if undo else None
        edit.undone_at = timezone.now() if undo else None
        edit.undone_by = user if undo else None
        edit.save(update_fields=["undone_seq", "undone_at", "undone_by"])
        kept_labels = [list(key) for key in swap.kept_labels]
        EditTurn.objects.create(edit=edit, seq=opened.seq, undone=undo, kept=kept_labels, author=user)
        decisions_tell(opened.journal, task=opened.task, cause=opened.cause)
    return Done(edit, opened.journal, opened.seq, kept=swap.kept)


def undone_at(edit: Edit) -> int:
    """Return the number of the change that undid the edit."""
    assert edit.undone_seq is not None  # noqa: S101  (``turnable`` has seen to it)
    return edit.undone_seq


def turnable(opened: OpenEdit, edit: Edit, *, undo: bool) -> None:
    """Raise unless the edit is there to be undone (or redone), by this person."""
    if opened.role not in (Role.REVIEWER, Role.MANAGER) and edit.author_id != opened.user.pk:
        raise forbidden("Only who made the edit, reviewers and managers may do this.")
    if undo and edit.undone_seq is not None:
        raise conflict("already_undone", f"“{edit}” was undone before.")
    if not undo and edit.undone_seq is None:
        raise conflict("not_undone", f"“{edit}” is not undone, so there is nothing to bring back.")


def permitted(opened: OpenEdit, plan: Journal) -> None:
    """Raise unless this person may touch what the plan touches."""
    nouns = {noun for noun, *_ in plan.ranges}
    if "decisions" in nouns and not plan.instances:
        opened.require_reviewer()
    if plan.labels or plan.instances or nouns - {"decisions"}:
        opened.require_labeler()
