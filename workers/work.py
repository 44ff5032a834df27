"""What a worker needs to know to run a part, read in one look-up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from labeling.models import Media
from labeling.statements import model_of, row_of
from workers.claim import Lease, LeaseLost

MEDIA_COLUMNS = ("id", "kind", "connection_id", "storage_key", "etag", "sha256", "width", "height")
WORK = f"""
SELECT part.capability, part.algorithm, part.plan, part.position, part.checkpoint, job.parameters,
    job.task_id, {", ".join(f"media.{column}" for column in MEDIA_COLUMNS)}
FROM labeling_part part
JOIN labeling_job job ON job.id = part.job_id
JOIN labeling_task task ON task.id = job.task_id
JOIN labeling_media media ON media.id = task.media_id
WHERE part.id = %s
"""  # noqa: S608  (names of ours)


@dataclass(frozen=True)
class Work:
    """A claimed part, its job's order and its media (other fields of the media are read when asked for).

    ``position`` is the last frame that is committed, None before the first commit.
    """

    capability: str
    algorithm: str
    plan: dict[str, Any]
    position: int | None
    checkpoint: bytes | None
    parameters: dict[str, Any]
    task_id: int
    media: Media


def work_of(lease: Lease) -> Work:
    """Raises ``LeaseLost`` when the part was deleted meanwhile, with its job or project."""
    row = row_of(WORK, (lease.part_id,))
    if row is None:
        raise LeaseLost
    capability, algorithm, plan, position, checkpoint, parameters, task_id = row[:7]
    return Work(
        capability=capability,
        algorithm=algorithm,
        plan=json.loads(plan),
        position=position,
        checkpoint=None if checkpoint is None else bytes(checkpoint),
        parameters=json.loads(parameters),
        task_id=task_id,
        media=model_of(Media, MEDIA_COLUMNS, row[7:]),
    )
