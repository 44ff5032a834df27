"""Webhooks: made, changed, tested, paused when nobody listens, sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from labeling import queue
from labeling.errors import conflict, refused
from labeling.models import (
    Delivery,
    DeliveryState,
    EventCursor,
    Project,
    User,
    Webhook,
    WebhookCursor,
    WebhookFormat,
    WebhookState,
)
from labeling.sealing import secret_seal
from labeling.services.notifications import webhook_notify
from labeling.services.webhook_checks import kinds_check, url_check
from labeling.webhooks.catalogue import TEST
from labeling.webhooks.signing import secret_make

OVERLAP_HOURS = 24
OVERLAP_HOURS_MOST = 24 * 7
ENDPOINTS_MOST = 50
# Requests under way to one endpoint.
AT_ONCE, AT_ONCE_MOST = 8, 16


@dataclass(frozen=True)
class NewSecret:
    """A webhook and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def webhook_create(
    *,
    user: User,
    project: Project | None,
    name: str,
    url: str,
    kinds: Sequence[str],
    format: str = WebhookFormat.STANDARD,
    at_once: int = AT_ONCE,
) -> NewSecret:
    """Make an endpoint of the project, or of the whole installation, and its secret.

    It is told of what happens from now on. Raises ``invalid_address``, ``private_address``,
    ``unknown_kind``, ``no_kinds``, ``unknown_format`` (422), ``too_many_webhooks`` (409).
    """
    url_check(url)
    kinds_check(kinds)
    if format not in WebhookFormat.values:
        raise refused("unknown_format", f"A format is one of {', '.join(WebhookFormat.values)}.")
    if Webhook.objects.filter(project=project).count() >= ENDPOINTS_MOST:
        raise conflict("too_many_webhooks", f"There are {ENDPOINTS_MOST} webhooks. Delete one first.")
    secret = secret_make()
    webhook = Webhook.objects.create(
        project=project,
        name=name,
        url=url,
        kinds=sorted(set(kinds)),
        format=format,
        at_once=at_once,
        secret=secret_seal(secret),
        from_position=position_from_now(),
        created_by=user,
    )
    return NewSecret(webhook, secret)


def position_from_now() -> int:
    """Return the last position given, while no event is given out to endpoints."""
    WebhookCursor.objects.get_or_create(pk=1)
    WebhookCursor.objects.select_for_update().get(pk=1)
    return EventCursor.objects.values_list("position", flat=True).first() or 0


@transaction.atomic
def webhook_update(*, webhook: Webhook, **changes: object) -> Webhook:
    """Change ``name``, ``url``, ``kinds``, ``format`` or ``at_once``.

    Deliveries that wait go to the new address. Raises what ``webhook_create`` raises.
    """
    if "url" in changes:
        url_check(str(changes["url"]))
    kinds = changes.get("kinds")
    if isinstance(kinds, list):
        kinds_check(kinds)
        changes["kinds"] = sorted(set(kinds))
    Webhook.objects.filter(pk=webhook.pk).update(**changes)
    webhook.refresh_from_db()
    return webhook


def webhook_delete(*, webhook: Webhook) -> None:
    """Delete the endpoint with its log. What waits for it is not sent."""
    Webhook.objects.filter(pk=webhook.pk).delete()


@transaction.atomic
def webhook_pause(*, webhook: Webhook, by: User) -> Webhook:
    """Send nothing until it is resumed; what happens meanwhile waits. Raises ``webhook_state`` (409)."""
    won = Webhook.objects.filter(pk=webhook.pk, state=WebhookState.ACTIVE).update(
        state=WebhookState.PAUSED, state_reason=f"{by.username} paused it."
    )
    webhook.refresh_from_db()
    if not won:
        raise conflict("webhook_state", f"The webhook is {webhook.get_state_display().lower()} already.")
    return webhook


@transaction.atomic
def webhook_resume(*, webhook: Webhook) -> Webhook:
    """Send what waits, and what happens from now on. Raises ``webhook_state`` (409)."""
    stopped = Webhook.objects.filter(pk=webhook.pk).exclude(state=WebhookState.ACTIVE)
    won = stopped.update(
        state=WebhookState.ACTIVE, state_reason="", failures_in_row=0, failing_since=None, resting_until=None
    )
    webhook.refresh_from_db()
    if not won:
        raise conflict("webhook_state", "The webhook is active already.")
    Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(due_at=Now(), rung=0)
    queue.ring_on_commit("webhooks")
    return webhook


def webhook_give_up(*, webhook_id: int, state: WebhookState, reason: str) -> None:
    """Pause the endpoint, or disable it, and tell those who manage it; once, however often it is asked."""
    active = Webhook.objects.filter(pk=webhook_id, state=WebhookState.ACTIVE)
    if active.update(state=state, state_reason=reason):
        webhook_notify(webhook=Webhook.objects.get(pk=webhook_id), note=reason)


@transaction.atomic
def webhook_rotate(*, webhook: Webhook, overlap_hours: float = OVERLAP_HOURS) -> NewSecret:
    """Make a new secret; the one before signs too for ``overlap_hours`` (0 to 168).

    Encord's format has room for one signature: there the new one alone signs. Raises
    ``overlap_out_of_range`` (422).
    """
    if not 0 <= overlap_hours <= OVERLAP_HOURS_MOST:
        raise refused("overlap_out_of_range", f"The overlap lies between 0 and {OVERLAP_HOURS_MOST} hours.")
    secret = secret_make()
    Webhook.objects.filter(pk=webhook.pk).update(
        secret=secret_seal(secret),
        secret_before=webhook.secret if overlap_hours else "",
        secret_before_until=timezone.now() + timedelta(hours=overlap_hours) if overlap_hours else None,
    )
    webhook.refresh_from_db()
    return NewSecret(webhook, secret)


@transaction.atomic
def webhook_test(*, webhook: Webhook) -> Delivery:
    """Send ``webhook.test``. Raises ``webhook_state`` (409) unless the endpoint is active."""
    if webhook.state != WebhookState.ACTIVE:
        raise conflict("webhook_state", "The webhook is not active. Resume it, then test it.")
    Webhook.objects.filter(pk=webhook.pk).update(resting_until=None)
    delivery = Delivery.objects.create(webhook=webhook, kind=TEST, due_at=Now())
    delivery.refresh_from_db()
    queue.ring_on_commit("webhooks")
    return delivery


@transaction.atomic
def delivery_redeliver(*, delivery: Delivery) -> Delivery:
    """Send one delivery again, with the same id and the same bytes, now.

    Raises ``webhook_state`` (409) unless the endpoint is active.
    """
    if delivery.webhook.state != WebhookState.ACTIVE:
        raise conflict("webhook_state", "The webhook is not active. Resume it, then send again.")
    again([delivery.pk], webhook=delivery.webhook)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def failed_redeliver(*, webhook: Webhook, since: datetime) -> int:
    """Send again what has failed of the events since; return how many deliveries that are.

    Raises ``webhook_state`` (409) unless the endpoint is active.
    """
    if webhook.state != WebhookState.ACTIVE:
        raise conflict("webhook_state", "The webhook is not active. Resume it, then send again.")
    failed = Delivery.objects.filter(webhook=webhook, state=DeliveryState.FAILED, created_at__gte=since)
    return again(list(failed.values_list("pk", flat=True)), webhook=webhook)


def again(ids: Sequence[int], *, webhook: Webhook) -> int:
    changed = Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.WAITING, rung=0, due_at=Now(), finished_at=None
    )
    Webhook.objects.filter(pk=webhook.pk).update(resting_until=None)
    queue.ring_on_commit("webhooks")
    return changed
