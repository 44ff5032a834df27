"""A detecting part's order as its runner reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.examples import ExampleLabel
from labeling.geometry.shapes import ShapeKind
from labeling.models import ObjectClass
from workers.work import Work


@dataclass(frozen=True)
class ClassOrder:
    """A class to look for, drawn as ``shape``. ``words`` are empty where the detector reads none."""

    object_class: int
    name: str
    shape: ShapeKind
    words: str
    examples: tuple[ExampleLabel, ...]
    threshold: float | None
    most: int


@dataclass(frozen=True)
class DetectingOrder:
    """Frames are ordinals, the range is inclusive, and every ``step``-th one is looked at."""

    first: int
    last: int
    step: int
    classes: tuple[ClassOrder, ...]
    overlap: float
    link: bool
    fill: str | None
    exclude_bitmasks: bool

    def frames(self, *, after: int | None) -> range:
        """The ordinals to look at after ``after`` (the last one committed)."""
        return range(self.first if after is None else after + self.step, self.last + 1, self.step)


def detecting_order(work: Work) -> DetectingOrder:
    """Read the order; a class that was deleted since is left out."""
    plan, parameters = work.plan, work.parameters
    shapes = shapes_of([one["object_class"] for one in plan["classes"]])
    return DetectingOrder(
        first=plan["first"],
        last=plan["last"],
        step=plan["step"],
        classes=tuple(
            class_order(one, ShapeKind(shapes[one["object_class"]]))
            for one in plan["classes"]
            if one["object_class"] in shapes
        ),
        overlap=parameters["overlap"],
        link=parameters["link"],
        fill=parameters["fill"],
        exclude_bitmasks=parameters["exclude_bitmasks"],
    )


def class_order(told: Mapping[str, Any], shape: ShapeKind) -> ClassOrder:
    return ClassOrder(
        object_class=told["object_class"],
        name=told["name"],
        shape=shape,
        words=told["words"],
        examples=tuple(ExampleLabel(**one) for one in told["examples"]),
        threshold=told["threshold"],
        most=told["most"],
    )


def shapes_of(class_ids: Sequence[int]) -> dict[int, str]:
    return dict(ObjectClass.objects.filter(pk__in=class_ids).values_list("pk", "shape"))
