"""What an order is refused for before it is planned. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from labeling.errors import conflict, refused
from labeling.frame_ranges import order_check
from labeling.geometry.masks import KIND_NAMES
from labeling.geometry.shapes import ShapeKind
from labeling.models import Direction, Instance, JobKind, MediaKind, ObjectClass, Stage, Task
from labeling.services.algorithms import Algorithm
from labeling.services.orders import InstancesOrder, Order, TrackOrder
from labeling.statements import model_of, places, rows_of

NAMED = """
SELECT instance.id, instance.number, class.id, class.shape, class.name
FROM labeling_instance instance JOIN labeling_objectclass class ON class.id = instance.object_class_id
WHERE instance.task_id = %s AND instance.id IN ({ids})
"""
TRACKABLE = {
    MediaKind.VIDEO: (Direction.FORWARDS, Direction.BACKWARDS),
    MediaKind.IMAGE_GROUP: (Direction.FORWARDS,),
    MediaKind.IMAGE_SEQUENCE: (Direction.FORWARDS,),
    MediaKind.DICOM: (Direction.FORWARDS,),
}
VERBS = {JobKind.TRACK: "track", JobKind.INTERPOLATE: "interpolate"}


def stage_check(task: Task) -> None:
    if task.stage == Stage.COMPLETE:
        raise conflict(
            "task_complete", "The task is complete. Reopen it before queueing jobs on it.", task=task.pk
        )


def modality_check(*, task: Task, kind: JobKind, direction: Direction) -> None:
    """Objects are followed over frames, so it takes a media that has several."""
    media = task.media
    allowed = TRACKABLE.get(MediaKind(media.kind), ())
    if not allowed and kind == JobKind.INTERPOLATE:
        raise refused("modality_not_interpolatable", f"Labels cannot be interpolated in {media.noun}.")
    if not allowed:
        raise refused("modality_not_trackable", f"Objects cannot be tracked in {media.noun}.")
    if direction not in allowed:
        raise refused("direction_not_supported", f"In {media.noun} objects are tracked forwards only.")


def range_check(*, task: Task, order: Order) -> None:
    first, last = order.first_frame, order.last_frame
    order_check(first, last)
    if first < task.first_frame or last > task.last_frame:
        raise refused(
            "frame_out_of_range",
            f"The range {first} to {last} lies outside the task's frames "
            f"{task.first_frame} to {task.last_frame}.",
        )
    if not 0 <= order.priority <= 1:
        raise refused("priority_out_of_range", "A priority lies between 0 and 1.")


def extent_check(order: InstancesOrder) -> None:
    """How much at once: instances of a part, frames from the editor, frames without the object."""
    first, last = order.first_frame, order.last_frame
    if order.instances_per_part is not None and order.instances_per_part < 1:
        raise refused("instances_per_part_too_small", "A part takes at least one instance.")
    if isinstance(order, TrackOrder) and order.interval < 0:
        raise refused("interval_negative", "The tracking annotation interval cannot be negative.")
    cap = settings.EDITOR_TRACKING_FRAMES_MAX
    if order.from_editor and order.kind == JobKind.TRACK and last - first + 1 > cap:
        raise refused(
            "range_too_long",
            f"From the editor at most {cap} frames are tracked at a time; use the drawer for longer ranges.",
        )


def instances_check(*, task: Task, ids: Sequence[int], kind: JobKind, algorithm: Algorithm) -> list[Instance]:
    """Return the instances of ``ids`` in their order, with class and number."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise refused("no_instances", f"Choose at least one instance to {VERBS[kind]}.")
    found = instances_named(task=task, ids=wanted)
    missing = [str(pk) for pk in wanted if pk not in found]
    if missing:
        raise refused(
            "unknown_instance", f"This task has no instance {', '.join(missing)}.", instances=missing
        )
    for instance in found.values():
        shape = ShapeKind(instance.object_class.shape)
        if shape not in algorithm.shapes:
            raise refused(
                "shape_not_trackable",
                f"“{algorithm.name}” cannot track the shape of {instance}: {KIND_NAMES[shape]}.",
            )
    return [found[pk] for pk in wanted]


def instances_named(*, task: Task, ids: Sequence[int]) -> dict[int, Instance]:
    """Return those of ``ids`` that are in the task, with what an order asks of them: shape and name."""
    found = {}
    for pk, number, *told in rows_of(NAMED.replace("{ids}", places(len(ids))), [task.pk, *ids]):
        instance = model_of(Instance, ("id", "number"), (pk, number))
        instance.object_class = model_of(ObjectClass, ("id", "shape", "name"), tuple(told))
        found[pk] = instance
    return found
