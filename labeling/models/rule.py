"""Rules: what is run on new media by itself, and the tasks that each rule has taken notice of."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from labeling.models.connection import Connection
from labeling.models.project import Project
from labeling.models.task import Task


class RuleState(models.TextChoices):
    """``off ⇄ on``, by people; ``on → paused`` by itself, with the reason; ``paused → on | off`` by people.

    One that is paused goes on taking notice of new media: they have their turn when it is on again.
    """

    OFF = "off", "Off"
    ON = "on", "On"
    PAUSED = "paused", "Paused"


WATCHFUL = (RuleState.ON, RuleState.PAUSED)


class Rule(models.Model):
    """A specification that each new task gets a job of, if its media match.

    Media of ``connection`` match by their whole key, without one all of the project by their title: it
    begins with ``prefix``. ``kinds``: kinds of media; none are all. Its jobs are collected in batches, one a
    day. ``turns`` counts the times that tasks were handed to one: whoever moves it first does the
    next hand-over.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=6, choices=RuleState.choices, default=RuleState.OFF)
    connection = models.ForeignKey(
        Connection, null=True, blank=True, on_delete=models.RESTRICT, related_name="rules"
    )
    prefix = models.CharField(max_length=1024, blank=True, default="")
    kinds = models.JSONField(default=list)
    specification = models.JSONField(default=dict)
    # Seconds of workers after which it is paused; null is no limit.
    budget_seconds = models.FloatField(null=True, blank=True)
    worker_seconds = models.FloatField(default=0.0)
    gpu_seconds = models.FloatField(default=0.0)
    # Why it is paused.
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    turns = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(null=True, blank=True)
    # Who switched it on: its batches are theirs.
    switched_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    switched_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="rule_named_once"),
            models.CheckConstraint(condition=Q(state__in=RuleState.values), name="rule_state_known"),
            models.CheckConstraint(
                condition=Q(budget_seconds__isnull=True) | Q(budget_seconds__gt=0),
                name="rule_budget_positive",
            ),
            models.CheckConstraint(
                condition=(Q(state=RuleState.PAUSED) & ~Q(error_code=""))
                | (~Q(state=RuleState.PAUSED) & Q(error_code="")),
                name="rule_paused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleTask(models.Model):
    """A task that the rule took notice of when it was made; ``batch`` is the one that it was handed to.

    Without a batch it waits, or was ``dropped``: the rule was switched off before its turn.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey("labeling.Batch", null=True, on_delete=models.CASCADE, related_name="+")
    dropped = models.BooleanField(default=False)
    noticed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "task"], name="rule_task_once"),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(dropped=False), name="rule_task_handed_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["rule", "id"],
                name="rule_task_waiting",
                condition=Q(batch__isnull=True, dropped=False),
            ),
            models.Index(fields=["rule", "-id"], name="rule_task_list"),
        ]

    def __str__(self) -> str:
        return f"task {self.task_id} by rule {self.rule_id}"
