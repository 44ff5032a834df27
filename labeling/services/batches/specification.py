"""What a batch does to each of its tasks: an order without its task, and over which frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from labeling.errors import refused
from labeling.frame_ranges import order_check
from labeling.models import Instance, JobKind, ObjectClass, Project, Task
from labeling.services.algorithms import algorithm_get
from labeling.services.detect_checks import classes_of, wanted_check
from labeling.services.detection import detector_of
from labeling.services.instances import archived_check
from labeling.services.orders import DetectOrder, InstancesOrder, Order, TrackOrder, order_read


class SpanKind(StrEnum):
    WHOLE = "whole"
    SEED = "seed"
    FIXED = "fixed"


@dataclass(frozen=True)
class BatchSpan:
    """Over which frames of each task: the whole task, ``frames`` of them from the first label on (it counts),
    or those from ``first`` to ``last`` (inclusive, counted from the task's first frame, which is 0).

    What reaches beyond a task's end is cut off there.
    """

    kind: SpanKind = SpanKind.WHOLE
    frames: int | None = None
    first: int | None = None
    last: int | None = None

    def check(self, *, seeded: bool) -> None:
        """Raise 422 for a span that says nothing; ``seeded`` allows one that starts from labels."""
        if self.kind is SpanKind.SEED and not seeded:
            raise refused(
                "span_needs_seed", "Detection starts from no label: take the whole task or a range."
            )
        if self.kind is SpanKind.SEED and (self.frames is None or self.frames < 1):
            raise refused("span_frames_missing", "Say how many frames from the first label on, at least 1.")
        if self.kind is SpanKind.FIXED and (self.first is None or self.last is None):
            raise refused("span_range_missing", "Say the first and the last frame of the range.")
        if self.first is not None and self.last is not None:
            order_check(self.first, self.last)

    def frames_of(self, task: Task, *, seed: int | None = None) -> tuple[int, int]:
        """Return the inclusive range in ``task``; ``seed`` is the frame of its first label.

        Raises ``frame_out_of_range`` (422) where nothing of it lies in the task.
        """
        first, last = task.first_frame, task.last_frame
        if self.kind is SpanKind.SEED and seed is not None:
            return seed, min(seed + (self.frames or 1) - 1, last)
        if self.kind is not SpanKind.FIXED:
            return first, last
        begin, end = first + (self.first or 0), min(first + (self.last or 0), last)
        if begin > last:
            raise refused(
                "frame_out_of_range",
                f"The task has {last - first + 1} frames, so the range {self.first} to {self.last} lies "
                "outside of it.",
            )
        return begin, end


@dataclass(frozen=True)
class Specification:
    """``template`` is the order without frames and instances. ``classes``: track and interpolate the
    instances of these classes only; empty is all of them.
    """

    template: Order
    span: BatchSpan = BatchSpan()
    classes: tuple[int, ...] = ()

    @property
    def kind(self) -> JobKind:
        return self.template.kind

    def order_for(self, *, first: int, last: int, instances: Sequence[Instance] = ()) -> Order:
        """Return the order on one task."""
        if isinstance(self.template, InstancesOrder):
            pks = tuple(instance.pk for instance in instances)
            return replace(self.template, first_frame=first, last_frame=last, instances=pks)
        return replace(self.template, first_frame=first, last_frame=last)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "order": asdict(self.template),
            "span": asdict(self.span),
            "classes": list(self.classes),
        }


def specification_read(told: Mapping[str, Any]) -> Specification:
    """Return the specification that ``to_json`` made ``told`` of."""
    span = told["span"]
    return Specification(
        template=order_read(told["kind"], told["order"]),
        span=BatchSpan(**{**span, "kind": SpanKind(span["kind"])}),
        classes=tuple(told["classes"]),
    )


def specification_check(*, project: Project, specification: Specification) -> None:
    """Raise 422 for what is wrong with it on any task: its algorithm, its classes, its numbers."""
    template = specification.template
    if not 0 <= template.priority <= 1:
        raise refused("priority_out_of_range", "A priority lies between 0 and 1.")
    specification.span.check(seeded=isinstance(template, InstancesOrder))
    if isinstance(template, TrackOrder):
        algorithm_get(template.algorithm)
        if template.interval < 0:
            raise refused("interval_negative", "The tracking annotation interval cannot be negative.")
    classes = list(specification.classes)
    if isinstance(template, DetectOrder):
        classes += [wanted.object_class for wanted in template.classes]
    classes_check(project=project, pks=classes)
    if isinstance(template, DetectOrder):
        detection_check(template)


def detection_check(template: DetectOrder) -> None:
    """Raise 422 where no detector can look for the classes, whatever the task."""
    if any(wanted.examples for wanted in template.classes):
        raise refused(
            "batch_examples", "Examples are labels of one task; a batch looks for classes by their words."
        )
    classes = classes_of(template)
    for wanted, object_class in zip(template.classes, classes, strict=True):
        archived_check(object_class)
        wanted_check(wanted, object_class)
    detector_of(template, classes)


def classes_check(*, project: Project, pks: Sequence[int]) -> None:
    """Raise ``foreign_class`` (422) for a class that the project's ontology does not have."""
    known = set(
        ObjectClass.objects.filter(ontology_id=project.ontology_id, pk__in=pks).values_list("pk", flat=True)
    )
    missing = next((pk for pk in pks if pk not in known), None)
    if missing is not None:
        raise refused(
            "foreign_class", f"This project's ontology has no class {missing}.", object_class=missing
        )
