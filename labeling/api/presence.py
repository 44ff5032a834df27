"""``presence/``: who is at a task, and who of them edits it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, Input
from labeling.selectors.tasks import task_get
from labeling.services.presence import AtTask, presence_keep, presence_leave


class PersonAtTaskSerializer(serializers.Serializer[object]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="username")


class PresenceSerializer(serializers.Serializer[AtTask]):
    """``holder`` edits the task until ``until``, unless renewed; ``others`` are there beside you both."""

    holder = PersonAtTaskSerializer(allow_null=True)
    mine = serializers.BooleanField(help_text="You are the holder.")
    others = PersonAtTaskSerializer(many=True)
    until = serializers.DateTimeField(allow_null=True)


class PresenceInput(Input):
    take_over = serializers.BooleanField(default=False, help_text="Take the lease from who holds it.")


class TaskPresenceView(ApiView):
    """The soft lease of a task. It advises; it refuses no save."""

    @extend_schema(request=PresenceInput, responses=PresenceSerializer, tags=["tasks"])
    def put(self, request: Request, task_id: int) -> Response:
        """Say that you are here, for 30 seconds; who may edit takes the lease when it is free."""
        take_over = self.body(PresenceInput)["take_over"]
        task = task_get(task_id=task_id)
        there = presence_keep(user=self.person, role=self.known_role, task=task, take_over=take_over)
        return Response(PresenceSerializer(there).data)

    @extend_schema(responses={204: None}, tags=["tasks"])
    def delete(self, request: Request, task_id: int) -> Response:
        """Say that you have left."""
        presence_leave(user=self.person, task=task_get(task_id=task_id))
        return Response(status=status.HTTP_204_NO_CONTENT)
