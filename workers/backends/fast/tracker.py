"""The tracker ``fast``: one CPU core, no weights to download."""

from __future__ import annotations

from collections.abc import Mapping

import cv2

from workers.backends.base import BackendError, FrameSource
from workers.backends.fast.session import VERSION, FastSession


class FastTracker:
    """Follows masks by flow and a network, boxes by what fills them and their points, points by their looks.

    Parameters: ``seed`` (whole number, 0): another one draws other pixels to learn from. The same
    frames, seeds and parameters give the same result, with other objects beside or without.
    """

    name = "fast"
    version = VERSION
    two_sided = True

    def __init__(self, *, threads: int = 1) -> None:
        """``threads``: how many OpenCV may use in this process; workers are one a core."""
        cv2.setNumThreads(threads)

    def open(self, frames: FrameSource, *, parameters: Mapping[str, object]) -> FastSession:
        """Start a pass. Raises BackendError for a ``seed`` that is no whole number from 0."""
        seed = parameters.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise BackendError(f"The fast tracker's seed is {seed!r}; it has to be a whole number from 0.")
        return FastSession(frames, seed=seed)

    def resume(
        self, frames: FrameSource, checkpoint: bytes, *, parameters: Mapping[str, object]
    ) -> FastSession:
        """Go on exactly; the seed is the checkpoint's. Raises BackendError for a foreign checkpoint."""
        return FastSession.from_checkpoint(frames, checkpoint)
