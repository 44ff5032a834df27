"""An area taken apart by a segmenter of clicks: the foreground of its box, piece by piece."""

from __future__ import annotations

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box
from workers.backends.clicking import Clicker, Embedding, Segmented

NO_POINTS = np.zeros((0, 2)), np.zeros(0, np.bool_)
LEAST_SHARE = 0.002
"""Of the area: what is smaller is a speck."""

SAME = 0.5
"""IoU from which two answers are one object."""


def pieces_of(clicker: Clicker, embedding: Embedding, area: Box) -> list[Segmented]:
    """Return the objects of an area, the surest first.

    The foreground of the whole box falls into connected pieces; each is segmented again in its own box, so
    that its outline is judged by itself, and kept as it was where that loses it.
    """
    points, include = NO_POINTS
    whole = clicker.segment(embedding, points=points, include=include, box=area)
    found = [segmented_again(clicker, embedding, piece) for piece in connected(whole.mask, area)]
    return distinct(sorted((one for one in found if one.mask.any()), key=lambda one: -one.confidence))


def connected(mask: BoolMask, area: Box) -> list[BoolMask]:
    """Return the connected pieces of the mask, specks aside."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask).view(np.uint8))
    least = max(4.0, LEAST_SHARE * area.width * area.height)
    return [pieces == number for number in range(1, count) if stats[number, cv2.CC_STAT_AREA] >= least]


def segmented_again(clicker: Clicker, embedding: Embedding, piece: BoolMask) -> Segmented:
    points, include = NO_POINTS
    bounds = mask_bounds(piece)
    assert bounds is not None  # noqa: S101  (a piece has pixels)
    again = clicker.segment(embedding, points=points, include=include, box=Box(*map(float, bounds)))
    same = iou(again.mask, piece) >= SAME
    return again if same else Segmented(piece, again.confidence)


def distinct(found: list[Segmented]) -> list[Segmented]:
    """Return what is found without repetition: of two that are one object the surer stays."""
    kept: list[Segmented] = []
    for one in found:
        if all(iou(one.mask, other.mask) < SAME for other in kept):
            kept.append(one)
    return kept


def iou(one: BoolMask, other: BoolMask) -> float:
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 0.0
