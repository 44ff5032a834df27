"""What the next key frame says of the frames before it: tracked back from there, and blended in.

Between two key frames an object is known at both ends. Followed from the first one alone it drifts;
followed back from the second one as well, each frame has a witness near by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from labeling.geometry.blend import shapes_blend
from labeling.geometry.shapes import Shape
from labeling.media.errors import FrameUnreadable
from workers.backends.base import Seed, Tracked, TrackSession

REACH = 250
"""So many frames before a key frame are tracked back from it; over more, both sides have drifted."""

MISSING = Tracked(shape=None, confidence=0.0)


class Pictures(Protocol):
    """The frames of the media, as far as they are needed here."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def reach(self, frame: int) -> None:
        """Decode ``frame``. Raises FrameUnreadable when it cannot be had."""
        ...


@dataclass(frozen=True)
class Gap:
    """The frames between two key frames of an object, ``near`` and ``far`` in tracking order."""

    near: int
    far: int

    def weight(self, frame: int) -> float:
        """Return how much the far side counts on ``frame``: 0 at its reach's end, 1 on the key frame."""
        length = min(abs(self.far - self.near), REACH)
        return max(0.0, 1 - abs(self.far - frame) / length)


@dataclass
class FarSides:
    """The far sides of the gaps that a pass is in.

    ``open``: a new session on the same media. They are made when the pass comes to the frames they
    tell of, and depend on nothing but the key frame, so a resumed pass makes them again as they were.
    """

    pictures: Pictures
    open: Callable[[], TrackSession]
    keys: Mapping[int, Mapping[int, Shape]]
    """Instance to frame to shape: the key frames."""
    found: dict[tuple[int, int], dict[int, Tracked]] = field(default_factory=dict)
    """Instance and key frame to what was found by frame."""

    def gap(self, instance_id: int, *, near: int, frame: int) -> Gap | None:
        """Return the gap of an instance that ``frame`` lies in, None where no key frame follows in reach."""
        keys = self.keys.get(instance_id, {})
        far = min(
            (key for key in keys if (key - frame) * (frame - near) > 0),
            default=None,
            key=lambda key: abs(key - frame),
        )
        if far is None or abs(far - frame) >= min(abs(far - near), REACH):
            return None
        return Gap(near, far)

    def due(self, frame: int, *, near: Mapping[int, int]) -> dict[int, list[int]]:
        """Return the key frames to track back from before ``frame`` is run, with their instances.

        ``near``: the instances that are followed, each with its last key frame.
        """
        groups: dict[int, list[int]] = defaultdict(list)
        for instance_id, last in near.items():
            gap = self.gap(instance_id, near=last, frame=frame)
            if gap is not None and (instance_id, gap.far) not in self.found:
                groups[gap.far].append(instance_id)
        return groups

    def look_back(self, *, key: int, instances: Sequence[int], to: int) -> Iterator[int]:
        """Track ``instances`` from ``key`` back to frame ``to``, yielding after each frame.

        What was found counts only when the iterator has come to its end.
        """
        session = self.open()
        sides: dict[int, dict[int, Tracked]] = {instance_id: {} for instance_id in instances}
        step = -1 if to < key else 1
        try:
            self.pictures.reach(key)
            session.seed(frame=key, seeds=[Seed(one, self.keys[one][key]) for one in instances])
            for frame in range(key + step, to + step, step):
                for instance_id, tracked in self._stepped(session, frame).items():
                    sides[instance_id][frame] = tracked
                yield frame
        finally:
            session.close()
        self.found |= {(instance_id, key): side for instance_id, side in sides.items()}

    def _stepped(self, session: TrackSession, frame: int) -> Mapping[int, Tracked]:
        try:
            self.pictures.reach(frame)
        except FrameUnreadable:
            return {}  # the pass itself comes here, too, and reports it
        return session.step(frame=frame)

    def blend(self, instance_id: int, near_side: Tracked, *, near: int, frame: int) -> Tracked:
        """Return what both sides together say of an instance on ``frame``."""
        gap = self.gap(instance_id, near=near, frame=frame)
        side = None if gap is None else self.found.get((instance_id, gap.far))
        if gap is None or side is None:
            return near_side
        return tracked_blend(
            near_side,
            side.pop(frame, MISSING),
            weight=gap.weight(frame),
            width=self.pictures.width,
            height=self.pictures.height,
        )


def tracked_blend(first: Tracked, second: Tracked, *, weight: float, width: int, height: int) -> Tracked:
    """Return what two passes say together, of which the second one has ``weight`` (0..1).

    Where only one has the object, it is believed when it is the nearer one or rather sure.
    """
    if first.shape is None or second.shape is None:
        seen, share = (second, weight) if first.shape is None else (first, 1 - weight)
        return seen if share >= 0.5 or seen.confidence >= 0.5 else MISSING
    shape = shapes_blend(first.shape, second.shape, weight=weight, width=width, height=height)
    confidence = (1 - weight) * first.confidence + weight * second.confidence
    return Tracked(shape=shape, confidence=confidence if shape is not None else 0.0)
