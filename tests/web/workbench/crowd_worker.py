"""An interactive worker that understands words and finds a crowd everywhere: started as celery is."""

from __future__ import annotations

import sys

from celery.__main__ import main

from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import Box
from workers.backends.base import RgbFrame
from workers.backends.detecting import WORDS, Detected, Wish
from workers.backends.detectors import detector_add
from workers.backends.scripted_picture import FlatPicture

COLUMNS, ROWS = 20, 12
SURE = 200
"""So many are as sure as is usual; the others are found by who asks for less sure ones."""


class CrowdDetector:
    """Finds a box in each field of a chessboard, the first ones the surest."""

    name = "crowd"
    version = "crowd 1"
    reads = frozenset({WORDS})
    threshold = 0.5

    def open(self, rgb: RgbFrame) -> FlatPicture:
        return FlatPicture(rgb)

    def detect(self, embedding: FlatPicture, wish: Wish) -> list[Detected]:
        if wish.words == "unicorn":
            return []
        width, height = embedding.width, embedding.height
        side_x, side_y = width / COLUMNS, height / ROWS
        found = []
        for place in range(COLUMNS * ROWS):
            score = 0.9 if place < SURE else 0.3
            row, column = divmod(place, COLUMNS)
            box = Box(column * side_x + side_x / 4, row * side_y + side_y / 4, side_x / 2, side_y / 2)
            if score >= wish.threshold:
                found.append(Detected(box_fill(box, width=width, height=height), score))
        return found[: wish.most]


if __name__ == "__main__":
    detector_add("crowd", CrowdDetector)
    sys.argv[0] = "celery"
    main()
