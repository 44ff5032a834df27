"""Reading webhooks and what was sent to them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from labeling.errors import not_found
from labeling.models import Delivery, DeliveryState, Webhook


def webhook_list(*, project_id: int | None) -> QuerySet[Webhook]:
    """Return the endpoints of a project, or of the installation, with how much waits and has failed."""
    rows = Webhook.objects.filter(project__isnull=True)
    return counted(rows if project_id is None else Webhook.objects.filter(project_id=project_id))


def webhook_get(*, webhook_id: int) -> Webhook:
    """Return the endpoint with its counts. Raises ``not_found`` (404)."""
    webhook = counted(Webhook.objects.filter(pk=webhook_id)).select_related("project", "created_by").first()
    if webhook is None:
        raise not_found("webhook")
    return webhook


def counted(rows: QuerySet[Webhook]) -> QuerySet[Webhook]:
    return rows.annotate(
        waiting=count_of(DeliveryState.WAITING), failed=count_of(DeliveryState.FAILED)
    ).order_by("pk")


def count_of(state: DeliveryState) -> Coalesce:
    rows = Delivery.objects.filter(webhook=OuterRef("pk"), state=state).order_by().values("webhook")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def delivery_list(
    *, webhook_id: int, state: str | None = None, kind: str | None = None
) -> QuerySet[Delivery]:
    """Return what was sent to the endpoint or waits for it, narrowed by state and kind."""
    rows = Delivery.objects.filter(webhook_id=webhook_id).select_related("webhook", "event")
    if state is not None:
        rows = rows.filter(state=state)
    return rows if kind is None else rows.filter(kind=kind)


def delivery_get(*, webhook_id: int, delivery_id: int) -> Delivery:
    """Return one delivery of the endpoint. Raises ``not_found`` (404)."""
    delivery = delivery_list(webhook_id=webhook_id).filter(pk=delivery_id).first()
    if delivery is None:
        raise not_found("delivery")
    return delivery
