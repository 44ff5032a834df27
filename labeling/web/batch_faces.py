"""A batch as people see it: its counts as a bar, what can be done to it, what is being done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labeling.models import COUNTS, ENDED, Batch, BatchState, BatchVerb, JobKind, MediaKind
from labeling.services.batches.counts import ACTIVE

TONES = {
    BatchState.QUEUEING: "info",
    BatchState.TRYING: "warn",
    BatchState.RUNNING: "info",
    BatchState.CANCELLING: "warn",
    BatchState.FINISHED: "good",
    BatchState.CANCELLED: "",
}
WORDS = {
    "waiting": "waiting",
    "skipped": "skipped",
    "queued": "queued",
    "running": "running",
    "paused": "paused",
    "cancelling": "being cancelled",
    "succeeded": "done",
    "partial": "partly done",
    "failed": "failed",
    "cancelled": "cancelled",
}
BAR = (
    "succeeded",
    "partial",
    "failed",
    "cancelled",
    "skipped",
    "running",
    "cancelling",
    "paused",
    "queued",
    "waiting",
)
"""The order of the segments: what has ended first."""
OUTCOME = {
    "jobs": "jobs",
    "refused": "jobs refused",
    "removed": "labels taken back",
    "kept": "labels kept that somebody touched",
    "instances": "objects taken back",
    "instances_kept": "objects kept that somebody touched",
}


@dataclass(frozen=True)
class Segment:
    """A piece of the bar: ``x`` and ``width`` in hundredths of it."""

    name: str
    words: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class BatchFace:
    """``steerable``: this person may steer the batch."""

    batch: Batch
    steerable: bool

    @property
    def title(self) -> str:
        return self.batch.name or f"{JobKind(self.batch.kind).label} batch {self.batch.pk}"

    @property
    def state(self) -> str:
        """The state in a word or three."""
        batch = self.batch
        if batch.verb:
            return f"{BatchVerb(batch.verb).label} …"
        if batch.paused:
            return "Paused"
        if batch.state == BatchState.TRYING and not self.active:
            return "Sample done"
        return str(BatchState(batch.state).label)

    @property
    def tone(self) -> str:
        return "warn" if self.batch.paused else TONES[BatchState(self.batch.state)]

    @property
    def over_budget(self) -> bool:
        """Its budget is spent, and it is paused for that."""
        batch = self.batch
        budget = batch.budget_seconds
        return batch.paused and budget is not None and batch.worker_seconds >= budget

    def count(self, name: str) -> int:
        return int(getattr(self.batch, f"count_{name}"))

    @property
    def active(self) -> int:
        """Its jobs that have not ended."""
        return sum(self.count(name) for name in ACTIVE)

    @property
    def failed(self) -> int:
        return self.count("failed") + self.count("partial")

    @property
    def segments(self) -> list[Segment]:
        """The bar: what there is of each state, in shares of all items."""
        pieces, x, total = [], 0.0, max(self.batch.items_total, 1)
        for name in BAR:
            count = self.count(name)
            if count:
                width = 100 * count / total
                pieces.append(Segment(name, WORDS[name], count, round(x, 3), round(width, 3)))
                x += width
        return pieces

    @property
    def outcome(self) -> list[tuple[str, int]]:
        """What came of the last verb."""
        told = self.batch.verb_outcome
        return [(words, told[name]) for name, words in OUTCOME.items() if told.get(name)]

    @property
    def can(self) -> dict[str, bool]:
        """What the batch's state allows, for who may steer it."""
        batch = self.batch
        live, idle = batch.state not in (*ENDED, BatchState.CANCELLING), not batch.verb
        wrote = self.count("succeeded") + self.failed + self.count("cancelled")
        allowed = {
            "go_on": batch.state == BatchState.TRYING and not batch.paused,
            "pause": live and idle and not batch.paused and bool(self.active or self.count("waiting")),
            "resume": live and idle and batch.paused and not self.over_budget,
            "cancel": live,
            "retry": idle and batch.state != BatchState.CANCELLING and self.failed > 0,
            "revert": idle and batch.state in ENDED and wrote > 0,
        }
        return {verb: self.steerable and possible for verb, possible in allowed.items()}

    @property
    def filter(self) -> list[tuple[str, Any]]:
        """Which tasks were chosen, as label and value."""
        told = self.batch.filter
        shown = {
            "Stage": told.get("stage"),
            "Assignee": "nobody" if told.get("unassigned") else told.get("assignee"),
            "Title has": told.get("search"),
            "Tasks named": len(told["ids"]) if told.get("ids") else None,
            "Of batch": told.get("batch"),
            "That ended": ", ".join(told.get("outcomes") or ()),
            "Of connection": told.get("connection"),
            "Key begins with" if told.get("connection") else "Media's title begins with": told.get("prefix"),
            "Kinds of media": ", ".join(MediaKind(kind).label for kind in told.get("media_kinds") or ()),
        }
        return [(label, value) for label, value in shown.items() if value]

    @property
    def span(self) -> str:
        """Over which frames of each task."""
        span = self.batch.specification["span"]
        if span["kind"] == "seed":
            return f"{span['frames']} from the first label on"
        if span["kind"] == "fixed":
            return f"{span['first']} to {span['last']} of each task"
        return "whole tasks"

    @property
    def settings(self) -> list[tuple[str, Any]]:
        """The order's own numbers."""
        order = self.batch.specification["order"]
        names = (
            "algorithm",
            "detector",
            "interval",
            "max_frames_after_key",
            "step",
            "overlap",
            "link",
            "fill",
        )
        told = [(name.replace("_", " "), order.get(name)) for name in (*names, "priority")]
        return [(name, value) for name, value in told if value is not None]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        return [(name, WORDS[name], self.count(name)) for name in COUNTS if self.count(name)]
