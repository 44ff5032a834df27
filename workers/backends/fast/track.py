"""What the session and the kinds of tracks (masks, boxes) agree on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from workers.backends.base import Tracked
from workers.backends.fast.flow import PictureMotion, picture_motion
from workers.backends.fast.view import FrameView


@dataclass
class Transition:
    """The step from one frame to its neighbour, shared by all objects.

    ``seed``: the run's random seed.
    """

    previous: FrameView
    current: FrameView
    seed: int

    @cached_property
    def motion(self) -> PictureMotion:
        """The flow, made when the first object asks for it."""
        return picture_motion(self.previous, self.current)


class Track(Protocol):
    """One object on its way."""

    def step(self, transition: Transition) -> Tracked:
        """Follow the object to the next frame."""
        ...

    def state(self) -> dict[str, Any]:
        """Return the track for a checkpoint."""
        ...
