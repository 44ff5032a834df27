"""Jobs: orders, dry runs, waiting with progress, steering."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from labelyard.connection import Connection, given
from labelyard.errors import LabelyardError
from labelyard.options import WantedClass, detect_options, track_options
from labelyard.waiting import awaited

FINAL = ("succeeded", "partial", "failed", "cancelled")
WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """The piece of a job that one worker takes."""

    number: int
    state: str
    frames_done: int
    frames_total: int
    attempts: int
    error_code: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """One automated run on one task. ``parts`` and ``queue_position`` are told of single jobs only."""

    id: int
    uid: str
    project: int
    task: int
    task_title: str
    kind: str
    algorithm: str
    state: str
    first_frame: int
    last_frame: int
    priority: float
    parameters: dict[str, Any]
    warnings: list[str]
    frames_total: int
    frames_done: int
    labels_written: int
    model_version: str
    error_code: str
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    reverted_at: datetime | None
    waiting_for_worker: bool
    instances: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    queue_position: int | None = None

    @property
    def ended(self) -> bool:
        """It succeeded, partly or wholly, failed, or was cancelled."""
        return self.state in FINAL


@dataclass(frozen=True, kw_only=True)
class DryRunObject:
    """What an order comes to for one object."""

    instance: int
    seed_frame: int | None
    frames: int


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What an order would come to. ``seconds`` is from, to; None where too little is known."""

    frames: int
    frames_before: int
    objects: list[DryRunObject]
    warnings: list[str]
    protected_touched: int
    waiting_for_worker: bool
    seconds: tuple[float, float] | None
    detector: str | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What reverting or redoing came to: labels taken back or brought back, and those kept as they are."""

    job: Job
    kept: int
    instances: int
    removed: int = 0
    written: int = 0


class Jobs:
    """``client.jobs``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, project: int, *, state: str | None = None, task: int | None = None, kind: str | None = None
    ) -> Iterator[Job]:
        """Yield the jobs of a project, newest first."""
        query = {"state": state, "task": task, "kind": kind}
        return self._connection.pages(Job, f"projects/{project}/jobs/", query=query)

    def get(self, job: int) -> Job:
        """Return one job, with its parts and its place in the queue."""
        return self._connection.read(Job, f"jobs/{job}/")

    def order(self, task: int, order: Mapping[str, Any], *, key: str | None = None) -> Job:
        """Queue a job by an order as docs/api.md has it; ``track`` and the others below make one.

        ``key`` makes repeating the order, by anybody, return the job that is there. Without one the order
        has a key of its own, so that a broken connection does not make two jobs.
        """
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self._connection.post(
            Job, f"tasks/{task}/jobs/", dict(order), headers=headers, repeatable=True
        )

    def dry_run(self, task: int, order: Mapping[str, Any]) -> DryRun:
        """Say what an order would come to; nothing is stored."""
        query = {"dry_run": True}
        return self._connection.post(DryRun, f"tasks/{task}/jobs/", dict(order), query=query, repeatable=True)

    def track(
        self, task: int, *, instances: Sequence[int], first_frame: int, last_frame: int,
        key: str | None = None, **more: Any,
    ) -> Job:  # fmt: skip
        """Follow objects over a range (inclusive). ``more`` as in ``track_order``."""
        order = track_order(instances=instances, first_frame=first_frame, last_frame=last_frame, **more)
        return self.order(task, order, key=key)

    def interpolate(
        self, task: int, *, instances: Sequence[int], first_frame: int, last_frame: int,
        key: str | None = None, priority: float = 0.5,
    ) -> Job:  # fmt: skip
        """Fill the frames between labels."""
        order = interpolate_order(
            instances=instances, first_frame=first_frame, last_frame=last_frame, priority=priority
        )
        return self.order(task, order, key=key)

    def detect(
        self, task: int, *, classes: Sequence[WantedClass | int], first_frame: int, last_frame: int,
        key: str | None = None, **more: Any,
    ) -> Job:  # fmt: skip
        """Find all objects of classes. ``more`` as in ``detect_order``."""
        order = detect_order(classes=classes, first_frame=first_frame, last_frame=last_frame, **more)
        return self.order(task, order, key=key)

    def wait(
        self,
        job: int | Job,
        *,
        timeout: float = WAIT_SECONDS,
        progress: Callable[[Job], object] | None = None,
        check: bool = True,
    ) -> Job:
        """Return the job once it has ended; ``progress`` is called with it as it is now and then.

        With ``check`` one that failed or was cancelled is raised: by its own code, or ``job_cancelled``.
        Raises ``wait_timeout`` after ``timeout`` seconds; the job goes on.
        """
        number = job.id if isinstance(job, Job) else job
        found = awaited(
            lambda: self.get(number),
            ended=lambda one: one.ended,
            seconds=timeout,
            progress=progress,
            what=f"Job {number}",
        )
        if check and found.state in ("failed", "cancelled"):
            sentence = f"Job {number} was cancelled." if found.state == "cancelled" else found.error
            raise LabelyardError(
                found.error_code or f"job_{found.state}", sentence or f"Job {number} failed."
            )
        return found

    def pause(self, job: int) -> Job:
        """Hold back what is queued; what runs stops at its next commit."""
        return self._steer(job, "pause")

    def resume(self, job: int) -> Job:
        """Go on with a paused job."""
        return self._steer(job, "resume")

    def cancel(self, job: int, *, keep: bool) -> Job:
        """Stop the job, and keep or discard the labels that it wrote."""
        return self._connection.post(Job, f"jobs/{job}/cancel/", {"keep": keep})

    def retry(self, job: int, *, backend: Mapping[str, Any] | None = None) -> Job:
        """Queue the failed parts again, with other parameters of the algorithm when given."""
        return self._connection.post(Job, f"jobs/{job}/retry/", given(backend=backend))

    def again(self, job: int, *, key: str | None = None, **changes: Any) -> Job:
        """Order the same once more, with ``changes`` (``last_frame``, say), as docs/api.md names them."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self._connection.post(Job, f"jobs/{job}/again/", changes, headers=headers, repeatable=True)

    def revert(self, job: int) -> Taken:
        """Take back what the job wrote; what people touched since stays."""
        return self._connection.post(Taken, f"jobs/{job}/revert/")

    def redo(self, job: int) -> Taken:
        """Bring a reverted job's labels back."""
        return self._connection.post(Taken, f"jobs/{job}/redo/")

    def _steer(self, job: int, verb: str) -> Job:
        return self._connection.post(Job, f"jobs/{job}/{verb}/")


