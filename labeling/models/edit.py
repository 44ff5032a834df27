"""What people's edits wrote and what they replaced, kept so that they can be undone, redone and read."""

from __future__ import annotations

from django.db import models

from labeling.models.task import Task


class Edit(models.Model):
    """A few operations of one person on one task, made in one transaction.

    ``key`` is made by who sends it, so that a repeated send is one edit; ``digest`` is that of what was
    sent. ``effects`` holds what became of instances, answers, classifications and decisions, in the form
    of ``services.edits.keeping``; labels are in ``EditChunk``. An edit is in force, or it is undone.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="edits", db_index=False)
    key = models.UUIDField()
    digest = models.CharField(max_length=64, blank=True, default="")
    title = models.CharField(max_length=200)
    seq = models.BigIntegerField()
    effects = models.JSONField(default=dict)
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_seq = models.BigIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "key"], name="edit_once"),
            models.UniqueConstraint(fields=["task", "seq"], name="edit_seq_once"),
            models.CheckConstraint(
                condition=models.Q(undone_seq__isnull=True, undone_at__isnull=True)
                | models.Q(undone_seq__isnull=False, undone_at__isnull=False),
                name="edit_undone_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EditChunk(models.Model):
    """Up to 64 frames of one instance as an edit found and left them. Never changed.

    ``first_frame`` and ``last_frame`` (inclusive) lie in one block of 64 ordinals. ``before`` and
    ``after`` are packed by ``labeling.label_rows``. The instance is named without a foreign key: a chunk
    outlives it, so that it can be brought back.
    """

    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    instance_id = models.BigIntegerField()
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    before = models.BinaryField()
    after = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edit", "instance_id", "first_frame"], name="edit_chunk_once"),
            models.CheckConstraint(
                condition=models.Q(last_frame__gte=models.F("first_frame")), name="edit_chunk_range_ordered"
            ),
        ]
        indexes = [models.Index(fields=["instance_id", "first_frame"], name="edit_chunk_history")]

    def __str__(self) -> str:
        return f"edit {self.edit_id}, instance {self.instance_id}, {self.first_frame}-{self.last_frame}"


class EditTurn(models.Model):
    """An undo or a redo of an edit. ``kept`` are the labels that it left alone: [[instance, frame], …]."""

    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, related_name="turns")
    seq = models.BigIntegerField()
    undone = models.BooleanField()
    kept = models.JSONField(default=list)
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edit", "seq"], name="edit_turn_once")]

    def __str__(self) -> str:
        return f"{'undo' if self.undone else 'redo'} of {self.edit_id}"
