"""What frames and ranges of frames a task takes: asked here by everything that names them."""

from __future__ import annotations

from labeling.errors import refused
from labeling.models import Task


def frame_check(task: Task, frame: int) -> None:
    """Raise ``frame_out_of_range`` (422) for a frame that is not the task's."""
    if not task.first_frame <= frame <= task.last_frame:
        raise refused(
            "frame_out_of_range",
            f"Frame {frame} lies outside the task's frames {task.first_frame} to {task.last_frame}.",
        )


def order_check(first: int, last: int, *, name: str = "range") -> None:
    """Raise ``range_reversed`` (422) for a range that ends before it starts."""
    if last < first:
        raise refused("range_reversed", f"The {name} ends (frame {last}) before it starts (frame {first}).")


def frames_check(task: Task, first: int, last: int) -> None:
    """Raise for an inclusive range that is reversed or reaches out of the task."""
    order_check(first, last)
    frame_check(task, first)
    frame_check(task, last)
