"""``answers/`` about objects and ``classifications/`` of frames."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, FrameField, Input, ReferenceField, ValueField
from labeling.models import AttributeAnswer, ClassificationAnswer
from labeling.selectors.ontologies import definition_of_ontology
from labeling.selectors.tasks import answer_list, answers_of_task, classification_list, instance_get, task_get
from labeling.services.answers import answer_put, classification_put


class AnswerSerializer(serializers.ModelSerializer[AttributeAnswer]):
    """An answer: for all frames (both ends null), or over an inclusive range."""

    value = serializers.JSONField()

    class Meta:
        model = AttributeAnswer
        fields = ("id", "definition", "value", "first_frame", "last_frame", "seq", "author")


class TaskAnswerSerializer(AnswerSerializer):
    """An answer with the instance that it is about."""

    class Meta(AnswerSerializer.Meta):
        fields = ("instance", *AnswerSerializer.Meta.fields)  # type: ignore[assignment]


class ClassificationAnswerSerializer(serializers.ModelSerializer[ClassificationAnswer]):
    """What is said of a range of frames, inclusive."""

    value = serializers.JSONField()

    class Meta:
        model = ClassificationAnswer
        fields = ("id", "definition", "value", "first_frame", "last_frame", "seq", "author")


class AnswerInput(Input):
    definition = ReferenceField()
    value = ValueField(allow_null=True, help_text="By the attribute's kind; null takes the answer back.")
    first_frame = FrameField(required=False, allow_null=True)
    last_frame = FrameField(required=False, allow_null=True)


class ClassificationAnswerInput(Input):
    definition = ReferenceField()
    value = ValueField(allow_null=True)
    first_frame = FrameField()
    last_frame = FrameField()


ANSWERS = inline_serializer(name="AnswerList", fields={"results": AnswerSerializer(many=True)})
TASK_ANSWERS = inline_serializer(
    name="TaskAnswerList",
    fields={"results": TaskAnswerSerializer(many=True), "seq": serializers.IntegerField()},
)
CLASSIFICATIONS = inline_serializer(
    name="ClassificationAnswerList", fields={"results": ClassificationAnswerSerializer(many=True)}
)


class InstanceAnswersView(ApiView):
    """The answers about one object."""

    @extend_schema(responses=ANSWERS, tags=["answers"])
    def get(self, request: Request, instance_id: int) -> Response:
        """All answers about the object."""
        rows = answer_list(instance=instance_get(instance_id=instance_id))
        return Response({"results": AnswerSerializer(rows, many=True).data})

    @extend_schema(request=AnswerInput, responses=ANSWERS, tags=["answers"])
    def put(self, request: Request, instance_id: int) -> Response:
        """Answer one question, and get all answers as they are then."""
        instance = instance_get(instance_id=instance_id)
        body = asked(self.body(AnswerInput), ontology_id=instance.task.project.ontology_id)
        answer_put(user=self.person, instance=instance, **body)
        return self.get(request, instance_id)


class TaskAnswersView(ApiView):
    """The answers about the objects of a task."""

    @extend_schema(responses=TASK_ANSWERS, tags=["answers"])
    def get(self, request: Request, task_id: int) -> Response:
        """All answers about all objects. ``seq``: the task's before they were read."""
        task = task_get(task_id=task_id)
        rows = answers_of_task(task=task)
        return Response({"results": TaskAnswerSerializer(rows, many=True).data, "seq": task.seq})


class TaskClassificationsView(ApiView):
    """What is said of the frames of a task."""

    @extend_schema(responses=CLASSIFICATIONS, tags=["answers"])
    def get(self, request: Request, task_id: int) -> Response:
        """All answers about frames."""
        rows = classification_list(task=task_get(task_id=task_id))
        return Response({"results": ClassificationAnswerSerializer(rows, many=True).data})

    @extend_schema(request=ClassificationAnswerInput, responses=CLASSIFICATIONS, tags=["answers"])
    def put(self, request: Request, task_id: int) -> Response:
        """Answer one question over a range of frames, and get all answers as they are then."""
        task = task_get(task_id=task_id)
        body = asked(self.body(ClassificationAnswerInput), ontology_id=task.project.ontology_id)
        classification_put(user=self.person, task=task, **body)
        return self.get(request, task_id)


def asked(body: dict[str, Any], *, ontology_id: int) -> dict[str, Any]:
    """Put the definition in the place of its id."""
    definition = definition_of_ontology(ontology_id=ontology_id, definition_id=body["definition"])
    return {**body, "definition": definition}
