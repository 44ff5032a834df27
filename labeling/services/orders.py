"""What can be ordered of automated labeling on a task: tracking, interpolation, detection."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from labeling.examples import ExampleLabel
from labeling.models import Direction, JobKind

INTERVAL_DEFAULT = 30
OVERLAP_DEFAULT = 0.7
MOST_DEFAULT = 200
MOST_MAX = 1000
"""Objects of a class on a frame: more are never kept, whatever the order says."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every order says: an inclusive range of frames, labels are written only inside."""

    kind: ClassVar[JobKind]

    first_frame: int
    last_frame: int
    priority: float = 0.5

    def digest(self) -> str:
        """Equal for equal orders: a repeated idempotency key must come with the same one."""
        text = json.dumps([self.kind, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class InstancesOrder(Order):
    """An order on instances that are there.

    ``instances_per_part``: how many instances one worker takes; None lets idle workers share them.
    """

    instances: tuple[int, ...]
    instances_per_part: int | None = None
    from_editor: bool = False


@dataclass(frozen=True, kw_only=True)
class TrackOrder(InstancesOrder):
    """An order to track instances.

    ``interval``: so many consecutive frames without the object are tolerated before its tracking
    ends. ``max_frames_after_key``: stop so many frames after the last key frame; None does not.
    """

    kind: ClassVar[JobKind] = JobKind.TRACK

    direction: Direction = Direction.FORWARDS
    algorithm: str = "fast"
    interval: int = INTERVAL_DEFAULT
    max_frames_after_key: int | None = None
    backend: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InterpolateOrder(InstancesOrder):
    """An order to fill the frames between labels of the instances."""

    kind: ClassVar[JobKind] = JobKind.INTERPOLATE


@dataclass(frozen=True, kw_only=True)
class WantedClass:
    """A class whose objects are looked for. ``words`` None: the class's name.

    ``threshold`` (0..1) None is the detector's usual one. ``most``: objects on a frame, the surest ones.
    """

    object_class: int
    words: str | None = None
    examples: tuple[ExampleLabel, ...] = ()
    threshold: float | None = None
    most: int = MOST_DEFAULT


@dataclass(frozen=True, kw_only=True)
class DetectOrder(Order):
    """An order to find all objects of some classes on every ``step``-th frame.

    ``overlap`` (IoU): what covers a label of its class by more is skipped. ``link``: detections over
    frames become instances. ``fill``: the tracker that fills the frames between those of an instance, with
    the parameters ``backend``. ``exclude_bitmasks``: new bitmasks leave out those that are there.
    ``detector`` None is the best that was ever offered.
    """

    kind: ClassVar[JobKind] = JobKind.DETECT_ALL

    classes: tuple[WantedClass, ...]
    step: int = 1
    overlap: float = OVERLAP_DEFAULT
    link: bool = True
    fill: str | None = None
    exclude_bitmasks: bool = False
    detector: str | None = None
    backend: dict[str, Any] = field(default_factory=dict)


ORDERS: Mapping[str, type[Order]] = {
    order.kind.value: order for order in (TrackOrder, InterpolateOrder, DetectOrder)
}


def order_read(kind: str, told: Mapping[str, Any]) -> Order:
    """Return the order that ``asdict`` made ``told`` of, be it kept as JSON since."""
    values = dict(told)
    if "instances" in values:
        values["instances"] = tuple(values["instances"])
    if "direction" in values:
        values["direction"] = Direction(values["direction"])
    if "classes" in values:
        values["classes"] = tuple(wanted_class_read(one) for one in values["classes"])
    return ORDERS[kind](**values)


def wanted_class_read(told: Mapping[str, Any]) -> WantedClass:
    """Return the class that ``told`` describes."""
    examples = tuple(ExampleLabel(**one) for one in told["examples"])
    return WantedClass(**{**told, "examples": examples})
