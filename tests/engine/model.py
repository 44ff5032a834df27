"""A plain model of what labels and jobs must be, for the state machine to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field

Key = tuple[int, int]
"""(instance id, frame)."""


@dataclass
class Mark:
    """A label as the model sees it: who wrote it last, and at which change."""

    value: float
    job: int | None
    protected: bool
    at: int


@dataclass
class Run:
    """A job as the model sees it: what it wrote, what it replaced, and when it was reverted."""

    instance: int
    first: int
    last: int
    state: str = "queued"
    part: str = "queued"
    token: int = 0
    position: int | None = None
    keeps: bool | None = None
    started: bool = False
    written: dict[Key, float] = field(default_factory=dict)
    replaced: dict[Key, Mark] = field(default_factory=dict)
    reverted_at: int | None = None

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running", "paused", "cancelling")

    @property
    def next_frame(self) -> int:
        return self.first if self.position is None else self.position + 1


@dataclass
class World:
    """All labels of the task, the accepted frames, and a clock of changes."""

    labels: dict[Key, Mark] = field(default_factory=dict)
    accepted: set[Key] = field(default_factory=set)
    clock: int = 0

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def free(self, key: Key) -> bool:
        """A job may write here."""
        return key not in self.accepted and not (key in self.labels and self.labels[key].protected)

    def job_writes(self, job: int, run: Run, found: dict[Key, float | None]) -> None:
        now = self.tick()
        for key, value in found.items():
            if not self.free(key):
                continue
            if key in self.labels:
                run.replaced[key] = self.labels[key]
            if value is None:
                self.labels.pop(key, None)
            else:
                self.labels[key] = Mark(value, job, protected=False, at=now)
                run.written[key] = value

    def revert(self, job: int, run: Run) -> tuple[int, int]:
        now = self.tick()
        removed = kept = 0
        for key in run.written.keys() | run.replaced.keys():
            label = self.labels.get(key)
            if key not in run.written:
                if label is None:
                    self.restore(run, key, now)
            elif label is not None and label.job == job and self.free(key):
                removed += 1
                del self.labels[key]
                self.restore(run, key, now)
            elif label is not None:
                kept += 1
        run.reverted_at = now
        return removed, kept

    def restore(self, run: Run, key: Key, now: int) -> None:
        if key in run.replaced:
            old = run.replaced[key]
            self.labels[key] = Mark(old.value, old.job, old.protected, now)

    def redo(self, job: int, run: Run) -> tuple[int, int]:
        now = self.tick()
        since = run.reverted_at or 0
        again = [key for key in run.written if self.as_left(run, key, since)]
        gone = [
            key
            for key in run.replaced
            if key not in run.written and key in self.labels and self.as_left(run, key, since)
        ]
        for key in again:
            self.labels[key] = Mark(run.written[key], job, protected=False, at=now)
        for key in gone:
            del self.labels[key]
        run.reverted_at = None
        return len(again), len(run.written) - len(again)

    def as_left(self, run: Run, key: Key, since: int) -> bool:
        if not self.free(key):
            return False
        label = self.labels.get(key)
        return key not in run.replaced if label is None else label.at <= since
