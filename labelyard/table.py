"""Labels as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask
from labelyard.shapes import Numbers

if TYPE_CHECKING:
    from labelyard.labels import Label


class LabelTable:
    """Labels in the order of frames and instances; each column is an array with a value for each."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self.labels = tuple(labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    @property
    def frames(self) -> NDArray[np.int64]:
        """The frame of each label."""
        return np.array([label.frame for label in self.labels], np.int64)

    @property
    def instances(self) -> NDArray[np.int64]:
        """The object's id of each label."""
        return np.array([label.instance for label in self.labels], np.int64)

    @property
    def confidences(self) -> Numbers:
        """From 0 to 1."""
        return np.array([label.confidence for label in self.labels], np.float64)

    @property
    def protected(self) -> NDArray[np.bool_]:
        """Which labels no job touches."""
        return np.array([label.protected for label in self.labels], np.bool_)

    @property
    def boxes(self) -> Numbers:
        """Left, top, width, height of the upright box around each shape, ``(n, 4)``; NaN for absent ones."""
        return np.array([label.bounds for label in self.labels], np.float64).reshape(-1, 4)

    def on(self, frame: int) -> LabelTable:
        """The labels of one frame."""
        return LabelTable([label for label in self.labels if label.frame == frame])

    def of(self, instance: int) -> LabelTable:
        """The labels of one object."""
        return LabelTable([label for label in self.labels if label.instance == instance])

    def masks(self, *, width: int, height: int) -> NDArray[np.bool_]:
        """The masks of all labels in a frame of this size, ``(n, height, width)``; of an absent one empty.

        They are large: choose the labels of a frame (``on``) first.
        """
        masks = np.zeros((len(self), height, width), np.bool_)
        for place, label in zip(masks, self.labels, strict=True):
            mask: BoolMask | None = label.mask(width=width, height=height)
            if mask is not None:
                place[:] = mask
        return masks
