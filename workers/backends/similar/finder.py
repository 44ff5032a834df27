"""Objects that look like one to three examples, without weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box
from workers.backends.base import BackendError, RgbFrame
from workers.backends.similar.example import Example, example_of
from workers.backends.similar.likeness import likeness
from workers.backends.similar.outline import pose_mask
from workers.backends.similar.places import likely_places
from workers.backends.similar.pose import Pose

NAME, VERSION = "similar", "similar 1"
THRESHOLD = 0.55
"""A likeness from which on most of what is found is meant; see docs/segmenting.md."""

MOST_EXAMPLES = 3
_SIDE = 640  # pixels of the longer side at which is searched
_HOPELESS = 0.5  # of the threshold: what is less like it at first is not looked at closer
_STEPS = ((2.0, 11.0, 1.09), (1.0, 5.5, 1.045), (0.5, 2.8, 1.02))  # pixels, degrees, growth
_SHARED = 0.3  # IoU of masks that are taken for the same object
_CONTAINED = 0.6  # of the smaller one


@dataclass(frozen=True)
class Found:
    """``mask`` ``(height, width)`` of the picture, its tight ``box``, and the likeness, 0..1."""

    mask: BoolMask
    box: Box
    score: float


def find(rgb: RgbFrame, exemplars: Sequence[BoolMask], *, threshold: float, most: int) -> list[Found]:
    """Return what looks like the exemplars, masks ``(height, width)`` of the same picture, the likest first.

    Exemplars themselves are left out. ``threshold``: 0..1, the least likeness. ``most``: how many at most.
    Raises BackendError when no exemplar, more than three, or none of use is given.
    """
    if not 1 <= len(exemplars) <= MOST_EXAMPLES:
        raise BackendError(f"Give one to {MOST_EXAMPLES} examples; there are {len(exemplars)}.")
    scale = min(1.0, _SIDE / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    masks = [
        cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0 for mask in exemplars
    ]
    examples = [example for mask in masks if (example := example_of(small, np.asarray(mask))) is not None]
    if not examples:
        raise BackendError("The examples are too small to be known again: choose larger ones.")
    candidates = [
        (score, pose, example)
        for example in examples
        for score, pose in _matches(example, threshold=threshold)
    ]
    candidates.sort(key=lambda candidate: -candidate[0])
    kept = _distinct(candidates, taken=[np.asarray(mask) for mask in masks], small=small, most=most)
    return [_found(mask, score, width=rgb.shape[1], height=rgb.shape[0]) for score, mask in kept]


def _matches(example: Example, *, threshold: float) -> list[tuple[float, Pose]]:
    matches = []
    for pose in likely_places(example):
        score = likeness(example, pose)
        if score > _HOPELESS * threshold:
            score, better = _climbed(example, score, pose)
            if score >= threshold:
                matches.append((score, better))
    return matches


def _climbed(example: Example, score: float, pose: Pose) -> tuple[float, Pose]:
    """Return the best likeness near a pose, and where: by steps that get finer."""
    for shift, turn, growth in _STEPS:
        moves = (
            {"right": shift}, {"right": -shift}, {"down": shift}, {"down": -shift},
            {"turn": turn}, {"turn": -turn}, {"grown": growth}, {"grown": 1 / growth},
        )  # fmt: skip
        for move in moves:
            moved = pose.moved(**move)
            better = likeness(example, moved)
            if better > score:
                score, pose = better, moved
    return score, pose


def _distinct(
    candidates: Sequence[tuple[float, Pose, Example]], *, taken: list[BoolMask], small: RgbFrame, most: int
) -> list[tuple[float, BoolMask]]:
    """Return the candidates that are neither an exemplar nor a likelier one, with their masks."""
    kept: list[tuple[float, BoolMask]] = []
    for score, pose, example in candidates:
        if len(kept) >= most:
            break
        placed = pose_mask(example, pose, small, cut=False)
        if not placed.any() or any(_same(placed, other) for other in taken):
            continue
        mask = pose_mask(example, pose, small, cut=True)
        taken = [*taken, placed | mask]
        kept.append((score, mask))
    return kept


def _same(one: BoolMask, other: BoolMask) -> bool:
    shared = int((one & other).sum())
    sizes = int(one.sum()), int(other.sum())
    return shared > _SHARED * (sum(sizes) - shared) or shared > _CONTAINED * min(sizes)


def _found(mask: BoolMask, score: float, *, width: int, height: int) -> Found:
    grown = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    full = np.asarray(grown, np.bool_)
    bounds = mask_bounds(full) or (0, 0, 0, 0)
    return Found(mask=full, box=Box(*map(float, bounds)), score=min(1.0, score))
