"""Instances, their labels, and the answers given about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from labeling.models.ontology import AttributeDefinition, ObjectClass
from labeling.models.task import Task


class Instance(models.Model):
    """One object of a class over the frames of a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="instances")
    object_class = models.ForeignKey(ObjectClass, on_delete=models.PROTECT, related_name="instances")
    object_hash = models.CharField(max_length=8)
    # Its number among the task's instances: "Car 3".
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    # The greatest version of a label that was removed: one that comes after it starts above, so that a
    # version never names two labels.
    label_floor = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by_job = models.ForeignKey("labeling.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "object_hash"], name="instance_hash_once"),
            models.UniqueConstraint(fields=["task", "number"], name="instance_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_class} {self.number}"


class Provenance(models.IntegerChoices):
    """How a label came to be. The names are the API's."""

    MANUAL = 1, "manual"
    PROMPTED = 2, "prompted"
    DETECTED = 3, "detected"
    TRACKED = 4, "tracked"
    INTERPOLATED = 5, "interpolated"
    IMPORTED = 6, "imported"


class Label(models.Model):
    """The shape of one instance on one frame, or an absent mark where ``geometry`` is null.

    ``protected`` means that a person drew it, edited it, prompted and saved it, or marked the
    frame absent; acceptance protects too, by ranges (``ReviewDecision``). ``geometry`` is packed
    by ``labeling.geometry.packing``. ``seq`` is the task's number of the change that wrote it.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="labels", db_index=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="labels", db_index=False)
    frame = models.PositiveIntegerField()
    geometry = models.BinaryField(null=True)
    provenance = models.PositiveSmallIntegerField(choices=Provenance.choices)
    confidence = models.FloatField(default=1.0)
    protected = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()
    z_order = models.IntegerField(default=0)
    occluded = models.BooleanField(default=False)
    job = models.ForeignKey(
        "labeling.Job", null=True, on_delete=models.SET_NULL, related_name="labels", db_index=False
    )
    author = models.ForeignKey(
        "labeling.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "frame"], name="label_once"),
            models.CheckConstraint(
                condition=Q(geometry__isnull=False) | Q(protected=True), name="label_absent_is_protected"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="label_confidence_range"
            ),
            models.CheckConstraint(
                condition=Q(provenance__in=Provenance.values), name="label_provenance_known"
            ),
        ]
        indexes = [models.Index(fields=["task", "frame"], name="label_window")]

    def __str__(self) -> str:
        return f"{self.instance_id}@{self.frame}"


class AttributeAnswer(models.Model):
    """The value of an attribute of an instance: for all frames (both ends null), or for a range."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attribute_answers")
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="answers")
    definition = models.ForeignKey(AttributeDefinition, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField()
    first_frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    seq = models.BigIntegerField()
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_frame__isnull=True, last_frame__isnull=True)
                | Q(first_frame__isnull=False, last_frame__gte=F("first_frame")),
                name="answer_range_whole_or_ordered",
            ),
            models.UniqueConstraint(
                fields=["instance", "definition"],
                condition=Q(first_frame__isnull=True),
                name="static_answer_once",
            ),
            models.UniqueConstraint(
                fields=["instance", "definition", "first_frame"], name="dynamic_answer_once_a_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition}: {self.value}"


class ClassificationAnswer(models.Model):
    """The value of a frame classification's attribute over a range of frames, inclusive."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="classification_answers")
    definition = models.ForeignKey(AttributeDefinition, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField()
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    seq = models.BigIntegerField()
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_frame__gte=F("first_frame")), name="classification_range_ordered"
            ),
            models.UniqueConstraint(
                fields=["task", "definition", "first_frame"], name="classification_once_a_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition}: {self.value}"


class Decision(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class ReviewDecision(models.Model):
    """A reviewer's word on an instance over a range of frames, inclusive.

    Ranges of one instance do not overlap. A rejection holds for labels as they were when it was
    made: a label whose ``seq`` is greater is unreviewed again. An acceptance locks its range,
    gaps included, until it is taken back.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="review_decisions")
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="review_decisions")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    decision = models.CharField(max_length=8, choices=Decision.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    seq = models.BigIntegerField()
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_frame__gte=F("first_frame")), name="review_range_ordered"
            ),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="review_decision_known"),
            models.UniqueConstraint(fields=["instance", "first_frame"], name="review_once_a_start"),
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.first_frame}-{self.last_frame} {self.decision}"
