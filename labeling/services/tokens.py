"""API tokens: made, shown once, looked up by digest, revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from labeling.errors import refused
from labeling.models import ApiToken, TokenScope, User

PREFIX = "lyd_"
SECRET_BYTES = 32
SHOWN_CHARACTERS = 12
DAYS_MAX = 3650
# A token in constant use writes its row once a minute, not once a request.
USE_RECORDED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token and its secret, which is stored nowhere."""

    token: ApiToken
    secret: str


def token_create(
    *, user: User, name: str, scope: str = TokenScope.WRITE, days: int | None = None
) -> NewToken:
    """Make a token that acts as ``user`` for ``days`` (None: until it is revoked).

    Raises ``unknown_scope`` and ``days_out_of_range`` (422).
    """
    if scope not in TokenScope.values:
        raise refused("unknown_scope", "A token's scope is “read” or “write”.")
    if days is not None and not 1 <= days <= DAYS_MAX:
        raise refused("days_out_of_range", f"A token lives between 1 and {DAYS_MAX} days.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN_CHARACTERS],
        digest=token_digest(secret),
        scope=scope,
        expires_at=timezone.now() + timedelta(days=days) if days is not None else None,
    )
    return NewToken(token, secret)


def token_digest(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_find(secret: str) -> ApiToken | None:
    """Return the valid token of ``secret`` with its user, and note that it was used; else None."""
    now = timezone.now()
    token = (
        ApiToken.objects.filter(digest=token_digest(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("user")
        .first()
    )
    if token and (token.last_used_at is None or token.last_used_at < now - USE_RECORDED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def token_revoke(*, token: ApiToken) -> None:
    """End the token now. Revoking it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
