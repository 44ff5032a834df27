"""What the object looks like against what surrounds it: ridge regression over random features.

Solved in closed form for every prompt (Rahimi and Recht, "Weighted sums of random kitchen sinks",
NIPS 2008); nothing is learnt beforehand.
"""

from __future__ import annotations

import cv2
import numpy as np

from workers.backends.classical.arrays import Floats
from workers.backends.classical.window import SIDE

_RANDOM = 64
_RIDGE = 0.02
_FEATURES = 15
LOOK_VALUES = _FEATURES + 2 + _RANDOM + 1
"""Values a pixel that a look keeps."""

_LAB_UNIT = np.array([50, 25, 25], np.float32)
_LAB_ZERO = np.array([1, 0, 0], np.float32)
_FINE, _WIDE = 2.0, 7.0  # pixels of blur


def pixel_features(lab: Floats) -> Floats:
    """Return colour at three scales, gradients and local contrast, shape ``(h, w, 15)``."""
    colour: Floats = lab / _LAB_UNIT - _LAB_ZERO
    near = cv2.GaussianBlur(colour, (0, 0), _FINE)
    across = cv2.Sobel(colour[..., 0], cv2.CV_32F, 1, 0)
    down = cv2.Sobel(colour[..., 0], cv2.CV_32F, 0, 1)
    gradients: Floats = np.dstack([np.abs(across), np.abs(down), across * down])
    variance: Floats = cv2.GaussianBlur(colour * colour, (0, 0), _FINE) - near * near
    parts = [
        colour,
        near,
        cv2.GaussianBlur(colour, (0, 0), _WIDE),
        cv2.GaussianBlur(gradients, (0, 0), 3),
        np.sqrt(np.maximum(variance, 0) + 1e-4),
    ]
    return np.dstack(parts).astype(np.float32, copy=False)


class Look:
    """The random features of a window, from which any division into object and rest is fitted."""

    def __init__(self, features: Floats, place: Floats) -> None:
        """``features`` ``(SIDE, SIDE, n)``; ``place`` ``(SIDE, SIDE, 2)``: -1..1 within the box."""
        rng = np.random.default_rng(0)
        known = np.dstack([features, np.tanh(place)]).reshape(SIDE * SIDE, -1).astype(np.float32)
        weights = (0.7 * rng.standard_normal((known.shape[1], _RANDOM))).astype(np.float32)
        offsets = rng.uniform(-1, 1, _RANDOM).astype(np.float32)
        ones = np.ones((len(known), 1), np.float32)
        self._inputs = np.hstack([known, np.maximum(known @ weights + offsets, 0), ones])

    def evidence(self, labels: Floats, weights: Floats) -> Floats:
        """Return -1.5..1.5 for every pixel, above 0 where it looks like the object.

        ``labels`` ``(SIDE, SIDE)``: 1 for the object, -1 for the rest; ``weights``: how much each counts,
        0 or more. Object and rest weigh alike in the end. All 0 when there is only one of them.
        """
        target, weight = labels.ravel(), weights.ravel()
        inside = target > 0
        totals = float(weight[inside].sum()), float(weight[~inside].sum())
        if min(totals) <= 0:
            return np.zeros_like(labels)
        weight = (weight / np.where(inside, totals[0], totals[1])).astype(np.float32)
        known = self._inputs
        moments = (known * weight[:, None]).T @ known
        moments[np.diag_indices_from(moments)] *= 1 + _RIDGE
        moments[np.diag_indices_from(moments)] += 1e-4
        solved = np.linalg.solve(moments, known.T @ (weight * target))
        return np.asarray(np.clip(known @ solved, -1.5, 1.5).reshape(labels.shape), np.float32)
