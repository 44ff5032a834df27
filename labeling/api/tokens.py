"""``tokens/``: everybody's own API tokens."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView, Input
from labeling.errors import not_found
from labeling.models import ApiToken, TokenScope
from labeling.services.tokens import DAYS_MAX, token_create, token_revoke


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret."""

    class Meta:
        model = ApiToken
        fields = (
            "id", "name", "prefix", "scope", "created_at", "expires_at", "revoked_at", "last_used_at",
        )  # fmt: skip


class NewTokenSerializer(TokenSerializer):
    """A token just made: ``token`` is its secret, shown this once."""

    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")  # type: ignore[assignment]


class TokenInput(Input):
    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(choices=TokenScope.choices, default=TokenScope.WRITE)
    days = serializers.IntegerField(
        min_value=1, max_value=DAYS_MAX, required=False, allow_null=True, help_text="None: until revoked."
    )


class TokensView(ApiView):
    """One's own tokens."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="tokens_list",
        responses=page_of(TokenSerializer),
        tags=["tokens"],
    )
    def get(self, request: Request) -> Response:
        """List one's own tokens, newest first."""
        rows = ApiToken.objects.filter(user=self.person)
        return page(rows, query=self.query(PageQuery), serializer=TokenSerializer, newest_first=True)

    @extend_schema(request=TokenInput, responses={201: NewTokenSerializer}, tags=["tokens"])
    def post(self, request: Request) -> Response:
        """Make a token. Takes a session: a token does not make tokens."""
        new = token_create(user=self.person, **self.body(TokenInput))
        shown = {**TokenSerializer(new.token).data, "token": new.secret}
        return Response(shown, status=status.HTTP_201_CREATED)


class TokenView(ApiView):
    """One of one's own tokens."""

    @extend_schema(responses={204: None}, tags=["tokens"])
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke the token now."""
        token = ApiToken.objects.filter(user=self.person, pk=token_id).first()
        if token is None:
            raise not_found("token")
        token_revoke(token=token)
        return Response(status=status.HTTP_204_NO_CONTENT)
