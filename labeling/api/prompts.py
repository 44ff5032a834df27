"""``prompts/``: clicks, boxes, words and examples become the shapes of a draft. No row is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import task_require_editable
from labeling.api.prompt_inputs import (
    PROMPT,
    SENT,
    WARMED,
    FollowQuery,
    PromptInput,
    WarmInput,
    asked_of,
)
from labeling.api.views import ApiView
from labeling.lane.lane import prompt_follow
from labeling.lane.prompts import ENDED, Reply
from labeling.models import ObjectClass, Task
from labeling.selectors.ontologies import class_of_ontology
from labeling.selectors.tasks import instance_of_task, task_get
from labeling.services.prompts import frames_warm, prompt_send


class TaskPromptsView(ApiView):
    """What is asked for on frames of a task."""

    @extend_schema(request=PromptInput, responses={200: SENT, 202: SENT}, tags=["prompts"])
    def post(self, request: Request, task_id: int) -> Response:
        """Send what a draft asks for: 200 with the answer, 202 where it is still to come."""
        body = self.body(PromptInput)
        task = task_get(task_id=task_id)
        task_require_editable(task=task, user=self.person, role=self.known_role)
        prompt_id, reply = prompt_send(
            user=self.person,
            task=task,
            object_class=class_meant(task, body),
            asked=asked_of(body, instance_id=body.get("instance")),
        )
        return answered(prompt_id, reply, draft_id=body["draft_id"], seq=body["seq"])


class TaskPromptView(ApiView):
    """What is not answered yet."""

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
        offers = frames_warm(user=self.person, task=task, frames=frames)
        told = {"clicker": offers.clicker, "words": offers.words, "examples": offers.examples}
        return Response(
            {name: value or None for name, value in told.items()}, status=status.HTTP_202_ACCEPTED
        )


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
        "notes": list(reply.notes),
        "made_by": reply.made_by,
        "times": dict(reply.times),
    }
    return Response(told, status=code)
