"""What a tracking order comes to: seeds, frames to run, warnings. Made before anything is queued.

Frames are ordinals; ranges are inclusive. Along the direction of tracking a range has a *start* and
an *end*: forwards the start is the first frame, backwards the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeling.errors import refused
from labeling.models import Direction, Instance, Media
from labeling.services.seeds import seed_faults, seed_frames


@dataclass(frozen=True)
class PlannedObject:
    """An instance, the frame of the label that it is tracked from, and over how many frames it is run."""

    instance_id: int
    seed_frame: int
    frames: int


@dataclass(frozen=True)
class TrackPlan:
    """What will run. ``frames`` counts the pictures from the earliest seed to the end, both included."""

    first_frame: int
    last_frame: int
    direction: Direction
    objects: tuple[PlannedObject, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def run_from(self) -> int:
        """The frame where the first object starts."""
        seeds = [planned.seed_frame for planned in self.objects]
        return min(seeds) if self.direction == Direction.FORWARDS else max(seeds)

    @property
    def run_to(self) -> int:
        """The last frame in tracking order."""
        return self.last_frame if self.direction == Direction.FORWARDS else self.first_frame

    @property
    def frames(self) -> int:
        return abs(self.run_to - self.run_from) + 1

    @property
    def frames_before(self) -> int:
        """Of ``frames``, those before the range: tracked through, and not written."""
        start = self.first_frame if self.direction == Direction.FORWARDS else self.last_frame
        ahead = start - self.run_from if self.direction == Direction.FORWARDS else self.run_from - start
        return max(ahead, 0)

    @property
    def cost(self) -> int:
        """What it costs its project: frames times objects."""
        return self.frames * len(self.objects)

    def groups(self, size: int | None) -> list[TrackPlan]:
        """Split the objects into parts of ``size``; None is one part."""
        size = size or len(self.objects)
        return [
            TrackPlan(self.first_frame, self.last_frame, self.direction, self.objects[start : start + size])
            for start in range(0, len(self.objects), size)
        ]

    def to_json(self) -> dict[str, Any]:
        """The form that a part keeps and the runner reads."""
        return {
            "first": self.first_frame,
            "last": self.last_frame,
            "direction": str(self.direction),
            "objects": [
                {"instance": planned.instance_id, "seed": planned.seed_frame} for planned in self.objects
            ],
        }


def track_plan(
    *,
    media: Media,
    instances: Sequence[Instance],
    first_frame: int,
    last_frame: int,
    direction: Direction,
) -> TrackPlan:
    """Find each instance's seed: its label on the start of the range, else its nearest one before
    it, else its first one inside (before and inside along the direction).

    An instance with none, or with one that shows no object, is a warning. Raises ``nothing_to_track``
    (422) when none is left.
    """
    forwards = direction == Direction.FORWARDS
    start, end = (first_frame, last_frame) if forwards else (last_frame, first_frame)
    seeds = seed_frames(instances=instances, start=start, end=end, forwards=forwards)
    return track_plan_from(
        seeds=seeds,
        faults=seed_faults(seeds, media=media),
        instances=instances,
        first_frame=first_frame,
        last_frame=last_frame,
        direction=direction,
    )


def track_plan_from(
    *,
    seeds: Mapping[int, int],
    faults: Mapping[int, str],
    instances: Sequence[Instance],
    first_frame: int,
    last_frame: int,
    direction: Direction,
) -> TrackPlan:
    """``track_plan`` for instances whose seeds, and what is wrong with them, are known."""
    forwards = direction == Direction.FORWARDS
    end = last_frame if forwards else first_frame
    objects = []
    warnings = []
    for instance in instances:
        seed = seeds.get(instance.id)
        if instance.id in faults:
            warnings.append(
                f"The label of {instance} on frame {seed} {faults[instance.id]}, so there is nothing to "
                "track. Draw the object alone."
            )
        elif seed is None:
            side = "at or before" if forwards else "at or after"
            warnings.append(
                f"{instance} has no label {side} frame {end}, so there is nothing to track it from."
            )
        else:
            objects.append(PlannedObject(instance.id, seed, abs(end - seed) + 1))
    if not objects:
        raise refused("nothing_to_track", " ".join(warnings) or "Choose at least one instance to track.")
    return TrackPlan(first_frame, last_frame, direction, tuple(objects), tuple(warnings))
