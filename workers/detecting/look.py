"""What an object looks like, in few numbers: how its colours and its brightness are spread."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask
from workers.backends.base import RgbFrame

Look = NDArray[np.float32]
"""Shape ``(72,)``, of length 1: roots of shares. The product of two is how much they agree, 0..1."""

_BINS = 8
_HUES = 16.0  # levels of a and b a bin, around grey
_MOST_PIXELS = 4096


def look_of(rgb: RgbFrame, mask: BoolMask) -> Look:
    """Return the look of the pixels of ``mask`` ``(height, width)``, which is not empty."""
    bounds = mask_bounds(mask)
    if bounds is None:
        raise ValueError("an empty mask has no look")
    left, top, width, height = bounds
    place = slice(top, top + height), slice(left, left + width)
    pixels = rgb[place][mask[place]]
    pixels = np.ascontiguousarray(pixels[:: max(1, len(pixels) // _MOST_PIXELS)])
    lab = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB)[0].astype(np.float32)
    hues = np.clip((lab[:, 1:] - 128) / _HUES + _BINS / 2, 0, _BINS - 1).astype(np.intp)
    colours = np.bincount(hues[:, 0] * _BINS + hues[:, 1], minlength=_BINS * _BINS).reshape(_BINS, _BINS)
    lights = np.bincount((lab[:, 0] / 32).astype(np.intp), minlength=_BINS).reshape(1, _BINS)
    # Blurred, so that a colour at the edge of two bins is not told as another one from frame to frame.
    parts = [cv2.GaussianBlur(part.astype(np.float32), (3, 3), 0.7).ravel() for part in (colours, lights)]
    look = np.concatenate([np.sqrt(part / part.sum() / 2) for part in parts])
    return np.asarray(look / np.linalg.norm(look), np.float32)
