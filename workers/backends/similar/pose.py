"""Where an example might lie again: its place, turn and size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
"""Any float32 array; its shape is said where it is used."""


@dataclass(frozen=True)
class Pose:
    """``x, y``: the middle, in pixels; ``turn``: degrees clockwise on screen; ``scale``: 1 as the example."""

    x: float
    y: float
    turn: float
    scale: float

    def onto_picture(self, side: int) -> NDArray[np.float64]:
        """Return the matrix ``(2, 3)`` from pixels of a patch ``(side, side)`` to those of the picture."""
        angle = np.deg2rad(self.turn)
        cos, sin = self.scale * np.cos(angle), self.scale * np.sin(angle)
        linear = np.array([[cos, -sin], [sin, cos]])
        middle = np.array([self.x, self.y]) - 0.5
        offset = middle - linear @ np.full(2, (side - 1) / 2)
        return np.hstack([linear, offset[:, None]])

    def patch(self, picture: Floats, *, side: int) -> Floats:
        """Return what the picture shows there, upright and of the example's size, ``(side, side, ...)``."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = self.onto_picture(side)
        patch = cv2.warpAffine(picture, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(patch, np.float32)

    def moved(self, *, right: float = 0.0, down: float = 0.0, turn: float = 0.0, grown: float = 1.0) -> Pose:
        """Return the pose shifted by pixels, turned further by degrees, grown by a factor."""
        return Pose(self.x + right, self.y + down, self.turn + turn, self.scale * grown)
