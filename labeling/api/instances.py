"""``instances/``: the objects of a task."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, Input, ReferenceField, expected_version
from labeling.errors import LabelyardError
from labeling.models import Instance, Task
from labeling.selectors.labels import instance_list
from labeling.selectors.ontologies import class_of_ontology
from labeling.selectors.tasks import instance_get, task_get
from labeling.services.instances import instance_change_class, instance_create, instance_delete


class SpanSerializer(serializers.Serializer[object]):
    """On which frames an instance has labels: the first, the last, and how many."""

    first = serializers.IntegerField(allow_null=True)
    last = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()


class InstanceSerializer(serializers.ModelSerializer[Instance]):
    """One object over the frames of a task. ``name`` is how people call it: its class and number."""

    name = serializers.CharField(source="__str__")
    labelled = serializers.SerializerMethodField()

    class Meta:
        model = Instance
        fields = (
            "id", "task", "object_class", "object_hash", "number", "name", "version", "labelled",
            "created_by", "created_by_job", "created_at",
        )  # fmt: skip

    @extend_schema_field(SpanSerializer)
    def get_labelled(self, instance: Instance) -> dict[str, int | None]:
        return {
            "first": getattr(instance, "first_labelled", None),
            "last": getattr(instance, "last_labelled", None),
            "count": getattr(instance, "label_count", 0),
        }


class InstanceInput(Input):
    object_class = ReferenceField()


class TaskInstancesView(ApiView):
    """The objects of a task."""

    @extend_schema(
        responses=inline_serializer(
            name="InstanceList",
            fields={
                "results": InstanceSerializer(many=True),
                "next": serializers.CharField(allow_null=True),
                "seq": serializers.IntegerField(),
            },
        ),
        tags=["instances"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """All objects, with the frames that they have labels on. ``seq``: the task's as it was before."""
        task = task_get(task_id=task_id)
        results = InstanceSerializer(instance_list(task), many=True).data
        return Response({"results": results, "next": None, "seq": task.seq})

    @extend_schema(request=InstanceInput, responses={201: InstanceSerializer}, tags=["instances"])
    def post(self, request: Request, task_id: int) -> Response:
        """Make an object of a class, without labels."""
        task = task_get(task_id=task_id)
        object_class = class_of_ontology(
            ontology_id=task.project.ontology_id, class_id=self.body(InstanceInput)["object_class"]
        )
        instance = instance_create(user=self.person, task=task, object_class=object_class)
        return Response(InstanceSerializer(instance).data, status=status.HTTP_201_CREATED)


class InstanceView(ApiView):
    """One object."""

    @extend_schema(responses=InstanceSerializer, tags=["instances"])
    def get(self, request: Request, instance_id: int) -> Response:
        """The object, with the frames that it has labels on."""
        return Response(shown(instance_get(instance_id=instance_id)))

    @extend_schema(request=InstanceInput, responses=InstanceSerializer, tags=["instances"])
    def patch(self, request: Request, instance_id: int) -> Response:
        """Give it another class of the same shape. ``If-Match``: the version that one saw."""
        instance = instance_get(instance_id=instance_id)
        object_class = class_of_ontology(
            ontology_id=instance.task.project.ontology_id, class_id=self.body(InstanceInput)["object_class"]
        )
        try:
            instance_change_class(
                user=self.person,
                instance=instance,
                object_class=object_class,
                expected_version=expected_version(request),
            )
        except LabelyardError as error:
            if error.code == "stale_version":
                error.details["current"] = shown(instance_get(instance_id=instance_id))
            raise
        return Response(shown(instance))

    @extend_schema(responses={204: None}, tags=["instances"])
    def delete(self, request: Request, instance_id: int) -> Response:
        """Delete it with all its labels. Not while a job is at work on it."""
        instance_delete(user=self.person, instance=instance_get(instance_id=instance_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def shown(instance: Instance) -> Any:
    """The object with what it has labels on."""
    task: Task = instance.task
    return InstanceSerializer(instance_list(task).get(pk=instance.pk)).data
