"""What vertices of one object know of each other: who leads whom, and where an unseen one should be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, Points
from workers.backends.points.look import Floats

MOST_FOLLOWED = 64
"""Vertices of one object that are followed by their own look."""

_SOFT = 10.0  # pixels: nearer than this, the distance of two vertices makes no difference


def leaders(shown: BoolMask) -> NDArray[np.intp]:
    """Return the index of the vertex that each of ``shown`` goes by, -1 for those that are not shown.

    Up to 64 vertices go by themselves; of more, every n-th does, and those between go by the nearest.
    """
    indexes = np.flatnonzero(shown)
    every = -(-len(indexes) // MOST_FOLLOWED)
    led = np.full(len(shown), -1, np.intp)
    if len(indexes):
        followed = indexes[::every]
        numbers = np.minimum((np.arange(len(indexes)) + every // 2) // every, len(followed) - 1)
        led[indexes] = followed[numbers]
    return led


def carried(
    place: Points, *, before: Points, after: Points, matrices: Sequence[Floats]
) -> tuple[Points, Floats]:
    """Return where ``place`` goes when points ``(n, 2)`` go from ``before`` to ``after``, and how it turns.

    The similarity that fits these points best, the near ones above all (Schaefer, McPhail and Warren,
    "Image deformation using moving least squares", SIGGRAPH 2006). Of a single point its own matrix, one
    of ``matrices``, tells how what is around it turned and grew.
    """
    weights = 1.0 / (np.square(before - place).sum(axis=1) + _SOFT**2)
    weights /= weights.sum()
    middle, goes_to = weights @ before, weights @ after
    arms, moved = before - middle, after - goes_to
    spread = float(weights @ np.square(arms).sum(axis=1))
    if spread < _SOFT**2 / 4:
        matrix = matrices[int(np.argmax(weights))]
    else:
        along = float(weights @ (arms * moved).sum(axis=1)) / spread
        across = float(weights @ (arms[:, 0] * moved[:, 1] - arms[:, 1] * moved[:, 0])) / spread
        matrix = np.array([[along, -across], [across, along]])
    return np.asarray(goes_to + matrix @ (place - middle), np.float64), matrix
