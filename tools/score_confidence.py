#!/usr/bin/env python3
"""Say whether low confidence finds bad masks: the tracker's labels in fifths by their confidence.

    tools/score_confidence.py TRUTH [--seed N]

``TRUTH/<sequence>/{JPEGImages,Annotations}`` are pictures and index masks; every sequence is tracked
from the masks of its first frame. Frames on which the tracker gives no label are left out, as are the
first and the last one. A label is bad when its IoU with the true mask is below 0.5.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.shapes import ShapeKind
from tools.score_masks import region_similarity
from workers.backends.base import Seed
from workers.backends.fast.tracker import FastTracker
from workers.folder import FolderFrames, index_mask_read

BAD = 0.5
FIFTHS = 5


@dataclass(frozen=True)
class Judged:
    """A label's confidence, and its IoU with the truth."""

    confidence: float
    overlap: float


def sequence_judged(folder: Path, *, seed: int) -> Iterator[Judged]:
    """Track a sequence from its first frame's masks and yield its labels."""
    frames = FolderFrames(folder / "JPEGImages")
    truth = [index_mask_read(path) for path in sorted((folder / "Annotations").glob("*.png"))]
    session = FastTracker().open(frames, parameters={"seed": seed})
    shapes = {int(n): mask_to_shape(truth[0] == n, ShapeKind.BITMASK) for n in np.unique(truth[0]) if n}
    session.seed(frame=0, seeds=[Seed(n, shape) for n, shape in shapes.items() if shape is not None])
    for frame in range(1, len(frames) - 1):
        for number, found in session.step(frame=frame).items():
            if found.shape is not None:
                mask = shape_to_mask(found.shape, width=frames.width, height=frames.height)
                yield Judged(found.confidence, region_similarity(mask, truth[frame] == number))
    session.close()


def fifths(labels: list[Judged]) -> list[list[Judged]]:
    """Return the labels in five parts of like size, the least sure first."""
    ordered = sorted(labels, key=lambda label: label.confidence)
    edges = np.linspace(0, len(ordered), FIFTHS + 1).astype(int)
    return [ordered[start:end] for start, end in pairwise(edges)]


def bad_share(labels: list[Judged]) -> float:
    """Return the share of bad labels."""
    return float(np.mean([label.overlap < BAD for label in labels]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the confidence of the fast tracker's masks.")
    parser.add_argument("truth", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folders = sorted(path for path in options.truth.iterdir() if (path / "JPEGImages").is_dir())
    labels = [label for folder in folders for label in sequence_judged(folder, seed=options.seed)]
    parts = fifths(labels)
    for number, part in enumerate(parts, start=1):
        span = f"{part[0].confidence:.2f}..{part[-1].confidence:.2f}"
        overlap = np.mean([label.overlap for label in part])
        print(
            f"fifth {number}  confidence {span}  bad {100 * bad_share(part):5.1f} %  mean IoU {overlap:.2f}"
        )
    rest = bad_share([label for part in parts[1:] for label in part])
    ratio = bad_share(parts[0]) / rest if rest else float("inf")
    print(f"{len(labels)} labels; bad ones in the lowest fifth: {ratio:.1f} times the share of the rest")


if __name__ == "__main__":
    main()
