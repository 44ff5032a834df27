"""An area taken apart by a segmenter of clicks: what stands out in it, piece by piece."""

from __future__ import annotations

import numpy as np

from labeling.geometry.masks import mask_bounds, mask_iou
from labeling.geometry.shapes import BoolMask, Box
from workers.backends.apart.basins import pieces_split
from workers.backends.apart.foreground import foreground_of, window_of
from workers.backends.base import RgbFrame
from workers.backends.clicking import Clicker, Embedding, Segmented

LEAST_SHARE = 0.004
"""Of the area: what is smaller is a speck."""

SAME = 0.5
"""IoU from which two answers are one object."""


def pieces_of(clicker: Clicker, embedding: Embedding, rgb: RgbFrame, area: Box) -> list[Segmented]:
    """Return the objects of an area of the picture ``rgb`` ``(height, width, 3)``, the surest first.

    What is unlike the area's edge falls into pieces. Each is segmented in its own box, and stays as it was
    where that takes it for something else. Raises BackendError when the segmenter cannot.
    """
    height, width = rgb.shape[:2]
    window = window_of(area, width=width, height=height)
    standing_out = foreground_of(rgb, area, window)
    least = max(12.0, LEAST_SHARE * area.width * area.height * window.scale**2)
    pieces = [
        window.spread(piece, width=width, height=height) for piece in pieces_split(standing_out, least=least)
    ]
    found = [segmented_again(clicker, embedding, piece) for piece in pieces if piece.any()]
    return distinct(sorted(found, key=lambda one: -one.confidence))


def segmented_again(clicker: Clicker, embedding: Embedding, piece: BoolMask) -> Segmented:
    """Return the segmenter's own answer for the piece's box, or the piece where both differ too much.

    The confidence is lower, the less they agree.
    """
    bounds = mask_bounds(piece)
    assert bounds is not None  # noqa: S101  (a piece has pixels)
    no_points = np.zeros((0, 2))
    again = clicker.segment(
        embedding, points=no_points, include=np.zeros(0, np.bool_), box=Box(*map(float, bounds))
    )
    agreed = mask_iou(again.mask, piece)
    mask = again.mask if agreed >= SAME else piece
    return Segmented(mask, again.confidence * agreed)


def distinct(found: list[Segmented]) -> list[Segmented]:
    """Return what is found without repetition: of two that are one object the surer stays."""
    kept: list[Segmented] = []
    for one in found:
        if all(mask_iou(one.mask, other.mask) < SAME for other in kept):
            kept.append(one)
    return kept
