"""Reading one's own notifications."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from labeling.models import Notification, Role, User


def notification_list(*, user: User, unread: bool = False) -> QuerySet[Notification]:
    """Return what the user is told of projects that they are a member of, of webhooks they manage, and of
    what they asked of many jobs.
    """
    own = Q(task__project__memberships__user=user) | Q(
        webhook__project__memberships__user=user, webhook__project__memberships__role=Role.MANAGER
    )
    own |= Q(bulk_action__user=user)
    if user.is_superuser:
        own |= Q(webhook__isnull=False, webhook__project__isnull=True)
    rows = Notification.objects.filter(own, user=user)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.select_related("task__project", "webhook__project", "comment__parent", "actor")


def unread_count(*, user: User) -> int:
    """Return how many notifications the user has not read."""
    return notification_list(user=user, unread=True).count()
