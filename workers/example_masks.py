"""The pixels of labels that serve as examples, as they stand when somebody looks."""

from __future__ import annotations

from typing import Protocol

from labeling.examples import ExampleLabel
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import shape_to_mask
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import BoolMask
from labeling.models import Label


class SizedFrames(Protocol):
    """Pictures whose size can be told."""

    def frame_size(self, frame: int) -> tuple[int, int]:
        """Return (width, height) of ``frame`` in pixels."""
        ...


def example_mask(example: ExampleLabel, *, task_id: int, frames: SizedFrames) -> BoolMask | None:
    """Return the example's mask ``(height, width)`` of its frame.

    None when the task has no such label any longer, or it covers no pixel.
    """
    label = Label.objects.filter(
        task_id=task_id, instance_id=example.instance, frame=example.frame, geometry__isnull=False
    ).first()
    if label is None:
        return None
    width, height = frames.frame_size(example.frame)
    try:
        mask = shape_to_mask(shape_unpack(bytes(label.geometry or b"")), width=width, height=height)
    except ShapeError:
        return None
    return mask if mask.any() else None
