"""``timeline/``: a task's labels in outline."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, Input
from labeling.selectors.tasks import task_get
from labeling.selectors.timeline import timeline_of

INSTANCES_MAX = 500


class InstancesField(serializers.CharField):
    """Ids, joined by commas."""

    def to_internal_value(self, data: str) -> list[int]:  # type: ignore[override]
        words = super().to_internal_value(data).split(",")
        if len(words) > INSTANCES_MAX:
            raise serializers.ValidationError(f"At most {INSTANCES_MAX} instances are asked for at a time.")
        if not all(word.isascii() and word.isdigit() and len(word) <= 18 for word in words):
            raise serializers.ValidationError("Give ids joined by commas, such as “1,2,3”.")
        return [int(word) for word in words]


class TimelineQuery(Input):
    instances = InstancesField(required=False, help_text="Only these: ids joined by commas.")


class TrackSerializer(serializers.Serializer[object]):
    """An instance in outline; ranges are inclusive, lists in the order of frames."""

    spans = serializers.ListField(
        child=serializers.ListField(),
        help_text="[first, last, code]: h by hand, d detected, t tracked, i interpolated, m imported.",
    )
    keys = serializers.ListField(
        child=serializers.IntegerField(), help_text="Frames by hand that stand alone or beside a machine's."
    )
    prompted = serializers.ListField(
        child=serializers.IntegerField(), help_text="Frames that a person prompted."
    )
    absent = serializers.ListField(child=serializers.ListField(), help_text="[first, last] of absent marks.")
    low = serializers.ListField(
        child=serializers.ListField(),
        help_text="[frame, confidence] where the confidence dips below 0.5; at most 500, the lowest.",
    )


class TimelineSerializer(serializers.Serializer[object]):
    """``instances`` has those that have a mark at least, by id."""

    seq = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    instances = serializers.DictField(child=TrackSerializer())


class TaskTimelineView(ApiView):
    """The labels of a task in outline."""

    @extend_schema(parameters=[TimelineQuery], responses=TimelineSerializer, tags=["labels"])
    def get(self, request: Request, task_id: int) -> Response:
        """Who or what labelled which frames of each object, without the shapes.

        ``seq`` is the task's before the labels were read: ask for the changes since then.
        """
        wanted = self.query(TimelineQuery).get("instances")
        task = task_get(task_id=task_id)
        tracks = timeline_of(task=task, instance_ids=wanted)
        return Response(
            {
                "seq": task.seq,
                "first": task.first_frame,
                "last": task.last_frame,
                "instances": {str(number): track.to_json() for number, track in tracks.items()},
            }
        )
