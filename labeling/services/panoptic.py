"""The panoptic rule: on a frame no pixel belongs to two bitmasks, where who saves asks for it.

A new bitmask gives way to all that stand there and are not rejected, whether the page shows them or not.
It holds because every writer of a task's labels has the task's lock. Tracked bitmasks are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from labeling.errors import refused
from labeling.geometry.exclusion import bitmask_excluding, bitmasks_overlap
from labeling.geometry.masks import KIND_NAMES
from labeling.geometry.shapes import Bitmask, ShapeKind
from labeling.models import ObjectClass, Task
from labeling.selectors.standing import shapes_standing

NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True)
class StandingBitmask:
    """A bitmask on a frame that is not rejected. ``seq``: the change that wrote it."""

    instance_id: int
    seq: int
    bitmask: Bitmask


def bitmasks_standing(task: Task, frame: int) -> list[StandingBitmask]:
    """Return the bitmasks that stand on ``frame``, rejected ones apart, in the order of their instances."""
    standing = shapes_standing(task, frame, instance__object_class__shape=ShapeKind.BITMASK)
    return [
        StandingBitmask(one.instance_id, one.seq, one.shape)
        for one in standing
        if isinstance(one.shape, Bitmask)
    ]


def bitmask_left(bitmask: Bitmask, *, task: Task, frame: int, instance_id: int | None) -> Bitmask | None:
    """Return what the other bitmasks of ``frame`` leave of this one, None when that is nothing.

    The label of the instance that it is for is no other. To be called with the task's lock held
    (``task_take_seq``) when the answer is written; without it the answer may be old.
    """
    standing = bitmasks_standing(task, frame)
    return bitmask_excluding(bitmask, [one.bitmask for one in standing if one.instance_id != instance_id])


def bitmask_left_or_refused(bitmask: Bitmask, *, task: Task, frame: int, instance_id: int | None) -> Bitmask:
    """``bitmask_left``, and ``nothing_left`` (422) when that is nothing."""
    left = bitmask_left(bitmask, task=task, frame=frame, instance_id=instance_id)
    if left is None:
        raise refused(
            NOTHING_LEFT,
            f"Nothing is left of the bitmask: all its pixels on frame {frame} belong to other bitmasks. "
            "Hidden ones count; rejected ones do not.",
            frame=frame,
        )
    return left


def bitmask_class_check(object_class: ObjectClass) -> None:
    """Raise ``bitmasks_only`` (422) for a class that is not drawn with bitmasks."""
    shape = ShapeKind(object_class.shape)
    if shape is not ShapeKind.BITMASK:
        raise refused(
            "bitmasks_only",
            f"Only a bitmask can leave other bitmasks out; “{object_class}” is drawn with another shape: "
            f"{KIND_NAMES[shape]}.",
        )


def newer_in_the_way(bitmask: Bitmask, standing: list[StandingBitmask], *, since: int) -> bool:
    """Say whether one of the bitmasks that came after the change ``since`` has a pixel of this one."""
    return any(one.seq > since and bitmasks_overlap(bitmask, one.bitmask) for one in standing)
