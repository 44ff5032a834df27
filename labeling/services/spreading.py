"""Over how many workers the objects or frames of one order are spread."""

from __future__ import annotations

from math import ceil

from labeling.selectors.workers import workers_idle
from labeling.services.algorithms import Algorithm

OBJECTS_WORTH_A_PART = 4
"""Each part reads and encodes every frame once more; from so many objects on the others outweigh that."""


FRAMES_WORTH_A_PART = 8
"""A worker opens the media and loads the detector first."""


def objects_per_part(*, objects: int, algorithm: Algorithm) -> int | None:
    """Return how many of an order's objects one part takes; None is all of them.

    They are spread over workers that have nothing to do now. Objects are tracked independently, so
    the labels are those of one part. While all workers are busy spreading would only cost.
    """
    most = objects // OBJECTS_WORTH_A_PART
    if most < 2:
        return None
    parts = min(most, workers_idle(capability=algorithm.capability, algorithm=algorithm.name))
    return ceil(objects / parts) if parts > 1 else None


def frames_per_part(*, frames: int, algorithm: Algorithm) -> int | None:
    """Return how many frames of an order one part takes, each looked at by itself; None is all of them."""
    most = frames // FRAMES_WORTH_A_PART
    if most < 2:
        return None
    parts = min(most, workers_idle(capability=algorithm.capability, algorithm=algorithm.name))
    return ceil(frames / parts) if parts > 1 else None
