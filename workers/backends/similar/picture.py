"""A picture that is searched, and what was found out about it so far: answers are never changed by it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

import cv2
import numpy as np

from labeling.geometry.shapes import BoolMask
from workers.backends.base import BackendError, RgbFrame
from workers.backends.detecting import Example
from workers.backends.similar.pattern import Pattern, pattern_of
from workers.backends.similar.search import Search
from workers.backends.similar.view import View

SIDE = 640
"""Pixels of the longer side at which is searched, at most."""

_SEARCHES_KEPT = 6


class SimilarPicture:
    """A picture ready to be searched. Searches are kept, so that another threshold costs little."""

    def __init__(self, rgb: RgbFrame) -> None:
        self.height, self.width = rgb.shape[:2]
        self.small = shrunk(rgb)
        self._searches: OrderedDict[bytes, Search | None] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """The memory that it holds by now, in bytes."""
        views = {id(search.view): search.view for search in self._searches.values() if search}
        return self.small.nbytes + sum(view.nbytes for view in views.values())

    def search(self, example: Example) -> Search | None:
        """Return the search for an example, None when it is too small to be known again."""
        key = _key_of(example)
        if key not in self._searches:
            self._searches[key] = self._begun(example)
        self._searches.move_to_end(key)
        while len(self._searches) > _SEARCHES_KEPT:
            self._searches.popitem(last=False)
        return self._searches[key]

    def mask_here(self, example: Example) -> BoolMask | None:
        """Return the example's mask at the size of ``small``, None for one of another picture."""
        return self._shrunk(example.mask) if example.rgb is None else None

    def _begun(self, example: Example) -> Search | None:
        if example.rgb is None:
            pattern = pattern_of(self.small, self._shrunk(example.mask))
            return Search(pattern, View(self.small, scale=pattern.scale)) if pattern else None
        there = shrunk(example.rgb)
        pattern = _pattern_elsewhere(there, example)
        if pattern is None:
            return None
        # Things have the same part of the picture in both, whatever their numbers of pixels.
        ratio = max(there.shape[:2]) / max(self.small.shape[:2])
        return Search(pattern, View(self.small, scale=pattern.scale * ratio))

    def _shrunk(self, mask: BoolMask) -> BoolMask:
        if mask.shape != (self.height, self.width):
            raise BackendError("The example's mask has not the size of the picture.")
        return mask_shrunk(mask, like=self.small)


def _pattern_elsewhere(there: RgbFrame, example: Example) -> Pattern | None:
    assert example.rgb is not None  # noqa: S101  (it is of another picture)
    if example.mask.shape != example.rgb.shape[:2]:
        raise BackendError("The example's mask has not the size of its picture.")
    return pattern_of(there, mask_shrunk(example.mask, like=there))


def shrunk(rgb: RgbFrame) -> RgbFrame:
    """Return the picture at the size at which is searched."""
    scale = min(1.0, SIDE / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def mask_shrunk(mask: BoolMask, *, like: RgbFrame) -> BoolMask:
    size = like.shape[1], like.shape[0]
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def _key_of(example: Example) -> bytes:
    digest = hashlib.sha256(np.packbits(example.mask).tobytes())
    if example.rgb is not None:
        digest.update(np.ascontiguousarray(example.rgb).data)
    return digest.digest()
