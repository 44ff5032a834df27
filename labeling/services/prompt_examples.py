"""Labels that serve as examples of what a prompt looks for: named by the person, or chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from labeling.errors import refused
from labeling.examples import EXAMPLES_MAX, ExampleLabel
from labeling.geometry.masks import AREA_KINDS, KIND_NAMES
from labeling.geometry.shapes import ShapeKind
from labeling.models import Decision, Label, ObjectClass, Task
from labeling.selectors.labels import Decisions

LOOKED_AT = 60
"""Labels before a frame, and as many after it, among which examples are chosen."""


def examples_named(task: Task, named: Sequence[ExampleLabel]) -> tuple[ExampleLabel, ...]:
    """Return the examples without repetition. Raises 422 for one that has no area, or is not there."""
    examples = tuple(dict.fromkeys(named))
    for example in examples:
        found = Label.objects.filter(task=task, instance_id=example.instance, frame=example.frame)
        label = found.select_related("instance__object_class").first()
        if label is None or label.geometry is None:
            raise refused(
                "example_gone",
                f"The example {example.instance} has no label on frame {example.frame}; it may have been "
                "deleted meanwhile. Choose another one.",
                instance=example.instance,
                frame=example.frame,
            )
        shape = ShapeKind(label.instance.object_class.shape)
        if shape not in AREA_KINDS:
            raise refused(
                "example_without_area",
                f"A label of this shape covers no pixels that could be compared: {KIND_NAMES[shape]}.",
                instance=example.instance,
            )
    return examples


def examples_chosen(task: Task, object_class: ObjectClass, frame: int) -> tuple[ExampleLabel, ...]:
    """Return up to three labels of the class that may serve as examples, each of another object.

    Those on the frame itself come first, where light and size are the same, then the nearest frames; of one
    frame those that a person's hand made come first. Rejected ones never serve.
    """
    of_class = Label.objects.filter(
        task=task, instance__object_class=object_class, geometry__isnull=False
    ).order_by()
    before = of_class.filter(frame__lte=frame).order_by("-frame", "-protected", "instance_id")
    after = of_class.filter(frame__gt=frame).order_by("frame", "-protected", "instance_id")
    nearest = sorted([*rows(before), *rows(after)], key=lambda row: (abs(row[1] - frame), not row[2], row[0]))
    chosen: dict[int, ExampleLabel] = {}
    for instance_id, of_frame, _, seq in nearest:
        if len(chosen) == EXAMPLES_MAX:
            break
        if instance_id not in chosen and not is_rejected(task, instance_id, of_frame, seq):
            chosen[instance_id] = ExampleLabel(instance_id, of_frame)
    return tuple(chosen.values())


def rows(labels: QuerySet[Label]) -> Iterable[tuple[int, int, bool, int]]:
    return labels.values_list("instance_id", "frame", "protected", "seq")[:LOOKED_AT]


def is_rejected(task: Task, instance_id: int, frame: int, seq: int) -> bool:
    return Decisions(task=task, first=frame, last=frame).of(instance_id, frame, seq) == Decision.REJECTED
