"""``webhooks/``: endpoints of a project and of the installation, and the kinds of events."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, Input
from labeling.models import Project, Webhook, WebhookFormat
from labeling.selectors.projects import project_get
from labeling.selectors.webhooks import webhook_get, webhook_list
from labeling.services.webhooks import (
    AT_ONCE,
    AT_ONCE_MOST,
    NewSecret,
    webhook_create,
    webhook_delete,
    webhook_update,
)
from labeling.webhooks.catalogue import CATALOGUE, COMMON

KINDS_MOST = 200


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An endpoint without its secret. ``waiting`` and ``failed`` count deliveries."""

    kinds = serializers.ListField(child=serializers.CharField())
    waiting = serializers.IntegerField()
    failed = serializers.IntegerField()

    class Meta:
        model = Webhook
        fields = (
            "id", "project", "name", "url", "kinds", "format", "at_once", "state", "state_reason", "waiting",
            "failed", "failing_since", "resting_until", "delivered_at", "answers_slowly",
            "secret_before_until", "created_by", "created_at",
        )  # fmt: skip


class NewWebhookSerializer(WebhookSerializer):
    """An endpoint with its new ``secret``, shown this once."""

    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]


class WebhookInput(Input):
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=2000, help_text="https://…, or http://…; no private address.")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=KINDS_MOST,
        help_text="Of webhooks/kinds/; “*” is all, those of later versions too.",
    )
    format = serializers.ChoiceField(choices=WebhookFormat.choices, default=WebhookFormat.STANDARD)
    at_once = serializers.IntegerField(
        min_value=1,
        max_value=AT_ONCE_MOST,
        default=AT_ONCE,
        help_text="Requests under way at a time; those of a job always come one after another.",
    )


class WebhookChanges(Input):
    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=2000, required=False)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=KINDS_MOST, required=False
    )
    format = serializers.ChoiceField(choices=WebhookFormat.choices, required=False)
    at_once = serializers.IntegerField(min_value=1, max_value=AT_ONCE_MOST, required=False)


KINDS: Any = inline_serializer(
    name="WebhookKindList",
    fields={
        "common": serializers.DictField(
            child=serializers.CharField(), help_text="What the data of every kind holds."
        ),
        "results": inline_serializer(
            name="WebhookKind",
            fields={
                "name": serializers.CharField(),
                "when": serializers.CharField(),
                "holds": serializers.DictField(child=serializers.CharField()),
            },
            many=True,
        ),
    },
)


class WebhookKindsView(ApiView):
    """What webhooks can tell."""

    @extend_schema(operation_id="webhooks_kinds_list", responses=KINDS, tags=["webhooks"])
    def get(self, request: Request) -> Response:
        """The kinds of events, when each happens, and what its ``data`` holds."""
        told = [{"name": kind.name, "when": kind.when, "holds": kind.holds} for kind in CATALOGUE]
        return Response({"common": COMMON, "results": told})


class WebhookListView(ApiView):
    """What the lists of a project and of the installation share."""

    def listed(self, project_id: int | None) -> Response:
        rows = webhook_list(project_id=project_id)
        return page(rows, query=self.query(PageQuery), serializer=WebhookSerializer)

    def made(self, project: Project | None) -> Response:
        new = webhook_create(user=self.person, project=project, **self.body(WebhookInput))
        return Response(with_secret(new), status=status.HTTP_201_CREATED)


def with_secret(new: NewSecret) -> dict[str, Any]:
    """The endpoint as it is now, with its new secret."""
    return {**WebhookSerializer(webhook_get(webhook_id=new.webhook.pk)).data, "secret": new.secret}


class ProjectWebhooksView(WebhookListView):
    """The endpoints that are told of one project."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_webhooks_list",
        responses=page_of(WebhookSerializer),
        tags=["webhooks"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the project's endpoints."""
        return self.listed(project_id)

    @extend_schema(request=WebhookInput, responses={201: NewWebhookSerializer}, tags=["webhooks"])
    def post(self, request: Request, project_id: int) -> Response:
        """Make an endpoint that is told of the project from now on. Its ``secret`` is shown this once."""
        return self.made(project_get(user=self.person, project_id=project_id))


class WebhooksView(WebhookListView):
    """The endpoints that are told of all projects."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="webhooks_list",
        responses=page_of(WebhookSerializer),
        tags=["webhooks"],
    )
    def get(self, request: Request) -> Response:
        """List the endpoints of the whole installation (operators)."""
        return self.listed(None)

    @extend_schema(request=WebhookInput, responses={201: NewWebhookSerializer}, tags=["webhooks"])
    def post(self, request: Request) -> Response:
        """Make an endpoint that is told of every project from now on (operators)."""
        return self.made(None)


class WebhookView(SettingsView):
    """One endpoint."""

    noun = "webhook"
    changeable = ("name", "url", "kinds", "format", "at_once")

    @extend_schema(responses=WebhookSerializer, tags=["webhooks"])
    def get(self, request: Request, webhook_id: int) -> Response:
        """The endpoint and how it is doing."""
        return Response(shown(webhook_id))

    @extend_schema(request=WebhookChanges, responses=WebhookSerializer, tags=["webhooks"])
    def patch(self, request: Request, webhook_id: int) -> Response:
        """Change name, address, kinds or format. What waits goes to the new address."""
        changes, webhook = self.body(WebhookChanges), webhook_get(webhook_id=webhook_id)
        with self.as_seen(webhook, told=lambda: shown(webhook_id)):
            webhook_update(webhook=webhook, **changes)
        return self.get(request, webhook_id)

    @extend_schema(responses={204: None}, tags=["webhooks"])
    def delete(self, request: Request, webhook_id: int) -> Response:
        """Delete the endpoint with its log. What waits for it is not sent."""
        webhook = webhook_get(webhook_id=webhook_id)
        with self.as_seen(webhook, told=lambda: shown(webhook_id)):
            webhook_delete(webhook=webhook)
        return Response(status=status.HTTP_204_NO_CONTENT)


def shown(webhook_id: int) -> Any:
    return WebhookSerializer(webhook_get(webhook_id=webhook_id)).data
