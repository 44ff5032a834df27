"""A picture, and what was made of it lately: drafts, and the last window."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np

from labeling.geometry.shapes import Box
from workers.backends.base import RgbFrame
from workers.backends.classical.draft import Draft
from workers.backends.classical.evidence import WindowView
from workers.backends.classical.window import Window

Prompt = tuple[Box | None, bytes, bytes]
"""The box, the points and what each of them says."""

_DRAFTS = 24


class ClassicalEmbedding:
    """What is remembered saves time and changes no answer."""

    def __init__(self, rgb: RgbFrame) -> None:
        self.rgb = np.ascontiguousarray(rgb)
        self._view: tuple[Box, WindowView] | None = None
        self._drafts: OrderedDict[Prompt, Draft] = OrderedDict()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """The picture, one window and as many drafts as it may keep."""
        return int(self.rgb.nbytes) + WindowView.NBYTES + _DRAFTS * Draft.NBYTES

    def view(self, window: Window, box: Box) -> WindowView:
        """Return the view of a window; the last one is kept, since the next point mostly needs it again."""
        with self._lock:
            kept = self._view
        if kept is not None and kept[0] == box and kept[1].window == window:
            return kept[1]
        view = WindowView(self.rgb, window, box)
        with self._lock:
            self._view = box, view
        return view

    def remembered(self, prompt: Prompt) -> Draft | None:
        """Return the draft of a prompt, None when it has not been made or is forgotten."""
        with self._lock:
            draft = self._drafts.get(prompt)
            if draft is not None:
                self._drafts.move_to_end(prompt)
            return draft

    def remember(self, prompt: Prompt, draft: Draft) -> None:
        """Keep a draft; the one that was asked for the longest time ago gives way."""
        with self._lock:
            self._drafts[prompt] = draft
            if len(self._drafts) > _DRAFTS:
                self._drafts.popitem(last=False)
