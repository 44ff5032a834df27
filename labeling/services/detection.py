"""What a detecting order comes to: classes, their examples, frames to look at. Made before it is queued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labeling.errors import refused
from labeling.examples import ExampleLabel
from labeling.geometry.coverage import shape_share
from labeling.geometry.packing import shape_unpack
from labeling.models import ObjectClass, Task
from labeling.offers import Reads
from labeling.selectors.media import frame_size
from labeling.services.algorithms import Algorithm
from labeling.services.detectors import DetectorOffer, detector_for
from labeling.services.orders import DetectOrder, WantedClass
from labeling.statements import places, rows_of

LABELS = """
SELECT label.instance_id, label.frame, label.geometry FROM labeling_label label
JOIN labeling_instance instance ON instance.id = label.instance_id
WHERE instance.task_id = %s AND label.geometry IS NOT NULL
    AND (label.instance_id, label.frame) IN (VALUES {places})
"""
NO_EXAMPLES = (
    "“{detector}” knows no examples of other frames: on frames without one it looks for the words “{words}”."
)
NO_WORDS = "“{detector}” does not understand words: it looks for what is like the examples of “{name}”."


@dataclass(frozen=True)
class PlannedClass:
    """A class as it will be looked for. ``words`` are empty where the detector reads none."""

    object_class: int
    name: str
    words: str
    examples: tuple[ExampleLabel, ...]
    threshold: float | None
    most: int


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
        return (self.last_frame - self.first_frame) // self.step + 1

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


def detect_plan(*, task: Task, order: DetectOrder, classes: Sequence[ObjectClass]) -> DetectPlan:
    """Find the detector, and the examples as far as they are still there.

    ``classes`` are those of the order, in its order. An example that is gone is a warning; raises
    ``no_example_left`` (422) when a class is left with nothing to go by, and what ``detector_for`` raises.
    """
    gone = examples_gone(task, order)
    detector = detector_for(
        name=order.detector,
        words=first_class(order, classes, lambda wanted: bool(wanted.words) or not wanted.examples),
        examples=first_class(order, classes, lambda wanted: bool(wanted.examples) and not wanted.words),
        all_shown=all(wanted.examples for wanted in order.classes),
    )
    planned, warnings = [], [detector.note] if detector.note else []
    for wanted, object_class in zip(order.classes, classes, strict=True):
        left = tuple(one for one in wanted.examples if one not in gone)
        warnings += gone_warnings(wanted, object_class, gone)
        words = (wanted.words or object_class.name).strip() if Reads.WORDS in detector.reads else ""
        if wanted.words and not words:
            warnings.append(NO_WORDS.format(detector=detector.name, name=object_class))
        if left and Reads.EXAMPLES not in detector.reads:
            warnings.append(NO_EXAMPLES.format(detector=detector.name, words=words))
        if not words and not left:
            raise refused(
                "no_example_left",
                f"No example of “{object_class}” is there any longer. Choose one to three labels of it.",
            )
        planned.append(
            PlannedClass(object_class.pk, object_class.name, words, left, wanted.threshold, wanted.most)
        )
    return DetectPlan(
        order.first_frame, order.last_frame, order.step, tuple(planned), detector, tuple(warnings)
    )


def first_class(
    order: DetectOrder, classes: Sequence[ObjectClass], fits: Callable[[WantedClass], bool]
) -> str:
    """Return the name of the first class that is described so, empty when none is."""
    pairs = zip(order.classes, classes, strict=True)
    return next((str(object_class) for wanted, object_class in pairs if fits(wanted)), "")


def gone_warnings(wanted: WantedClass, object_class: ObjectClass, gone: set[ExampleLabel]) -> list[str]:
    return [
        f"The example of “{object_class}” on frame {one.frame} was deleted meanwhile; the search goes on "
        "without it."
        for one in wanted.examples
        if one in gone
    ]


def examples_gone(task: Task, order: DetectOrder) -> set[ExampleLabel]:
    """Return the examples that are no longer there. Raises ``example_without_area`` (422)."""
    wanted = {one for each in order.classes for one in each.examples}
    if not wanted:
        return set()
    statement = LABELS.replace("{places}", ", ".join([f"({places(2)})"] * len(wanted)))
    values = [value for one in wanted for value in (one.instance, one.frame)]
    found = set()
    for instance_id, frame, geometry in rows_of(statement, [task.pk, *values]):
        width, height = frame_size(task.media, frame)
        share = shape_share(shape_unpack(bytes(geometry)), width=max(width, 1), height=max(height, 1))
        if not share:
            raise refused(
                "example_without_area",
                f"The label on frame {frame} covers no area, so it cannot serve as an example.",
                instance=instance_id,
                frame=frame,
            )
        found.add(ExampleLabel(instance=instance_id, frame=frame))
    return wanted - found
