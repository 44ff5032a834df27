"""The bytes that are sent. The same event makes the same bytes at every attempt: they are signed."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# How Encord's receivers know where a notification came from.
SOURCE = "labelyard"


@dataclass(frozen=True)
class Message:
    """What is told: ``message_id`` and ``uid`` stay over attempts, ``at`` is when it happened."""

    message_id: str
    uid: uuid.UUID
    kind: str
    at: datetime
    data: dict[str, Any]


def standard_body(message: Message) -> bytes:
    """Return ``{"type", "timestamp", "data"}``, as Standard Webhooks recommends."""
    return encoded({"type": message.kind, "timestamp": spelled(message.at), "data": message.data})


def encord_body(message: Message) -> bytes:
    """Return the envelope of Encord's webhooks. Event types have an underscore where ours have a point."""
    return encoded(
        {
            "uid": str(message.uid),
            "version": 1,
            "source": SOURCE,
            "event_type": message.kind.replace(".", "_") + "_event",
            "event_created_timestamp": spelled(message.at),
            "payload": message.data,
        }
    )


def spelled(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
