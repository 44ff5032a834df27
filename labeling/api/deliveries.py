"""``webhooks/{id}/deliveries/``: what was sent to an endpoint, and what it answered."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView
from labeling.models import Delivery, DeliveryAttempt, DeliveryState
from labeling.selectors.webhooks import delivery_get, delivery_list
from labeling.services.webhooks import delivery_redeliver
from labeling.webhooks.request import body_of


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event for one endpoint. ``message_id`` is the id that the receiver sees at every attempt.

    ``status`` and ``outcome`` are those of the last attempt; ``due_at`` is the next one's while it waits.
    """

    message_id = serializers.CharField()
    position = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = (
            "id", "webhook", "message_id", "kind", "position", "job", "state", "status", "outcome",
            "attempts", "due_at", "created_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(
        serializers.IntegerField(allow_null=True, help_text="Of the event; null for a test.")
    )
    def get_position(self, delivery: Delivery) -> int | None:
        return delivery.event.position if delivery.event else None


class AttemptSerializer(serializers.ModelSerializer[DeliveryAttempt]):
    """One request and as much of its answer as was read. ``error_code`` is empty when it was delivered."""

    request_headers = serializers.DictField(child=serializers.CharField())
    response_headers = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = DeliveryAttempt
        fields = (
            "number", "at", "milliseconds", "url", "request_headers", "status", "response_headers",
            "response_body", "error_code", "outcome",
        )  # fmt: skip


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with the ``body`` that is sent and its attempts."""

    body = serializers.SerializerMethodField()
    log = serializers.SerializerMethodField()

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "body", "log")  # type: ignore[assignment]

    def get_body(self, delivery: Delivery) -> str:
        return body_of(delivery).decode()

    @extend_schema_field(AttemptSerializer(many=True))
    def get_log(self, delivery: Delivery) -> object:
        return AttemptSerializer(delivery.log.order_by("number"), many=True).data


class DeliveryQuery(PageQuery):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)
    kind = serializers.CharField(max_length=40, required=False)


class DeliveriesView(ApiView):
    """The log of one endpoint."""

    @extend_schema(
        parameters=[DeliveryQuery],
        operation_id="webhooks_deliveries_list",
        responses=page_of(DeliverySerializer),
        tags=["webhooks"],
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """List the deliveries, newest first, narrowed by state and kind."""
        query = self.query(DeliveryQuery)
        rows = delivery_list(webhook_id=webhook_id, state=query.get("state"), kind=query.get("kind"))
        return page(rows, query=query, serializer=DeliverySerializer, newest_first=True)


class DeliveryView(ApiView):
    """One delivery."""

    @extend_schema(responses=DeliveryDetailSerializer, tags=["webhooks"])
    def get(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """The delivery with what is sent, and each attempt with what was answered."""
        delivery = delivery_get(webhook_id=webhook_id, delivery_id=delivery_id)
        return Response(DeliveryDetailSerializer(delivery).data)


class DeliveryRedeliverView(ApiView):
    @extend_schema(request=None, responses={202: DeliverySerializer}, tags=["webhooks"])
    def post(self, request: Request, webhook_id: int, delivery_id: int) -> Response:
        """Send it again now, under the id that it had."""
        delivery = delivery_redeliver(delivery=delivery_get(webhook_id=webhook_id, delivery_id=delivery_id))
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)
