"""What others have labelled where a job writes. It is asked in the transaction that writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Self

from labeling.geometry.overlap import Standing
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Shape
from labeling.statements import places, rows_of

STANDING = """
SELECT label.frame, instance.object_class_id, label.geometry FROM labeling_label label
JOIN labeling_instance instance ON instance.id = label.instance_id
WHERE label.task_id = %s AND label.frame IN ({frames}) AND instance.object_class_id IN ({classes})
    AND label.geometry IS NOT NULL AND (label.job_id IS NULL OR label.job_id <> %s)
"""
FRAMES_A_READ = 500

Place = tuple[int, int]
"""Frame and class."""


class EarlierLabels:
    """The shapes of people and of other jobs, by frame and class; rejected ones are among them."""

    def __init__(self, standing: dict[Place, Standing]) -> None:
        self.standing = standing

    @classmethod
    def read(
        cls,
        wanted: Collection[Place],
        *,
        task_id: int,
        job_id: int,
        size_of: Callable[[int], tuple[int, int]],
    ) -> Self:
        """Read what is on the frames of ``wanted``; ``size_of`` tells a frame's width and height."""
        shapes: dict[Place, list[Shape]] = defaultdict(list)
        frames = sorted({frame for frame, _ in wanted})
        classes = sorted({class_id for _, class_id in wanted})
        for start in range(0, len(frames), FRAMES_A_READ):
            some = frames[start : start + FRAMES_A_READ]
            statement = STANDING.replace("{frames}", places(len(some)))
            statement = statement.replace("{classes}", places(len(classes)))
            for frame, class_id, geometry in rows_of(statement, [task_id, *some, *classes, job_id]):
                shapes[frame, class_id].append(shape_unpack(bytes(geometry)))
        return cls({place: standing_on(place[0], there, size_of) for place, there in shapes.items()})

    def iou(self, shape: Shape, place: Place) -> float:
        """Return the greatest IoU with a label there, 0 where there is none."""
        there = self.standing.get(place)
        return there.iou(shape) if there else 0.0


def standing_on(frame: int, shapes: Collection[Shape], size_of: Callable[[int], tuple[int, int]]) -> Standing:
    width, height = size_of(frame)
    return Standing(shapes, width=width, height=height)
