"""Who is asking: a bearer token, or else the session of the browser (Django REST framework's own)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from labeling.errors import LabelyardError
from labeling.models import ApiToken, User
from labeling.services.tokens import token_find

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema

KEYWORD = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer lyd_…``. Other schemes are left to whoever comes next."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, _, secret = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != KEYWORD.lower():
            return None
        token = token_find(secret.strip())
        if token is None:
            raise LabelyardError("invalid_token", "The API token is unknown, expired or revoked.", status=401)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tokens in the OpenAPI schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API token, as `tokens/` makes it."}
