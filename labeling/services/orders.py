"""What can be ordered of automated labeling on a task: tracking and interpolation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from labeling.models import Direction, JobKind

INTERVAL_DEFAULT = 30


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every order says: instances and an inclusive range of frames, labels are written only inside.

    ``instances_per_part``: how many instances one worker takes; None lets idle workers share them.
    """

    kind: ClassVar[JobKind]

    instances: tuple[int, ...]
    first_frame: int
    last_frame: int
    instances_per_part: int | None = None
    priority: float = 0.5
    from_editor: bool = False

    def digest(self) -> str:
        """Equal for equal orders: a repeated idempotency key must come with the same one."""
        text = json.dumps([self.kind, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class TrackOrder(Order):
    """An order to track instances.

    ``interval``: so many consecutive frames without the object are tolerated before its tracking
    ends. ``max_frames_after_key``: stop so many frames after the last key frame; None does not.
    """

    kind: ClassVar[JobKind] = JobKind.TRACK

    direction: Direction = Direction.FORWARDS
    algorithm: str = "fast"
    interval: int = INTERVAL_DEFAULT
    max_frames_after_key: int | None = None
    backend: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InterpolateOrder(Order):
    """An order to fill the frames between labels of the instances."""

    kind: ClassVar[JobKind] = JobKind.INTERPOLATE
