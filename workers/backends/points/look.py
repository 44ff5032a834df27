"""What the picture looks like around a point, and where exactly such a look is.

A look is a small square patch, drawn through the 2 x 2 matrix by which the surroundings have turned and
grown since the key frame, so that looks of different frames can be compared pixel by pixel. The middle
counts most. Places are in pixels of ``fine_grey``, the origin at the outer corner of the first pixel.

Aligning is Lucas-Kanade over affine moves with the template's gradients (Hager and Belhumeur, PAMI 1998;
Baker and Matthews, IJCV 2004), held near its start by a prior: along an edge, or where nothing is to be
seen, the look says nothing, and the start stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Points

SIDE = 31
"""Pixels a side of a patch."""

Patch = NDArray[np.uint8]
"""Shape ``(31, 31)``."""

Floats = NDArray[np.float64]

_HALF = (SIDE - 1) / 2
_SPREAD = 7.0  # pixels: how fast what lies off the middle counts less
_FLAT = 4.0  # grey levels: a patch of less contrast is not stretched to full contrast
_NOISE = 0.35  # of a patch of contrast 1: what two looks at the same thing differ by
_OTHER_BRIGHTNESS = (20.0, 70.0)  # grey levels between which it becomes another thing's
_OTHER_CONTRAST = (0.8, 2.0)  # the same, in powers of two
_LOOSE = np.array([1.0, 1.0, 1.5, 1.5, 1.5, 1.5])  # pixels: how far an alignment may stray from its start
_ROUNDS = 6


def _offsets() -> tuple[Floats, Floats]:
    axis = np.arange(SIDE) - _HALF
    across, down = np.meshgrid(axis, axis)
    return across.ravel(), down.ravel()


_ACROSS, _DOWN = _offsets()
_WEIGHTS: Floats = np.exp(-(_ACROSS**2 + _DOWN**2) / (2 * _SPREAD**2))
_WEIGHTS /= _WEIGHTS.sum()
_PIXELS = 1.0 / float(np.square(_WEIGHTS).sum())  # how many pixels of weight 1 would say as much


def patch_at(grey: NDArray[np.uint8], place: Points, matrix: Floats, *, side: int = SIDE) -> Patch:
    """Return the patch of ``side`` pixels around ``place``, drawn through ``matrix``."""
    half = (side - 1) / 2
    first = place - 0.5 - matrix @ np.array([half, half])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    drawn = cv2.warpAffine(
        grey, np.column_stack([matrix, first]), (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(drawn, np.uint8)


@dataclass(frozen=True)
class _Seen:
    """A patch as pixels in a row of mean 0 and contrast 1 (less where there is hardly any), and both."""

    pixels: Floats
    brightness: float
    contrast: float

    @classmethod
    def of(cls, patch: Patch) -> _Seen:
        values = patch.ravel().astype(np.float64)
        brightness = float(_WEIGHTS @ values)
        values -= brightness
        contrast = max(float(np.sqrt(_WEIGHTS @ np.square(values))), _FLAT)
        return cls(values / contrast, brightness, contrast)

    def likeness(self, other: _Seen) -> float:
        """Return the weighted correlation, less where the light is quite another one.

        Edges look like edges when brightness and contrast are set aside; other things have other ones.
        """
        correlation = float(_WEIGHTS @ (self.pixels * other.pixels))
        darker = abs(self.brightness - other.brightness)
        flatter = abs(np.log2(self.contrast / other.contrast))
        return correlation * _share(darker, _OTHER_BRIGHTNESS) * _share(flatter, _OTHER_CONTRAST)


def _share(difference: float, bounds: tuple[float, float]) -> float:
    """Return 1 for a difference that means nothing, falling to 0 where it means all."""
    return float(np.clip((bounds[1] - difference) / (bounds[1] - bounds[0]), 0, 1))


@dataclass(frozen=True)
class Placed:
    """A look found in a picture: its place, its matrix, and how alike it is, -1..1."""

    place: Points
    matrix: Floats
    likeness: float


class Look:
    """What a vertex looked like on some frame."""

    def __init__(self, patch: Patch) -> None:
        self.patch = patch

    @cached_property
    def _template(self) -> _Seen:
        return _Seen.of(self.patch)

    @cached_property
    def flat(self) -> bool:
        """Whether there is nothing to be recognised."""
        return self._template.contrast <= _FLAT

    @cached_property
    def _slopes(self) -> Floats:
        """Shape ``(961, 6)``: how the pixels change with a shift, and with the four parts of the matrix.

        The matrix is in units of pixels at the distance at which pixels still count.
        """
        down, across = np.gradient(self._template.pixels.reshape(SIDE, SIDE))
        x, y, u, v = across.ravel(), down.ravel(), _ACROSS / _SPREAD, _DOWN / _SPREAD
        return np.column_stack([x, y, x * u, x * v, y * u, y * v])

    @cached_property
    def _solver(self) -> tuple[Floats, Floats]:
        """The inverse of the normal equations, and what turns a difference into their right-hand side."""
        weigh = self._slopes.T * (_WEIGHTS * _PIXELS / _NOISE**2)
        normal = weigh @ self._slopes + np.diag(_LOOSE**-2.0)
        return np.asarray(np.linalg.inv(normal), np.float64), weigh

    def likeness(self, patch: Patch) -> float:
        """Return how alike another patch is, -1..1; near 0 where one is flat."""
        return self._template.likeness(_Seen.of(patch))

    def aligned(self, grey: NDArray[np.uint8], place: Points, matrix: Floats) -> Placed:
        """Return where this look is, near ``place`` and ``matrix``; they stay where it is nowhere alike."""
        inverse, weigh = self._solver
        start = best = Placed(place, matrix, self.likeness(patch_at(grey, place, matrix)))
        move, now = np.zeros(6), start
        for _ in range(_ROUNDS):
            difference = _Seen.of(patch_at(grey, now.place, now.matrix)).pixels - self._template.pixels
            step = -inverse @ (weigh @ difference + move / _LOOSE**2)
            move = move + step
            turned = start.matrix @ (np.eye(2) + move[2:].reshape(2, 2) / _SPREAD)
            moved = start.place + start.matrix @ move[:2]
            now = Placed(moved, turned, self.likeness(patch_at(grey, moved, turned)))
            if now.likeness > best.likeness:
                best = now
            if np.abs(step).max() < 0.01:
                break
        return best
