"""Where a detecting part stands: which objects it has seen, and what went wrong so far.

It packs into a checkpoint and goes on from there: a part that is killed ends as if nothing had happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.masks import mask_to_shape
from labeling.geometry.shapes import Shape
from workers.backends.base import BackendError, RgbFrame, Tracked
from workers.backends.detecting import Detected, Detector
from workers.detecting.linking import Linker
from workers.detecting.look import look_of
from workers.detecting.noticing import Noticing
from workers.detecting.order import DetectingOrder
from workers.detecting.wishes import ClassWish
from workers.hints import Hint

PATIENCE = 5
"""Frames in a row on which a class cannot be looked for, before it is given up."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An object on a frame. Sightings of one ``number`` are one object of the part."""

    number: int
    object_class: int
    frame: int
    shape: Shape
    score: float


@dataclass
class Looked:
    """What came of one frame. ``capped``: classes of which more was found than is kept.

    ``hints`` name numbers where those of tracking name instances.
    """

    sightings: list[Sighting] = field(default_factory=list)
    failures: list[dict[str, object]] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    capped: int = 0


class DetectingCourse:
    """Looks at frame after frame, each encoded once, and tells objects apart."""

    def __init__(self, order: DetectingOrder, detector: Detector, wishes: Sequence[ClassWish]) -> None:
        self.order = order
        self.detector = detector
        self.wishes = wishes
        self.next_number = 0
        self.size: tuple[int, int] | None = None
        self.failed: Counter[int] = Counter()
        self.linkers = {wish.wanted.object_class: Linker(step=order.step) for wish in wishes}
        self.noticing = {class_id: Noticing() for class_id in self.linkers}

    def look(self, rgb: RgbFrame, *, frame: int) -> Looked:
        """Find what is wanted on ``frame``. Raises BackendError when every class had to be given up."""
        self.see_size(rgb)
        looked = Looked()
        embedding = self.detector.open(rgb)
        for wish in self.wishes:
            asked = wish.on(frame)
            if asked is None or self.failed[wish.wanted.object_class] >= PATIENCE:
                continue
            try:
                found = self.detector.detect(embedding, asked)
            except BackendError as error:
                looked.failures.append(self.told(wish, error, frame=frame))
                self.notice(wish, [], frame=frame)
                continue
            self.failed[wish.wanted.object_class] = 0
            looked.capped += len(found) > wish.wanted.most
            sightings = self.sightings(found[: wish.wanted.most], wish, rgb, frame=frame)
            looked.sightings += sightings
            looked.hints += self.notice(wish, sightings, frame=frame)
        return looked

    def skip(self, frame: int) -> None:
        """Pass over a frame that cannot be read: nothing was seen there."""
        for wish in self.wishes:
            self.notice(wish, [], frame=frame)

    def notice(self, wish: ClassWish, sightings: Sequence[Sighting], *, frame: int) -> list[Hint]:
        """Return what a reviewer should look at first. What is not linked has nothing to be compared with."""
        if not self.order.link:
            return []
        linker = self.linkers[wish.wanted.object_class]
        return self.noticing[wish.wanted.object_class].see(
            frame,
            {one.number: Tracked(one.shape, one.score) for one in sightings},
            known={track.number for track in linker.tracks},
            doubts=linker.doubts if sightings else {},
        )

    def told(self, wish: ClassWish, error: BackendError, *, frame: int) -> dict[str, object]:
        """Say that a class could not be looked for; too often in a row is the end of it."""
        name, class_id = wish.wanted.name, wish.wanted.object_class
        self.failed[class_id] += 1
        given_up = self.failed[class_id] >= PATIENCE
        if given_up and all(self.failed[one.wanted.object_class] >= PATIENCE for one in self.wishes):
            raise error
        end = f" It was tried on {PATIENCE} frames in a row, and given up." if given_up else ""
        return {"frame": frame, "sentence": f"“{name}” could not be looked for: {error}{end}"}

    def see_size(self, rgb: RgbFrame) -> None:
        """Pictures of another size show other things, or the same elsewhere: objects are not carried over."""
        size = (rgb.shape[1], rgb.shape[0])
        if self.size not in (None, size):
            for class_id, linker in self.linkers.items():
                linker.tracks = []
                self.noticing[class_id] = Noticing()
        self.size = size

    def sightings(
        self, found: Sequence[Detected], wish: ClassWish, rgb: RgbFrame, *, frame: int
    ) -> list[Sighting]:
        """Make shapes of the masks and say which object each is."""
        shaped = [(one, mask_to_shape(one.mask, wish.wanted.shape)) for one in found]
        kept = [(one, shape) for one, shape in shaped if shape is not None]
        numbers = self.numbers(kept, wish, rgb, frame=frame)
        return [
            Sighting(number, wish.wanted.object_class, frame, shape, min(max(one.score, 0.0), 1.0))
            for number, (one, shape) in zip(numbers, kept, strict=True)
        ]

    def numbers(
        self, kept: Sequence[tuple[Detected, Shape]], wish: ClassWish, rgb: RgbFrame, *, frame: int
    ) -> list[int]:
        """Each its own object, or linked to those of the frames before."""
        if self.order.link:
            numbers = self.linkers[wish.wanted.object_class].link(
                [shape_bounds(shape) for _, shape in kept],
                [look_of(rgb, one.mask) for one, _ in kept],
                frame=frame,
                next_number=self.next_number,
            )
        else:
            numbers = list(range(self.next_number, self.next_number + len(kept)))
        self.next_number = max([self.next_number, *(number + 1 for number in numbers)])
        return numbers

    def state(self) -> dict[str, Any]:
        """What ``restore`` needs, in plain values."""
        return {
            "next": self.next_number,
            "size": self.size,
            "failed": [[class_id, times] for class_id, times in self.failed.items()],
            "tracks": [[class_id, linker.state()] for class_id, linker in self.linkers.items()],
            "noticed": [[class_id, noticing.state()] for class_id, noticing in self.noticing.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.next_number = state["next"]
        self.size = tuple(state["size"]) if state["size"] else None
        self.failed = Counter(dict(state["failed"]))
        for class_id, tracks in state["tracks"]:
            self.linkers[class_id].restore(tracks)
        for class_id, noticed in state["noticed"]:
            self.noticing[class_id].restore(noticed)
