"""What a batch does to each of its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.options import WantedClass, detect_options, track_options


def whole() -> dict[str, Any]:
    """The whole of each task."""
    return {"kind": "whole"}


def from_first_label(frames: int) -> dict[str, Any]:
    """So many frames of each task, from the first label of its chosen objects on."""
    return {"kind": "seed", "frames": frames}


def fixed(first: int, last: int) -> dict[str, Any]:
    """A range of frames (inclusive), counted from each task's first frame, which is 0."""
    return {"kind": "fixed", "first": first, "last": last}


def track_specification(
    *,
    object_classes: Sequence[int] = (),
    span: dict[str, Any] | None = None,
    algorithm: str | None = None,
    advanced: bool | None = None,
    interval: int | None = None,
    max_frames_after_key: int | None = None,
    priority: float = 0.5,
) -> dict[str, Any]:
    """Track the objects of these classes (all unless told) that have a label to start from."""
    return {
        "kind": "track", "object_classes": list(object_classes), "span": span or whole(),
        **track_options(
            algorithm=algorithm, advanced=advanced, interval=interval,
            max_frames_after_key=max_frames_after_key, priority=priority,
        ),
    }  # fmt: skip


def interpolate_specification(
    *, object_classes: Sequence[int] = (), span: dict[str, Any] | None = None, priority: float = 0.5
) -> dict[str, Any]:
    """Fill the frames between labels of objects of these classes (all unless told)."""
    return {
        "kind": "interpolate", "object_classes": list(object_classes), "span": span or whole(),
        "priority": priority,
    }  # fmt: skip


def detect_specification(
    *,
    classes: Sequence[WantedClass | int],
    span: dict[str, Any] | None = None,
    step: int = 1,
    link: bool = True,
    fill: str | None = None,
    detector: str | None = None,
    priority: float = 0.5,
) -> dict[str, Any]:
    """Find all objects of classes (ids, or with words and threshold)."""
    return {
        "kind": "detect_all", "span": span or whole(),
        **detect_options(
            classes=classes, step=step, link=link, fill=fill, detector=detector, priority=priority
        ),
    }  # fmt: skip
