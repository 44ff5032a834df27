"""What a commit of a detecting part carries, and what becomes of it under the task's lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from labeling.geometry.exclusion import bitmask_excluding
from labeling.geometry.overlap import Cover, cover_iou, shape_cover, shapes_meet
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Bitmask, Shape
from labeling.models import Job, PartState, Provenance, Task
from labeling.services.filling import fill_queue
from labeling.services.panoptic import bitmasks_standing
from labeling.statements import places, rows_of
from workers.detecting.course import Sighting
from workers.detecting.made import Maker, instances_of
from workers.detecting.order import DetectingOrder
from workers.writer import Batch, Found

STANDING = """
SELECT label.frame, instance.object_class_id, label.geometry FROM labeling_label label
JOIN labeling_instance instance ON instance.id = label.instance_id
WHERE label.task_id = %s AND label.frame IN ({frames}) AND instance.object_class_id IN ({classes})
    AND label.geometry IS NOT NULL AND (label.job_id IS NULL OR label.job_id <> %s)
"""
FRAMES_A_READ = 500

Standing = dict[tuple[int, int], list[Shape]]
"""Frame and class to the shapes of others there."""


@dataclass
class DetectedBatch(Batch):
    """``sightings`` in the order of frames, on each the surest first of a class; ``sizes`` of their frames.

    What overlaps a label of its class is skipped, and so is what other bitmasks leave nothing of. Both are
    asked when it is written: nobody can put a label there meanwhile.
    """

    provenance: Provenance = Provenance.DETECTED
    sightings: list[Sighting] = field(default_factory=list)
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
        pairs = [(instances[one.number], one) for one in kept]
        return [
            Found(instance_id, one.frame, shape_pack(one.shape), one.score)
            for instance_id, one in pairs
            if instance_id is not None
        ]

    def without_overlaps(self, order: DetectingOrder, maker: Maker) -> list[Sighting]:
        standing = standing_shapes(self.sightings, maker)
        covers: dict[int, Cover | None] = {}
        kept = [
            one
            for one in self.sightings
            if not self.overlaps(one, standing[one.frame, one.object_class], covers, most=order.overlap)
        ]
        self.tally["overlapping"] += len(self.sightings) - len(kept)
        return kept

    def overlaps(
        self, one: Sighting, others: Sequence[Shape], covers: dict[int, Cover | None], *, most: float
    ) -> bool:
        """Whether a label of others covers the same thing; their pixels are kept in ``covers``."""
        near = [other for other in others if shapes_meet(one.shape, other)]
        if not near:
            return False
        width, height = self.sizes[one.frame]
        mine = shape_cover(one.shape, width=width, height=height)
        for other in near:
            if id(other) not in covers:
                covers[id(other)] = shape_cover(other, width=width, height=height)
            yours = covers[id(other)]
            if mine is not None and yours is not None and cover_iou(mine, yours) > most:
                return True
        return False

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


def standing_shapes(sightings: Sequence[Sighting], maker: Maker) -> Standing:
    """Return what others have on the frames of the sightings, of their classes."""
    standing: Standing = defaultdict(list)
    frames = sorted({one.frame for one in sightings})
    classes = sorted({one.object_class for one in sightings})
    for start in range(0, len(frames), FRAMES_A_READ):
        some = frames[start : start + FRAMES_A_READ]
        statement = STANDING.replace("{frames}", places(len(some))).replace("{classes}", places(len(classes)))
        for frame, class_id, geometry in rows_of(statement, [maker.task_id, *some, *classes, maker.job_id]):
            standing[frame, class_id].append(shape_unpack(bytes(geometry)))
    return standing
