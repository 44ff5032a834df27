"""Tasks, and the objects in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from labelyard.connection import Connection, given


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or a service account."""

    id: int
    username: str


@dataclass(frozen=True, kw_only=True)
class TaskMedia:
    """The media of a task. Width and height are those of the displayed frame, in pixels."""

    id: int
    title: str
    kind: str
    state: str
    width: int | None
    height: int | None
    frame_count: int | None
    fps: float | None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task. ``first_frame`` and ``last_frame`` are inclusive ordinals of the media."""

    id: int
    uid: str
    project: int
    media: TaskMedia
    title: str
    first_frame: int
    last_frame: int
    stage: str
    assignee: Person | None
    priority: float
    seq: int
    instance_count: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """On which frames an object has labels: the first, the last, and how many."""

    first: int | None
    last: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One object over the frames of a task."""

    id: int
    task: int
    object_class: int
    object_hash: str
    name: str
    version: int
    labelled: Labelled


class Tasks:
    """``client.tasks``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        project: int,
        *,
        stage: str | None = None,
        assignee: str | int | None = None,
        search: str | None = None,
    ) -> Iterator[Task]:
        """Yield tasks. ``assignee``: a user's id, ``me`` or ``none``; ``search``: part of the title."""
        query = {"stage": stage, "assignee": assignee, "search": search}
        return self._connection.pages(Task, f"projects/{project}/tasks/", query=query)

    def get(self, task: int) -> Task:
        """Return one task."""
        return self._connection.read(Task, f"tasks/{task}/")

    def create(
        self,
        project: int,
        *,
        media: int,
        first_frame: int | None = None,
        last_frame: int | None = None,
        title: str | None = None,
        priority: float = 0.5,
    ) -> Task:
        """Make a task of a media, or of a segment of its frames (inclusive)."""
        body = given(
            media=media, first_frame=first_frame, last_frame=last_frame, title=title, priority=priority
        )
        return self._connection.post(Task, f"projects/{project}/tasks/", body)

    def submit(self, task: int) -> Task:
        """Hand the work in."""
        return self._connection.post(Task, f"tasks/{task}/submit/")

    def accept(self, task: int) -> Task:
        """Complete a task in review."""
        return self._connection.post(Task, f"tasks/{task}/accept/")

    def reject(self, task: int, *, comment: str = "") -> Task:
        """Send a task in review back to its annotator."""
        return self._connection.post(Task, f"tasks/{task}/reject/", {"comment": comment})

    def reopen(self, task: int) -> Task:
        """Open a complete task again."""
        return self._connection.post(Task, f"tasks/{task}/reopen/")


class Instances:
    """``client.instances``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, task: int) -> Iterator[Instance]:
        """Yield the objects of a task."""
        return self._connection.pages(Instance, f"tasks/{task}/instances/")

    def get(self, instance: int) -> Instance:
        """Return one object."""
        return self._connection.read(Instance, f"instances/{instance}/")

    def create(self, task: int, *, object_class: int) -> Instance:
        """Make an object of a class, without labels."""
        return self._connection.post(Instance, f"tasks/{task}/instances/", {"object_class": object_class})

    def delete(self, instance: int) -> None:
        """Delete an object with all its labels."""
        self._connection.send("DELETE", f"instances/{instance}/")
