"""The search for one pattern in one view: places that were looked at need not be looked at again."""

from __future__ import annotations

from functools import cached_property

from workers.backends.similar.likeness import likeness
from workers.backends.similar.pattern import Pattern
from workers.backends.similar.places import likely_places
from workers.backends.similar.pose import Pose
from workers.backends.similar.view import View

_HOPELESS = 0.5  # of the threshold: what is less like it at first is not looked at closer
_STEPS = ((2.0, 11.0, 1.09), (1.0, 5.5, 1.045), (0.5, 2.8, 1.02))  # pixels, degrees, growth

Match = tuple[float, Pose]
"""A likeness, and where."""


class Search:
    """Where a pattern may lie in a view."""

    def __init__(self, pattern: Pattern, view: View) -> None:
        self.pattern = pattern
        self.view = view
        self._climbed: dict[int, Match] = {}

    @cached_property
    def places(self) -> list[Match]:
        """The likely places as they are found first."""
        poses = likely_places(self.pattern, self.view.coarse)
        return [(likeness(self.pattern, self.view, pose), pose) for pose in poses]

    def matches(self, threshold: float) -> list[Match]:
        """Return the places that are at least so like the pattern, after their poses were improved."""
        hopeful = [n for n, (score, _) in enumerate(self.places) if score > _HOPELESS * threshold]
        return [match for n in hopeful if (match := self.climbed(n))[0] >= threshold]

    def climbed(self, number: int) -> Match:
        """Return the best likeness near a place, and where: by steps that get finer."""
        if number not in self._climbed:
            self._climbed[number] = self._climb(*self.places[number])
        return self._climbed[number]

    def _climb(self, score: float, pose: Pose) -> Match:
        for shift, turn, growth in _STEPS:
            moves = (
                {"right": shift}, {"right": -shift}, {"down": shift}, {"down": -shift},
                {"turn": turn}, {"turn": -turn}, {"grown": growth}, {"grown": 1 / growth},
            )  # fmt: skip
            for move in moves:
                moved = pose.moved(**move)
                better = likeness(self.pattern, self.view, moved)
                if better > score:
                    score, pose = better, moved
        return score, pose
