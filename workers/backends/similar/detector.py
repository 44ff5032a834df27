"""The detector ``similar``: all that looks like examples, of the same picture or of others."""

from __future__ import annotations

from workers.backends.base import BackendError, RgbFrame
from workers.backends.detecting import EXAMPLES, Detected, Wish
from workers.backends.similar.finder import THRESHOLD, found_in
from workers.backends.similar.picture import SimilarPicture


class SimilarDetector:
    """Finds by examples, on the CPU, without weights."""

    name = "similar"
    version = "similar 1"
    device = "cpu"
    reads = frozenset({EXAMPLES})
    threshold = THRESHOLD

    def open(self, rgb: RgbFrame) -> SimilarPicture:
        return SimilarPicture(rgb)

    def detect(self, embedding: SimilarPicture, wish: Wish) -> list[Detected]:
        if not wish.examples:
            raise BackendError("“similar” understands no words: give one to three examples.")
        return found_in(embedding, wish.examples, threshold=wish.threshold, most=wish.most)
