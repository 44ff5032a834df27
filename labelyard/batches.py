"""Batches: one order over many tasks; dry runs, waiting with counts, steering."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from labelyard.connection import Connection, given
from labelyard.waiting import awaited

FINAL = ("finished", "cancelled")
# What waits for a person, so that nothing comes of waiting longer: the rest after a sample.
TRIED = "trying"
WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why tasks of a batch were skipped, or its jobs failed, with one of those tasks."""

    count: int
    sentence: str
    task: int
    task_title: str
    reason: str = ""
    error_code: str = ""
    job: int | None = None

    def __str__(self) -> str:
        return f"{self.count}: {self.sentence}"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The jobs of one order. ``counts`` add up to ``items_total``: waiting, skipped, and states of jobs.

    ``skips``, ``failures`` and ``differences`` are told of single batches only.
    """

    id: int
    uid: str
    project: int
    parent: int | None
    rule: int | None = None
    name: str
    kind: str
    state: str
    paused: bool
    verb: str
    filter: dict[str, Any]
    specification: dict[str, Any]
    sample: int | None
    sample_good: bool
    items_total: int
    counts: dict[str, int]
    worker_seconds: float
    gpu_seconds: float
    budget_seconds: float | None
    created_at: datetime
    finished_at: datetime | None
    skips: list[Reason] = field(default_factory=list)
    failures: list[Reason] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Nothing more comes of it."""
        return self.state in FINAL

    @property
    def at_rest(self) -> bool:
        """It has ended, or its sample is done and the rest waits for ``go_on``."""
        counts = self.counts
        idle = not any(counts.get(name) for name in ("queued", "running", "cancelling"))
        return self.ended or (self.state == TRIED and idle)

    @property
    def done(self) -> int:
        """How many of its tasks need no more work: their jobs have ended, or they were skipped."""
        names = ("skipped", "succeeded", "partial", "failed", "cancelled")
        return sum(self.counts.get(name, 0) for name in names)


@dataclass(frozen=True, kw_only=True)
class BatchItem:
    """A task of a batch: its job and that one's state, or why it has none."""

    position: int
    task: int
    task_title: str
    state: str
    job: int | None
    reason: str
    sentence: str
    error_code: str
    error: str
    labels_written: int


@dataclass(frozen=True, kw_only=True)
class Skip:
    """Why tasks would be skipped."""

    reason: str
    sentence: str
    count: int

    def __str__(self) -> str:
        return f"{self.count}: {self.sentence}"


@dataclass(frozen=True, kw_only=True)
class BatchDryRun:
    """What an order would come to. ``seconds`` is from, to; None where too little is known."""

    tasks: int
    runs: int
    frames: int
    objects: int
    skipped: list[Skip]
    warnings: list[str]
    protected_touched: int
    waiting_for_worker: bool
    workers: int
    seconds: tuple[float, float] | None


class Batches:
    """``client.batches``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: int) -> Iterator[Batch]:
        """Yield the batches of a project, newest first."""
        return self._connection.pages(Batch, f"projects/{project}/batches/")

    def get(self, batch: int) -> Batch:
        """Return one batch, with its failures and skips by reason."""
        return self._connection.read(Batch, f"batches/{batch}/")

    def items(
        self,
        batch: int,
        *,
        state: str | None = None,
        reason: str | None = None,
        error_code: str | None = None,
    ) -> Iterator[BatchItem]:
        """Yield the tasks of a batch, in the order in which they get their jobs."""
        query = {"state": state, "reason": reason, "error_code": error_code}
        return self._connection.pages(BatchItem, f"batches/{batch}/items/", query=query)

    def order(
        self,
        project: int,
        specification: Mapping[str, Any],
        *,
        tasks: Mapping[str, Any] | None = None,
        sample: int | None = None,
        name: str = "",
        budget_seconds: float | None = None,
        key: str | None = None,
    ) -> Batch:
        """Order a batch over all tasks that match ``tasks`` (stage, assignee, search, ids; all unless told).

        ``specification``: what ``track_specification`` and its kin make. ``sample``: try so many first.
        A repeated order under the same ``key`` is the batch that is there.
        """
        body = batch_order(specification, tasks=tasks)
        more = {"name": name, **given(sample=sample, budget_seconds=budget_seconds)}
        headers = {"Idempotency-Key": key or str(uuid4())}
        path = f"projects/{project}/batches/"
        return self._connection.post(Batch, path, {**body, **more}, headers=headers, repeatable=True)

    def dry_run(
        self, project: int, specification: Mapping[str, Any], *, tasks: Mapping[str, Any] | None = None
    ) -> BatchDryRun:
        """Say what an order would come to; nothing is stored."""
        body, path = batch_order(specification, tasks=tasks), f"projects/{project}/batches/"
        return self._connection.post(BatchDryRun, path, body, query={"dry_run": True}, repeatable=True)

    def again(
        self,
        batch: int,
        *,
        states: Sequence[str] | None = None,
        specification: Mapping[str, Any] | None = None,
        sample: int | None = None,
        name: str | None = None,
        key: str | None = None,
    ) -> Batch:
        """Run a batch once more, as a new one linked to it: its tasks with these outcomes, or all."""
        body = given(states=states, specification=specification, sample=sample, name=name)
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self._connection.post(Batch, f"batches/{batch}/again/", body, headers=headers, repeatable=True)

    def wait(
        self,
        batch: int | Batch,
        *,
        timeout: float = WAIT_SECONDS,
        progress: Callable[[Batch], object] | None = None,
    ) -> Batch:
        """Return the batch once it has ended, or its sample is done. ``progress`` is called now and then.

        Some of its jobs may have failed: ``counts`` and ``failures`` tell. Raises ``wait_timeout``.
        """
        number = batch.id if isinstance(batch, Batch) else batch
        return awaited(
            lambda: self.get(number),
            ended=lambda one: one.at_rest,
            seconds=timeout,
            progress=progress,
            what=f"Batch {number}",
        )

    def go_on(self, batch: int) -> Batch:
        """Queue the rest after the sample."""
        return self._steer(batch, "go-on")

    def pause(self, batch: int) -> Batch:
        """Queue nothing more, and pause its jobs."""
        return self._steer(batch, "pause")

    def resume(self, batch: int, *, budget_seconds: float | None = None) -> Batch:
        """Go on with a paused batch, with a new budget in all when one is given."""
        return self._steer(batch, "resume", given(budget_seconds=budget_seconds))

    def cancel(self, batch: int, *, keep: bool) -> Batch:
        """Stop all of it, and keep or discard what the jobs that are cancelled wrote."""
        return self._steer(batch, "cancel", {"keep": keep})

    def retry(self, batch: int) -> Batch:
        """Queue the failed parts of all its jobs again."""
        return self._steer(batch, "retry")

    def revert(self, batch: int) -> Batch:
        """Take back what its jobs wrote, once it has ended; what people touched since stays."""
        return self._steer(batch, "revert")

    def _steer(self, batch: int, verb: str, body: object = None) -> Batch:
        return self._connection.post(Batch, f"batches/{batch}/{verb}/", body)


def batch_order(
    specification: Mapping[str, Any], *, tasks: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {"tasks": dict(tasks or {}), "specification": dict(specification)}
