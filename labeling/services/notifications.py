"""Telling people what concerns them, and that they have read it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from labeling.models import (
    BulkAction,
    Comment,
    Member,
    Notification,
    NotificationKind,
    Role,
    Task,
    User,
    Webhook,
)
from labeling.services.events import event_write


def notify(
    *,
    kind: NotificationKind,
    user_ids: Collection[int],
    task: Task,
    actor: User | None,
    comment: Comment | None = None,
    note: str = "",
) -> None:
    """Tell the members among ``user_ids``, but not ``actor``: nobody is told what they did themselves.

    Of one comment a person is told once, whether it mentions them, replies to them, or both. To be
    called in the transaction in which it happens.
    """
    told = set(
        Member.objects.filter(project_id=task.project_id, user_id__in=user_ids, user__is_active=True)
        .exclude(user=actor)
        .values_list("user_id", flat=True)
    )
    if comment is not None:
        told -= set(Notification.objects.filter(comment=comment).values_list("user_id", flat=True))
    Notification.objects.bulk_create(
        (
            Notification(user_id=one, kind=kind, task=task, comment=comment, actor=actor, note=note)
            for one in sorted(told)
        ),
        ignore_conflicts=True,
    )
    for one in sorted(told):
        event_write(
            kind="notification.made",
            project_id=task.project_id,
            task_id=task.pk,
            payload={"to": one, "kind": str(kind)},
        )


def webhook_notify(*, webhook: Webhook, note: str) -> None:
    """Tell those who manage the webhook why it gets nothing any more: managers, or operators."""
    people = User.objects.filter(is_active=True)
    if webhook.project_id is None:
        told = people.filter(is_superuser=True)
    else:
        told = people.filter(memberships__project=webhook.project_id, memberships__role=Role.MANAGER)
    ids = sorted(told.values_list("pk", flat=True))
    Notification.objects.bulk_create(
        Notification(user_id=one, kind=NotificationKind.WEBHOOK, webhook=webhook, note=note) for one in ids
    )
    if webhook.project_id is None:
        return  # events belong to projects: operators see it with their next page
    for one in ids:
        event_write(
            kind="notification.made",
            project_id=webhook.project_id,
            payload={"to": one, "kind": str(NotificationKind.WEBHOOK)},
        )


def bulk_notify(*, action: BulkAction, project_id: int | None, note: str) -> None:
    """Tell who asked for it what came of it. The bell of their pages follows the events of ``project_id``."""
    Notification.objects.create(
        user_id=action.user_id, kind=NotificationKind.BULK, bulk_action=action, note=note
    )
    if project_id is not None:
        event_write(
            kind="notification.made",
            project_id=project_id,
            payload={"to": action.user_id, "kind": str(NotificationKind.BULK)},
        )


def notifications_read(*, user: User, ids: Collection[int] = (), up_to: int | None = None) -> int:
    """Mark one's own notifications read, those named and those up to an id; return how many it were."""
    unread = Notification.objects.filter(user=user, read_at__isnull=True)
    chosen = unread.filter(pk__in=ids)
    if up_to is not None:
        chosen = chosen | unread.filter(pk__lte=up_to)
    return chosen.update(read_at=timezone.now())
