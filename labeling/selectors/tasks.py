"""Reading tasks, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet

from labeling.errors import not_found
from labeling.models import (
    AttributeAnswer,
    BatchItem,
    ClassificationAnswer,
    Instance,
    Member,
    ReviewDecision,
    Stage,
    Task,
    User,
)
from labeling.selectors.media_filter import MediaFilter


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks of a project are meant: each member narrows them, and none means all.

    ``assignee``: a user's id. ``ids`` names tasks outright. ``search`` looks into titles. ``batch``: those
    of an earlier batch; with ``outcomes`` only those that it counts among these. ``connection``, ``prefix``
    and ``media_kinds`` are about their media (``MediaFilter``).
    """

    stage: str | None = None
    assignee: int | None = None
    unassigned: bool = False
    search: str = ""
    ids: tuple[int, ...] = ()
    batch: int | None = None
    outcomes: tuple[str, ...] = ()
    connection: int | None = None
    prefix: str = ""
    media_kinds: tuple[str, ...] = ()

    def rows(self, *, project_id: int) -> QuerySet[Task]:
        """Return the tasks, with media and assignee."""
        rows = task_list(
            project_id=project_id,
            stage=self.stage,
            assignee_id=self.assignee,
            unassigned=self.unassigned,
            search=self.search,
        )
        rows = rows.filter(self.media().condition("media__"))
        if self.batch is not None:
            rows = rows.filter(pk__in=self.items().values("task"))
        return rows.filter(pk__in=self.ids) if self.ids else rows

    def media(self) -> MediaFilter:
        """Which media their tasks are of."""
        return MediaFilter(connection=self.connection, prefix=self.prefix, kinds=self.media_kinds)

    def items(self) -> QuerySet[BatchItem]:
        """The items of the earlier batch."""
        items = BatchItem.objects.filter(batch=self.batch)
        if not self.outcomes:
            return items
        ended = Q(job__state__in=self.outcomes)
        return items.filter(ended | ~Q(reason="") if "skipped" in self.outcomes else ended)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def task_filter_read(told: Mapping[str, Any]) -> TaskFilter:
    """Return the filter that ``to_json`` made ``told`` of."""
    lists = {name: tuple(told.get(name, ())) for name in ("ids", "outcomes", "media_kinds")}
    return TaskFilter(**{**told, **lists})


def task_list(
    *,
    project_id: int,
    stage: Stage | str | None = None,
    assignee_id: int | None = None,
    unassigned: bool = False,
    search: str = "",
) -> QuerySet[Task]:
    """Return tasks of the project with media and assignee, narrowed by what is given.

    ``search`` looks into titles, in any case.
    """
    rows = Task.objects.filter(project_id=project_id).select_related("media", "assignee")
    if stage:
        rows = rows.filter(stage=stage)
    if assignee_id is not None:
        rows = rows.filter(assignee_id=assignee_id)
    if unassigned:
        rows = rows.filter(assignee__isnull=True)
    if search:
        rows = rows.filter(title__icontains=search)
    return rows


def task_get(*, task_id: int) -> Task:
    """Return a task with project, media and assignee. Raises ``not_found``."""
    task = Task.objects.select_related("project", "media", "assignee").filter(pk=task_id).first()
    if task is None:
        raise not_found("task")
    return task


def instance_get(*, instance_id: int) -> Instance:
    """Return an instance with its class and task. Raises ``not_found``."""
    rows = Instance.objects.select_related("object_class", "task__media", "task__project")
    instance = rows.filter(pk=instance_id).first()
    if instance is None:
        raise not_found("instance")
    return instance


def instance_of_task(*, task: Task, instance_id: int) -> Instance:
    """Return an instance of this very task. Raises ``not_found``."""
    rows = Instance.objects.select_related("object_class", "task__media", "task__project")
    instance = rows.filter(pk=instance_id, task=task).first()
    if instance is None:
        raise not_found("instance")
    return instance


def member_user(*, project_id: int, user_id: int) -> User | None:
    """Return a user who is a member of the project, None for anybody else."""
    member = Member.objects.select_related("user").filter(project_id=project_id, user_id=user_id).first()
    return member.user if member else None


def answer_list(*, instance: Instance) -> QuerySet[AttributeAnswer]:
    """Return the answers about an instance, by definition and frame."""
    return AttributeAnswer.objects.filter(instance=instance).order_by("definition_id", "first_frame")


def answers_of_task(*, task: Task) -> QuerySet[AttributeAnswer]:
    """Return the answers about all instances of the task."""
    return AttributeAnswer.objects.filter(task=task).order_by("instance_id", "definition_id", "first_frame")


def classification_list(*, task: Task) -> QuerySet[ClassificationAnswer]:
    """Return what is said of the task's frames, by definition and frame."""
    return ClassificationAnswer.objects.filter(task=task).order_by("definition_id", "first_frame")


def decision_list(*, task: Task) -> QuerySet[ReviewDecision]:
    """Return the review decisions of a task with their authors."""
    return ReviewDecision.objects.filter(task=task).select_related("author")
