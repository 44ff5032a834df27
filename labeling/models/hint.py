"""Where tracking may have gone wrong, as the run itself noticed."""

from __future__ import annotations

from django.db import models

from labeling.models.job import Job
from labeling.models.label import Instance
from labeling.models.task import Task


class HintKind(models.TextChoices):
    """``drop``: the score fell clearly below what it was. ``jump``: it may be another object from here on."""

    DROP = "drop", "Score drop"
    JUMP = "jump", "Identity jump"


class ReviewHint(models.Model):
    """A frame that a reviewer should look at first. Written with the label, never changed.

    It holds for the label that its job wrote there, while that stands unprotected: reverted,
    replaced or edited, the hint is not shown, and a run that is brought back brings it back.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="hints", db_index=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="hints", db_index=False)
    # Without a constraint: a hint outlives its instance, whose deletion may be undone.
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    frame = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=HintKind.choices)
    # How sure the hint is, 0 to 1: the strongest are looked at first.
    strength = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "instance", "frame", "kind"], name="hint_once"),
            models.CheckConstraint(condition=models.Q(kind__in=HintKind.values), name="hint_kind_known"),
            models.CheckConstraint(
                condition=models.Q(strength__gte=0, strength__lte=1), name="hint_strength_range"
            ),
        ]
        indexes = [models.Index(fields=["task", "instance", "frame"], name="hint_of_task")]

    def __str__(self) -> str:
        return f"{self.kind} of instance {self.instance_id} on frame {self.frame}"
