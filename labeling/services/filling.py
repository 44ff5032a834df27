"""The second phase of a detecting job: tracking fills the frames between an instance's detections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max

from labeling import queue
from labeling.models import Job, Part, Provenance
from labeling.services.algorithms import algorithm_get
from labeling.services.job_rows import parts_store
from labeling.services.spreading import objects_per_part
from labeling.statements import rows_of

# Instances with frames between their first and their last detection that have none.
OPEN = """
SELECT label.instance_id, MIN(label.frame), MAX(label.frame) FROM labeling_label label
JOIN labeling_runinstance made ON made.instance_id = label.instance_id
WHERE made.job_id = %s AND label.job_id = %s AND label.provenance = %s AND label.geometry IS NOT NULL
GROUP BY label.instance_id HAVING MAX(label.frame) - MIN(label.frame) >= COUNT(*)
ORDER BY label.instance_id
"""


@dataclass(frozen=True)
class FillObject:
    """An instance, and the first and the last frame that it was found on."""

    instance_id: int
    seed_frame: int
    last_frame: int


@dataclass(frozen=True)
class FillPlan:
    """What will be tracked. ``frames`` counts the pictures from the first detection to the last."""

    objects: tuple[FillObject, ...]

    @property
    def first_frame(self) -> int:
        return min(one.seed_frame for one in self.objects)

    @property
    def last_frame(self) -> int:
        return max(one.last_frame for one in self.objects)

    @property
    def frames(self) -> int:
        return self.last_frame - self.first_frame + 1

    @property
    def cost(self) -> int:
        """What it costs its project: frames times objects."""
        return sum(one.last_frame - one.seed_frame + 1 for one in self.objects)

    def groups(self, size: int | None) -> list[FillPlan]:
        """Split the objects into parts of ``size``; None is one part."""
        size = size or len(self.objects)
        return [FillPlan(self.objects[start : start + size]) for start in range(0, len(self.objects), size)]

    def to_json(self) -> dict[str, Any]:
        """The form that a part keeps and the runner reads. No gap between two detections is too long."""
        return {
            "first": self.first_frame,
            "last": self.last_frame,
            "direction": "forwards",
            "interval": self.frames,
            "max_frames_after_key": None,
            "objects": [
                {"instance": one.instance_id, "seed": one.seed_frame, "last": one.last_frame}
                for one in self.objects
            ],
        }


def fill_queue(*, job: Job, tracker: str) -> None:
    """Queue parts that track what the job has found, if anything lies open. In the caller's transaction."""
    rows = rows_of(OPEN, (job.pk, job.pk, Provenance.DETECTED))
    if not rows:
        return
    plan = FillPlan(tuple(FillObject(*row) for row in rows))
    algorithm = algorithm_get(tracker)
    groups = plan.groups(objects_per_part(objects=len(plan.objects), algorithm=algorithm))
    last = Part.objects.filter(job_id=job.pk).aggregate(last=Max("number"))["last"]
    parts_store([(job, groups, algorithm)], first_number=last + 1)
    Job.objects.filter(pk=job.pk).update(frames_total=F("frames_total") + sum(one.frames for one in groups))
    queue.ring_on_commit(algorithm.capability, times=len(groups))
