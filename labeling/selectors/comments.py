"""Reading comments."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery

from labeling.errors import not_found
from labeling.models import Comment, Instance, Task, User


def comment_list(*, task_id: int, resolved: bool | None = None) -> QuerySet[Comment]:
    """Return the task's comments, or only threads that are (not) resolved, with their replies.

    Each has its ``instance``: the id of the object that it is pinned to, None when there is none any
    more.
    """
    rows = shown().filter(task_id=task_id)
    if resolved is not None:
        threads = Comment.objects.filter(
            task_id=task_id, parent__isnull=True, resolved_at__isnull=not resolved
        )
        rows = rows.filter(pk__in=threads.values("pk")) | rows.filter(parent__in=threads.values("pk"))
    return rows


def comment_get(*, comment_id: int) -> Comment:
    """Return a comment with its task and project. Raises ``not_found``."""
    comment = shown().select_related("task__project").filter(pk=comment_id).first()
    if comment is None:
        raise not_found("comment")
    return comment


def shown() -> QuerySet[Comment]:
    instance = Instance.objects.filter(task=OuterRef("task"), object_hash=OuterRef("object_hash"))
    return Comment.objects.select_related("author", "resolved_by").annotate(
        instance=Subquery(instance.values("pk")[:1])
    )


def open_comment_count(*, task: Task) -> int:
    """Return how many threads of the task are not resolved."""
    return Comment.objects.filter(task=task, parent__isnull=True, resolved_at__isnull=True).count()


def mentioned_people(comments: Collection[Comment]) -> dict[int, str]:
    """Return the names of everybody whom the comments mention and who is still there, by id."""
    ids = {one for comment in comments for one in comment.mentions}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}
