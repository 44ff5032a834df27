"""The bodies of orders: what each kind of job takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from labeling.api.prompt_inputs import ExampleInput
from labeling.api.views import ORDINAL_MAX, FrameField, Input, ReferenceField
from labeling.examples import EXAMPLES_MAX, WORDS_MAX
from labeling.models import Direction, JobKind
from labeling.services.algorithms import tracker_name
from labeling.services.orders import (
    INTERVAL_DEFAULT,
    MOST_DEFAULT,
    MOST_MAX,
    OVERLAP_DEFAULT,
    DetectOrder,
    InterpolateOrder,
    Order,
    TrackOrder,
    wanted_class_read,
)

INSTANCES_MAX = 10_000
CLASSES_MAX = 100
DETECTOR_MAX = 32


class WorkInput(Input):
    """What everything that is ordered says."""

    priority = serializers.FloatField(min_value=0, max_value=1, default=0.5)


class OrderInput(WorkInput):
    """What every order says. The range is inclusive; labels are written only inside it."""

    first_frame = FrameField()
    last_frame = FrameField()


class InstancesInput(OrderInput):
    """What an order says that works on instances which are there."""

    instances = serializers.ListField(child=ReferenceField(), max_length=INSTANCES_MAX)
    instances_per_part = serializers.IntegerField(
        min_value=1, max_value=INSTANCES_MAX, required=False, allow_null=True
    )


class TrackSettings(WorkInput):
    """How to track. ``advanced`` true is SAM 2, false the fast tracker; ``algorithm`` names one."""

    kind = serializers.ChoiceField(choices=[JobKind.TRACK.value], default=JobKind.TRACK.value)
    algorithm = serializers.CharField(max_length=40, required=False, help_text="fast unless told.")
    advanced = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Instead of algorithm."
    )
    interval = serializers.IntegerField(min_value=0, max_value=ORDINAL_MAX, default=INTERVAL_DEFAULT)
    max_frames_after_key = serializers.IntegerField(
        min_value=1, max_value=ORDINAL_MAX, required=False, allow_null=True
    )
    backend = serializers.DictField(default=dict, help_text="Settings of the algorithm.")


class TrackInput(InstancesInput, TrackSettings):
    """An order to track. ``advanced`` true is SAM 2, false the fast tracker; ``algorithm`` names one."""

    direction = serializers.ChoiceField(choices=Direction.choices, default=Direction.FORWARDS)
    from_editor = serializers.BooleanField(default=False)


class InterpolateInput(InstancesInput):
    """An order to fill the frames between labels."""

    kind = serializers.ChoiceField(choices=[JobKind.INTERPOLATE.value])


class WantedClassInput(Input):
    """A class whose objects are looked for."""

    object_class = ReferenceField()
    words = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=WORDS_MAX,
        help_text="What it is called; the class's name unless told.",
    )
    examples = serializers.ListField(
        child=ExampleInput(),
        default=list,
        max_length=CLASSES_MAX,
        help_text=f"Labels, {EXAMPLES_MAX} at most.",
    )
    threshold = serializers.FloatField(
        required=False, allow_null=True, help_text="0 to 1; the detector's usual one unless told."
    )
    most = serializers.IntegerField(default=MOST_DEFAULT, help_text=f"Of a frame, {MOST_MAX} at most.")


class DetectSettings(WorkInput):
    """How to find all objects of some classes."""

    kind = serializers.ChoiceField(choices=[JobKind.DETECT_ALL.value])
    classes = serializers.ListField(child=WantedClassInput(), max_length=CLASSES_MAX)
    step = serializers.IntegerField(max_value=ORDINAL_MAX, default=1, help_text="1 is every frame.")
    overlap = serializers.FloatField(
        default=OVERLAP_DEFAULT, help_text="What covers a label of its class by a higher IoU is skipped."
    )
    link = serializers.BooleanField(default=True, help_text="Detections over frames become instances.")
    fill = serializers.CharField(
        max_length=40,
        required=False,
        allow_null=True,
        help_text="The tracker that fills the frames between those of an instance: fast, sam2.",
    )
    exclude_bitmasks = serializers.BooleanField(default=False)
    detector = serializers.CharField(
        max_length=DETECTOR_MAX, required=False, allow_null=True, help_text="The best one unless told."
    )
    backend = serializers.DictField(default=dict, help_text="Settings of the tracker that fills.")


class DetectInput(OrderInput, DetectSettings):
    """An order to find all objects of some classes."""


class ChangesInput(Input):
    """What is to be different when a job is run again; what is left out stays as it was ordered."""

    first_frame = FrameField(required=False)
    last_frame = FrameField(required=False)
    priority = serializers.FloatField(min_value=0, max_value=1, required=False)
    instances = serializers.ListField(
        child=ReferenceField(), max_length=INSTANCES_MAX, required=False, help_text="Track, interpolate."
    )
    algorithm = serializers.CharField(max_length=40, required=False, help_text="Track.")
    advanced = serializers.BooleanField(required=False, help_text="Track; instead of algorithm.")
    interval = serializers.IntegerField(
        min_value=0, max_value=ORDINAL_MAX, required=False, help_text="Track."
    )
    backend = serializers.DictField(required=False, help_text="Settings of the algorithm.")
    step = serializers.IntegerField(
        min_value=1, max_value=ORDINAL_MAX, required=False, help_text="Detect: 1 is every frame."
    )
    link = serializers.BooleanField(required=False, help_text="Detect.")


INPUTS: Mapping[str, type[OrderInput]] = {
    JobKind.TRACK.value: TrackInput,
    JobKind.INTERPOLATE.value: InterpolateInput,
    JobKind.DETECT_ALL.value: DetectInput,
}
ORDER = PolymorphicProxySerializer(
    component_name="Order", serializers=dict(INPUTS), resource_type_field_name="kind"
)


def input_of(body: object) -> type[OrderInput]:
    """Return the form that the body's ``kind`` asks for; one that is none is refused by that of tracking."""
    kind = body.get("kind") if isinstance(body, Mapping) else None
    return INPUTS.get(kind, TrackInput) if isinstance(kind, str) else TrackInput


def order_of(body: Mapping[str, Any]) -> Order:
    """Return the order that a checked body is. Raises ``algorithm_said_twice`` (422)."""
    told = {name: value for name, value in body.items() if name != "kind"}
    if body["kind"] == JobKind.DETECT_ALL:
        return DetectOrder(**{**told, "classes": tuple(wanted_class_read(one) for one in told["classes"])})
    told["instances"] = tuple(told["instances"])
    if body["kind"] == JobKind.INTERPOLATE:
        return InterpolateOrder(**told)
    told["algorithm"] = tracker_name(algorithm=told.get("algorithm"), advanced=told.pop("advanced"))
    return TrackOrder(**{**told, "direction": Direction(told.get("direction", Direction.FORWARDS))})


def changes_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that a checked body names. Raises ``algorithm_said_twice`` (422)."""
    told = dict(body)
    if "advanced" in told:
        told["algorithm"] = tracker_name(algorithm=told.get("algorithm"), advanced=told.pop("advanced"))
    if "instances" in told:
        told["instances"] = tuple(told["instances"])
    return told
