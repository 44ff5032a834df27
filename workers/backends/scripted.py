"""A deterministic tracker of milliseconds: every object moves as a script says.

It is for demonstrations and tests of all that surrounds a tracker. What it returns depends only
on the seed, the seed's frame and the script: neither on the picture nor on how the pass went.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from labeling.geometry.shapes import Shape
from workers.backends.base import BackendError, FrameSource, Seed, Tracked
from workers.backends.order import FrameOrder
from workers.backends.script import Script, script_from_parameters
from workers.backends.state import state_pack, state_unpack
from workers.backends.translation import shape_keep_inside

_VERSION = "scripted 1"


class ScriptedTracker:
    """The tracker ``scripted``. Its parameters: ``script``, see ``script_from_parameters``."""

    name = "scripted"
    version = _VERSION
    two_sided = False

    def open(self, frames: FrameSource, *, parameters: Mapping[str, object]) -> ScriptedSession:
        """Start a pass. Raises BackendError for a script that cannot be read."""
        return ScriptedSession(frames, script_from_parameters(parameters))

    def resume(
        self, frames: FrameSource, checkpoint: bytes, *, parameters: Mapping[str, object]
    ) -> ScriptedSession:
        """Go on exactly. Raises BackendError for a checkpoint of another tracker."""
        session = self.open(frames, parameters=parameters)
        session.restore(checkpoint)
        return session


class ScriptedSession:
    """A pass of the scripted tracker: each seed moves from its own frame, stopped at the edges."""

    def __init__(self, frames: FrameSource, script: Script) -> None:
        self._frames = frames
        self._script = script
        self._order = FrameOrder()
        self._seeds: dict[int, tuple[int, Shape]] = {}

    def seed(self, *, frame: int, seeds: Sequence[Seed]) -> None:
        self._order.seed(frame, following=bool(self._seeds))
        for seed in seeds:
            self._seeds[seed.object_id] = frame, seed.shape

    def step(self, *, frame: int) -> Mapping[int, Tracked]:
        self._order.step(frame)
        if self._script.delay_seconds:
            time.sleep(self._script.delay_seconds)
        if frame == self._script.fail_at:
            raise BackendError(f"The script says that tracking fails on frame {frame}.")
        if self._script.read_frames:
            self._frames.read_rgb(frame)
        return {object_id: self._tracked(object_id, frame) for object_id in self._seeds}

    def _tracked(self, object_id: int, frame: int) -> Tracked:
        seed_frame, shape = self._seeds[object_id]
        motion = self._script.motion_of(object_id)
        if motion.is_missing(frame):
            return Tracked(shape=None, confidence=0.0)
        moved = shape_keep_inside(
            shape,
            dx=motion.dx * (frame - seed_frame),
            dy=motion.dy * (frame - seed_frame),
            width=self._frames.width,
            height=self._frames.height,
        )
        return Tracked(shape=moved, confidence=motion.confidence_at(frame))

    def drop(self, *, object_id: int) -> None:
        self._seeds.pop(object_id, None)

    def checkpoint(self) -> bytes:
        state = {"last": self._order.last, "direction": self._order.direction, "seeds": self._seeds}
        return state_pack(state, version=_VERSION)

    def restore(self, checkpoint: bytes) -> None:
        """Take over the state of ``checkpoint``."""
        state = state_unpack(checkpoint, version=_VERSION)
        self._order = FrameOrder(state["last"], state["direction"])
        self._seeds = {object_id: (frame, shape) for object_id, (frame, shape) in state["seeds"].items()}

    def close(self) -> None:
        self._seeds.clear()
