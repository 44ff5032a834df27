"""An upright box followed by what it holds: people and animals, which change their form, too."""

from __future__ import annotations

from typing import Any

from labeling.geometry.boxes import box_clip, shape_bounds
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
    box best. Where it does not, the mask's bounds do, as the box was to them on the key frame. When the
    mask loses the object and the points do not, theirs is the answer.
    """

    def __init__(self, points: BoxTrack, mask: MaskTrack, box: Box, bounds: Box) -> None:
        """``bounds``: those of the mask on the key frame, where the box was ``box``."""
        self._points = points
        self._mask = mask
        self._box = box
        self._bounds = bounds

    @classmethod
    def from_seed(cls, shape: Box, view: FrameView, *, seed: int) -> FilledBoxTrack | BoxTrack:
        """Find out what fills the box on ``view``; a box that holds no pixel is followed by points alone."""
        points = BoxTrack.from_seed(shape, view)
        content = mask_to_bitmask(box_content(view.rgb, shape))
        if content is None:
            return points
        mask = MaskTrack.from_seed(content, view, seed=seed)
        return cls(points, mask, shape, shape_bounds(content))

    def step(self, transition: Transition) -> Tracked:
        by_points, by_mask = self._points.step(transition), self._mask.step(transition)
        if by_points.shape is not None and by_points.confidence >= _RIGID:
            return by_points
        if by_mask.shape is None:
            return by_points
        view = transition.current
        box = self._around(shape_bounds(by_mask.shape))
        shape = box_clip(box, width=view.full_width, height=view.full_height)
        return Tracked(shape=shape, confidence=by_mask.confidence if shape else 0.0)

    def _around(self, bounds: Box) -> Box:
        """Return the box that is to the mask's ``bounds`` as on the key frame."""
        key, box = self._bounds, self._box
        across, down = bounds.width / key.width, bounds.height / key.height
        return Box(
            bounds.left + (box.left - key.left) * across,
            bounds.top + (box.top - key.top) * down,
            box.width * across,
            box.height * down,
        )

    def state(self) -> dict[str, Any]:
        return {
            "kind": "filled box",
            "points": self._points.state(),
            "mask": self._mask.state(),
            "box": self._box,
            "bounds": self._bounds,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FilledBoxTrack:
        """Return the track that ``state`` was taken of."""
        points, mask = BoxTrack.from_state(state["points"]), MaskTrack.from_state(state["mask"])
        return cls(points, mask, state["box"], state["bounds"])
