"""Objects that look like one to three examples, without weights."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from labeling.geometry.shapes import BoolMask
from workers.backends.base import BackendError, RgbFrame
from workers.backends.detecting import Detected, Example
from workers.backends.similar.outline import pose_mask
from workers.backends.similar.picture import SimilarPicture
from workers.backends.similar.pose import Pose
from workers.backends.similar.search import Search

THRESHOLD = 0.65
"""A likeness from which on most of what is found is meant; see docs/segmenting.md."""

MOST_EXAMPLES = 3
_SHARED = 0.15  # IoU of masks that are taken for the same object
_CONTAINED = 0.35  # of the smaller one


def find(rgb: RgbFrame, exemplars: Sequence[BoolMask], *, threshold: float, most: int) -> list[Detected]:
    """Return what looks like the exemplars, masks ``(height, width)`` of the same picture, the likest first.

    As ``found_in``, for a picture that nothing is kept of.
    """
    examples = [Example(mask) for mask in exemplars]
    return found_in(SimilarPicture(rgb), examples, threshold=threshold, most=most)


def found_in(
    picture: SimilarPicture, examples: Sequence[Example], *, threshold: float, most: int
) -> list[Detected]:
    """Return what looks like the examples, the likest first; examples of the picture itself are left out.

    ``threshold``: 0..1, the least likeness. ``most``: how many at most. Raises BackendError when no
    example, more than three, or none of use is given.
    """
    if not 1 <= len(examples) <= MOST_EXAMPLES:
        raise BackendError(f"Give one to {MOST_EXAMPLES} examples; there are {len(examples)}.")
    searches = [search for example in examples if (search := picture.search(example)) is not None]
    if not searches:
        raise BackendError("The examples are too small to be known again: choose larger ones.")
    candidates = [(*match, search) for search in searches for match in search.matches(threshold)]
    candidates.sort(key=lambda candidate: -candidate[0])
    here = [mask for example in examples if (mask := picture.mask_here(example)) is not None]
    found = []
    for score, small in _distinct(candidates, taken=here, small=picture.small, most=most):
        mask = _grown(small, width=picture.width, height=picture.height)
        if mask.any():
            found.append(Detected(mask, min(1.0, score)))
    return found


def _distinct(
    candidates: Sequence[tuple[float, Pose, Search]], *, taken: list[BoolMask], small: RgbFrame, most: int
) -> list[tuple[float, BoolMask]]:
    """Return the candidates that are neither an example nor a likelier one, with their masks."""
    kept: list[tuple[float, BoolMask]] = []
    for score, pose, search in candidates:
        if len(kept) >= most:
            break
        placed = pose_mask(search.pattern, search.view, pose, small, cut=False)
        if not placed.any() or any(_same(placed, other) for other in taken):
            continue
        mask = pose_mask(search.pattern, search.view, pose, small, cut=True)
        taken = [*taken, placed | mask]
        kept.append((score, mask))
    return kept


def _same(one: BoolMask, other: BoolMask) -> bool:
    shared = int((one & other).sum())
    sizes = int(one.sum()), int(other.sum())
    return shared > _SHARED * (sum(sizes) - shared) or shared > _CONTAINED * min(sizes)


def _grown(mask: BoolMask, *, width: int, height: int) -> BoolMask:
    grown = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    return np.asarray(grown, np.bool_)
