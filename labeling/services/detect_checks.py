"""What a detecting order is refused for before it is planned. Nothing here writes."""

from __future__ import annotations

from collections import Counter

from labeling.errors import refused
from labeling.examples import EXAMPLES_MAX, WORDS_MAX
from labeling.geometry.masks import KIND_NAMES
from labeling.geometry.shapes import ShapeKind
from labeling.models import Direction, JobKind, ObjectClass, Task
from labeling.services.algorithms import algorithm_get
from labeling.services.instances import class_check
from labeling.services.order_checks import modality_check
from labeling.services.orders import MOST_MAX, DetectOrder, WantedClass
from labeling.services.prompt_checks import media_check, shape_check


def detect_check(*, task: Task, order: DetectOrder) -> list[ObjectClass]:
    """Return the classes of the order, in its order. Raises 422 with a sentence for the first fault."""
    media_check(task.media)
    if order.step < 1:
        raise refused("step_too_small", "The step is at least 1: every frame.")
    if not 0 <= order.overlap <= 1:
        raise refused("overlap_out_of_range", "The overlap above which objects are skipped lies in 0 to 1.")
    classes = classes_of(order)
    for wanted, object_class in zip(order.classes, classes, strict=True):
        class_check(task=task, object_class=object_class)
        shape_check(object_class)
        wanted_check(wanted, object_class)
    if order.fill is not None:
        fill_check(task=task, order=order, classes=classes)
    return classes


def classes_of(order: DetectOrder) -> list[ObjectClass]:
    """Return the classes of the order, in its order. Raises 422 for none, an unknown one, one named twice."""
    if not order.classes:
        raise refused("no_classes", "Choose at least one class to look for.")
    pks = [wanted.object_class for wanted in order.classes]
    found = ObjectClass.objects.in_bulk(pks)
    missing = next((pk for pk in pks if pk not in found), None)
    if missing is not None:
        raise refused(
            "foreign_class", f"This project's ontology has no class {missing}.", object_class=missing
        )
    twice = next((pk for pk, count in Counter(pks).items() if count > 1), None)
    if twice is not None:
        raise refused(
            "class_twice", f"“{found[twice]}” is named twice. Name each class once.", object_class=twice
        )
    return [found[pk] for pk in pks]


def wanted_check(wanted: WantedClass, object_class: ObjectClass) -> None:
    """What is said of one class: words, examples, threshold, how many."""
    name = f"“{object_class}”"
    if wanted.words is not None and not wanted.words.strip():
        raise refused(
            "words_empty", f"The words for {name} are empty. Leave them out to use the class's name."
        )
    if wanted.words is not None and len(wanted.words) > WORDS_MAX:
        raise refused("words_too_long", f"The words for {name} have more than {WORDS_MAX} characters.")
    if len(wanted.examples) > EXAMPLES_MAX:
        raise refused("too_many_examples", f"Give at most {EXAMPLES_MAX} examples of {name}.")
    if wanted.threshold is not None and not 0 <= wanted.threshold <= 1:
        raise refused("threshold_out_of_range", f"The threshold for {name} lies in 0 to 1.")
    if not 1 <= wanted.most <= MOST_MAX:
        raise refused(
            "most_out_of_range", f"Of {name} 1 to {MOST_MAX} objects are kept on a frame.", most=MOST_MAX
        )


def fill_check(*, task: Task, order: DetectOrder, classes: list[ObjectClass]) -> None:
    """Whether the frames between can be tracked: it takes linked instances, a tracker, frames in order."""
    if not order.link:
        raise refused(
            "fill_needs_link", "Only linked detections have frames between them to fill. Turn linking on."
        )
    modality_check(task=task, kind=JobKind.TRACK, direction=Direction.FORWARDS)
    tracker = algorithm_get(order.fill or "")
    for object_class in classes:
        shape = ShapeKind(object_class.shape)
        if shape not in tracker.shapes:
            raise refused(
                "shape_not_trackable",
                f"“{tracker.name}” cannot track the shape of “{object_class}”: {KIND_NAMES[shape]}.",
            )
