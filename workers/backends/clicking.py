"""What a segmenter of clicks is: a picture is encoded once, and every prompt on it is answered from that.

As trackers do, it knows arrays and ``labeling.geometry`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, Box, Points
from workers.backends.base import RgbFrame


class Embedding(Protocol):
    """What a clicker keeps of one picture. It is never changed: the same prompt gets the same answer."""

    @property
    def nbytes(self) -> int:
        """The memory that it holds, in bytes."""
        ...


@dataclass(frozen=True)
class Segmented:
    """``mask`` ``(height, width)`` of the picture, empty where nothing was found; ``confidence`` in 0..1."""

    mask: BoolMask
    confidence: float


class Clicker(Protocol):
    """A segmenter of clicks and boxes, loaded once a process."""

    @property
    def name(self) -> str:
        """As answers name it: ``classical``, ``sam2``."""
        ...

    @property
    def version(self) -> str:
        """Model and version, as answers tell it to people."""
        ...

    def open(self, rgb: RgbFrame) -> Embedding:
        """Encode a picture ``(height, width, 3)``. Raises BackendError when it cannot."""
        ...

    # Any: each clicker takes the embeddings that it made itself, and no others.
    def segment(
        self, embedding: Any, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        """Return the mask of the object that the prompt means.

        ``points`` ``(n, 2)``: x and y in pixels, inside the picture, in the order in which they were
        set; ``include`` ``(n,)``: whether the object is there, or just not. ``box`` holds the object.
        At least one point is included, or there is a box. Raises BackendError when it cannot.
        """
        ...
