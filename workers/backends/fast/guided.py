"""Smoothing that stops at the edges of the picture.

The guided filter (He, Sun and Tang, "Guided image filtering", TPAMI 2013) with a colour guide.
"""

from __future__ import annotations

import cv2
import numpy as np

from workers.backends.fast.arrays import Floats

_RADIUS = 3
_FLATNESS = 1e-3  # differences of colour of 3 % of the range count as edges


def smooth_along_edges(values: Floats, *, lab: Floats) -> Floats:
    """Return ``values``, shape ``(h, w)``, smoothed within areas of like colour.

    ``lab``: shape ``(h, w, 3)``, L in 0..100.
    """
    return np.asarray(np.clip(GuidedFilter(lab)(values), 0, 1), np.float32)


def smooth_by_weight(values: Floats, *, weights: Floats, lab: Floats, radius: int) -> Floats:
    """Return ``values`` smoothed likewise, sure ones speaking for unsure ones.

    ``weights``: shape ``(h, w)``, above 0. ``radius``: in pixels.
    """
    smooth = GuidedFilter(lab, radius=radius)
    return np.asarray(np.clip(smooth(weights * values) / np.maximum(smooth(weights), 1e-4), 0, 1), np.float32)


class GuidedFilter:
    """The filter of one picture, for any number of layers of values."""

    def __init__(self, lab: Floats, *, radius: int = _RADIUS) -> None:
        self._size = 2 * radius + 1
        self._guide = lab / np.float32(100)
        self._mean_guide = self._mean(self._guide)
        self._inverse = self._inverse_covariance()

    def __call__(self, values: Floats) -> Floats:
        """Return ``values``, shape ``(h, w)``, smoothed; they may leave their range a little."""
        xx, xy, xz, yy, yz, zz = self._inverse
        mean = self._mean(values)
        covariance = self._mean(self._guide * values[..., None]) - self._mean_guide * mean[..., None]
        first, second, third = covariance[..., 0], covariance[..., 1], covariance[..., 2]
        slope = np.dstack(
            [
                xx * first + xy * second + xz * third,
                xy * first + yy * second + yz * third,
                xz * first + yz * second + zz * third,
            ]
        )
        offset = mean - _dot(slope, self._mean_guide)
        return _dot(self._mean(slope), self._guide) + self._mean(offset)

    def _inverse_covariance(self) -> list[Floats]:
        """Return the upper triangle of the inverse of the guide's local 3 x 3 covariance."""
        x, y, z = (self._guide[..., n] for n in range(3))
        squares = self._mean(np.dstack([x * x, y * y, z * z]))
        products = self._mean(np.dstack([x * y, x * z, y * z]))
        mx, my, mz = (self._mean_guide[..., n] for n in range(3))
        xx = squares[..., 0] - mx * mx + _FLATNESS
        yy = squares[..., 1] - my * my + _FLATNESS
        zz = squares[..., 2] - mz * mz + _FLATNESS
        xy, xz, yz = products[..., 0] - mx * my, products[..., 1] - mx * mz, products[..., 2] - my * mz
        minors = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy]
        determinant = xx * minors[0] + xy * minors[1] + xz * minors[2]
        rest = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy]
        return [minor / determinant for minor in (*minors, *rest)]

    def _mean(self, values: Floats) -> Floats:
        size = self._size, self._size
        return np.asarray(cv2.blur(values, size, borderType=cv2.BORDER_REFLECT), np.float32)


def _dot(first: Floats, second: Floats) -> Floats:
    """Return the sum over the three channels (NumPy is slow at summing over a short last axis)."""
    product = first * second
    total: Floats = product[..., 0] + product[..., 1] + product[..., 2]
    return total
