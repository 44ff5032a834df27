"""What a tracking backend is: arrays in, dataclasses out.

A backend knows no Django, no storage and no settings; of the house it may use
``labeling.geometry`` alone. The runner drives it frame by frame, so that it can commit,
report and cancel between any two frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Shape

RgbFrame = NDArray[np.uint8]
"""Shape ``(height, width, 3)``: the displayed picture."""


class BackendError(Exception):
    """A backend cannot go on. ``str(error)`` is the sentence that people read."""


class FrameSource(Protocol):
    """The frames of one media, by ordinal."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def __len__(self) -> int: ...

    def read_rgb(self, frame: int) -> RgbFrame:
        """Return the displayed picture of ``frame`` (0-based ordinal)."""
        ...


@dataclass(frozen=True)
class Seed:
    """Where an object is known to be. On a later frame it re-seeds the object (a key frame)."""

    object_id: int
    shape: Shape


@dataclass(frozen=True)
class Tracked:
    """What a step found of one object: ``shape`` is of the seed's kind, None where it is missing.

    ``confidence`` lies in 0..1.
    """

    shape: Shape | None
    confidence: float


@dataclass(frozen=True)
class Remark:
    """What a session has to say besides shapes. About an object it is a failure of that object, on
    ``frame``; without one it is a note on the whole run."""

    sentence: str
    object_id: int | None = None
    frame: int | None = None


def remarks_taken(session: TrackSession) -> list[Remark]:
    """Return what a session has to say since it was asked last; most never have anything.

    Those that have bring a method ``take_remarks``, which the protocol does not ask for.
    """
    take = getattr(session, "take_remarks", None)
    return list(take()) if take is not None else []


class TrackSession(Protocol):
    """One pass over consecutive frames, forwards or backwards."""

    def seed(self, *, frame: int, seeds: Sequence[Seed]) -> None:
        """Give shapes on ``frame``: before the first step, or for the frame just stepped to.

        When every object was dropped, the pass may go on from any later frame.
        """
        ...

    def step(self, *, frame: int) -> Mapping[int, Tracked]:
        """Go on to ``frame`` and return every object that is followed.

        It is the neighbour of the last one, unless frames between them cannot be read. Objects that
        are seeded on this very frame are in the answer too; the caller ignores them.
        """
        ...

    def drop(self, *, object_id: int) -> None:
        """Follow this object no longer; a later seed brings it back."""
        ...

    def checkpoint(self) -> bytes:
        """Return all that ``Tracker.resume`` needs to go on after the last frame stepped to."""
        ...

    def close(self) -> None:
        """Free what the session holds."""
        ...


class Tracker(Protocol):
    """A tracking algorithm, loaded once a process."""

    @property
    def name(self) -> str:
        """The algorithm as orders name it: ``fast``, ``sam2``, ``scripted``."""
        ...

    @property
    def version(self) -> str:
        """Model and version, as the job's history keeps it."""
        ...

    @property
    def two_sided(self) -> bool:
        """Whether frames between two key frames gain from being tracked from both of them.

        It doubles their cost: such frames are tracked once in either direction, and blended.
        """
        ...

    def open(self, frames: FrameSource, *, parameters: Mapping[str, object]) -> TrackSession:
        """Start a pass. ``parameters`` are the job's ``backend`` parameters."""
        ...

    def resume(
        self, frames: FrameSource, checkpoint: bytes, *, parameters: Mapping[str, object]
    ) -> TrackSession:
        """Go on from a checkpoint as if nothing had happened."""
        ...
