"""Reading one's own notifications."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.models import Notification, User


def notification_list(*, user: User, unread: bool = False) -> QuerySet[Notification]:
    """Return what the user is told, of projects that they are a member of still."""
    rows = Notification.objects.filter(user=user, task__project__memberships__user=user)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.select_related("task__project", "comment__parent", "actor")


def unread_count(*, user: User) -> int:
    """Return how many notifications the user has not read."""
    return notification_list(user=user, unread=True).count()
