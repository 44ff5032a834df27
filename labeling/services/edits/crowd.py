"""Bitmasks that gave way to others: they come back only where no newer one has taken their place."""

from __future__ import annotations

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Bitmask
from labeling.models import Task
from labeling.services.edits.journal import Journal
from labeling.services.panoptic import StandingBitmask, bitmasks_standing, newer_in_the_way


class Crowd:
    """The bitmasks that came since an edit was done, or undone, where labels of it are to come back."""

    def __init__(self, task: Task, plan: Journal, *, since: int) -> None:
        self.task = task
        self.plan = plan
        self.since = since
        self.by_frame: dict[int, list[StandingBitmask]] = {}

    def is_in_the_way(self, instance_id: int, frame: int) -> bool:
        """Say whether a newer bitmask has a pixel of the one that the plan wants here."""
        wanted = self.plan.labels[instance_id, frame].after
        if (instance_id, frame) not in self.plan.gave_way or wanted is None or wanted.geometry is None:
            return False
        shape = shape_unpack(wanted.geometry)
        if not isinstance(shape, Bitmask):
            return False
        return newer_in_the_way(shape, self.others_on(frame), since=self.since)

    def others_on(self, frame: int) -> list[StandingBitmask]:
        """Return the bitmasks of the frame that the plan does not deal with itself."""
        if frame not in self.by_frame:
            standing = bitmasks_standing(self.task, frame)
            self.by_frame[frame] = [
                one for one in standing if (one.instance_id, frame) not in self.plan.labels
            ]
        return self.by_frame[frame]
