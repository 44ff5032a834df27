#!/usr/bin/env python3
"""Score a segmenter of clicks: IoU from the true box (or a first click), then after corrective clicks.

    tools/score_clicks.py TRUTH [--frames 0,20,40] [--clicks 3] [--without-box] [--clicker classical|grabcut]

``TRUTH/<sequence>/JPEGImages/*.jpg`` and ``TRUTH/<sequence>/Annotations/*.png``: one object, all
indices but 0. The robot that clicks does what is usual (Xu et al., "Deep interactive object
selection", CVPR 2016): it points at the pixel deepest inside the largest connected error, and says
whether the object is there. The interval is that of the mean, 95 %, from 2,000 bootstrap draws of
pictures. Times are processor time of one thread, the median.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box, Points
from tools.score_masks import read_mask, region_similarity
from workers.backends.base import RgbFrame
from workers.backends.classical.clicker import ClassicalClicker
from workers.backends.clicking import Clicker, Segmented


@dataclass(frozen=True)
class Sample:
    """A picture and its object."""

    name: str
    rgb: RgbFrame
    truth: BoolMask


@dataclass
class Course:
    """What came of one picture: IoU, confidence and seconds, each from the box and after each click."""

    name: str
    overlaps: list[float] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def samples(root: Path, frames: list[int]) -> Iterator[Sample]:
    """Read the pictures that have an object of 50 pixels or more."""
    for sequence in sorted(path for path in root.iterdir() if (path / "Annotations").is_dir()):
        pictures = sorted((sequence / "JPEGImages").glob("*.jpg"))
        for frame in (number for number in frames if number < len(pictures)):
            truth = read_mask(sequence / "Annotations" / f"{pictures[frame].stem}.png") > 0
            if truth.sum() > 50:
                with Image.open(pictures[frame]) as image:
                    yield Sample(f"{sequence.name} {frame}", np.asarray(image.convert("RGB")), truth)


def robot_click(found: BoolMask, truth: BoolMask) -> tuple[tuple[float, float], bool] | None:
    """Return where the largest error is deepest, in pixels, and whether the object is there.

    None when there is no error.
    """
    largest: tuple[int, bool, BoolMask] | None = None
    for include, error in ((True, truth & ~found), (False, found & ~truth)):
        count, pieces, stats, _ = cv2.connectedComponentsWithStats(error.astype(np.uint8), connectivity=4)
        if count < 2:
            continue
        piece = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        area = int(stats[piece, cv2.CC_STAT_AREA])
        if largest is None or area > largest[0]:
            largest = area, include, pieces == piece
    if largest is None:
        return None
    # The picture's border bounds an error, too.
    depth = cv2.distanceTransform(np.pad(largest[2].astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    row, column = np.unravel_index(int(np.argmax(depth[1:-1, 1:-1])), truth.shape)
    return (float(column) + 0.5, float(row) + 0.5), largest[1]


def course_of(clicker: Clicker, sample: Sample, *, clicks: int, with_box: bool) -> Course:
    """Play one picture: the true box first, or a click in the middle of the object instead."""
    bounds = mask_bounds(sample.truth)
    assert bounds is not None
    box = Box(*map(float, bounds)) if with_box else None
    points: list[tuple[float, float]] = []
    include: list[bool] = []
    found = np.zeros_like(sample.truth)
    embedding = clicker.open(sample.rgb)
    course = Course(sample.name)
    for number in range(clicks + 1):
        click = robot_click(found, sample.truth) if number or not with_box else None
        if click is not None:
            points.append(click[0])
            include.append(click[1])
        start = time.process_time()
        answer = clicker.segment(
            embedding, points=_array(points), include=np.array(include, np.bool_), box=box
        )
        course.seconds.append(time.process_time() - start)
        found = answer.mask
        course.overlaps.append(region_similarity(found, sample.truth))
        course.confidences.append(answer.confidence)
    return course


def _array(points: list[tuple[float, float]]) -> Points:
    return np.array(points, np.float64).reshape(-1, 2)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of the mean."""
    draws = np.random.default_rng(0).integers(len(values), size=(2000, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


class GrabCutClicker:
    """The reference: OpenCV's GrabCut, five rounds on the crop around the box, 256 pixels or less."""

    name = "grabcut"
    version = cv2.__version__

    def open(self, rgb: RgbFrame) -> NDArray[np.uint8]:
        return rgb

    def segment(
        self, embedding: RgbFrame, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        assert box is not None, "The reference needs a box."
        height, width = embedding.shape[:2]
        margin = int(0.4 * max(box.width, box.height)) + 8
        left, top = max(0, int(box.left) - margin), max(0, int(box.top) - margin)
        crop = embedding[top : int(box.top + box.height) + margin, left : int(box.left + box.width) + margin]
        scale = min(1.0, 256 / max(crop.shape[:2]))
        small = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        marks = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
        low = (int((box.left - left) * scale), int((box.top - top) * scale))
        high = (int((box.left + box.width - left) * scale), int((box.top + box.height - top) * scale))
        cv2.rectangle(marks, low, high, cv2.GC_PR_FGD, -1)
        for (x, y), included in zip(points.tolist(), include.tolist(), strict=True):
            place = (int((x - left) * scale), int((y - top) * scale))
            cv2.circle(marks, place, 3, cv2.GC_FGD if included else cv2.GC_BGD, -1)
        cv2.setRNGSeed(0)
        colours, others = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(small, marks, (0, 0, 0, 0), colours, others, 5, cv2.GC_INIT_WITH_MASK)
        inside = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.float32)
        mask = np.zeros((height, width), np.bool_)
        grown = cv2.resize(inside, (crop.shape[1], crop.shape[0])) > 0.5
        mask[top : top + crop.shape[0], left : left + crop.shape[1]] = grown
        return Segmented(mask=mask, confidence=1.0)


CLICKERS: dict[str, type[ClassicalClicker] | type[GrabCutClicker]] = {
    "classical": ClassicalClicker,
    "grabcut": GrabCutClicker,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="IoU of a segmenter of clicks, by number of clicks.")
    parser.add_argument("truth", type=Path)
    parser.add_argument("--frames", default="0,20,40")
    parser.add_argument("--clicks", type=int, default=3)
    parser.add_argument("--without-box", action="store_true")
    parser.add_argument("--clicker", choices=sorted(CLICKERS), default="classical")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    clicker: Clicker = CLICKERS[options.clicker]()
    courses = []
    for sample in samples(options.truth, [int(number) for number in options.frames.split(",")]):
        course = course_of(clicker, sample, clicks=options.clicks, with_box=not options.without_box)
        courses.append(course)
        print(
            f"{course.name:20s}" + "".join(f" {100 * overlap:5.1f}" for overlap in course.overlaps),
            flush=True,
        )
    if not courses:
        parser.error(f"{options.truth} holds no sequences with masks")
    _report(courses)


def _report(courses: list[Course]) -> None:
    overlaps = np.array([course.overlaps for course in courses])
    seconds = np.array([course.seconds for course in courses])
    for clicks in range(overlaps.shape[1]):
        mean, (low, high) = overlaps[:, clicks].mean(), interval(overlaps[:, clicks])
        spent = 1000 * float(np.median(seconds[:, clicks]))
        print(f"{clicks} clicks  IoU {100 * mean:.1f} ({100 * low:.1f} to {100 * high:.1f})  {spent:.0f} ms")
    confidences = np.array([course.confidences for course in courses])
    correlation = np.corrcoef(_ranks(overlaps.ravel()), _ranks(confidences.ravel()))[0, 1]
    print(f"rank correlation of confidence and IoU {correlation:.2f}, {len(courses)} pictures")


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.argsort(np.argsort(values)).astype(np.float64)


if __name__ == "__main__":
    main()
