"""Projects and who may do what in them."""

from __future__ import annotations

import uuid

from django.db import models

from labeling.models.ontology import Ontology


class Project(models.Model):
    """An ontology, members with roles, a workflow, tasks."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    ontology = models.ForeignKey(Ontology, on_delete=models.PROTECT, related_name="projects")
    guide = models.TextField(blank=True)
    # The share of submitted tasks that a reviewer sees; the rest is complete at once.
    review_share = models.FloatField(default=1.0)
    # Open comments keep a task from being submitted.
    comments_block = models.BooleanField(default=False)
    # The project's part of the workers when several wait: 2.0 gets twice as much as 1.0.
    weight = models.FloatField(default=1.0)
    # Most parts of jobs that run at once; null is no cap.
    running_parts_max = models.PositiveIntegerField(null=True, blank=True)
    # Seconds of workers after which no part of its jobs is begun; null is no limit.
    budget_seconds = models.FloatField(null=True, blank=True)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_share__gte=0, review_share__lte=1),
                name="project_review_share_range",
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="project_weight_positive"),
            models.CheckConstraint(
                condition=models.Q(budget_seconds__isnull=True) | models.Q(budget_seconds__gt=0),
                name="project_budget_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """In order of what they may do."""

    VIEWER = "viewer", "Viewer"
    ANNOTATOR = "annotator", "Annotator"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Manager"


class Member(models.Model):
    """One person's role in one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=9, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"


class FairShare(models.Model):
    """What a project has had of the workers: object-frames claimed, divided by its weight.

    The next part goes to the waiting project that has had the least. A project that comes back
    from idleness starts level with the others, so that nobody saves up.
    """

    project = models.OneToOneField(
        Project, primary_key=True, on_delete=models.CASCADE, related_name="fair_share"
    )
    served = models.FloatField(default=0.0)
    # Time that workers gave it, and of it that of workers with a GPU.
    worker_seconds = models.FloatField(default=0.0)
    gpu_seconds = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.project}: {self.served}"
