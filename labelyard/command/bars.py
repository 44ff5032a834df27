"""Progress on standard error: bars where a person looks, nothing where nobody does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from labelyard.batches import Batch
from labelyard.jobs import Job
from labelyard.uploading import Progress


@contextmanager
def byte_bar(title: str) -> Iterator[Progress]:
    """Yield what an upload or a download calls with the bytes so far, and all there are."""
    with bar(title, unit="B", unit_scale=True, unit_divisor=1024) as shown:

        def progress(done: int, total: int | None) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield progress


class JobBar:
    """The frames of a job that are committed, its state, and where it waits."""

    def __init__(self, job: Job) -> None:
        self.bar = bar(f"Job {job.id}", unit=" frames", total=job.frames_total)

    def __call__(self, job: Job) -> None:
        self.bar.total = job.frames_total
        self.bar.set_postfix_str(standing(job), refresh=False)
        self.bar.update(job.frames_done - self.bar.n)
        self.bar.refresh()

    def close(self) -> None:
        self.bar.close()


class BatchBar:
    """The tasks of a batch that need no more work, and what its jobs are at."""

    def __init__(self, batch: Batch) -> None:
        self.bar = bar(f"Batch {batch.id}", unit=" tasks", total=batch.items_total)

    def __call__(self, batch: Batch) -> None:
        told = [f"{batch.counts[name]} {name}" for name in ("running", "failed") if batch.counts.get(name)]
        self.bar.total = batch.items_total
        self.bar.set_postfix_str(", ".join(told) or batch.state, refresh=False)
        self.bar.update(batch.done - self.bar.n)
        self.bar.refresh()

    def close(self) -> None:
        self.bar.close()


def standing(job: Job) -> str:
    """Say in a few words where a job is."""
    if job.waiting_for_worker:
        return "waiting for a worker"
    if job.state == "queued" and job.queue_position is not None:
        return f"queued, {job.queue_position} before it"
    return job.state


def bar(title: str, **options: object) -> tqdm:
    return tqdm(desc=title, file=sys.stderr, disable=None, leave=True, dynamic_ncols=True, **options)
