"""What a run wrote and what it replaced, kept so that it can be taken back, redone and compared."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from labeling.models.job import Job
from labeling.models.label import Instance
from labeling.models.ontology import ObjectClass

CHUNK_FRAMES = 64


class RunChunk(models.Model):
    """Up to 64 frames of one instance as one commit of a run left them. Never changed.

    ``first_frame`` and ``last_frame`` (inclusive) lie in one block of 64 ordinals. ``written`` and
    ``replaced`` are packed by ``labeling.label_rows``: the labels that the run wrote, and the
    unprotected ones that stood there before.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    # Without a constraint: a chunk outlives its instance, whose deletion may be undone.
    instance = models.ForeignKey(Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    written = models.BinaryField()
    replaced = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "instance", "first_frame"], name="chunk_once"),
            models.CheckConstraint(
                condition=models.Q(last_frame__gte=models.F("first_frame")), name="chunk_range_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.job_id}, instance {self.instance_id}, {self.first_frame}-{self.last_frame}"


class RunInstance(models.Model):
    """An instance that a run made, kept so that it can be taken back with its labels and made again.

    ``taken_back``: reverting the run removed it. One that is not there without that was deleted by a person.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="made", db_index=False)
    # Without a constraint: what is kept outlives the instance.
    instance = models.ForeignKey(Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    object_class = models.ForeignKey(ObjectClass, on_delete=models.CASCADE, related_name="+")
    object_hash = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "object_hash"], name="run_instance_hash_once"),
        ]

    def __str__(self) -> str:
        return f"instance {self.instance_id} of job {self.job_id}"
