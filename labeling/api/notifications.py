"""``me/notifications/``: what concerns oneself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import LIMIT_MAX, PageQuery, page
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.models import Notification
from labeling.selectors.notifications import notification_list, unread_count
from labeling.services.notifications import notifications_read


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """What happened at which task, webhook, rule or watch; ``frame`` is the comment's, ``text`` what was
    said."""

    task = inline_serializer(
        name="NotifiedTask",
        fields={"id": serializers.IntegerField(), "title": serializers.CharField()},
        allow_null=True,
    )
    project = inline_serializer(
        name="NotifiedProject",
        fields={"id": serializers.IntegerField(), "name": serializers.CharField()},
        allow_null=True,
    )
    webhook = serializers.IntegerField(source="webhook_id", allow_null=True)
    rule = serializers.IntegerField(source="rule_id", allow_null=True)
    watch = serializers.IntegerField(source="watch_id", allow_null=True)
    actor = PersonSerializer(allow_null=True)
    frame = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()

    class Meta:
        model = Notification
        fields = (
            "id", "kind", "task", "webhook", "rule", "watch", "project", "comment", "frame", "text", "actor",
            "created_at", "read_at",
        )  # fmt: skip


class NotificationQuery(PageQuery):
    unread = serializers.BooleanField(default=False, help_text="Only what is not read.")


class ReadInput(Input):
    read = serializers.ListField(
        child=ReferenceField(), max_length=LIMIT_MAX, required=False, help_text="Ids that were read."
    )
    up_to = ReferenceField(required=False, help_text="This one was read, and all before it.")


NOTIFICATIONS: Any = inline_serializer(
    name="NotificationPage",
    fields={
        "results": NotificationSerializer(many=True),
        "next": serializers.CharField(allow_null=True, help_text="The cursor of the next page."),
        "unread": serializers.IntegerField(help_text="Of all, not of this page."),
    },
)


class MyNotificationsView(ApiView):
    """One's own notifications."""

    @extend_schema(
        parameters=[NotificationQuery],
        operation_id="me_notifications_list",
        responses=NOTIFICATIONS,
        tags=["me"],
    )
    def get(self, request: Request) -> Response:
        """List what one is told, newest first: tasks assigned and returned, mentions, replies,
        webhooks, rules and watches that were paused."""
        query = self.query(NotificationQuery)
        rows = notification_list(user=self.person, unread=query["unread"])
        answer = page(rows, query=query, serializer=NotificationSerializer, newest_first=True)
        answer.data["unread"] = unread_count(user=self.person)
        return answer

    @extend_schema(
        request=ReadInput,
        responses=inline_serializer(name="Unread", fields={"unread": serializers.IntegerField()}),
        tags=["me"],
    )
    def post(self, request: Request) -> Response:
        """Mark notifications read; answers how many are left."""
        body = self.body(ReadInput)
        notifications_read(user=self.person, ids=body.get("read", ()), up_to=body.get("up_to"))
        return Response({"unread": unread_count(user=self.person)})
