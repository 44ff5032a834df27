"""Batches: the jobs that one order of a manager made, and the tasks it chose."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import add

from django.db import models
from django.db.models import F, Q

from labeling.models.project import Project
from labeling.models.task import Task

COUNTS = (
    "waiting", "skipped",
    "queued", "running", "paused", "cancelling", "succeeded", "partial", "failed", "cancelled",
)  # fmt: skip
"""What the items of a batch are counted by: without a job yet, without one for good, or their job's state.

The column of each is named ``count_…``.
"""


class BatchState(models.TextChoices):
    QUEUEING = "queueing", "Queueing"
    TRYING = "trying", "Trying a sample"
    RUNNING = "running", "Running"
    CANCELLING = "cancelling", "Cancelling"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (BatchState.FINISHED, BatchState.CANCELLED)


class BatchVerb(models.TextChoices):
    """What was asked of all jobs of a batch, and is being done to one after the other."""

    NONE = "", "Nothing"
    PAUSE = "pause", "Pausing"
    RESUME = "resume", "Resuming"
    CANCEL = "cancel", "Cancelling"
    RETRY = "retry", "Retrying"
    REVERT = "revert", "Reverting"


class Batch(models.Model):
    """One order over many tasks: a filter, a specification, and what became of each task.

    ::

        queueing ──> running ──> finished ──> running     (retry)
           │ ▲          │
           ▼ │          │         trying: the sample has its jobs, the rest waits for “go on”
          trying        │
        queueing | trying | running ──> cancelling ──> cancelled

    The tasks are frozen as items when it is ordered. To that of a rule more are handed for a day
    (``services.rules.ordering``): running and finished ones queue again then. ``upto`` is the position up to
    which items have got their job or their skip; whoever moves it first does the next chunk
    (``services.batches.queueing``).
    The counts are moved by the statements that move items and jobs, and add up to ``items_total``.
    ``paused`` holds queueing back; ``verb`` is what is being done to its jobs, ``verb_after`` how far.
    Rows are locked in this order: part, task, labels, job, batch, fair share.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="batches")
    # What it was run again from, with changes.
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="again")
    # The rule that collects its jobs in it: such a batch grows.
    rule = models.ForeignKey("labeling.Rule", null=True, on_delete=models.SET_NULL, related_name="batches")
    name = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=11)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.QUEUEING)
    paused = models.BooleanField(default=False)
    verb = models.CharField(max_length=6, choices=BatchVerb.choices, default=BatchVerb.NONE, blank=True)
    verb_after = models.BigIntegerField(default=0)
    verb_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    # What came of the last verb, in numbers.
    verb_outcome = models.JSONField(default=dict)
    cancel_keeps = models.BooleanField(null=True, blank=True)
    filter = models.JSONField(default=dict)
    specification = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    # So many items are tried before the rest; null: all at once.
    sample = models.PositiveIntegerField(null=True, blank=True)
    # Somebody looked at the sample's results and said “go on”.
    sample_good = models.BooleanField(default=False)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (unique, or none)
    order_digest = models.CharField(max_length=64, blank=True, default="")
    upto = models.PositiveIntegerField(default=0)
    items_total = models.PositiveIntegerField(default=0)
    count_waiting = models.PositiveIntegerField(default=0)
    count_skipped = models.PositiveIntegerField(default=0)
    count_queued = models.PositiveIntegerField(default=0)
    count_running = models.PositiveIntegerField(default=0)
    count_paused = models.PositiveIntegerField(default=0)
    count_cancelling = models.PositiveIntegerField(default=0)
    count_succeeded = models.PositiveIntegerField(default=0)
    count_partial = models.PositiveIntegerField(default=0)
    count_failed = models.PositiveIntegerField(default=0)
    count_cancelled = models.PositiveIntegerField(default=0)
    worker_seconds = models.FloatField(default=0.0)
    gpu_seconds = models.FloatField(default=0.0)
    # Seconds of workers after which it is paused; null is no limit.
    budget_seconds = models.FloatField(null=True, blank=True)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "idempotency_key"], name="batch_ordered_once"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known"),
            models.CheckConstraint(
                condition=Q(budget_seconds__isnull=True) | Q(budget_seconds__gt=0),
                name="batch_budget_positive",
            ),
            models.CheckConstraint(condition=Q(verb__in=BatchVerb.values), name="batch_verb_known"),
            models.CheckConstraint(
                condition=Q(items_total=reduce(add, (F(f"count_{name}") for name in COUNTS))),
                name="batch_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
                name="batch_ended_is_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "id"], name="batch_list"),
            models.Index(
                fields=["id"],
                name="batch_to_tend",
                condition=(Q(state="queueing") & Q(paused=False)) | ~Q(verb=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"batch {self.pk}"


class BatchItem(models.Model):
    """One task of a batch, frozen when it was ordered: it waits, has its job, or was skipped for a reason.

    Positions begin at 1; those of the sample come first. ``reason`` is a code, ``sentence`` says it to
    people; ``job_in_the_way`` is the job that had the objects already.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    job = models.OneToOneField("labeling.Job", null=True, on_delete=models.CASCADE, related_name="batch_item")
    reason = models.CharField(max_length=60, blank=True, default="")
    sentence = models.TextField(blank=True, default="")
    job_in_the_way = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "task"], name="batch_task_once"),
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_once"),
            models.CheckConstraint(
                condition=Q(job__isnull=True) | Q(reason=""), name="batch_item_has_job_or_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "reason", "position"], name="batch_skips", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.position} of batch {self.batch_id}"

    @property
    def state(self) -> str:
        """What the batch counts it among."""
        if self.job is not None:
            return str(self.job.state)
        return "skipped" if self.reason else "waiting"
