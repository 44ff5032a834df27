"""The bodies of batches: which tasks, what is done to each, over which frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from labeling.api.order_inputs import CLASSES_MAX, DetectSettings, TrackSettings, WorkInput, order_of
from labeling.api.tasks import assignee_ids
from labeling.api.views import FrameField, Input, ReferenceField
from labeling.models import JobKind, MediaKind, Stage, User
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.again import AGAIN
from labeling.services.batches.orders import SAMPLE_MAX, BatchOrder
from labeling.services.batches.specification import BatchSpan, SpanKind, Specification

TASKS_MAX = 10_000
BUDGET_MAX = 1e12


class TaskFilterInput(Input):
    """Which tasks: those of the list of tasks with the same filters. An empty one means all."""

    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    assignee = serializers.RegexField(
        r"^(me|none|[0-9]{1,18})$", required=False, help_text="A user's id, “me” or “none”."
    )
    search = serializers.CharField(max_length=200, required=False, help_text="Part of the title.")
    ids = serializers.ListField(
        child=ReferenceField(), required=False, max_length=TASKS_MAX, help_text="These tasks outright."
    )
    connection = ReferenceField(required=False, help_text="Those of media of this bucket.")
    prefix = serializers.CharField(
        max_length=1024,
        trim_whitespace=False,
        required=False,
        help_text="Those whose media's title begins so; with a connection, their whole key.",
    )
    media_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=MediaKind.choices), required=False, help_text="Of these media."
    )


class SpanInput(Input):
    """``whole``: the whole task. ``seed``: ``frames`` from its first label on. ``fixed``: ``first`` to
    ``last``, inclusive, counted from the task's first frame, which is 0.
    """

    kind = serializers.ChoiceField(choices=[kind.value for kind in SpanKind])
    frames = FrameField(required=False)
    first = FrameField(required=False)
    last = FrameField(required=False)


class SpannedInput(WorkInput):
    span = SpanInput(required=False, help_text="The whole task unless told.")


class ChosenInput(SpannedInput):
    object_classes = serializers.ListField(
        child=ReferenceField(),
        default=list,
        max_length=CLASSES_MAX,
        help_text="Only objects of these classes; all unless told.",
    )


class BatchTrackInput(ChosenInput, TrackSettings):
    """Track the objects that have a label to start from."""


class BatchInterpolateInput(ChosenInput):
    """Fill the frames between labels."""

    kind = serializers.ChoiceField(choices=[JobKind.INTERPOLATE.value])


class BatchDetectInput(SpannedInput, DetectSettings):
    """Find all objects of some classes. Classes are known by their words; examples are of one task."""


SPECIFICATIONS: Mapping[str, type[SpannedInput]] = {
    JobKind.TRACK.value: BatchTrackInput,
    JobKind.INTERPOLATE.value: BatchInterpolateInput,
    JobKind.DETECT_ALL.value: BatchDetectInput,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Specification", serializers=dict(SPECIFICATIONS), resource_type_field_name="kind"
    )
)
class SpecificationField(serializers.DictField):
    """What is done to each task; its ``kind`` says which form it has."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)
        kind = told.get("kind")
        form = SPECIFICATIONS.get(kind, BatchTrackInput) if isinstance(kind, str) else BatchTrackInput
        read = form(data=data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


class BatchInput(Input):
    tasks = TaskFilterInput(required=False, help_text="All tasks unless told.")
    specification = SpecificationField()
    sample = serializers.IntegerField(
        min_value=1,
        max_value=SAMPLE_MAX,
        required=False,
        allow_null=True,
        help_text="Try so many tasks first, drawn by chance; the rest waits for go-on.",
    )
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    budget_seconds = serializers.FloatField(
        min_value=1,
        max_value=BUDGET_MAX,
        required=False,
        allow_null=True,
        help_text="Time of workers after which the batch is paused.",
    )


class ResumeInput(Input):
    budget_seconds = serializers.FloatField(
        min_value=1, max_value=BUDGET_MAX, required=False, help_text="A new budget, in all."
    )


class AgainInput(Input):
    """What changes against the batch that is run again; what is left out stays."""

    specification = SpecificationField(required=False)
    states = serializers.ListField(
        child=serializers.ChoiceField(choices=AGAIN),
        required=False,
        allow_empty=False,
        help_text="Only its tasks with these outcomes; all unless told.",
    )
    sample = serializers.IntegerField(min_value=1, max_value=SAMPLE_MAX, required=False, allow_null=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    budget_seconds = serializers.FloatField(
        min_value=1,
        max_value=BUDGET_MAX,
        required=False,
        allow_null=True,
        help_text="Time of workers after which it is paused; that of the batch before is not taken over.",
    )


def task_filter_of(told: Mapping[str, Any], *, user: User) -> TaskFilter:
    """Return the filter that a checked body is; “me” becomes who asks."""
    assignee, unassigned = assignee_ids(told.get("assignee"), user=user)
    return TaskFilter(
        stage=told.get("stage"),
        assignee=assignee,
        unassigned=unassigned,
        search=told.get("search", ""),
        ids=tuple(told.get("ids", ())),
        connection=told.get("connection"),
        prefix=told.get("prefix", ""),
        media_kinds=tuple(told.get("media_kinds", ())),
    )


def specification_of(told: Mapping[str, Any]) -> Specification:
    """Return the specification that a checked body is. Raises ``algorithm_said_twice`` (422)."""
    values = {name: value for name, value in told.items() if name not in ("span", "object_classes")}
    frames = {"first_frame": 0, "last_frame": 0}
    instances = {} if values["kind"] == JobKind.DETECT_ALL else {"instances": ()}
    span = told.get("span") or {}
    return Specification(
        template=order_of({**values, **frames, **instances}),
        span=BatchSpan(**{**span, "kind": SpanKind(span["kind"])}) if span else BatchSpan(),
        classes=tuple(told.get("object_classes", ())),
    )


def batch_order_of(body: Mapping[str, Any], *, user: User) -> BatchOrder:
    """Return the order that a checked body is."""
    return BatchOrder(
        chosen=task_filter_of(body.get("tasks", {}), user=user),
        specification=specification_of(body["specification"]),
        sample=body.get("sample"),
        name=body.get("name", ""),
        budget_seconds=body.get("budget_seconds"),
    )
