"""What is done to an endpoint: a new secret, a test, pause, resume, sending again what failed."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.deliveries import DeliverySerializer
from labeling.api.views import ApiView, Input
from labeling.api.webhooks import NewWebhookSerializer, WebhookSerializer, with_secret
from labeling.selectors.webhooks import webhook_get
from labeling.services.webhooks import (
    OVERLAP_HOURS,
    OVERLAP_HOURS_MOST,
    failed_redeliver,
    webhook_pause,
    webhook_resume,
    webhook_rotate,
    webhook_test,
)


class RotateInput(Input):
    overlap_hours = serializers.FloatField(
        min_value=0,
        max_value=OVERLAP_HOURS_MOST,
        default=OVERLAP_HOURS,
        help_text="How long the secret before signs too.",
    )


class SinceInput(Input):
    since = serializers.DateTimeField(help_text="Of events that were given out since then.")


class WebhookSecretView(ApiView):
    @extend_schema(request=RotateInput, responses=NewWebhookSerializer, tags=["webhooks"])
    def post(self, request: Request, webhook_id: int) -> Response:
        """Make a new ``secret``, shown this once. Until the overlap ends both sign."""
        body = self.body(RotateInput)
        return Response(with_secret(webhook_rotate(webhook=webhook_get(webhook_id=webhook_id), **body)))


class WebhookTestView(ApiView):
    @extend_schema(request=None, responses={202: DeliverySerializer}, tags=["webhooks"])
    def post(self, request: Request, webhook_id: int) -> Response:
        """Send ``webhook.test`` now. Follow the delivery to see what came of it."""
        delivery = webhook_test(webhook=webhook_get(webhook_id=webhook_id))
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)


class WebhookPauseView(ApiView):
    @extend_schema(request=None, responses=WebhookSerializer, tags=["webhooks"])
    def post(self, request: Request, webhook_id: int) -> Response:
        """Send nothing until it is resumed. What happens meanwhile waits."""
        webhook_pause(webhook=webhook_get(webhook_id=webhook_id), by=self.person)
        return Response(WebhookSerializer(webhook_get(webhook_id=webhook_id)).data)


class WebhookResumeView(ApiView):
    @extend_schema(request=None, responses=WebhookSerializer, tags=["webhooks"])
    def post(self, request: Request, webhook_id: int) -> Response:
        """Send what waits, and what happens from now on."""
        webhook_resume(webhook=webhook_get(webhook_id=webhook_id))
        return Response(WebhookSerializer(webhook_get(webhook_id=webhook_id)).data)


class WebhookRedeliverView(ApiView):
    @extend_schema(
        request=SinceInput,
        responses=inline_serializer(name="Redelivered", fields={"redelivered": serializers.IntegerField()}),
        tags=["webhooks"],
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Send again all that failed since, under the ids that it had."""
        count = failed_redeliver(webhook=webhook_get(webhook_id=webhook_id), **self.body(SinceInput))
        return Response({"redelivered": count})
