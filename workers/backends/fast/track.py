"""What the session and the kinds of tracks (masks, boxes) agree on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from workers.backends.base import Tracked
from workers.backends.fast.arrays import Floats
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

    @cached_property
    def changes(self) -> Floats:
        """Shape ``(h, w, 7)``: colour (3), trust in the flow, colour that changed along it, flow (2)."""
        colour = self.current.features[..., :3]
        before = np.ascontiguousarray(self.previous.features[..., :3])
        changed = np.abs(colour - self.motion.carry(before)).sum(axis=-1)
        return np.dstack([colour, self.motion.trust, changed, self.motion.back])


class Track(Protocol):
    """One object on its way."""

    def step(self, transition: Transition) -> Tracked:
        """Follow the object to the next frame."""
        ...

    def state(self) -> dict[str, Any]:
        """Return the track for a checkpoint."""
        ...
