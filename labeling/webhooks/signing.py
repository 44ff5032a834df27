"""Secrets of endpoints, and the headers that prove who sent a body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32


def secret_make() -> str:
    """Return a new secret as Standard Webhooks writes it: ``whsec_`` and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def standard_headers(
    body: bytes, *, message_id: str, timestamp: int, secrets_now: Sequence[str]
) -> dict[str, str]:
    """Return the headers of Standard Webhooks: one signature for each secret that holds now.

    ``timestamp`` is the attempt's, in Unix seconds. The signature covers id, timestamp and the bytes.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [f"v1,{signature(one, signed)}" for one in secrets_now]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def encord_headers(body: bytes, *, timestamp: int, secret: str) -> dict[str, str]:
    """Return Encord's headers: a hexadecimal HMAC over timestamp and bytes, by the secret as it is written.

    They hold one signature, so while a secret is being replaced it is the new one's.
    """
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Encord-Timestamp": str(timestamp), "X-Encord-Signature": digest}
