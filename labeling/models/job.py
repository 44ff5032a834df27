"""Jobs and their parts: the row is the job, the queue only rings."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from labeling.models.batch import Batch
from labeling.models.label import Instance
from labeling.models.lease import Leased
from labeling.models.ontology import ObjectClass
from labeling.models.project import Project
from labeling.models.task import Task


class JobKind(models.TextChoices):
    TRACK = "track", "Track"
    INTERPOLATE = "interpolate", "Interpolate"
    DETECT_ALL = "detect_all", "Detect all"


class JobState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLING = "cancelling", "Cancelling"
    SUCCEEDED = "succeeded", "Succeeded"
    PARTIAL = "partial", "Partly done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.CANCELLING)
FINAL_STATES = (JobState.SUCCEEDED, JobState.PARTIAL, JobState.FAILED, JobState.CANCELLED)


class Direction(models.TextChoices):
    FORWARDS = "forwards", "Forwards"
    BACKWARDS = "backwards", "Backwards"


class Job(models.Model):
    """One automated-labeling run on one task.

    ::

        queued ──> running ──> succeeded | partial | failed
          │ ▲        │ ▲                      │
          ▼ │        ▼ │                      └──> queued   (retry of the failed parts)
          paused ────────
        queued | running | paused ──> cancelling ──> cancelled

    Every arrow is a conditional UPDATE that says whether it won. ``reverted_at`` is a mark on a
    final state. ``cancel_keeps`` is stored with the request to cancel and holds whoever finishes it.
    Rows are locked in one order everywhere: part, task, labels, job, batch, fair share.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="jobs", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="jobs", db_index=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="jobs", db_index=False)
    kind = models.CharField(max_length=11, choices=JobKind.choices)
    algorithm = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    direction = models.CharField(max_length=9, choices=Direction.choices, default=Direction.FORWARDS)
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    priority = models.FloatField(default=0.5)
    # The order as it was validated; what a worker needs to run it.
    parameters = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (unique, or none)
    order_digest = models.CharField(max_length=64, blank=True, default="")
    warnings = models.JSONField(default=list)
    frames_total = models.PositiveIntegerField(default=0)
    frames_done = models.PositiveIntegerField(default=0)
    labels_written = models.PositiveIntegerField(default=0)
    # Time that workers had it, and of it that of workers with a GPU.
    worker_seconds = models.FloatField(default=0.0)
    gpu_seconds = models.FloatField(default=0.0)
    # What else became of what was found, counted as it is committed: ``services.job_notes`` says it.
    tally = models.JSONField(default=dict)
    model_version = models.CharField(max_length=200, blank=True, default="")
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    cancel_keeps = models.BooleanField(null=True, blank=True)
    event_number = models.PositiveIntegerField(default=0)
    reverted_at = models.DateTimeField(null=True, blank=True)
    reverted_by = models.ForeignKey(
        "labeling.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reverted_seq = models.BigIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(
        "labeling.User", null=True, on_delete=models.SET_NULL, related_name="jobs", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "idempotency_key"], name="job_ordered_once"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_known"),
            models.CheckConstraint(condition=Q(last_frame__gte=F("first_frame")), name="job_range_ordered"),
            models.CheckConstraint(condition=Q(priority__gte=0, priority__lte=1), name="job_priority_range"),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.CANCELLING, JobState.CANCELLED], cancel_keeps__isnull=False)
                | (~Q(state__in=[JobState.CANCELLING, JobState.CANCELLED]) & Q(cancel_keeps__isnull=True)),
                name="job_cancel_says_keep_or_discard",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL_STATES, finished_at__isnull=False)
                | (~Q(state__in=FINAL_STATES) & Q(finished_at__isnull=True)),
                name="job_final_is_finished",
            ),
            models.CheckConstraint(
                condition=Q(reverted_at__isnull=True) | Q(state__in=FINAL_STATES),
                name="job_reverted_is_final",
            ),
            models.CheckConstraint(
                condition=Q(frames_done__lte=F("frames_total")), name="job_progress_in_total"
            ),
        ]
        indexes = [
            # Pages of a project's jobs, newest first, whatever narrows them.
            models.Index(fields=["project", "id"], name="job_of_project"),
            models.Index(fields=["project", "state", "id"], name="job_list"),
            models.Index(fields=["project", "kind", "id"], name="job_of_kind"),
            models.Index(fields=["created_by", "project", "id"], name="job_of_author"),
            models.Index(fields=["project", "id"], name="job_active", condition=Q(finished_at__isnull=True)),
            models.Index(fields=["task", "state"], name="job_of_task"),
            # How many failed lately. Not partial: SQLite does not see that a list of states given as values
            # implies a condition.
            models.Index(fields=["project", "state", "finished_at"], name="job_ended"),
            models.Index(
                fields=["batch", "state", "id"], name="job_of_batch", condition=Q(batch__isnull=False)
            ),
            models.Index(
                fields=["reverted_by"], name="job_reverted_by", condition=Q(reverted_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"


class JobInstance(models.Model):
    """The claim of a job on an instance over a range of frames, inclusive.

    The database refuses a second active claim that overlaps: an exclusion constraint on
    PostgreSQL, triggers on SQLite (migration 0002).
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="claims", db_index=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="job_claims")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "instance"], name="job_instance_once"),
            models.CheckConstraint(condition=Q(last_frame__gte=F("first_frame")), name="job_claim_ordered"),
        ]

    def __str__(self) -> str:
        return f"job {self.job_id} on instance {self.instance_id}"


class JobClass(models.Model):
    """The claim of a detecting job on a class over a range of a task's frames, inclusive.

    The database refuses a second active claim that overlaps, as it does with instances.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="class_claims", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    object_class = models.ForeignKey(ObjectClass, on_delete=models.CASCADE, related_name="+")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "object_class"], name="job_class_once"),
            models.CheckConstraint(
                condition=Q(last_frame__gte=F("first_frame")), name="job_class_claim_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.job_id} on class {self.object_class_id}"


class PartState(models.TextChoices):
    """``queued → running → done | failed | cancelled``; held while its job is paused."""

    QUEUED = "queued", "Queued"
    HELD = "held", "Held"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Capability(models.TextChoices):
    """The queue that a part waits on, and what a worker must offer to take it."""

    CPU = "cpu", "CPU"
    GPU = "gpu", "GPU"
    MEDIA = "media", "Media"
    INTERACTIVE = "interactive", "Interactive"


class Part(Leased):
    """The piece of a job that one worker takes: a group of instances over a span of frames.

    ``position`` is the last frame whose results are committed, null before the first commit;
    ``checkpoint`` is the backend's state after it.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=PartState.choices, default=PartState.QUEUED)
    # What the claim asks for, copied from the job so that it reads one index.
    capability = models.CharField(max_length=11, choices=Capability.choices)
    algorithm = models.CharField(max_length=40)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    priority = models.FloatField(default=0.5)
    # What it costs its project, in frames times objects.
    cost = models.PositiveIntegerField(default=1)
    # The order of this part, made by services.plans and read by the runner.
    plan = models.JSONField(default=dict)
    position = models.PositiveIntegerField(null=True, blank=True)
    checkpoint = models.BinaryField(null=True)
    frames_total = models.PositiveIntegerField()
    frames_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    # The name of the worker that had it last, as ``Worker`` has it.
    worker = models.CharField(max_length=120, blank=True, default="")
    progress_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    # Frames or instances that failed while the rest went on: [{"frame", "instance", "sentence"}].
    failures = models.JSONField(default=list)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="part_number_once"),
            models.CheckConstraint(condition=Q(state__in=PartState.values), name="part_state_known"),
            models.CheckConstraint(
                condition=Q(state=PartState.RUNNING, lease_expires_at__isnull=False)
                | (~Q(state=PartState.RUNNING) & Q(lease_expires_at__isnull=True)),
                name="part_running_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(frames_done__lte=F("frames_total")), name="part_progress_in_total"
            ),
        ]
        indexes = [
            models.Index(
                fields=["capability", "-priority", "project", "id"],
                name="part_waiting",
                condition=Q(state="queued"),
            ),
            models.Index(fields=["project"], name="part_running", condition=Q(state="running")),
            models.Index(fields=["lease_expires_at"], name="part_leased", condition=Q(state="running")),
            # What a project's queue comes to. Partial, so that claims do not take it for theirs.
            models.Index(
                fields=["project", "state", "capability", "algorithm", "cost", "finished_at"],
                name="part_backlog",
                condition=Q(finished_at__isnull=True),
            ),
            # How fast such work went lately.
            models.Index(fields=["algorithm", "-finished_at"], name="part_done", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of job {self.job_id} ({self.state})"
