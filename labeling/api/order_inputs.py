"""The bodies of orders: what each kind of job takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from labeling.api.views import ORDINAL_MAX, FrameField, Input, ReferenceField
from labeling.models import Direction, JobKind
from labeling.services.algorithms import tracker_name
from labeling.services.orders import INTERVAL_DEFAULT, InterpolateOrder, Order, TrackOrder

INSTANCES_MAX = 10_000


class OrderInput(Input):
    """What every order says. The range is inclusive; labels are written only inside it."""

    instances = serializers.ListField(child=ReferenceField(), max_length=INSTANCES_MAX)
    first_frame = FrameField()
    last_frame = FrameField()
    instances_per_part = serializers.IntegerField(
        min_value=1, max_value=INSTANCES_MAX, required=False, allow_null=True
    )
    priority = serializers.FloatField(min_value=0, max_value=1, default=0.5)


class TrackInput(OrderInput):
    """An order to track. ``advanced`` true is SAM 2, false the fast tracker; ``algorithm`` names one."""

    kind = serializers.ChoiceField(choices=[JobKind.TRACK.value], default=JobKind.TRACK.value)
    direction = serializers.ChoiceField(choices=Direction.choices, default=Direction.FORWARDS)
    algorithm = serializers.CharField(max_length=40, required=False, help_text="fast unless told.")
    advanced = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Instead of algorithm."
    )
    interval = serializers.IntegerField(min_value=0, max_value=ORDINAL_MAX, default=INTERVAL_DEFAULT)
    max_frames_after_key = serializers.IntegerField(
        min_value=1, max_value=ORDINAL_MAX, required=False, allow_null=True
    )
    from_editor = serializers.BooleanField(default=False)
    backend = serializers.DictField(default=dict, help_text="Settings of the algorithm.")


class InterpolateInput(OrderInput):
    """An order to fill the frames between labels."""

    kind = serializers.ChoiceField(choices=[JobKind.INTERPOLATE.value])


INPUTS: Mapping[str, type[OrderInput]] = {
    JobKind.TRACK.value: TrackInput,
    JobKind.INTERPOLATE.value: InterpolateInput,
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
    told["instances"] = tuple(told["instances"])
    if body["kind"] == JobKind.INTERPOLATE:
        return InterpolateOrder(**told)
    told["algorithm"] = tracker_name(algorithm=told.get("algorithm"), advanced=told.pop("advanced"))
    return TrackOrder(**{**told, "direction": Direction(told["direction"])})
