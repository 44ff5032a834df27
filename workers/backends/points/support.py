"""The neighbourhood of vertices: corners near them, and the moves that these agree on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, Points
from workers.backends.fast.region import Region

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

_WINDOW = (21, 21)
_MARGIN = 64  # pixels beyond the neighbourhood, for what moves out of it
_LEAST_SIDE = 32
_LEVELS = 3
_RETURN = 1.0  # pixels: so near to its beginning the way back has to end
_CORNERS_A_VERTEX = 30
_MOST_CORNERS = 400
_LEAST_AGREEING = 4
_FEW = 12  # corners near a vertex: where there are fewer, those further off count too
_NEAR_ENOUGH = 1.5  # pixels: so far from the common move a corner still agrees with it


@dataclass(frozen=True)
class Moves:
    """Where points were and are, each ``(n, 2)``, and whether the way back ends where it began."""

    before: Points
    after: Points
    good: BoolMask

    def part(self, which: slice) -> Moves:
        return Moves(self.before[which], self.after[which], self.good[which])


@dataclass(frozen=True)
class CommonMove:
    """A similarity ``x -> matrix x + shift`` that part of a neighbourhood agrees on (``agreement``, 0..1)."""

    matrix: Floats
    shift: Floats
    agreement: float

    def applied(self, place: Points) -> Points:
        return np.asarray(self.matrix @ place + self.shift, np.float64)


def neighbourhood_moves(before: Grey, after: Grey, places: Points, *, reach: float) -> tuple[Moves, Moves]:
    """Return where ``places`` went by their own pixels, and where corners within ``reach`` of them went."""
    low, high = places.min(axis=0) - reach - _MARGIN, places.max(axis=0) + reach + _MARGIN
    height, width = before.shape
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    part = Region(left, top, min(width, int(high[0]) + 1), min(height, int(high[1]) + 1))
    if min(part.width, part.height) < _LEAST_SIDE:
        part = Region(0, 0, width, height)
    origin = np.array([part.left, part.top], np.float64)
    first, second = part.cut(before), part.cut(after)
    corners = _corners(first, places - origin, reach=reach)
    moves = _followed(first, second, np.concatenate([places - origin, corners]))
    there = Moves(moves.before + origin, moves.after + origin, moves.good)
    return there.part(slice(None, len(places))), there.part(slice(len(places), None))


def _corners(grey: Grey, places: Points, *, reach: float) -> Points:
    """Return corners ``(n, 2)`` within ``reach`` of the places."""
    near = np.zeros(grey.shape, np.uint8)
    for x, y in np.rint(places - 0.5).astype(int).tolist():
        cv2.circle(near, (x, y), int(reach), 255, -1)
    most = min(_MOST_CORNERS, _CORNERS_A_VERTEX * len(places))
    spacing = max(3.0, 0.7 * float(np.sqrt(np.count_nonzero(near) / most)))
    corners = cv2.goodFeaturesToTrack(grey, most, 0.005, spacing, mask=near)
    if corners is None:
        return np.zeros((0, 2))
    return np.asarray(corners.reshape(-1, 2) + 0.5, np.float64)


def _followed(before: Grey, after: Grey, points: Points) -> Moves:
    """Follow points by pyramidal Lucas-Kanade, there and back."""
    start = (points - 0.5).astype(np.float32)
    there, seen, _ = cv2.calcOpticalFlowPyrLK(
        before, after, start, np.zeros_like(start), winSize=_WINDOW, maxLevel=_LEVELS
    )
    back, seen_back, _ = cv2.calcOpticalFlowPyrLK(
        after, before, there, np.zeros_like(start), winSize=_WINDOW, maxLevel=_LEVELS
    )
    error = np.linalg.norm(back - start, axis=1)
    good = (seen[:, 0] > 0) & (seen_back[:, 0] > 0) & (error < _RETURN)
    return Moves(points, there.astype(np.float64) + 0.5, np.asarray(good, np.bool_))


def _nearest(moves: Moves, place: Points, *, reach: float) -> tuple[Points, Points]:
    """Return the corners within ``reach``, or where they are few, the nearest ones of all."""
    before, after = moves.before[moves.good], moves.after[moves.good]
    distance = np.linalg.norm(before - place, axis=1)
    near = np.argsort(distance, kind="stable")[: max(_FEW, int((distance < reach).sum()))]
    return before[near], after[near]


def common_moves(moves: Moves, place: Points, *, reach: float) -> list[CommonMove]:
    """Return up to two moves of the neighbourhood of ``place``, that of most corners first.

    At the edge of a thing there are two: the thing's and its background's. Empty where too few corners
    are near or agree.
    """
    before, after = _nearest(moves, place, reach=reach)
    found: list[CommonMove] = []
    of = len(before)
    for _ in range(2):
        if len(before) < _LEAST_AGREEING:
            break
        similarity, agreeing = cv2.estimateAffinePartial2D(
            before, after, method=cv2.RANSAC, ransacReprojThreshold=_NEAR_ENOUGH, maxIters=200
        )
        if similarity is None or int(agreeing.sum()) < _LEAST_AGREEING:
            break
        rest = agreeing[:, 0] == 0
        matrix: Floats = np.asarray(similarity, np.float64)
        found.append(CommonMove(matrix[:, :2], matrix[:, 2], float(agreeing.sum()) / of))
        before, after = before[rest], after[rest]
    return [move for move in found if 0.7 < np.sqrt(np.linalg.det(move.matrix)) < 1.4]
