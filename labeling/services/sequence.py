"""The number of a task's next change, given under the task row's lock."""

from __future__ import annotations

import json
from collections.abc import Iterable

from labeling.errors import conflict, not_found
from labeling.models import ChangeKind, Stage
from labeling.statements import row_of, run

# One statement takes the lock, the number and the stage; both databases know RETURNING.
TAKE = "UPDATE labeling_task SET seq = seq + 1 WHERE id = %s RETURNING seq, stage"
RECORD = """
INSERT INTO labeling_taskchange
    (task_id, seq, kind, instances, first_frame, last_frame, author_id, job_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, {now})
"""


def task_take_seq(*, task_id: int, even_complete: bool = False) -> int:
    """Lock the task until the transaction ends and return the number of this change.

    Raises ``task_complete`` (409) when the task is complete, so that nobody, a job least of all,
    writes into finished work. To be called inside a transaction, before labels are touched.
    """
    row = row_of(TAKE, (task_id,))
    if row is None:
        raise not_found("task")
    seq, stage = row
    if stage == Stage.COMPLETE and not even_complete:
        raise conflict(
            "task_complete", "The task is complete. Reopen it before changing anything in it.", task=task_id
        )
    return int(seq)


def change_record(
    *,
    task_id: int,
    seq: int,
    kind: ChangeKind,
    instances: Iterable[int] = (),
    first_frame: int | None = None,
    last_frame: int | None = None,
    author_id: int | None = None,
    job_id: int | None = None,
) -> None:
    """Write the entry of the change feed that belongs to ``seq``. Frames are inclusive."""
    told = json.dumps(sorted(set(instances)))
    run(RECORD, (task_id, seq, kind.value, told, first_frame, last_frame, author_id, job_id))
