"""Clicks and boxes without weights: the segmenter that every installation has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.classical.draft import Draft, draft_next
from workers.backends.classical.embedding import ClassicalEmbedding
from workers.backends.classical.extent import clicked_extent
from workers.backends.classical.window import window_around
from workers.backends.clicking import Segmented
from workers.backends.prompted import box_prompted


class ClassicalClicker:
    """Every point corrects what the ones before it made, so a prompt is answered point by point.

    What the earlier points of a draft made is remembered with the picture: one more point costs one
    step. The answer is the same with and without that memory.
    """

    name = "classical"
    version = "classical 1"
    device = "cpu"

    def open(self, rgb: RgbFrame) -> ClassicalEmbedding:
        """Keep a picture ``(height, width, 3)``."""
        return ClassicalEmbedding(rgb)

    def segment(
        self, embedding: ClassicalEmbedding, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        """Answer a prompt, see ``Clicker``. Raises BackendError when nothing says where the object is."""
        height, width = embedding.rgb.shape[:2]
        box = box_prompted(box, include=include, width=width, height=height)
        first = 0 if box is not None else int(np.argmax(include)) + 1
        draft = self._step(embedding, None, points=points[:first], include=include[:first], box=box)
        for count in range(first + 1, len(points) + 1):
            draft = self._step(embedding, draft, points=points[:count], include=include[:count], box=box)
        mask = draft.window.spread(draft.soft, width=width, height=height)
        return Segmented(mask=mask, confidence=draft.confidence)

    def _step(
        self,
        embedding: ClassicalEmbedding,
        previous: Draft | None,
        *,
        points: Points,
        include: NDArray[np.bool_],
        box: Box | None,
    ) -> Draft:
        prompt = box, points.tobytes(), include.tobytes()
        draft = embedding.remembered(prompt)
        if draft is None:
            around = box or clicked_extent(embedding.rgb, included=points[include], excluded=points[~include])
            view = embedding.view(window_around(around, points), around)
            draft = draft_next(view, previous, points=points, include=include)
            embedding.remember(prompt, draft)
        return draft
