"""A pattern: the patch of a picture that shows an example, and what is compared of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask
from workers.backends.base import RgbFrame
from workers.backends.similar.pose import Floats, Pose
from workers.backends.similar.view import View

PATCH = 48
"""Pixels of a patch's side, at most; a smaller pattern keeps its size."""

_AROUND = 1.3  # of the pattern's longer side: what is around it belongs to its look
_RING_WEIGHT = 0.5
_BINS = 12
_LEAST_SIDE = 4  # pixels of the picture


@dataclass(frozen=True)
class Pattern:
    """``layers`` ``(side, side, 4)`` as in ``View``; ``inside`` and ``weights`` ``(side, side)``.

    ``scale``: the size of the view that it was taken from, to the picture; ``pose``: where in that view.
    """

    scale: float
    pose: Pose
    layers: Floats
    inside: BoolMask
    weights: Floats
    colours: Floats

    @property
    def side(self) -> int:
        return len(self.inside)


def pattern_of(rgb: RgbFrame, mask: BoolMask) -> Pattern | None:
    """Return the pattern that a mask ``(height, width)`` shows, None when that is too small."""
    bounds = mask_bounds(mask)
    if bounds is None or min(bounds[2:]) < _LEAST_SIDE:
        return None
    left, top, width, height = bounds
    span = _AROUND * max(width, height) + 4
    scale = min(1.0, PATCH / span)
    view = View(rgb, scale=scale)
    side = max(8, round(span * scale))
    pose = Pose((left + width / 2) * scale, (top + height / 2) * scale, 0.0, 1.0)
    small = cv2.resize(
        mask.astype(np.float32), (view.rgb.shape[1], view.rgb.shape[0]), interpolation=cv2.INTER_AREA
    )
    matrix, flags = pose.onto_picture(side), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    inside = np.asarray(cv2.warpAffine(small, matrix, (side, side), flags=flags) > 0.5)
    ring = cv2.dilate(inside.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    weights = np.where(inside, 1.0, np.where(ring, _RING_WEIGHT, 0.0)).astype(np.float32)
    layers = pose.patch(view.layers, side=side)
    return Pattern(scale, pose, layers, inside, weights, colour_shares(layers, inside))


def colour_shares(layers: Floats, inside: BoolMask) -> Floats:
    """Return the shares of hues inside the mask, shape ``(bins, bins)``, sum 1; brightness does not count."""
    pixels = layers[inside]
    # Twice the light multiplies a, b and L + 16 by the same factor.
    hues = pixels[:, 1:3] * (66 / (pixels[:, :1] + 16))
    places = np.clip((hues + 72) / 12, 0, _BINS - 1.001)
    shares = np.histogram2d(places[:, 0], places[:, 1], bins=_BINS, range=[[0, _BINS], [0, _BINS]])[0]
    blurred = cv2.GaussianBlur(shares.astype(np.float32), (0, 0), 0.7)
    return np.asarray(blurred / max(float(blurred.sum()), 1e-6), np.float32)
