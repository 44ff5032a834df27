"""Reading tasks, and what is said about them."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.errors import not_found
from labeling.models import (
    AttributeAnswer,
    ClassificationAnswer,
    Instance,
    Member,
    ReviewDecision,
    Stage,
    Task,
    User,
)


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
