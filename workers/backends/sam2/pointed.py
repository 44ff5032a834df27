"""Polylines, keypoints and skeletons: followed by the point tracker, which SAM 2's mask supports."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from labeling.geometry.shapes import BoolMask, Points, Shape, Visibility
from workers.backends.base import Tracked
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView
from workers.backends.points.track import PointTrack
from workers.backends.points.vertices import PointShape, shape_vertices
from workers.backends.sam2.answer import Answer
from workers.backends.sam2.followed import Followed

MOST_CLICKS = 16
"""Points of an object that SAM 2 is shown."""

NOTE = (
    "Polylines, keypoints and object primitives were followed by the point tracker; SAM 2 was shown their "
    "points, and its mask says which of them are still on the object."
)


def clicks_of(shape: PointShape) -> Points:
    """Return points ``(n, 2)`` that show SAM 2 what the shape is on: the visible ones, all if none is."""
    points, visibility = shape_vertices(shape)
    seen = np.array([one is Visibility.VISIBLE for one in visibility])
    clicks = points[seen] if seen.any() else points
    return clicks[:: -(-len(clicks) // MOST_CLICKS)]


class FollowedPoints(Followed):
    """An object made of points. Its mask is what SAM 2 takes it for, and never shown."""

    points: PointTrack

    @classmethod
    def begun(cls, frame: int, shape: PointShape, mask: BoolMask, view: FrameView) -> FollowedPoints:
        """Note the points on ``view``, the picture of ``frame``."""
        followed = cls.of(frame, shape, mask)
        followed.points = PointTrack.from_seed(shape, view, support=mask)
        return followed

    @classmethod
    def of(cls, frame: int, shape: Shape, mask: BoolMask) -> FollowedPoints:
        kind = Followed.seeded(frame, shape, mask).kind
        return cls(kind, frame, shape, mask)

    def follow(self, answer: Answer, transition: Transition) -> Tracked:
        """Follow the points to the next picture; those off the answer's mask are lost."""
        support = answer.mask if answer.present else np.zeros_like(answer.mask)
        tracked = self.points.step(transition, support=support)
        if tracked.shape is not None and answer.present and answer.mask.any():
            self.frame, self.shape, self.mask = transition.current.frame, tracked.shape, answer.mask
        return tracked

    def clicks(self) -> Points:
        """Return what to show SAM 2 where it never found a mask."""
        return clicks_of(cast("PointShape", self.shape))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "points": self.points.state()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FollowedPoints:
        before = Followed.from_state(state)
        followed = cls.of(before.frame, before.shape, before.mask)
        followed.points = PointTrack.from_state(state["points"])
        return followed
