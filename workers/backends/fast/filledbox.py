"""An upright box followed by what it holds: people and animals, which change their form, too."""

from __future__ import annotations

from typing import Any

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import Box
from workers.backends.base import Tracked
from workers.backends.fast.boxcontent import box_content
from workers.backends.fast.boxtrack import BoxTrack
from workers.backends.fast.masktrack import MaskTrack
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView

_RIGID = 0.7  # likeness of the content to the key frame from which its points are trusted


class FilledBoxTrack:
    """Two views of one box: the points in it, and the mask of what fills it.

    As long as the points' box holds what it held on the key frame, the thing is rigid and they tell its
    box best. Where it does not, the mask's bounds are the box. When the mask loses the object and the
    points do not, theirs is the answer.
    """

    def __init__(self, points: BoxTrack, mask: MaskTrack) -> None:
        self._points = points
        self._mask = mask

    @classmethod
    def from_seed(cls, shape: Box, view: FrameView, *, seed: int) -> FilledBoxTrack | BoxTrack:
        """Find out what fills the box on ``view``; a box that holds no pixel is followed by points alone."""
        points = BoxTrack.from_seed(shape, view)
        content = mask_to_bitmask(box_content(view.rgb, shape))
        if content is None:
            return points
        return cls(points, MaskTrack.from_seed(content, view, seed=seed))

    def step(self, transition: Transition) -> Tracked:
        by_points, by_mask = self._points.step(transition), self._mask.step(transition)
        if by_points.shape is not None and by_points.confidence >= _RIGID:
            return by_points
        if by_mask.shape is None:
            return by_points
        return Tracked(shape=shape_bounds(by_mask.shape), confidence=by_mask.confidence)

    def state(self) -> dict[str, Any]:
        return {"kind": "filled box", "points": self._points.state(), "mask": self._mask.state()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FilledBoxTrack:
        """Return the track that ``state`` was taken of."""
        return cls(BoxTrack.from_state(state["points"]), MaskTrack.from_state(state["mask"]))
