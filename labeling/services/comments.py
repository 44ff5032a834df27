"""Comments: made, answered, edited, resolved, deleted. Viewers read; everybody else writes."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.access import require
from labeling.access_rules import Permission
from labeling.errors import LabelyardError, conflict, forbidden, not_found, refused
from labeling.models import Comment, CommentKind, Member, NotificationKind, Role, Task, User
from labeling.selectors.comments import open_comment_count
from labeling.services.events import event_write
from labeling.services.notifications import notify
from labeling.services.pins import Pin, pin_check

# An address such as ana@example.org mentions nobody.
MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]{1,150})")
# Characters of user names that end sentences more often than names.
TRAILING = ".@+-"


@transaction.atomic
def comment_make(
    *, user: User, task: Task, text: str, pin: Pin | None = None, parent_id: int | None = None
) -> Comment:
    """Say something about the task, pinned to ``pin``, or reply to the comment ``parent_id``.

    Complete tasks are commented too. Members who are mentioned, and those whose thread it is, are
    notified. Raises 403 for viewers, ``not_found`` for a parent of another task,
    ``reply_to_reply``, and what ``pin_check`` raises (422).
    """
    require(user=user, project_id=task.project_id, permission=Permission.COMMENT)
    parent = None if parent_id is None else parent_open(task=task, parent_id=parent_id)
    where = pin or Pin()
    if parent is not None:
        where = Pin(kind=CommentKind.REPLY, **{part: getattr(where, part) for part in where.parts})
    pin_check(task=task, pin=where)
    mentioned = members_mentioned(text, project_id=task.project_id)
    comment = Comment.objects.create(
        task=task, parent=parent, text=text, mentions=sorted(mentioned), author=user, **where.columns()
    )
    notify(kind=NotificationKind.MENTIONED, user_ids=mentioned, task=task, actor=user, comment=comment)
    if parent is not None:
        others = thread_authors(parent)
        notify(kind=NotificationKind.REPLIED, user_ids=others, task=task, actor=user, comment=comment)
    tell("comment.made", comment, by=user)
    return comment


@transaction.atomic
def comment_change(
    *, user: User, comment: Comment, text: str | None = None, resolved: bool | None = None
) -> Comment:
    """Edit the text (one's own; managers anybody's), resolve or reopen the thread (all who write).

    Members who are mentioned for the first time are notified. Raises 403, and ``reply_resolved``
    (422): a thread is resolved as a whole.
    """
    role = require(user=user, project_id=comment.task.project_id, permission=Permission.COMMENT)
    comment = locked(comment)
    changed: list[str] = []
    told: dict[str, Any] = {}
    if text is not None and text != comment.text:
        own_check(user=user, role=role, comment=comment, verb="edit")
        changed += edited(comment, text=text, user=user)
    if resolved is not None:
        fields = settled(comment, resolved=resolved, user=user)
        changed += fields
        told = {"settled": "resolved" if resolved else "reopened"} if fields else {}
    if changed:
        comment.save(update_fields=changed)
        tell("comment.changed", comment, by=user, resolved=comment.resolved_at is not None, **told)
    return comment


@transaction.atomic
def comment_delete(*, user: User, comment: Comment) -> None:
    """Delete one's own comment; managers delete anybody's, with its replies.

    Raises 403, and ``comment_has_replies`` (409) where words of others would go with it.
    """
    role = require(user=user, project_id=comment.task.project_id, permission=Permission.COMMENT)
    comment = locked(comment)
    own_check(user=user, role=role, comment=comment, verb="delete")
    if role != Role.MANAGER and comment.replies.exclude(author=user).exists():
        raise conflict(
            "comment_has_replies", "Others have replied to this comment. Resolve it instead of deleting it."
        )
    tell("comment.deleted", comment, by=user)
    comment.delete()


def comments_settled_check(*, task: Task) -> None:
    """Raise ``comments_open`` (409) when the project's open comments keep tasks from being submitted."""
    count = open_comment_count(task=task) if task.project.comments_block else 0
    if count:
        told = "A comment is open" if count == 1 else f"{count} comments are open"
        raise conflict("comments_open", f"{told}. Resolve what is open, then submit.", count=count)


def parent_open(*, task: Task, parent_id: int) -> Comment:
    """Return the comment that is replied to, and keep it from being deleted meanwhile."""
    parent = hold(Comment.objects.filter(task=task, pk=parent_id)).first()
    if parent is None:
        raise not_found("comment")
    if parent.parent_id is not None:
        raise refused("reply_to_reply", "Reply to the comment that the thread began with.")
    return parent


def edited(comment: Comment, *, text: str, user: User) -> list[str]:
    mentioned = members_mentioned(text, project_id=comment.task.project_id)
    fresh = mentioned - set(comment.mentions)
    comment.text, comment.mentions, comment.edited_at = text, sorted(mentioned), timezone.now()
    notify(kind=NotificationKind.MENTIONED, user_ids=fresh, task=comment.task, actor=user, comment=comment)
    return ["text", "mentions", "edited_at"]


def settled(comment: Comment, *, resolved: bool, user: User) -> list[str]:
    if comment.kind == CommentKind.REPLY:
        raise refused("reply_resolved", "A reply is not resolved by itself; resolve its thread.")
    if resolved == (comment.resolved_at is not None):
        return []
    comment.resolved_at = timezone.now() if resolved else None
    comment.resolved_by = user if resolved else None
    return ["resolved_at", "resolved_by"]


def own_check(*, user: User, role: Role, comment: Comment, verb: str) -> None:
    if role != Role.MANAGER and comment.author_id != user.pk:
        raise not_yours(verb)


def not_yours(verb: str) -> LabelyardError:
    return forbidden(f"Only who wrote a comment, and managers, may {verb} it.")


def thread_authors(parent: Comment) -> set[int]:
    """Return who wrote in the thread."""
    wrote = parent.replies.exclude(author=None).values_list("author_id", flat=True)
    return {one for one in (parent.author_id, *wrote) if one is not None}


def members_mentioned(text: str, *, project_id: int) -> set[int]:
    """Return the ids of the members that the text names with an @."""
    words = MENTION.findall(text)
    names = {*words, *(word.rstrip(TRAILING) for word in words)}
    if not names:
        return set()
    rows = Member.objects.filter(project_id=project_id, user__username__in=names)
    by_name = dict(rows.values_list("user__username", "user_id"))
    found = (by_name.get(word, by_name.get(word.rstrip(TRAILING))) for word in words)
    return {one for one in found if one is not None}


def locked(comment: Comment) -> Comment:
    """Read the comment anew, and keep others from changing it until the transaction ends."""
    found = hold(Comment.objects.filter(pk=comment.pk)).first()
    if found is None:
        raise not_found("comment")
    found.task = comment.task
    return found


def hold(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    return rows.select_for_update() if connection.features.has_select_for_update else rows


def tell(kind: str, comment: Comment, *, by: User, **facts: Any) -> None:
    told: dict[str, Any] = {
        "comment": comment.pk, "parent": comment.parent_id, "frame": comment.frame, "by": by.username,
    }  # fmt: skip
    task = comment.task
    event_write(kind=kind, project_id=task.project_id, task_id=task.pk, payload={**told, **facts})
