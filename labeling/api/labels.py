"""``labels/``: windows of frames, one label put or taken away, many imported."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, FrameField, Input, ReferenceField, expected_version
from labeling.errors import LabelyardError
from labeling.models import Instance, Label, Provenance
from labeling.selectors.labels import WINDOW_FRAMES_MAX, LabelView, label_view_of, label_window
from labeling.selectors.tasks import instance_get, task_get
from labeling.services.imports import IMPORT_ROWS_MAX, ImportRow, rows_import
from labeling.services.labels import HAND_MADE, label_mark_absent, label_put, label_remove

FIELDS = tuple(field.name for field in fields(LabelView))
PROVENANCES = [(label, label) for label in Provenance.labels]
REVIEWS = [(word, word) for word in ("accepted", "rejected", "unreviewed")]
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The version that you saw, 0 for no label. A stale one is refused (409 stale_version).",
)


class LabelSerializer(serializers.Serializer[LabelView]):
    """A label. ``shape`` is null where a person said that the object is absent."""

    instance = serializers.IntegerField()  # type: ignore[assignment]  # a field's name
    frame = serializers.IntegerField()
    shape = serializers.DictField(allow_null=True)
    provenance = serializers.ChoiceField(choices=PROVENANCES)
    confidence = serializers.FloatField()
    protected = serializers.BooleanField()
    version = serializers.IntegerField()
    seq = serializers.IntegerField()
    z_order = serializers.IntegerField()
    occluded = serializers.BooleanField()
    job = serializers.IntegerField(allow_null=True)
    author = serializers.IntegerField(allow_null=True)
    review = serializers.ChoiceField(choices=REVIEWS)


class WindowQuery(Input):
    first = FrameField(required=False, help_text="Default: the task's first frame.")
    last = FrameField(required=False, help_text="Default: as far as a window reaches.")


class LabelInput(Input):
    shape = serializers.DictField(help_text="In pixels, in the form of the class's shape.")
    z_order = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1, required=False)
    occluded = serializers.BooleanField(required=False)
    provenance = serializers.ChoiceField(choices=sorted(HAND_MADE), default="manual")
    exclude_bitmasks = serializers.BooleanField(
        default=False, help_text="A bitmask leaves out what other bitmasks of the frame cover."
    )


class MarkQuery(Input):
    mark = serializers.BooleanField(default=True, help_text="False: leave no absent mark.")


class ImportRowInput(Input):
    """A label of ``instance``, or of a new one of ``object_class`` that you call ``ref``."""

    instance = ReferenceField(required=False)
    object_class = ReferenceField(required=False)
    ref = serializers.CharField(max_length=100, required=False)
    frame = FrameField()
    shape = serializers.DictField()
    confidence = serializers.FloatField(min_value=0, max_value=1, default=1.0)
    provenance = serializers.ChoiceField(choices=["imported"], default="imported")


class ImportInput(Input):
    labels = serializers.ListField(child=ImportRowInput(), max_length=IMPORT_ROWS_MAX)


class ImportedSerializer(serializers.Serializer[object]):
    """How many labels were written and how many left as they were (protected or accepted)."""

    written = serializers.IntegerField()
    skipped = serializers.IntegerField()
    instances = serializers.DictField(child=serializers.IntegerField(), help_text="Your ref to our id.")


def label_json(view: LabelView) -> dict[str, Any]:
    """The label as ``LabelSerializer`` describes it; a window has thousands, so without its cost."""
    return {name: getattr(view, name) for name in FIELDS}


class TaskLabelsView(ApiView):
    """The labels of a task."""

    @extend_schema(
        parameters=[WindowQuery],
        responses=inline_serializer(
            name="LabelWindow",
            fields={"labels": LabelSerializer(many=True), "seq": serializers.IntegerField()},
        ),
        tags=["labels"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """The labels of frames ``first`` to ``last``, inclusive, at most 512 of them.

        ``seq`` is the task's before the labels were read: ask for the changes since then.
        """
        query = self.query(WindowQuery)
        task = task_get(task_id=task_id)
        first = query.get("first", task.first_frame)
        last = query.get("last", min(first + WINDOW_FRAMES_MAX - 1, task.last_frame))
        labels = [label_json(view) for view in label_window(task=task, first=first, last=last)]
        return Response({"labels": labels, "seq": task.seq})

    @extend_schema(request=ImportInput, responses={201: ImportedSerializer}, tags=["labels"])
    def post(self, request: Request, task_id: int) -> Response:
        """Import up to 5,000 labels, all or nothing. Protected labels are left as they are."""
        rows = self.body(ImportInput)["labels"]
        done = rows_import(
            user=self.person,
            task=task_get(task_id=task_id),
            rows=[
                ImportRow(**{name: value for name, value in row.items() if name != "provenance"})
                for row in rows
            ],
        )
        return Response(ImportedSerializer(done).data, status=status.HTTP_201_CREATED)


class InstanceLabelView(ApiView):
    """The label of one object on one frame."""

    @extend_schema(parameters=[IF_MATCH], request=LabelInput, responses=LabelSerializer, tags=["labels"])
    def put(self, request: Request, instance_id: int, frame: int) -> Response:
        """Draw or edit the label. It is protected from then on: jobs leave it as it is."""
        body = self.body(LabelInput)
        instance = instance_get(instance_id=instance_id)
        try:
            label = label_put(
                user=self.person,
                instance=instance,
                frame=frame,
                shape_json=body.pop("shape"),
                expected_version=expected_version(request),
                **body,
            )
        except LabelyardError as error:
            raise with_current(error, instance, frame) from error
        return Response(shown(label))

    @extend_schema(
        parameters=[IF_MATCH, MarkQuery], responses={200: LabelSerializer, 204: None}, tags=["labels"]
    )
    def delete(self, request: Request, instance_id: int, frame: int) -> Response:
        """Say that the object is absent on this frame; with ``mark=false`` only remove the label."""
        mark = self.query(MarkQuery)["mark"]
        instance = instance_get(instance_id=instance_id)
        version = expected_version(request)
        try:
            if mark:
                label = label_mark_absent(
                    user=self.person, instance=instance, frame=frame, expected_version=version
                )
                return Response(shown(label))
            label_remove(user=self.person, instance=instance, frame=frame, expected_version=version)
        except LabelyardError as error:
            raise with_current(error, instance, frame) from error
        return Response(status=status.HTTP_204_NO_CONTENT)


def shown(label: Label) -> dict[str, Any]:
    return label_json(label_view_of(label))


def with_current(error: LabelyardError, instance: Instance, frame: int) -> LabelyardError:
    """Put what stands there now into the refusal of a stale version, so that both can be compared."""
    if error.code == "stale_version":
        label = Label.objects.select_related("task").filter(instance=instance, frame=frame).first()
        error.details["current"] = shown(label) if label else None
    return error
