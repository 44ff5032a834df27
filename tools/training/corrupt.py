"""Masks as a tracker that errs would have them: shifted, bent, with bites and leaks."""

from __future__ import annotations

import cv2
import numpy as np

from tools.training.images import Alpha
from tools.training.motion import places, ripple, sampled


def corrupted(mask: Alpha, rng: np.random.Generator) -> Alpha:
    """Return a mask that is wrong, mildly or badly."""
    height, width = mask.shape
    side = float(np.sqrt(max(mask.sum(), 30.0)))
    bend = ripple(rng, width=width, height=height, amount=side * rng.uniform(0, 0.09), cells=7)
    source = places(width, height) + bend
    found = sampled(mask, source, border=cv2.BORDER_REPLICATE)
    if rng.random() < 0.25:
        kernel = np.ones((2 * int(1 + side * rng.uniform(0, 0.06)) + 1,) * 2, np.uint8)
        found = np.asarray((cv2.erode if rng.random() < 0.5 else cv2.dilate)(found, kernel), np.float32)
    for _ in range(rng.integers(0, 5)):
        found = _blotted(found, side, rng)
    return np.asarray(cv2.GaussianBlur(found, (0, 0), rng.uniform(0.5, 2)), np.float32)


def _blotted(mask: Alpha, side: float, rng: np.random.Generator) -> Alpha:
    """Return the mask with an ellipse at its edge or in it added or taken away."""
    near = cv2.dilate((mask > 0.5).astype(np.uint8), np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero(near)
    if not len(rows):
        return mask
    chosen = rng.integers(len(rows))
    axes = max(1, int(side * rng.uniform(0.04, 0.22))), max(1, int(side * rng.uniform(0.04, 0.3)))
    blot = np.zeros_like(mask)
    centre = int(columns[chosen]), int(rows[chosen])
    cv2.ellipse(blot, centre, axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    return np.maximum(mask, blot) if rng.random() < 0.5 else mask * (1 - blot)
