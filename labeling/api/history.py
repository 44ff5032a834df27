"""``history/`` of a label, and the ``original/`` of a run."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.labels import LabelSerializer, WindowQuery, label_json
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView
from labeling.selectors.differences import run_differences
from labeling.selectors.history import Happening, label_history, run_originals
from labeling.selectors.jobs import job_get
from labeling.selectors.labels import WINDOW_FRAMES_MAX
from labeling.selectors.tasks import instance_get

KINDS = ("edit", "undo", "redo", "run", "revert", "rerun", "found")


class RangesField(serializers.ListField):
    """Pairs of frames, first and last inclusive."""

    child = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)


class HappeningSerializer(serializers.Serializer[Any]):
    """What happened to a label, and what stood there after it: null is no label."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    title = serializers.CharField()
    author = PersonSerializer(allow_null=True)
    job = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    seq = serializers.IntegerField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field's name

    @extend_schema_field(LabelSerializer(allow_null=True))
    def get_label(self, happening: Happening) -> dict[str, Any] | None:
        view = happening.label
        return label_json(view) if view else None


class LabelHistoryView(ApiView):
    """The history of one label."""

    @extend_schema(
        responses=inline_serializer(name="LabelHistory", fields={"results": HappeningSerializer(many=True)}),
        tags=["labels"],
    )
    def get(self, request: Request, instance_id: int, frame: int) -> Response:
        """What happened to the object's label on this frame, newest first."""
        happened = label_history(instance=instance_get(instance_id=instance_id), frame=frame)
        return Response({"results": HappeningSerializer(happened, many=True).data})


class DifferencesSerializer(serializers.Serializer[Any]):
    """What became of the labels that runs wrote. Frames as inclusive ranges."""

    written = serializers.IntegerField(help_text="Frames on which the latest run wrote a label.")
    changed = RangesField(help_text="Another shape stands there now.")
    absent = RangesField(help_text="The object is marked absent there now.")
    gone = RangesField(help_text="No label is there now.")


class InstanceDifferencesView(ApiView):
    """Runs against what stands now."""

    @extend_schema(responses=DifferencesSerializer, tags=["labels"])
    def get(self, request: Request, instance_id: int) -> Response:
        """Where the object's labels are no longer as the latest run on each frame wrote them."""
        found = run_differences(instance=instance_get(instance_id=instance_id))
        return Response(DifferencesSerializer(found).data)


class JobOriginalView(ApiView):
    """What a run wrote."""

    @extend_schema(
        parameters=[WindowQuery],
        responses=inline_serializer(name="RunOriginal", fields={"labels": LabelSerializer(many=True)}),
        tags=["jobs"],
    )
    def get(self, request: Request, job_id: int) -> Response:
        """The labels of at most 512 frames as the run wrote them, whatever became of them since."""
        query = self.query(WindowQuery)
        job = job_get(job_id=job_id)
        first = query.get("first", job.first_frame)
        last = query.get("last", max(first, min(first + WINDOW_FRAMES_MAX - 1, job.last_frame)))
        labels = run_originals(job=job, first=first, last=last)
        return Response({"labels": [label_json(view) for view in labels]})
