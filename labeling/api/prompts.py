"""``prompts/``: clicks on a frame become the shape of a draft. No row is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import task_require_editable
from labeling.api.views import ORDINAL_MAX, ApiView, FrameField, Input, ReferenceField
from labeling.lane.lane import prompt_follow
from labeling.lane.prompts import ENDED, PromptState, Reply
from labeling.models import ObjectClass, Task
from labeling.selectors.ontologies import class_of_ontology
from labeling.selectors.tasks import instance_of_task, task_get
from labeling.services.prompts import (
    FOLLOW_SECONDS_MAX,
    POINTS_MAX,
    WARM_MOST,
    Click,
    frames_warm,
    prompt_send,
)


class ClickInput(Input):
    x = serializers.FloatField()
    y = serializers.FloatField()
    include = serializers.BooleanField(default=True, help_text="False: the object is not here.")


class PromptInput(Input):
    """All points and the box of a draft, each time; ``object_class`` or ``instance`` says its shape."""

    draft_id = serializers.RegexField(r"^[A-Za-z0-9_-]{1,64}\Z", trim_whitespace=False)
    seq = serializers.IntegerField(min_value=0, max_value=ORDINAL_MAX, help_text="Grows with each click.")
    frame = FrameField()
    object_class = ReferenceField(required=False)
    instance = ReferenceField(required=False)
    points = serializers.ListField(child=ClickInput(), max_length=POINTS_MAX, default=list)
    box = serializers.DictField(required=False, allow_null=True, default=None)
    clicker = serializers.CharField(
        max_length=40,
        default="",
        allow_blank=True,
        help_text="A segmenter by name; the best one unless told.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("object_class" in attrs) == ("instance" in attrs):
            raise serializers.ValidationError("Name either the object_class or the instance.")
        return attrs


class FollowQuery(Input):
    wait = serializers.FloatField(
        min_value=0, max_value=FOLLOW_SECONDS_MAX, default=FOLLOW_SECONDS_MAX, help_text="Seconds."
    )


class WarmInput(Input):
    frames = serializers.ListField(child=FrameField(), min_length=1, max_length=WARM_MOST)


PROMPT = inline_serializer(
    name="Prompt",
    fields={
        "id": serializers.UUIDField(),
        "state": serializers.ChoiceField(choices=[state.value for state in PromptState]),
        "code": serializers.CharField(help_text="Why it failed or waits; empty otherwise."),
        "sentence": serializers.CharField(),
        "position": serializers.IntegerField(
            allow_null=True, help_text="While it waits: its place; 0 is being answered."
        ),
        "shapes": inline_serializer(
            name="PromptShape",
            fields={"shape": serializers.DictField(), "confidence": serializers.FloatField()},
            many=True,
        ),
        "made_by": inline_serializer(
            name="PromptMadeBy",
            fields={"name": serializers.CharField(), "version": serializers.CharField()},
            allow_null=True,
        ),
        "times": serializers.DictField(child=serializers.FloatField(), help_text="Milliseconds."),
    },
)
SENT = inline_serializer(
    name="SentPrompt",
    fields={
        **PROMPT.get_fields(),
        "draft_id": serializers.CharField(),
        "seq": serializers.IntegerField(),
    },
)
WARMED = inline_serializer(
    name="Warmed",
    fields={"clicker": serializers.CharField(allow_null=True, help_text="Who answers clicks now, if any.")},
)


class TaskPromptsView(ApiView):
    """Clicks on frames of a task."""

    @extend_schema(request=PromptInput, responses={200: SENT, 202: SENT}, tags=["prompts"])
    def post(self, request: Request, task_id: int) -> Response:
        """Send a draft's clicks: 200 with the answer, 202 where it is still to come."""
        body = self.body(PromptInput)
        task = task_get(task_id=task_id)
        task_require_editable(task=task, user=self.person, role=self.known_role)
        prompt_id, reply = prompt_send(
            user=self.person,
            task=task,
            object_class=class_meant(task, body),
            frame=body["frame"],
            draft_id=body["draft_id"],
            seq=body["seq"],
            points=[Click(**point) for point in body["points"]],
            box_json=body["box"],
            clicker=body["clicker"],
        )
        return answered(prompt_id, reply, draft_id=body["draft_id"], seq=body["seq"])


class TaskPromptView(ApiView):
    """Clicks that are not answered yet."""

    @extend_schema(parameters=[FollowQuery], responses={200: PROMPT, 202: PROMPT}, tags=["prompts"])
    def get(self, request: Request, task_id: int, prompt_id: UUID) -> Response:
        """Wait for the answer; after ``wait`` seconds say where it stands (202)."""
        seconds = self.query(FollowQuery)["wait"]
        reply = prompt_follow(
            prompt_id=str(prompt_id), task_id=task_id, user_id=self.person.pk, seconds=seconds
        )
        return answered(str(prompt_id), reply)


class TaskPromptsWarmView(ApiView):
    """Frames that will be clicked on."""

    @extend_schema(request=WarmInput, responses={202: WARMED}, tags=["prompts"])
    def post(self, request: Request, task_id: int) -> Response:
        """Have the frame that is open made ready for clicks, and the next ones after it."""
        frames = self.body(WarmInput)["frames"]
        task = task_get(task_id=task_id)
        task_require_editable(task=task, user=self.person, role=self.known_role)
        clicker = frames_warm(user=self.person, task=task, frames=frames)
        return Response({"clicker": clicker or None}, status=status.HTTP_202_ACCEPTED)


def class_meant(task: Task, body: dict[str, Any]) -> ObjectClass:
    """The class of the new object, or that of the instance which the draft is for."""
    if "instance" in body:
        return instance_of_task(task=task, instance_id=body["instance"]).object_class
    return class_of_ontology(ontology_id=task.project.ontology_id, class_id=body["object_class"])


def answered(prompt_id: str, reply: Reply, **draft: Any) -> Response:
    code = status.HTTP_200_OK if reply.state in ENDED else status.HTTP_202_ACCEPTED
    told = {
        "id": prompt_id,
        **draft,
        "state": reply.state.value,
        "code": reply.code,
        "sentence": reply.sentence,
        "position": reply.position,
        "shapes": list(reply.shapes),
        "made_by": reply.made_by,
        "times": dict(reply.times),
    }
    return Response(told, status=code)
