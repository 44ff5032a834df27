"""From a delivery to the request that is sent: bytes and headers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labeling.models import Delivery, Webhook, WebhookFormat
from labeling.sealing import secret_open
from labeling.webhooks.bodies import Message, encord_body, standard_body
from labeling.webhooks.signing import encord_headers, standard_headers


@dataclass(frozen=True)
class Request:
    """What is sent: the exact bytes that the headers sign."""

    body: bytes
    headers: dict[str, str]


def secrets_of(webhook: Webhook, *, now: datetime) -> list[str]:
    """Return the secrets that sign now, the new one first: two while one takes the place of another."""
    found = [secret_open(webhook.secret)]
    if webhook.secret_before and webhook.secret_before_until and webhook.secret_before_until > now:
        found.append(secret_open(webhook.secret_before))
    return found


def request_of(delivery: Delivery, *, at: datetime, secrets: list[str]) -> Request:
    """Return the request of an attempt made ``at``. Needs the delivery's webhook and event."""
    timestamp = int(at.timestamp())
    body = body_of(delivery)
    if delivery.webhook.format == WebhookFormat.ENCORD:
        signed = encord_headers(body, timestamp=timestamp, secret=secrets[0])
    else:
        signed = standard_headers(
            body, message_id=delivery.message_id, timestamp=timestamp, secrets_now=secrets
        )
    return Request(body, {"Content-Type": "application/json", **signed})


def body_of(delivery: Delivery) -> bytes:
    """Return the bytes of the delivery, the same whenever they are asked for."""
    message = message_of(delivery)
    return encord_body(message) if delivery.webhook.format == WebhookFormat.ENCORD else standard_body(message)


def message_of(delivery: Delivery) -> Message:
    event = delivery.event
    return Message(
        message_id=delivery.message_id,
        uid=uuid.uuid5(delivery.webhook.uid, str(delivery.pk)),
        kind=delivery.kind,
        at=event.at if event else delivery.created_at,
        data=data_of(delivery),
    )


def data_of(delivery: Delivery) -> dict[str, Any]:
    event = delivery.event
    if event is None:
        return {"webhook": delivery.webhook_id, "project": delivery.webhook.project_id}
    return {
        "event": event.position,
        "project": event.project_id,
        "task": event.task_id,
        "job": event.job_id,
        "media": event.media_id,
        **event.payload,
    }
