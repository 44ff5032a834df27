"""From numbered events to deliveries: who is told of what is decided here, once.

Whatever holds when an event passes the cursor counts: an endpoint made later, or switched to other
kinds later, does not change what was given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from labeling.models import Event, EventCursor, Webhook, WebhookCursor, WebhookState
from labeling.statements import insert
from labeling.webhooks.catalogue import ALL, public_kind

EVENTS = 1000
DELIVERY = """
INSERT INTO labeling_delivery (
    webhook_id, event_id, job_id, kind, due_at, created_at, state, attempts, rung, outcome
) VALUES
"""
DELIVERY_ROW = "(%s, %s, %s, %s, %s, %s, 'waiting', 0, 0, '')"
COLUMNS = ("id", "position", "kind", "project_id", "job_id", "payload")


def fan_out() -> int:
    """Give out what was numbered since; return how many deliveries that made."""
    top = EventCursor.objects.values_list("position", flat=True).first() or 0
    passed = WebhookCursor.objects.values_list("position", flat=True).first() or 0
    made = 0
    while passed < top:
        more, passed = given_out(top)
        made += more
    return made


@transaction.atomic
def given_out(top: int) -> tuple[int, int]:
    """Give out the next events up to ``top``; return the number of deliveries and the new position."""
    cursor, now = cursor_locked()
    endpoints = list(Webhook.objects.exclude(state=WebhookState.DISABLED).order_by("pk"))
    reached, deliveries = top, 0
    if endpoints and cursor.position < top:
        rows = Event.objects.filter(position__gt=cursor.position, position__lte=top).order_by("position")
        events = list(rows.values(*COLUMNS)[:EVENTS])
        reached = events[-1]["position"] if len(events) == EVENTS else top
        made = list(deliveries_of(events, endpoints, now=connection.ops.adapt_datetimefield_value(now)))
        insert(DELIVERY, DELIVERY_ROW, made)
        deliveries = len(made)
    cursor.position = max(reached, cursor.position)
    cursor.save(update_fields=["position"])
    return deliveries, cursor.position


def cursor_locked() -> tuple[WebhookCursor, datetime]:
    """Hold the cursor's row until the transaction ends; the time is by the database's clock."""
    WebhookCursor.objects.get_or_create(pk=1)
    WebhookCursor.objects.filter(pk=1).update(position=F("position"))
    cursor = WebhookCursor.objects.annotate(now=Now()).get(pk=1)
    return cursor, cursor.now


def deliveries_of(
    events: Iterable[dict[str, Any]], endpoints: list[Webhook], *, now: object
) -> Iterator[tuple[object, ...]]:
    """Yield the values of ``DELIVERY_ROW``, in the order of the events."""
    wanted = [(endpoint, set(endpoint.kinds)) for endpoint in endpoints]
    for event in events:
        kind = public_kind(event["kind"], event["payload"])
        if kind is None:
            continue
        for endpoint, kinds in wanted:
            own = endpoint.project_id in (None, event["project_id"])
            if own and (kind in kinds or ALL in kinds) and event["position"] > endpoint.from_position:
                yield (endpoint.pk, event["id"], event["job_id"], kind, now, now)
