#!/usr/bin/env python3
"""Track the box of an index mask with one of OpenCV's own trackers, to compare ours with.

    tools/opencv_boxes.py FRAMES --mask FIRST.png --algorithm csrt --out DIR

Writes filled boxes as index PNGs of the frames' names, so that ``tools/score_masks.py`` scores them
(the column ``box``), and prints frames a second of one core. CSRT and KCF are in the package
opencv-contrib-python-headless only, MIL in every OpenCV. It needs OpenCV, NumPy and Pillow alone.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

ALGORITHMS = {"csrt": "TrackerCSRT", "kcf": "TrackerKCF", "mil": "TrackerMIL"}


def tracker(algorithm: str) -> Any:
    """Return a new tracker of OpenCV. Raises SystemExit where this OpenCV does not have it."""
    kind = getattr(cv2, ALGORITHMS[algorithm], None)
    if kind is None:
        raise SystemExit(f"This OpenCV ({cv2.__version__}) has no {algorithm.upper()} tracker.")
    return kind.create()


def read_box(path: Path) -> tuple[int, int, int, int]:
    """Return left, top, width and height of all that is not 0 in an index mask."""
    with Image.open(path) as image:
        mask = (np.asarray(image) > 0).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(mask)
    return left, top, width, height


def write_box(box: tuple[int, int, int, int] | None, *, like: NDArray[Any], path: Path) -> None:
    """Write the filled box, or nothing at all where the tracker gave up."""
    mask = np.zeros(like.shape[:2], np.uint8)
    if box is not None:
        left, top, width, height = box
        mask[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)] = 1
    Image.fromarray(mask).save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Track a box with OpenCV.")
    parser.add_argument("frames", type=Path)
    parser.add_argument("--mask", type=Path, required=True)
    parser.add_argument("--algorithm", choices=sorted(ALGORITHMS), required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    paths = sorted(path for path in options.frames.iterdir() if path.suffix.lower() in (".jpg", ".png"))
    box: tuple[int, int, int, int] | None = read_box(options.mask)
    follower, seconds = tracker(options.algorithm), 0.0
    for number, path in enumerate(paths):
        picture = cv2.imread(str(path))
        if picture is None:
            raise SystemExit(f"{path.name} cannot be read as a picture.")
        started = time.process_time()
        if number == 0:
            follower.init(picture, box)
        else:
            seen, found = follower.update(picture)
            left, top, width, height = (round(value) for value in found)
            box = (left, top, width, height) if seen else None
        seconds += time.process_time() - started
        write_box(box, like=picture, path=options.out / f"{path.stem}.png")
    steps = len(paths) - 1
    print(f"{steps} frames in {seconds:.2f} s of one core: {steps / seconds:.1f} frames a second")


if __name__ == "__main__":
    main()
