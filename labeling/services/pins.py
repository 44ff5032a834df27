"""Where a comment is pinned: which parts each kind takes, and whether they lie in the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labeling.errors import refused
from labeling.frame_ranges import frames_check
from labeling.models import CommentKind, Instance, Task
from labeling.selectors.media import frame_size


@dataclass(frozen=True, kw_only=True)
class Pin:
    """Where a comment belongs. Frames are inclusive ordinals, ``x`` and ``y`` pixels of the frame."""

    kind: CommentKind = CommentKind.TASK
    frame: int | None = None
    last_frame: int | None = None
    x: float | None = None
    y: float | None = None
    instance: Instance | None = None

    @property
    def parts(self) -> set[str]:
        """The names of the parts that are given."""
        names = ("frame", "last_frame", "x", "y", "instance")
        return {name for name in names if getattr(self, name) is not None}

    def columns(self) -> dict[str, Any]:
        """The columns of a comment that is pinned here."""
        return {
            "kind": self.kind,
            "frame": self.frame,
            "last_frame": self.last_frame,
            "x": self.x,
            "y": self.y,
            "object_hash": self.instance.object_hash if self.instance else "",
        }


# What a kind must have, and what it may have beside it.
PARTS: dict[CommentKind, tuple[set[str], set[str]]] = {
    CommentKind.TASK: (set(), set()),
    CommentKind.FRAME: ({"frame"}, set()),
    CommentKind.POINT: ({"frame", "x", "y"}, {"instance"}),
    CommentKind.RANGE: ({"frame", "last_frame"}, {"instance"}),
    CommentKind.INSTANCE: ({"instance"}, {"frame"}),
    CommentKind.REPLY: (set(), set()),
}


def pin_check(*, task: Task, pin: Pin) -> None:
    """Raise unless the pin has what its kind needs, no more, and lies in the task.

    Raises ``pin_incomplete``, ``pin_unfit``, ``frame_out_of_range``, ``range_reversed``,
    ``point_outside``, ``foreign_instance`` (422).
    """
    needed, optional = PARTS[pin.kind]
    if missing := needed - pin.parts:
        raise refused("pin_incomplete", f"A comment on {named(pin.kind)} needs {listed(missing)}.")
    if surplus := pin.parts - needed - optional:
        raise refused("pin_unfit", f"A comment on {named(pin.kind)} has no {listed(surplus)}.")
    if pin.frame is not None:
        frames_check(task, pin.frame, pin.frame if pin.last_frame is None else pin.last_frame)
        if pin.x is not None and pin.y is not None:
            point_check(task, pin.frame, pin.x, pin.y)
    if pin.instance is not None and pin.instance.task_id != task.pk:
        raise refused("foreign_instance", "The object belongs to another task.")


def point_check(task: Task, frame: int, x: float, y: float) -> None:
    width, height = frame_size(task.media, frame)
    if not (0 <= x <= width and 0 <= y <= height):
        raise refused(
            "point_outside", f"The point ({x:g}, {y:g}) lies outside the frame of {width} by {height} pixels."
        )


def named(kind: CommentKind) -> str:
    return kind.label.lower()


def listed(parts: set[str]) -> str:
    return ", ".join(f"“{part}”" for part in sorted(parts))
