"""What a session remembers of an object: enough to show it, and to begin anew from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.geometry.masks import bitmask_to_mask, mask_to_bitmask, mask_to_shape
from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import BoolMask, Shape, ShapeKind
from workers.backends.base import Tracked
from workers.backends.sam2.answer import Answer


@dataclass
class Followed:
    """An object as it was seen last: on ``frame``, as ``shape``, with ``mask``."""

    kind: ShapeKind
    frame: int
    shape: Shape
    mask: BoolMask

    @classmethod
    def seeded(cls, frame: int, shape: Shape, mask: BoolMask) -> Followed:
        return cls(shape_kind(shape), frame, shape, mask)

    def take(self, answer: Answer, *, frame: int) -> Tracked:
        """Book what was found on ``frame`` and return it in the seed's kind of shape."""
        shape = None
        if answer.present:
            shape = mask_to_shape(answer.mask, self.kind, previous=self.shape)
        if shape is None:
            return Tracked(shape=None, confidence=0.0)
        self.frame, self.shape, self.mask = frame, shape, answer.mask
        return Tracked(shape=shape, confidence=answer.confidence)

    def state(self) -> dict[str, Any]:
        """Return it as plain values and shapes; the mask is run-length encoded."""
        height, width = self.mask.shape
        return {
            "frame": self.frame,
            "shape": self.shape,
            "mask": mask_to_bitmask(self.mask),
            "width": width,
            "height": height,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Followed:
        size = {"width": state["width"], "height": state["height"]}
        # Of points SAM 2 may never have found a mask.
        found = state["mask"]
        mask = np.zeros((size["height"], size["width"]), np.bool_)
        mask = mask if found is None else bitmask_to_mask(found, **size)
        return cls.seeded(state["frame"], state["shape"], mask)
