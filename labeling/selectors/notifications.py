"""Reading one's own notifications."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from labeling.models import Notification, Role, User

MANAGED = ("webhook", "rule", "watch")
"""What managers are told about."""


def notification_list(*, user: User, unread: bool = False) -> QuerySet[Notification]:
    """Return what the user is told of projects that they are a member of, and of what they manage there."""
    own = Q(task__project__memberships__user=user)
    for thing in MANAGED:
        managed = f"{thing}__project__memberships__"
        own |= Q(**{f"{managed}user": user, f"{managed}role": Role.MANAGER})
    if user.is_superuser:
        own |= Q(webhook__isnull=False, webhook__project__isnull=True)
    rows = Notification.objects.filter(own, user=user)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    projects = (f"{thing}__project" for thing in ("task", *MANAGED))
    return rows.select_related(*projects, "watch__connection", "comment__parent", "actor")


def unread_count(*, user: User) -> int:
    """Return how many notifications the user has not read."""
    return notification_list(user=user, unread=True).count()
