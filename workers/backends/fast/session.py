"""A pass of the fast tracker: several objects, one flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling.geometry.shapes import Box, Keypoint, Polyline, RotatedBox, Shape, Skeleton
from workers.backends.base import FrameSource, Seed, Tracked
from workers.backends.fast.boxtrack import BoxTrack
from workers.backends.fast.filledbox import FilledBoxTrack
from workers.backends.fast.masktrack import MaskTrack
from workers.backends.fast.track import Track, Transition
from workers.backends.fast.view import FrameView
from workers.backends.order import FrameOrder
from workers.backends.points.track import PointTrack
from workers.backends.state import state_pack, state_unpack

VERSION = "fast 4"


class FastSession:
    """Memory does not grow with the length of the pass: two frames, and what each object looks like."""

    def __init__(self, frames: FrameSource, *, seed: int) -> None:
        self._frames = frames
        self._seed = seed
        self._order = FrameOrder()
        self._view: FrameView | None = None
        self._tracks: dict[int, Track] = {}

    def seed(self, *, frame: int, seeds: Sequence[Seed]) -> None:
        """Learn objects from their shapes."""
        self._order.seed(frame, following=bool(self._tracks))
        view = self._view_of(frame)
        for seed in seeds:
            self._tracks[seed.object_id] = self._track_from(seed.shape, view)

    def _track_from(self, shape: Shape, view: FrameView) -> Track:
        match shape:
            case Box() | RotatedBox():
                return FilledBoxTrack.from_seed(shape, view, seed=self._seed)
            case Polyline() | Keypoint() | Skeleton():
                return PointTrack.from_seed(shape, view)
            case _:
                return MaskTrack.from_seed(shape, view, seed=self._seed)

    def step(self, *, frame: int) -> Mapping[int, Tracked]:
        previous = None if self._order.last is None else self._view_of(self._order.last)
        self._order.step(frame)
        current = self._read(frame)
        self._view = current
        if previous is None:
            return {}
        transition = Transition(previous, current, self._seed)
        return {object_id: track.step(transition) for object_id, track in self._tracks.items()}

    def drop(self, *, object_id: int) -> None:
        self._tracks.pop(object_id, None)

    def checkpoint(self) -> bytes:
        state = {
            "last": self._order.last,
            "direction": self._order.direction,
            "seed": self._seed,
            "tracks": {object_id: track.state() for object_id, track in self._tracks.items()},
        }
        return state_pack(state, version=VERSION)

    @classmethod
    def from_checkpoint(cls, frames: FrameSource, checkpoint: bytes) -> FastSession:
        """Go on from ``checkpoint``."""
        state = state_unpack(checkpoint, version=VERSION)
        session = cls(frames, seed=state["seed"])
        session._order = FrameOrder(state["last"], state["direction"])
        for object_id, track in state["tracks"].items():
            if track["kind"] == "box":
                session._tracks[object_id] = BoxTrack.from_state(track)
            elif track["kind"] == "filled box":
                session._tracks[object_id] = FilledBoxTrack.from_state(track)
            elif track["kind"] == "points":
                session._tracks[object_id] = PointTrack.from_state(track)
            else:
                session._tracks[object_id] = MaskTrack.from_state(track)
        return session

    def close(self) -> None:
        self._tracks.clear()
        self._view = None

    def _view_of(self, frame: int) -> FrameView:
        if self._view is None or self._view.frame != frame:
            self._view = self._read(frame)
        return self._view

    def _read(self, frame: int) -> FrameView:
        return FrameView(self._frames.read_rgb(frame), frame=frame)
