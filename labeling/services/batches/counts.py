"""What a batch counts: moved in the transactions that move its items and jobs; the last of them ends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeling.models import COUNTS, ENDED, BatchState
from labeling.services.events import event_write
from labeling.statements import row_of, run

ACTIVE = ("queued", "running", "paused", "cancelling")
TOLD = ("id", "project_id", "state", *(f"count_{name}" for name in COUNTS))
END = """
UPDATE labeling_batch SET state = %s, finished_at = {now} WHERE id = %s AND state = %s
"""
WAKE = """
UPDATE labeling_batch SET state = 'running', finished_at = NULL
WHERE id = %s AND state IN ('finished', 'cancelled')
"""
ENDS = {BatchState.RUNNING.value: BatchState.FINISHED, BatchState.CANCELLING.value: BatchState.CANCELLED}


def job_moved(*, batch_id: int | None, source: str, to: str) -> None:
    """Count that a job of the batch went from one state to another. For a job of no batch, nothing."""
    if batch_id is not None and source != to:
        batch_count(batch_id=batch_id, changes={source: -1, to: 1})


def batch_count(*, batch_id: int, changes: Mapping[str, int]) -> None:
    """Add ``changes`` to the counts they name, and end the batch when nothing of it is left to do.

    Within the transaction of what is counted; the UPDATE holds the batch's row until it commits.
    """
    parts = [f"count_{COUNTS[COUNTS.index(name)]} = count_{name} + %s" for name in changes]
    statement = f"UPDATE labeling_batch SET {', '.join(parts)} WHERE id = %s RETURNING {', '.join(TOLD)}"  # noqa: S608  (names of ours)
    row = row_of(statement, [*changes.values(), batch_id])
    if row is not None:
        batch_settle(dict(zip(TOLD, row, strict=True)))


def batch_settle(told: Mapping[str, Any]) -> None:
    """End the batch, or begin it again, as its counts (columns of ``TOLD``) ask."""
    active = sum(told[f"count_{name}"] for name in ACTIVE)
    state = told["state"]
    if state in ENDED and active:
        run(WAKE, (told["id"],))
    elif state == BatchState.TRYING and not active:
        batch_event(told, kind="batch.sample_ended")
    elif not active and not told["count_waiting"] and state in ENDS:
        to = ENDS[state].value
        if run(END, (to, told["id"], state)):
            batch_event({**told, "state": to}, kind="batch.finished")


def batch_event(told: Mapping[str, Any], *, kind: str) -> None:
    """Write an event of the batch, with its counts."""
    counts = {name: told[f"count_{name}"] for name in COUNTS}
    event_write(
        kind=kind,
        project_id=told["project_id"],
        payload={"batch": told["id"], "state": str(told["state"]), "counts": counts},
    )
