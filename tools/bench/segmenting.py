"""A click and a box without weights, on a picture of 854 x 480, beside OpenCV's GrabCut on the same crop.

Processor time of one thread, the two taken alternately.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from tests.backends.copies import copies_drawn
from tools.bench.lines import figure, median
from tools.score_clicks import GrabCutClicker
from workers.backends.base import RgbFrame
from workers.backends.classical.clicker import ClassicalClicker
from workers.backends.clicking import Clicker

ROUNDS = 7
BOX = Box(200.0, 120.0, 330.0, 210.0)
POINTS: Points = np.array([[300.5, 220.5]])
INCLUDE: NDArray[np.bool_] = np.array([True])


def main() -> None:
    cv2.setNumThreads(1)
    rgb = np.asarray(cv2.resize(copies_drawn("all of it", seed=1).rgb, (854, 480)), np.uint8)
    ours, reference = ClassicalClicker(), GrabCutClicker()
    seconds(ours, rgb)
    pairs = [(seconds(ours, rgb), seconds(reference, rgb)) for _ in range(ROUNDS)]
    for step, name in enumerate(("classical_box", "classical_click")):
        mine, theirs = (1000 * median([pair[side][step] for pair in pairs]) for side in (0, 1))
        figure(name, mine, "ms", ratio=mine / theirs, reference=f"GrabCut on the crop, {theirs:.3g} ms")


def seconds(clicker: Clicker, rgb: RgbFrame) -> tuple[float, float]:
    """Return the processor time of the box alone, and of one more click."""
    embedding = clicker.open(rgb)
    taken = []
    for count in (0, 1):
        start = time.process_time()
        clicker.segment(embedding, points=POINTS[:count], include=INCLUDE[:count], box=BOX)
        taken.append(time.process_time() - start)
    return taken[0], taken[1]


if __name__ == "__main__":
    main()
