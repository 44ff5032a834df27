"""A click and a box without weights, on a picture of 854 x 480, beside OpenCV's GrabCut on the same crop;
and what turns their mask into a polygon, beside OpenCV's bare contours of it.

Processor time of one thread, the two taken alternately.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.masks import mask_to_shape
from labeling.geometry.shapes import Box, Points, ShapeKind
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
    mine, theirs = (1000 * taken for taken in outline_seconds())
    figure("mask_to_polygon", mine, "ms", ratio=mine / theirs, reference=f"bare contours, {theirs:.3g} ms")


def seconds(clicker: Clicker, rgb: RgbFrame) -> tuple[float, float]:
    """Return the processor time of the box alone, and of one more click."""
    embedding = clicker.open(rgb)
    taken = []
    for count in (0, 1):
        start = time.process_time()
        clicker.segment(embedding, points=POINTS[:count], include=INCLUDE[:count], box=BOX)
        taken.append(time.process_time() - start)
    return taken[0], taken[1]


def outline_seconds() -> tuple[float, float]:
    """Processor time of a polygon from a mask with a toothed edge, and of OpenCV's contours of it."""
    mask = toothed()
    ours, bare = [], []
    for _ in range(20 * ROUNDS):
        start = time.process_time()
        mask_to_shape(mask.view(np.bool_), ShapeKind.POLYGON)
        between = time.process_time()
        cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        ours.append(between - start)
        bare.append(time.process_time() - between)
    return median(ours), median(bare)


def toothed() -> NDArray[np.uint8]:
    mask = np.zeros((480, 854), np.uint8)
    cv2.ellipse(mask, (427, 240), (180, 110), 20, 0, 360, 1, -1)
    for angle in range(0, 360, 20):
        x, y = 427 + 170 * np.cos(np.deg2rad(angle)), 240 + 120 * np.sin(np.deg2rad(angle))
        cv2.ellipse(mask, (int(x), int(y)), (50, 10), angle, 0, 360, 1, -1)
    return mask


if __name__ == "__main__":
    main()
