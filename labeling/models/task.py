"""Tasks: the unit of human work, and the feed of what changes in them."""

from __future__ import annotations

import uuid

from django.db import models

from labeling.models.media import Media
from labeling.models.project import Project


class Stage(models.TextChoices):
    """``annotate → review → complete``; back on rejection or reopening. A job never moves a task.

    At ``agent`` it waits for an outside worker (``labeling.models.agent``), which hands it back to any stage.
    """

    ANNOTATE = "annotate", "Annotate"
    REVIEW = "review", "Review"
    COMPLETE = "complete", "Complete"
    AGENT = "agent", "Agent"


class Task(models.Model):
    """One media, or a segment of its frames, in one project.

    ``first_frame`` and ``last_frame`` are inclusive ordinals of the media. ``seq`` is the number of
    the last change; it is given under this row's lock (``services.sequence``).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=400)
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.ANNOTATE)
    assignee = models.ForeignKey(
        "labeling.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    # Who submitted it last: rejected work goes back to the same annotator.
    annotator = models.ForeignKey(
        "labeling.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    priority = models.FloatField(default=0.5)
    seq = models.BigIntegerField(default=0)
    # The greatest version of an instance that was deleted, and of its labels: one that comes back starts
    # above, so that versions never go back.
    version_floor = models.PositiveIntegerField(default=0)
    instance_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_frame__lte=models.F("last_frame")), name="task_range_ordered"
            ),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="task_stage_known"),
            models.CheckConstraint(
                condition=models.Q(priority__gte=0, priority__lte=1), name="task_priority_range"
            ),
        ]
        indexes = [models.Index(fields=["project", "stage", "-priority", "id"], name="task_queue")]

    def __str__(self) -> str:
        return self.title


class ChangeKind(models.TextChoices):
    LABELS = "labels", "Labels of frames"
    INSTANCE = "instance", "An instance was made or changed"
    INSTANCE_DELETED = "instance_deleted", "An instance was deleted"
    ANSWERS = "answers", "Attribute or classification answers"
    REVIEW = "review", "Review decisions"
    TASK = "task", "Stage, assignee or priority"


class TaskChange(models.Model):
    """One entry of a task's change feed: which instances, over which frames (inclusive)."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="changes")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    instances = models.JSONField(default=list)
    first_frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey("labeling.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "seq", "kind"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.task_id}#{self.seq} {self.kind}"
