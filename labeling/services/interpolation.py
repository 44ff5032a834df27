"""What an interpolating order comes to: which frames lie open between labels. Made before it is queued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeling.errors import refused
from labeling.models import Instance
from labeling.selectors.gaps import Gap, gaps_of


@dataclass(frozen=True)
class OpenObject:
    """An instance and how many of its frames will be filled."""

    instance_id: int
    frames: int
    seed_frame: None = None


@dataclass(frozen=True)
class InterpolatePlan:
    """What will run. Frames are counted for each object, since none of them is decoded."""

    first_frame: int
    last_frame: int
    objects: tuple[OpenObject, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def frames(self) -> int:
        return sum(one.frames for one in self.objects)

    @property
    def frames_before(self) -> int:
        """Nothing outside the range is run."""
        return 0

    @property
    def cost(self) -> int:
        """What it costs its project: labels to make."""
        return self.frames

    def groups(self, size: int | None) -> list[InterpolatePlan]:
        """Split the objects into parts of ``size``; None is one part."""
        size = size or len(self.objects)
        return [
            InterpolatePlan(self.first_frame, self.last_frame, self.objects[start : start + size])
            for start in range(0, len(self.objects), size)
        ]

    def to_json(self) -> dict[str, Any]:
        """The form that a part keeps and the runner reads."""
        objects = [{"instance": one.instance_id, "frames": one.frames} for one in self.objects]
        return {"first": self.first_frame, "last": self.last_frame, "objects": objects}


def interpolate_plan(*, instances: Sequence[Instance], first_frame: int, last_frame: int) -> InterpolatePlan:
    """Count the open frames of each instance inside the range, inclusive.

    They lie between two labels that were not interpolated, which may themselves lie outside the range.
    An instance with none is a warning. Raises ``nothing_to_interpolate`` (422) when none is left.
    """
    gaps = gaps_of([instance.pk for instance in instances], first=first_frame, last=last_frame)
    return interpolate_plan_from(
        gaps=gaps, instances=instances, first_frame=first_frame, last_frame=last_frame
    )


def interpolate_plan_from(
    *, gaps: Iterable[Gap], instances: Sequence[Instance], first_frame: int, last_frame: int
) -> InterpolatePlan:
    """``interpolate_plan`` for instances whose gaps inside the range are known."""
    counts: Counter[int] = Counter()
    for gap in gaps:
        counts[gap.instance_id] += len(gap)
    objects = tuple(OpenObject(one.pk, counts[one.pk]) for one in instances if counts[one.pk])
    warnings = tuple(
        f"{instance} has no two labels with open frames between them in frames "
        f"{first_frame} to {last_frame}, so there is nothing to fill."
        for instance in instances
        if not counts[instance.pk]
    )
    if not objects:
        raise refused("nothing_to_interpolate", " ".join(warnings))
    return InterpolatePlan(first_frame, last_frame, objects, warnings)
