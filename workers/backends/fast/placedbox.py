"""A box on its way: centre, size and angle, moved by what its points say."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.boxes import box_clip, wrapped
from labeling.geometry.shapes import Box, Points, RotatedBox

PATCH = 48
"""Side of the square picture into which a box's content is drawn for comparison."""

Patch = NDArray[np.uint8]
"""Shape ``(48, 48)``: what a box holds, upright, in grey."""


@dataclass(frozen=True)
class Similarity:
    """A turn (degrees, clockwise on screen), a scale and a shift of the plane: ``x -> A x + shift``."""

    matrix: NDArray[np.float64]
    shift: NDArray[np.float64]

    @property
    def scale(self) -> float:
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))

    @property
    def turn(self) -> float:
        return float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0])))


@dataclass(frozen=True)
class PlacedBox:
    """Centre, width and height in pixels of the picture; ``rotation`` in degrees, 0 where upright."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0

    @classmethod
    def of_shape(cls, shape: Box | RotatedBox) -> PlacedBox:
        rotation = shape.rotation if isinstance(shape, RotatedBox) else 0.0
        x, y = shape.left + shape.width / 2, shape.top + shape.height / 2
        return cls(x, y, shape.width, shape.height, rotation)

    def moved(self, by: Similarity, *, turning: bool) -> PlacedBox:
        """Return the box after the move; it turns only if ``turning``."""
        x, y = by.matrix @ np.array([self.x, self.y]) + by.shift
        rotation = wrapped(self.rotation + by.turn) if turning else self.rotation
        return PlacedBox(float(x), float(y), self.width * by.scale, self.height * by.scale, rotation)

    def as_shape(self, *, rotatable: bool, width: int, height: int) -> Box | RotatedBox | None:
        """Return the box as a label. An upright one is cut to the picture of ``width`` x ``height``.

        None when less than a quarter of an upright one, or not the centre of a rotatable one, is
        in the picture.
        """
        left, top = self.x - self.width / 2, self.y - self.height / 2
        if rotatable:
            inside = 0 <= self.x <= width and 0 <= self.y <= height
            return RotatedBox(left, top, self.width, self.height, self.rotation) if inside else None
        box = box_clip(Box(left, top, self.width, self.height), width=width, height=height)
        if box is None or box.width * box.height < 0.25 * self.width * self.height:
            return None
        return box

    def patch(self, grey: NDArray[np.uint8], *, scale: float) -> Patch:
        """Return what the box holds. ``grey`` has ``scale`` pixels a pixel of the picture."""
        first = self.from_patch(np.zeros((1, 2)))[0] * scale - 0.5
        matrix = np.column_stack([self._patch_axes() * scale, first])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        patch = cv2.warpAffine(grey, matrix, (PATCH, PATCH), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(patch, np.uint8)

    def from_patch(self, points: NDArray[np.floating]) -> Points:
        """Return where points ``(n, 2)`` of the patch (its pixels' centres are whole) lie in the picture."""
        offset = points.astype(np.float64) - (PATCH - 1) / 2
        return np.array([self.x, self.y]) + offset @ self._patch_axes().T

    def _patch_axes(self) -> NDArray[np.float64]:
        """Return the matrix from a step in the patch to a step in the picture."""
        angle = np.radians(self.rotation)
        axes = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.asarray(axes * np.array([self.width, self.height]) / PATCH, np.float64)

    def ellipse(self, shape: tuple[int, ...], *, scale: float) -> NDArray[np.uint8]:
        """Return 255 within the box's ellipse: its corners are mostly background."""
        mask = np.zeros(shape, np.uint8)
        size = (max(3.0, self.width * scale), max(3.0, self.height * scale))
        cv2.ellipse(mask, ((self.x * scale, self.y * scale), size, self.rotation), 255, -1)
        return mask


def patch_likeness(first: Patch, second: Patch) -> float:
    """Return the normalised correlation of two patches, -1..1; 0 when one of them is flat."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    a, b = a - a.mean(), b - b.mean()
    power = float(np.sqrt(np.square(a).sum() * np.square(b).sum()))
    return min(1.0, float((a * b).sum()) / power) if power > 1e-6 else 0.0
