"""A box followed by what it holds: people and animals, which change their form, too."""

from __future__ import annotations

from typing import Any

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.rotation import mask_box_at
from labeling.geometry.shapes import Box, RotatedBox, Shape
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
    box best. Where it does not, the tight box of the mask is the answer; a rotatable one has the angle
    that the points tell. When the mask loses the object it is missing: points agree on any ground.
    """

    def __init__(self, points: BoxTrack, mask: MaskTrack, *, rotatable: bool) -> None:
        self._points = points
        self._mask = mask
        self._rotatable = rotatable

    @classmethod
    def from_seed(cls, shape: Box | RotatedBox, view: FrameView, *, seed: int) -> FilledBoxTrack | BoxTrack:
        """Find out what fills the box on ``view``; a box that holds no pixel is followed by points alone."""
        points = BoxTrack.from_seed(shape, view)
        rotatable = isinstance(shape, RotatedBox)
        mask = box_content(view.rgb, shape_bounds(shape))
        if rotatable:
            mask &= shape_to_mask(shape, width=view.full_width, height=view.full_height)
        content = mask_to_bitmask(mask)
        if content is None:
            return points
        return cls(points, MaskTrack.from_seed(content, view, seed=seed), rotatable=rotatable)

    def step(self, transition: Transition) -> Tracked:
        by_points, by_mask = self._points.step(transition), self._mask.step(transition)
        if by_mask.shape is None:
            return by_mask
        if by_points.shape is not None and by_points.confidence >= _RIGID:
            return by_points
        return Tracked(shape=self._box(by_mask.shape, transition.current), confidence=by_mask.confidence)

    def _box(self, content: Shape, view: FrameView) -> Box | RotatedBox | None:
        """Return the tight box of what fills it."""
        if not self._rotatable:
            return shape_bounds(content)
        mask = shape_to_mask(content, width=view.full_width, height=view.full_height)
        return mask_box_at(mask, rotation=self._points.rotation)

    def state(self) -> dict[str, Any]:
        return {
            "kind": "filled box",
            "points": self._points.state(),
            "mask": self._mask.state(),
            "rotatable": self._rotatable,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FilledBoxTrack:
        """Return the track that ``state`` was taken of."""
        points, mask = BoxTrack.from_state(state["points"]), MaskTrack.from_state(state["mask"])
        return cls(points, mask, rotatable=state["rotatable"])
