"""What is labeled: object classes, their attributes, and classifications of frames."""

from __future__ import annotations

import uuid

from django.db import models

from labeling.geometry.packing import packed_form
from labeling.geometry.shapes import ShapeKind

SHAPE_CHOICES = [(kind.value, kind.value.replace("_", " ")) for kind in ShapeKind]


class Ontology(models.Model):
    """A set of classes that one or more projects label with."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    created_by = models.ForeignKey(
        "labeling.User", null=True, on_delete=models.SET_NULL, related_name="ontologies"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ObjectClass(models.Model):
    """A kind of object, drawn with one shape."""

    ontology = models.ForeignKey(Ontology, on_delete=models.CASCADE, related_name="classes")
    feature_hash = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    color = models.CharField(max_length=7)
    shape = models.CharField(max_length=24, choices=SHAPE_CHOICES)
    position = models.PositiveIntegerField(default=0)
    archived = models.BooleanField(default=False)
    # Of a skeleton: {"vertices": [{"name", "color", "x", "y"}], "edges": [[from, to]]}, x and y as
    # fractions of the template's box. Null for every other shape.
    skeleton = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["ontology", "feature_hash"], name="class_hash_once"),
            models.CheckConstraint(
                condition=models.Q(shape__in=[kind.value for kind in ShapeKind]), name="class_shape_known"
            ),
            models.CheckConstraint(
                condition=models.Q(shape=ShapeKind.SKELETON.value, skeleton__isnull=False)
                | (~models.Q(shape=ShapeKind.SKELETON.value) & models.Q(skeleton__isnull=True)),
                name="class_skeleton_has_template",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def form(self) -> tuple[ShapeKind, int | None]:
        """What labels of the class look like: the shape, and how many vertices a skeleton has."""
        return ShapeKind(self.shape), len(self.skeleton["vertices"]) if self.skeleton else None

    def draws(self, geometry: bytes) -> bool:
        """Say whether a packed shape is one of this class."""
        return packed_form(geometry) == self.form


class FrameClassification(models.Model):
    """Something said of whole frames, such as the weather."""

    ontology = models.ForeignKey(Ontology, on_delete=models.CASCADE, related_name="classifications")
    feature_hash = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)
    archived = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["ontology", "feature_hash"], name="classification_hash_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AttributeKind(models.TextChoices):
    RADIO = "radio", "one of several"
    CHECKLIST = "checklist", "any of several"
    TEXT = "text", "text"
    NUMERIC = "numeric", "number"


class AttributeDefinition(models.Model):
    """A question about an object, or about a frame. A dynamic one changes over frames."""

    object_class = models.ForeignKey(
        ObjectClass, null=True, blank=True, on_delete=models.CASCADE, related_name="attributes"
    )
    classification = models.ForeignKey(
        FrameClassification, null=True, blank=True, on_delete=models.CASCADE, related_name="attributes"
    )
    feature_hash = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=9, choices=AttributeKind.choices)
    dynamic = models.BooleanField(default=False)
    required = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    # Of radio and checklist: [{"feature_hash", "label", "value"}].
    options = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(object_class__isnull=True) ^ models.Q(classification__isnull=True),
                name="attribute_of_class_or_classification",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=AttributeKind.values), name="attribute_kind_known"
            ),
            models.UniqueConstraint(fields=["object_class", "feature_hash"], name="attribute_hash_once"),
            models.UniqueConstraint(
                fields=["classification", "feature_hash"], name="classification_attribute_hash_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
