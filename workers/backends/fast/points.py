"""How a box moved between two frames, by the points in it.

Lucas-Kanade points, kept where the way there and back ends where it began (Kalal et al.,
"Forward-backward error", ICPR 2010), and the similarity that most of them agree on (RANSAC).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Points
from workers.backends.fast.placedbox import Patch, PlacedBox, Similarity
from workers.backends.fast.view import FrameView

_MOST_POINTS = 120
_LEAST_POINTS = 5
_WINDOW = 15  # pixels a side that are compared for a point
_MARGIN = 40  # pixels around the box in which the points are looked for


@dataclass(frozen=True)
class BoxMotion:
    """``agreement``: which part of the points, 0..1, moved this way."""

    similarity: Similarity
    agreement: float


def box_motion(previous: FrameView, current: FrameView, box: PlacedBox) -> BoxMotion | None:
    """Return how what ``box`` holds moved (in pixels of the picture), None where it cannot be told."""
    scale = previous.fine_scale
    offset, (before, after) = _crops(previous.fine_grey, current.fine_grey, box, scale)
    if min(before.shape) < 8:
        return None
    inside = PlacedBox(
        box.x - offset[0] / scale, box.y - offset[1] / scale, box.width, box.height, box.rotation
    ).ellipse(before.shape, scale=scale)
    points = _points_in(before, inside)
    kept_before, kept_after = _followed(before, after, points)
    # From the crop's pixel centres to the picture's coordinates.
    origin = offset + 0.5
    motion = _agreed((kept_before + origin) / scale, (kept_after + origin) / scale, of=len(points))
    return motion if motion and 0.8 < motion.similarity.scale < 1.25 else None


def box_correction(box: PlacedBox, *, key: Patch, present: Patch) -> Similarity | None:
    """Return the small move that brings ``box`` in line with its key frame, None where it cannot be told.

    ``key`` and ``present`` are what the box holds there and here. Steps from frame to frame add up
    their errors; where the thing still looks like on the key frame, this takes them back.
    """
    points = _points_in(key, np.full(key.shape, 255, np.uint8))
    there, here = _followed(key, present, points)
    motion = _agreed(box.from_patch(there), box.from_patch(here), of=len(points))
    if motion is None or motion.agreement < 0.5:
        return None
    similarity = motion.similarity
    small = abs(similarity.scale - 1) < 0.15 and abs(similarity.turn) < 10
    return similarity if small else None


def _agreed(before: Points, after: Points, *, of: int) -> BoxMotion | None:
    """Return the move that most points made, in pixels of the picture; ``of``: points tried."""
    if len(before) < _LEAST_POINTS:
        return None
    matrix, agreeing = cv2.estimateAffinePartial2D(
        before, after, method=cv2.RANSAC, ransacReprojThreshold=2.0, maxIters=500
    )
    if matrix is None or int(agreeing.sum()) < _LEAST_POINTS:
        return None
    similarity = Similarity(np.asarray(matrix[:, :2], np.float64), np.asarray(matrix[:, 2], np.float64))
    return BoxMotion(similarity, float(agreeing.sum()) / of)


def _crops(
    before: NDArray[np.uint8], after: NDArray[np.uint8], box: PlacedBox, scale: float
) -> tuple[NDArray[np.float64], tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Return the surroundings of the box in both frames, and where they begin (x, y)."""
    reach = float(np.hypot(box.width, box.height)) * scale
    half = reach / 2 + max(_MARGIN, 0.5 * reach)
    left, top = max(0, int(box.x * scale - half)), max(0, int(box.y * scale - half))
    rows = slice(top, max(top, int(box.y * scale + half)))
    columns = slice(left, max(left, int(box.x * scale + half)))
    return np.array([left, top], np.float64), (before[rows, columns], after[rows, columns])


def _points_in(grey: NDArray[np.uint8], inside: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return shape ``(n, 2)``: corners within the mask, and a grid where there are few."""
    spacing = max(3.0, float(np.sqrt((inside > 0).sum() / _MOST_POINTS)) * 0.7)
    corners = cv2.goodFeaturesToTrack(grey, _MOST_POINTS, 0.01, spacing, mask=inside)
    found = np.zeros((0, 2), np.float32) if corners is None else corners.reshape(-1, 2)
    if len(found) >= _MOST_POINTS // 4:
        return np.asarray(found, np.float32)
    rows, columns = np.nonzero(inside)
    step = max(1, len(rows) // 64)
    grid = np.stack([columns[::step], rows[::step]], axis=1)
    return np.concatenate([found, grid]).astype(np.float32)


def _followed(
    before: NDArray[np.uint8], after: NDArray[np.uint8], points: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the points that come back to where they began, and where they went."""
    if len(points) == 0:
        return points, points
    window = _WINDOW, _WINDOW
    there, seen, _ = cv2.calcOpticalFlowPyrLK(before, after, points, np.zeros_like(points), winSize=window)
    back, seen_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, np.zeros_like(points), winSize=window)
    error = np.linalg.norm(back - points, axis=1)
    good = (seen[:, 0] > 0) & (seen_back[:, 0] > 0) & (error < 1.0)
    return points[good], np.asarray(there[good], np.float32)
