"""The kinds of events that others are told of, and what each of them holds.

Services write events for pages too; some have other names there. Here stands which of them are public,
under which name. The pages, the API and ``docs/webhooks.md`` are made from this list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Payload = Mapping[str, Any]
TEST = "webhook.test"
ALL = "*"


def always(payload: Payload) -> bool:
    return True


@dataclass(frozen=True)
class PublicKind:
    """``holds``: field of ``data`` to what it means, beside those of ``COMMON``.

    ``sources`` are the kinds of event rows, of which those are told that ``picks`` takes.
    """

    name: str
    when: str
    holds: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    picks: Callable[[Payload], bool] = always

    @property
    def noun(self) -> str:
        return self.name.partition(".")[0]


COMMON = {
    "event": "position of the event; the same in events/",
    "project": "id",
    "task": "id, null where it is about no task",
    "job": "id, null where it is about no job",
    "media": "id, null where it is about no media",
}
BY = {"by": "user name, null for nobody in particular"}
STATE = {"state": "of the job, after it"}
ENDED = {**STATE, "labels": "written", "frames": "done"}
FAULT = {"error": "null, or the first one: code and sentence"}
TAKEN = {"removed": "labels taken back", "kept": "labels left, since somebody touched them"}
LOST = {"key": "in the bucket", "sentence": "what is known"}
DECIDED = {
    "instance": "id",
    "first_frame": "first frame of the range",
    "last_frame": "last one, inclusive",
    "reason": "of the reviewer",
    "cause": "edit, or undo and redo of one: what holds there now",
}
ISSUE = {"comment": "id", "frame": "it is pinned to, or null", **BY}

CATALOGUE: tuple[PublicKind, ...] = (
    PublicKind("project.created", "A project was made.", {"name": "of the project", **BY}),
    PublicKind("project.changed", "Its settings changed.", {"changed": "names of what changed"}),
    PublicKind("task.created", "A task was made.", BY),
    PublicKind(
        "task.stage_changed",
        "A task moved between annotate, review, complete and agents.",
        {"from": "stage", "to": "stage", "comment": "of who returned it", **BY},
    ),
    PublicKind(
        "task.assigned", "A task was given to somebody, or released.", {"assignee": "user name, or null"}
    ),
    PublicKind(
        "agent.waiting",
        "A task waits for an agent.",
        {"agent": "id", "name": "of the agent", "visit": "id of the stay"},
    ),
    PublicKind(
        "agent.done",
        "An agent handed a task back.",
        {"agent": "id", "name": "of the agent", "visit": "id of the stay", "outcome": "name of the pathway"},
    ),
    PublicKind(
        "agent.gave_up",
        "A task came back from an agent undone too often, and went on to people.",
        {
            "agent": "id",
            "name": "of the agent",
            "visit": "id of the stay",
            "losses": "how often it came back",
            "sentence": "what people are told",
        },
    ),
    PublicKind(
        "job.queued",
        "A job was ordered, or its failed parts were queued again.",
        {**STATE, "retried": "true, where it was queued again"},
        sources=("job.queued", "job.retried"),
    ),
    PublicKind("job.started", "The first worker took it.", STATE),
    PublicKind(
        "job.progress",
        "A sample, at every twentieth of the frames.",
        {**STATE, "frames_done": "committed", "frames_total": "in all"},
        picks=lambda payload: bool(payload.get("sample")),
    ),
    PublicKind("job.paused", "It is held back.", STATE),
    PublicKind("job.resumed", "It goes on.", STATE),
    PublicKind("job.succeeded", "It ended without a fault.", ENDED),
    PublicKind("job.partial", "It ended; some frames or objects failed.", {**ENDED, **FAULT}),
    PublicKind("job.failed", "It ended without a label.", {**ENDED, **FAULT}),
    PublicKind(
        "job.cancelled", "It was cancelled, and has stopped.", {**STATE, "keep": "true: its labels stay"}
    ),
    PublicKind("job.reverted", "Its labels were taken back.", {**STATE, **TAKEN}),
    PublicKind(
        "job.redone",
        "Its labels were brought back.",
        {**STATE, "written": "labels brought back", "kept": "labels left, since somebody touched them"},
    ),
    PublicKind(
        "labels.changed",
        "Labels of a task changed: once an edit, once a commit of a job.",
        {
            "instances": "ids",
            "frames": "ranges [first, last], inclusive, that hold all changes",
            "provenance": "of the labels that stand there now: manual, tracked, …; empty where they are gone",
            "cause": "edit, undo, redo, run, revert",
            "seq": "of the task",
            **BY,
        },
    ),
    PublicKind("review.accepted", "A reviewer accepted an object over a range.", DECIDED),
    PublicKind("review.rejected", "A reviewer rejected an object over a range.", DECIDED),
    PublicKind("review.cleared", "A decision was taken back.", DECIDED),
    PublicKind(
        "issue.opened",
        "A comment began a thread, or a resolved thread was opened again.",
        {**ISSUE, "settled": "reopened, where it was opened again"},
        sources=("comment.made", "comment.changed"),
        picks=lambda payload: (
            payload.get("settled") == "reopened"
            or ("settled" not in payload and "resolved" not in payload and payload.get("parent") is None)
        ),
    ),
    PublicKind(
        "issue.resolved",
        "A thread was resolved.",
        {**ISSUE, "settled": "resolved"},
        sources=("comment.changed",),
        picks=lambda payload: payload.get("settled") == "resolved",
    ),
    PublicKind(
        "batch.finished",
        "Nothing of a batch is left to do.",
        {"batch": "id", "state": "finished or cancelled", "counts": "jobs by state, tasks skipped"},
    ),
    PublicKind("media.registered", "A media was read and is ready.", {"kind": "of the media"}),
    PublicKind("media.failed", "A media could not be read.", {"code": "of the error", "sentence": "why"}),
    PublicKind("media.changed", "Another object lies in the bucket where a media did.", LOST),
    PublicKind("media.vanished", "The object of a media is gone from the bucket.", LOST),
    PublicKind(
        "export.finished",
        "An export into a bucket is there, or failed.",
        {
            "export": "id",
            "connection": "id",
            "format": "of the file",
            "key": "in the bucket",
            "state": "succeeded or failed",
            "losses": "how many things the format cannot hold",
            "sentence": "why it failed",
        },
    ),
)

KINDS: dict[str, PublicKind] = {kind.name: kind for kind in CATALOGUE}


def by_source(kinds: Iterable[PublicKind]) -> dict[str, list[PublicKind]]:
    found: dict[str, list[PublicKind]] = defaultdict(list)
    for kind in kinds:
        for source in kind.sources or (kind.name,):
            found[source].append(kind)
    return dict(found)


BY_SOURCE = by_source(CATALOGUE)


def public_kind(kind: str, payload: Payload) -> str | None:
    """Return the name under which others are told of an event row, None when they are not."""
    for public in BY_SOURCE.get(kind, ()):
        if public.picks(payload):
            return public.name
    return None
