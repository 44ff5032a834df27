"""Telling people what concerns them, and that they have read it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from labeling.models import (
    Comment,
    Member,
    Notification,
    NotificationKind,
    Role,
    Rule,
    Task,
    User,
    Watch,
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
    if webhook.project_id is not None:
        managers_notify(
            kind=NotificationKind.WEBHOOK, project_id=webhook.project_id, note=note, webhook=webhook
        )
        return
    # Events belong to projects: operators see it with their next page.
    operators = User.objects.filter(is_active=True, is_superuser=True)
    store(operators, kind=NotificationKind.WEBHOOK, note=note, webhook=webhook)


def managers_notify(
    *,
    kind: NotificationKind,
    project_id: int,
    note: str,
    webhook: Webhook | None = None,
    rule: Rule | None = None,
    watch: Watch | None = None,
) -> None:
    """Tell the project's managers why something that they manage goes on no more."""
    managers = User.objects.filter(
        is_active=True, memberships__project=project_id, memberships__role=Role.MANAGER
    )
    for one in store(managers, kind=kind, note=note, webhook=webhook, rule=rule, watch=watch):
        event_write(kind="notification.made", project_id=project_id, payload={"to": one, "kind": str(kind)})


def store(people: QuerySet[User], **told: Any) -> list[int]:
    """Store a notification for each of the people; return their ids."""
    ids = sorted(people.values_list("pk", flat=True))
    Notification.objects.bulk_create(Notification(user_id=one, **told) for one in ids)
    return ids


def notifications_read(*, user: User, ids: Collection[int] = (), up_to: int | None = None) -> int:
    """Mark one's own notifications read, those named and those up to an id; return how many it were."""
    unread = Notification.objects.filter(user=user, read_at__isnull=True)
    chosen = unread.filter(pk__in=ids)
    if up_to is not None:
        chosen = chosen | unread.filter(pk__lte=up_to)
    return chosen.update(read_at=timezone.now())
