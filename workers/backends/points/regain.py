"""Lost vertices looked for near the place where they should be."""

from __future__ import annotations

import cv2
import numpy as np

from workers.backends.points.look import SIDE, Look, Placed, patch_at
from workers.backends.points.support import Grey
from workers.backends.points.vertex import Vertex

_FOUND_ABOVE = 0.8  # likeness at which a lost vertex counts as found
_WORTH_ALIGNING = 0.6  # correlation of whole pixels from which it is looked at closely


def found_again(grey: Grey, vertex: Vertex, *, reach: int) -> Placed | None:
    """Return where a lost vertex is to be seen within ``reach`` pixels of its place, None where it is not."""
    region = patch_at(grey, vertex.place, vertex.matrix, side=SIDE + 2 * reach)
    looks = [vertex.key] if vertex.recent is vertex.key else [vertex.key, vertex.recent]
    tried = [placed for look in looks if (placed := _best_place(grey, vertex, look, region))]
    best = max(tried, key=lambda one: one.likeness, default=None)
    if best is None or best.likeness < _FOUND_ABOVE:
        return None
    height, width = grey.shape
    return best if 0 <= best.place[0] <= width and 0 <= best.place[1] <= height else None


def _best_place(grey: Grey, vertex: Vertex, look: Look, region: Grey) -> Placed | None:
    if look.flat:
        return None
    scores = cv2.matchTemplate(region, look.patch, cv2.TM_CCOEFF_NORMED)
    reach = (scores.shape[0] - 1) // 2
    offsets = np.arange(-reach, reach + 1)
    # Of places that are as alike, the nearer one.
    near = np.exp(-np.square(offsets) / (2.0 * max(reach, 1) ** 2))
    row, column = np.unravel_index(int(np.argmax(scores * near * near[:, None])), scores.shape)
    if scores[row, column] < _WORTH_ALIGNING:
        return None
    offset = np.array([column - reach, row - reach], np.float64)
    return look.aligned(grey, vertex.place + vertex.matrix @ offset, vertex.matrix)
