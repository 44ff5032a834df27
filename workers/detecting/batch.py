"""What a commit of a detecting part carries, and what becomes of it under the task's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from labeling.geometry.exclusion import bitmask_excluding
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Bitmask
from labeling.models import Job, PartState, Provenance, Task
from labeling.services.filling import fill_queue
from labeling.services.panoptic import bitmasks_standing
from workers.detecting.course import Sighting
from workers.detecting.earlier import EarlierLabels
from workers.detecting.made import Maker, instances_of
from workers.detecting.order import DetectingOrder
from workers.hints import Hint
from workers.writer import Batch, Found


@dataclass
class DetectedBatch(Batch):
    """``sightings`` in the order of frames, on each the surest first of a class; ``sizes`` of their frames.

    ``noticed`` are hints on them, with their numbers in place of instances.

    What overlaps a label of its class is skipped, and so is what other bitmasks leave nothing of. Both are
    asked when it is written: nobody can put a label there meanwhile.
    """

    provenance: Provenance = Provenance.DETECTED
    sightings: list[Sighting] = field(default_factory=list)
    noticed: list[Hint] = field(default_factory=list)
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    order: DetectingOrder | None = None
    maker: Maker | None = None

    @property
    def writes(self) -> bool:
        return bool(self.sightings)

    def settled(self, *, seq: int) -> list[Found]:
        """Return the labels to write; instances are made for what is new."""
        if self.order is None or self.maker is None:
            raise ValueError("a batch of sightings belongs to a part")
        kept = self.without_overlaps(self.order, self.maker)
        if self.order.exclude_bitmasks:
            kept = self.without_others_pixels(kept, self.maker)
        instances = instances_of(self.maker, {one.number: one.object_class for one in kept}, seq=seq)
        made = {number: pk for number, pk in instances.items() if pk is not None}
        self.hints = [
            hint._replace(instance_id=made[hint.instance_id])
            for hint in self.noticed
            if hint.instance_id in made
        ]
        return [
            Found(made[one.number], one.frame, shape_pack(one.shape), one.score)
            for one in kept
            if one.number in made
        ]

    def without_overlaps(self, order: DetectingOrder, maker: Maker) -> list[Sighting]:
        earlier = EarlierLabels.read(
            {(one.frame, one.object_class) for one in self.sightings},
            task_id=maker.task_id,
            job_id=maker.job_id,
            size_of=self.sizes.__getitem__,
        )
        kept = [
            one
            for one in self.sightings
            if earlier.iou(one.shape, (one.frame, one.object_class)) <= order.overlap
        ]
        self.tally["overlapping"] += len(self.sightings) - len(kept)
        return kept

    def without_others_pixels(self, sightings: Sequence[Sighting], maker: Maker) -> list[Sighting]:
        """Cut bitmasks to what those on their frame leave of them, the surest first."""
        task = Task(pk=maker.task_id)
        kept = []
        for frame, ones in groupby(sightings, key=lambda one: one.frame):
            some = sorted(ones, key=lambda one: -one.score)
            bitmasks = any(isinstance(one.shape, Bitmask) for one in some)
            taken = [one.bitmask for one in bitmasks_standing(task, frame)] if bitmasks else []
            kept += [left for one in some if (left := self.left_of(one, taken)) is not None]
        return kept

    def left_of(self, one: Sighting, taken: list[Bitmask]) -> Sighting | None:
        """Return what the bitmasks in ``taken`` leave of a sighting, which is then one of them."""
        if not isinstance(one.shape, Bitmask):
            return one
        left = bitmask_excluding(one.shape, taken)
        if left is None:
            self.tally["excluded"] += 1
            return None
        taken.append(left)
        return replace(one, shape=left)

    def follow_up(self, job: Job, *, ends: PartState) -> None:
        """When all is detected, the frames between are queued for the tracker, in the same transaction."""
        if ends == PartState.DONE and self.order is not None and self.order.fill is not None:
            fill_queue(job=job, tracker=self.order.fill)
