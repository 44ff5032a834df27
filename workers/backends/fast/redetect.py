"""Finding an object again that was lost from sight: where does the picture look like it?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from workers.backends.fast.arrays import Floats, Mask, SoftMask
from workers.backends.fast.region import mask_region

_LIKENESS_NEEDED = 0.6  # of the key frame's own score


@dataclass
class LastSeen:
    """Where an object was, and how large, in pixels of the working resolution.

    ``score``: the likeness of its place on the key frame, to which later places are compared.
    """

    x: float
    y: float
    width: float
    height: float
    score: float

    @classmethod
    def on_key_frame(cls, mask: Mask, wide_map: Floats) -> LastSeen:
        """Note the object of a key frame; ``wide_map``: its appearance there, half the size."""
        box = mask_region(mask)
        seen = cls((box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width, box.height, 1.0)
        scores = seen.scores(wide_map)
        row = min(scores.shape[0] - 1, int(seen.y / 2))
        column = min(scores.shape[1] - 1, int(seen.x / 2))
        seen.score = max(0.05, float(scores[row, column]))
        return seen

    def update(self, mask: Mask) -> None:
        """Note where the object is now (not empty); its size follows slowly."""
        rows, columns = np.nonzero(mask)
        self.x, self.y = float(columns.mean()), float(rows.mean())
        self.width += 0.1 * (np.ptp(columns) + 1 - self.width)
        self.height += 0.1 * (np.ptp(rows) + 1 - self.height)

    def scores(self, wide_map: Floats) -> Floats:
        """Return for every place of the map: more like the object there than around it?"""
        inner = max(3, int(self.width / 2) | 1), max(3, int(self.height / 2) | 1)
        outer = int(inner[0] * 1.7) | 1, int(inner[1] * 1.7) | 1
        centre = cv2.blur(wide_map, inner, borderType=cv2.BORDER_CONSTANT)
        whole = cv2.blur(wide_map, outer, borderType=cv2.BORDER_CONSTANT)
        share = inner[0] * inner[1] / (outer[0] * outer[1])
        return np.asarray(centre - (whole - centre * share) / (1 - share), np.float32)

    def find(self, wide_map: Floats, *, frames_lost: int, usual_area: float) -> SoftMask | None:
        """Return a first mask (of twice the map's size) where the object shows up again, or None.

        It is looked for near its last place first, and ever wider; it must look like itself and
        be of 0.3 to 2 times ``usual_area`` pixels (of the map).
        """
        scores = self.scores(wide_map)
        height, width = scores.shape
        reach = (0.1 + 0.03 * frames_lost) * float(np.hypot(height, width))
        rows, columns = np.arange(height)[:, None] - self.y / 2, np.arange(width) - self.x / 2
        near = np.exp(-(np.square(rows) + np.square(columns)) / (2 * reach * reach))
        row, column = np.unravel_index(int(np.argmax(scores * near)), scores.shape)
        if scores[row, column] < _LIKENESS_NEEDED * self.score:
            return None
        soft = self._cut_out(wide_map, int(row), int(column))
        area = int((soft > 0.5).sum())
        return soft if 0.3 * usual_area < area < 2 * usual_area else None

    def _cut_out(self, wide_map: Floats, row: int, column: int) -> SoftMask:
        down, across = self.height * 0.35, self.width * 0.35
        rows = slice(max(0, int(row - down)), int(row + down) + 1)
        columns = slice(max(0, int(column - across)), int(column + across) + 1)
        kept = np.zeros_like(wide_map)
        kept[rows, columns] = wide_map[rows, columns]
        return np.asarray(cv2.GaussianBlur(kept, (0, 0), 0.7), np.float32)
