"""Agents: workers from outside that tasks wait for, and the stays of tasks with them."""

from __future__ import annotations

from django.db import models

from labeling.models.lease import Leased
from labeling.models.project import Project
from labeling.models.task import Task


class Entry(models.TextChoices):
    """Which tasks go to an agent by themselves."""

    CREATED = "created", "New tasks, before they are annotated"
    SUBMITTED = "submitted", "Submitted tasks, before they are reviewed"
    SENT = "sent", "Those that are sent to it"


class Agent(models.Model):
    """A stage of a project at which tasks wait for a worker from outside.

    ``pathways`` are the outcomes that it may hand a task back with: ``{"name", "to", "agent"}``, where
    ``to`` is a stage and ``agent`` the id of the next agent when that is ``agent``. A task that came back
    undone ``returns_max`` times goes on to people.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="agents")
    name = models.CharField(max_length=100)
    entry = models.CharField(max_length=9, choices=Entry.choices, default=Entry.SENT)
    pathways = models.JSONField(default=list)
    lease_seconds = models.PositiveIntegerField(default=300)
    returns_max = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="agent_name_once"),
            models.UniqueConstraint(
                fields=["project", "entry"], condition=~models.Q(entry="sent"), name="agent_entry_once"
            ),
            models.CheckConstraint(condition=models.Q(entry__in=Entry.values), name="agent_entry_known"),
            models.CheckConstraint(condition=models.Q(returns_max__gte=1), name="agent_returns_counted"),
        ]

    def __str__(self) -> str:
        return self.name


class VisitState(models.TextChoices):
    """``waiting ⇄ held → done``; a lease that ran out, or a task given back, waits again."""

    WAITING = "waiting", "Waiting"
    HELD = "held", "Held"
    DONE = "done", "Done"


class AgentVisit(Leased):
    """One stay of a task with an agent, from its arrival to the outcome."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="visits")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="visits")
    state = models.CharField(max_length=7, choices=VisitState.choices, default=VisitState.WAITING)
    priority = models.FloatField(default=0.5)
    taker = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=100, blank=True, default="")
    note = models.CharField(max_length=2000, blank=True, default="")
    arrived_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=~models.Q(state="done"), name="visit_open_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="done", finished_at__isnull=False)
                | (~models.Q(state="done") & models.Q(finished_at__isnull=True)),
                name="visit_done_is_finished",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(lease_expires_at__isnull=False),
                name="visit_held_has_lease",
            ),
        ]
        indexes = [models.Index(fields=["agent", "state", "-priority", "id"], name="visit_queue")]

    def __str__(self) -> str:
        return f"{self.task} with {self.agent}"
