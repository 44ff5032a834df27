#!/usr/bin/env python3
"""Score index masks against the truth: region similarity J, contour accuracy F, IoU of boxes.

    tools/score_masks.py MASKS TRUTH [--every N]

``MASKS/<sequence>/<frame>.png`` are the tracker's, ``TRUTH/<sequence>/Annotations/<frame>.png`` the true
ones. The measures are those of Perazzi et al., "A benchmark dataset and evaluation methodology for
video object segmentation", CVPR 2016: J is the IoU of the masks; F is the harmonic mean of precision
and recall of their contours, matched within 0.8 % of the picture's diagonal. Each object of the first
true mask counts alike. The first and the last frame are not scored, nor with ``--every N`` the key
frames. Decay is the mean J of the first quarter of the frames less that of the last.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Mask = NDArray[np.bool_]
TOLERANCE = 0.008


@dataclass(frozen=True)
class Score:
    """All of them 0..1; a mean over the frames and objects of a sequence, or over sequences."""

    region: float
    contour: float
    box: float
    decay: float

    def line(self, name: str) -> str:
        mean = (self.region + self.contour) / 2
        columns = zip(
            ("J&F", "J", "F", "box", "decay"),
            (mean, self.region, self.contour, self.box, self.decay),
            strict=True,
        )
        return f"{name:20s}" + "".join(f"  {column} {100 * value:5.1f}" for column, value in columns)


def region_similarity(found: Mask, truth: Mask) -> float:
    """Return the intersection over union; 1 when both are empty."""
    union = int((found | truth).sum())
    return int((found & truth).sum()) / union if union else 1.0


def contour_accuracy(found: Mask, truth: Mask) -> float:
    """Return the F measure of the contours; 1 when neither mask has one, 0 when one has none."""
    found_edge, true_edge = contour(found), contour(truth)
    if not found_edge.any() or not true_edge.any():
        return float(not found_edge.any() and not true_edge.any())
    reach = int(np.ceil(TOLERANCE * np.hypot(*truth.shape)))
    precision = float(_within(true_edge, reach)[found_edge].mean())
    recall = float(_within(found_edge, reach)[true_edge].mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def contour(mask: Mask) -> Mask:
    """Return the pixels that differ from their right, lower or lower right neighbour."""
    padded = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    here = padded[:-1, :-1]
    edge: Mask = (here ^ padded[:-1, 1:]) | (here ^ padded[1:, :-1]) | (here ^ padded[1:, 1:])
    return edge


def _within(edge: Mask, reach: int) -> Mask:
    """Return the pixels no further than ``reach`` from the edge."""
    distance = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance <= reach + 1e-3)


def box_overlap(found: Mask, truth: Mask) -> float:
    """Return the IoU of the tight boxes; 1 when both are empty."""
    boxes = [_filled_box(mask) for mask in (found, truth)]
    return region_similarity(*boxes)


def _filled_box(mask: Mask) -> Mask:
    rows, columns = mask.any(axis=1), mask.any(axis=0)
    filled = np.zeros_like(mask)
    if rows.any():
        top, bottom = np.flatnonzero(rows)[[0, -1]]
        left, right = np.flatnonzero(columns)[[0, -1]]
        filled[top : bottom + 1, left : right + 1] = True
    return filled


def score_sequence(masks: Path, truths: Path, *, every: int = 0) -> Score:
    """Score one sequence; ``every``: 0, or the distance of the key frames, which are left out."""
    paths = sorted(truths.glob("*.png"))
    objects = [n for n in np.unique(read_mask(paths[0])) if n]
    inner = [
        path for n, path in enumerate(paths) if 0 < n < len(paths) - 1 and not (every and n % every == 0)
    ]
    rows = []
    for path in inner:
        found, truth = read_mask(masks / path.name), read_mask(path)
        pairs = [(found == n, truth == n) for n in objects]
        measures = (region_similarity, contour_accuracy, box_overlap)
        rows.append([float(np.mean([measure(*pair) for pair in pairs])) for measure in measures])
    table = np.array(rows)
    quarter = max(1, len(table) // 4)
    region, contours, boxes = table.mean(axis=0)
    decay = table[:quarter, 0].mean() - table[-quarter:, 0].mean()
    return Score(float(region), float(contours), float(boxes), float(decay))


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Return the indices of a palette or grey PNG."""
    with Image.open(path) as image:
        return np.asarray(image, dtype=np.uint8)


def mean_score(scores: list[Score]) -> Score:
    """Return the mean, each sequence counting alike."""
    means = np.mean([[s.region, s.contour, s.box, s.decay] for s in scores], axis=0)
    return Score(*(float(value) for value in means))


def main() -> None:
    parser = argparse.ArgumentParser(description="J, F and box IoU of index masks, by sequence.")
    parser.add_argument("masks", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--every", type=int, default=0, help="key frames that are not scored")
    options = parser.parse_args()
    scores = []
    for folder in sorted(path for path in options.truth.iterdir() if (path / "Annotations").is_dir()):
        if not (options.masks / folder.name).is_dir():
            continue
        score = score_sequence(options.masks / folder.name, folder / "Annotations", every=options.every)
        scores.append(score)
        print(score.line(folder.name), flush=True)
    if not scores:
        parser.error(f"{options.masks} holds none of the sequences of {options.truth}")
    print(mean_score(scores).line(f"mean of {len(scores)}"))


if __name__ == "__main__":
    main()