def track_order(
    *,
    instances: Sequence[int],
    first_frame: int,
    last_frame: int,
    direction: str = "forwards",
    algorithm: str | None = None,
    advanced: bool | None = None,
    interval: int | None = None,
    max_frames_after_key: int | None = None,
    priority: float = 0.5,
) -> dict[str, Any]:
    """Return an order to track. ``advanced`` is SAM 2, False the fast tracker; ``algorithm`` names one."""
    return {
        "kind": "track", "instances": list(instances), "first_frame": first_frame, "last_frame": last_frame,
        "direction": direction,
        **track_options(
            algorithm=algorithm, advanced=advanced, interval=interval,
            max_frames_after_key=max_frames_after_key, priority=priority,
        ),
    }  # fmt: skip


def interpolate_order(
    *, instances: Sequence[int], first_frame: int, last_frame: int, priority: float = 0.5
) -> dict[str, Any]:
    """Return an order to fill the frames between labels."""
    return {
        "kind": "interpolate", "instances": list(instances), "first_frame": first_frame,
        "last_frame": last_frame, "priority": priority,
    }  # fmt: skip


def detect_order(
    *,
    classes: Sequence[WantedClass | int],
    first_frame: int,
    last_frame: int,
    step: int = 1,
    link: bool = True,
    fill: str | None = None,
    detector: str | None = None,
    priority: float = 0.5,
) -> dict[str, Any]:
    """Return an order to find all objects of classes (ids, or with words and threshold)."""
    return {
        "kind": "detect_all", "first_frame": first_frame, "last_frame": last_frame,
        **detect_options(
            classes=classes, step=step, link=link, fill=fill, detector=detector, priority=priority
        ),
    }  # fmt: skip
