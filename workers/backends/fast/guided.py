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
    guide = lab / np.float32(100)
    mean_guide = _mean(guide)
    xx, xy, xz, yy, yz, zz = _inverse_covariance(guide, mean_guide)
    mean = _mean(values)
    covariance = _mean(guide * values[..., None]) - mean_guide * mean[..., None]
    first, second, third = covariance[..., 0], covariance[..., 1], covariance[..., 2]
    slope = np.dstack(
        [
            xx * first + xy * second + xz * third,
            xy * first + yy * second + yz * third,
            xz * first + yz * second + zz * third,
        ]
    )
    offset = mean - _dot(slope, mean_guide)
    return np.asarray(np.clip(_dot(_mean(slope), guide) + _mean(offset), 0, 1), np.float32)


def _dot(first: Floats, second: Floats) -> Floats:
    """Return the sum over the three channels (NumPy is slow at summing over a short last axis)."""
    product = first * second
    total: Floats = product[..., 0] + product[..., 1] + product[..., 2]
    return total


def _inverse_covariance(guide: Floats, mean: Floats) -> list[Floats]:
    """Return the upper triangle of the inverse of the guide's local 3 x 3 covariance."""
    x, y, z = guide[..., 0], guide[..., 1], guide[..., 2]
    squares = _mean(np.dstack([x * x, y * y, z * z]))
    products = _mean(np.dstack([x * y, x * z, y * z]))
    mx, my, mz = mean[..., 0], mean[..., 1], mean[..., 2]
    xx = squares[..., 0] - mx * mx + _FLATNESS
    yy = squares[..., 1] - my * my + _FLATNESS
    zz = squares[..., 2] - mz * mz + _FLATNESS
    xy, xz, yz = products[..., 0] - mx * my, products[..., 1] - mx * mz, products[..., 2] - my * mz
    minors = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy]
    determinant = xx * minors[0] + xy * minors[1] + xz * minors[2]
    rest = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy]
    return [minor / determinant for minor in (*minors, *rest)]


def _mean(values: Floats) -> Floats:
    size = 2 * _RADIUS + 1
    return np.asarray(cv2.blur(values, (size, size), borderType=cv2.BORDER_REFLECT), np.float32)
