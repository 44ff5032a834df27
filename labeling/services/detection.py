"""What a detecting order comes to: classes, their examples, frames to look at. Made before it is queued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labeling.geometry.shapes import ShapeKind
from labeling.models import ObjectClass, Task
from labeling.services.algorithms import Algorithm
from labeling.services.detectors import DetectorOffer, detector_for
from labeling.services.orders import DetectOrder, WantedClass
from labeling.services.planned_classes import PlannedClass, examples_gone, planned_class

TRACKED_EXEMPT = (
    "Other bitmasks are left out of what is found. What is tracked between two detections is not cut: it may "
    "lie on other bitmasks."
)


@dataclass(frozen=True)
class DetectPlan:
    """What will run: every ``step``-th picture from ``first_frame`` on, each looked at once."""

    first_frame: int
    last_frame: int
    step: int
    classes: tuple[PlannedClass, ...]
    detector: DetectorOffer
    warnings: tuple[str, ...] = field(default=())

    objects = ()
    """No instances are there before it runs."""

    frames_before = 0
    """Nothing outside the range is looked at."""

    @property
    def algorithm(self) -> Algorithm:
        return self.detector.algorithm

    @property
    def frames(self) -> int:
        return len(range(self.first_frame, self.last_frame + 1, self.step))

    @property
    def cost(self) -> int:
        """What it costs its project: frames times classes."""
        return self.frames * len(self.classes)

    def groups(self, size: int | None) -> list[DetectPlan]:
        """Split the frames into parts of ``size``; None is one part."""
        chunk = (size or self.frames) * self.step
        return [
            replace(self, first_frame=first, last_frame=min(first + chunk - 1, self.last_frame))
            for first in range(self.first_frame, self.last_frame + 1, chunk)
        ]

    def to_json(self) -> dict[str, Any]:
        """The form that a part keeps and the runner reads."""
        span = {"first": self.first_frame, "last": self.last_frame, "step": self.step}
        return span | {"classes": [asdict(one) for one in self.classes]}


def detect_plan(
    *,
    task: Task,
    order: DetectOrder,
    classes: Sequence[ObjectClass],
    detector: DetectorOffer | None = None,
) -> DetectPlan:
    """Find the detector unless it is known, and what of words and examples it will go by.

    ``classes`` are those of the order, in its order. What is left out is a warning; raises what
    ``detector_for``, ``examples_gone`` and ``planned_class`` raise.
    """
    gone = examples_gone(task, order)
    detector = detector or detector_of(order, classes)
    searched = range(order.first_frame, order.last_frame + 1, order.step)
    planned, warnings = [], order_warnings(order, classes, detector)
    for wanted, object_class in zip(order.classes, classes, strict=True):
        one, told = planned_class(wanted, object_class, detector=detector, searched=searched, gone=gone)
        planned.append(one)
        warnings += told
    return DetectPlan(
        order.first_frame, order.last_frame, order.step, tuple(planned), detector, tuple(warnings)
    )


def detector_of(order: DetectOrder, classes: Sequence[ObjectClass]) -> DetectorOffer:
    """Return the detector that an order means. Raises what ``detector_for`` raises."""
    return detector_for(
        name=order.detector,
        words=first_class(order, classes, lambda wanted: bool(wanted.words) or not wanted.examples),
        examples=first_class(order, classes, lambda wanted: bool(wanted.examples) and not wanted.words),
        all_shown=all(wanted.examples for wanted in order.classes),
    )


def order_warnings(order: DetectOrder, classes: Sequence[ObjectClass], detector: DetectorOffer) -> list[str]:
    """Say what people should know of the whole order."""
    bitmasks = any(one.shape == ShapeKind.BITMASK for one in classes)
    exempt = order.exclude_bitmasks and order.fill is not None and bitmasks
    return [*([detector.note] if detector.note else []), *([TRACKED_EXEMPT] if exempt else [])]


def first_class(
    order: DetectOrder, classes: Sequence[ObjectClass], fits: Callable[[WantedClass], bool]
) -> str:
    """Return the name of the first class that is described so, empty when none is."""
    pairs = zip(order.classes, classes, strict=True)
    return next((str(object_class) for wanted, object_class in pairs if fits(wanted)), "")
