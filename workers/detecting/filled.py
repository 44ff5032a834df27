"""What a commit of a filling part carries: tracked labels between detections, where none stands already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from labeling.geometry.packing import shape_unpack
from labeling.models import Instance
from workers.detecting.earlier import EarlierLabels
from workers.writer import Batch, Found


@dataclass(frozen=True)
class Filling:
    """The job that fills, and what it minds: ``overlap`` is the greatest IoU with a label of the class.

    ``size_of`` tells a frame's width and height.
    """

    task_id: int
    job_id: int
    overlap: float
    size_of: Callable[[int], tuple[int, int]]


@dataclass
class FilledBatch(Batch):
    """A frame on which the object would cover an earlier label of its class gets none, as a detection would.

    Otherwise an object that is labelled on frames which are not looked at would be there twice. It is asked
    when it is written: nobody can put a label there meanwhile.
    """

    filling: Filling | None = None

    def settled(self, *, seq: int) -> Sequence[Found]:
        """Return what is to be written; what is left out is missing there."""
        if self.filling is None:
            raise ValueError("a batch that fills belongs to a part")
        over = self.over_earlier(self.filling)
        self.tally["filled_over"] += len(over)
        return [
            replace(one, geometry=None) if (one.instance_id, one.frame) in over else one for one in self.found
        ]

    def over_earlier(self, filling: Filling) -> set[tuple[int, int]]:
        """Return instance and frame of what lies on labels of people and of other jobs."""
        seen = [one for one in self.found if one.geometry is not None]
        classes = dict(
            Instance.objects.filter(pk__in={one.instance_id for one in seen}).values_list(
                "pk", "object_class_id"
            )
        )
        placed = [(one, (one.frame, classes[one.instance_id])) for one in seen if one.instance_id in classes]
        earlier = EarlierLabels.read(
            {place for _, place in placed},
            task_id=filling.task_id,
            job_id=filling.job_id,
            size_of=filling.size_of,
        )
        return {
            (one.instance_id, one.frame)
            for one, place in placed
            if place in earlier.standing
            and earlier.iou(shape_unpack(bytes(one.geometry or b"")), place) > filling.overlap
        }
