"""The operations of an edit as bodies name them: one form an operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from labeling.api.views import FrameField, Input, ReferenceField, ValueField
from labeling.models import Decision
from labeling.services.edits.edits import OPERATIONS_MAX
from labeling.services.edits.together import TOGETHER_MAX
from labeling.services.labels import HAND_MADE
from labeling.services.reviews import CLEARED

OTHERS_MAX = 500


class HashField(serializers.RegexField):
    """An instance by its ``object_hash``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[A-Za-z0-9_-]{8}\Z", trim_whitespace=False, **options)


class VersionField(serializers.IntegerField):
    """The version that was seen; 0: there was none. Without it nobody is asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=2**31 - 1, required=False, **options)


class OfInstance(Input):
    op = serializers.CharField()
    instance = HashField()


class OfClass(OfInstance):
    object_class = ReferenceField()


class OfLabel(OfInstance):
    frame = FrameField()
    version = VersionField()


class InstanceCreate(OfClass):
    """A new instance; its hash is the sender's."""


class InstanceChange(OfClass):
    """Another class of the same shape."""

    version = VersionField()


class InstanceConvert(OfClass):
    """A class of another shape: every label is converted."""


class InstanceDelete(OfInstance):
    """The instance with all that is said of it."""


class InstanceMerge(OfInstance):
    """The labels of the others move to ``instance`` where it has none; the others are deleted."""

    others = serializers.ListField(child=HashField(), min_length=1, max_length=OTHERS_MAX)


class InstanceSplit(OfInstance):
    """What lies from ``frame`` on goes to the new instance ``into``."""

    frame = FrameField()
    into = HashField()


class LabelPut(OfLabel):
    """Draw or edit a label."""

    shape = serializers.DictField()
    z_order = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1, required=False)
    occluded = serializers.BooleanField(required=False)
    provenance = serializers.ChoiceField(choices=sorted(HAND_MADE), default="manual")
    exclude_bitmasks = serializers.BooleanField(
        required=False, help_text="A bitmask leaves out what other bitmasks of the frame cover."
    )
    skip_covered = serializers.BooleanField(
        required=False,
        help_text="With exclude_bitmasks: a label of which nothing is left is skipped, not refused.",
    )


class LabelAbsent(OfLabel):
    """The object is not on this frame."""


class LabelRemove(OfLabel):
    """The label goes without a mark."""


class LabelsRemove(OfInstance):
    """The labels of a range go, leaving absent marks or none."""

    first = FrameField()
    last = FrameField()
    mark = serializers.BooleanField()


class AnswerPut(OfInstance):
    """An answer about the instance; a dynamic one over a range."""

    definition = ReferenceField()
    value = ValueField(allow_null=True)
    first = FrameField(required=False, allow_null=True)
    last = FrameField(required=False, allow_null=True)


class ClassificationPut(Input):
    """An answer about frames."""

    op = serializers.CharField()
    definition = ReferenceField()
    value = ValueField(allow_null=True)
    first = FrameField()
    last = FrameField()


class ReviewDecide(OfInstance):
    """A reviewer's word."""

    decision = serializers.ChoiceField(choices=[*Decision.values, CLEARED])
    first = FrameField()
    last = FrameField()
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


FORMS: dict[str, type[Input]] = {
    "instance.create": InstanceCreate,
    "instance.change": InstanceChange,
    "instance.convert": InstanceConvert,
    "instance.delete": InstanceDelete,
    "instance.merge": InstanceMerge,
    "instance.split": InstanceSplit,
    "label.put": LabelPut,
    "label.absent": LabelAbsent,
    "label.remove": LabelRemove,
    "labels.remove": LabelsRemove,
    "answer.put": AnswerPut,
    "classification.put": ClassificationPut,
    "review.decide": ReviewDecide,
}


class OperationField(serializers.Field[Any, Any, Any, Any]):
    """One operation, in the form that its ``op`` names."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        op = data.get("op") if isinstance(data, dict) else None
        form = FORMS.get(op) if isinstance(op, str) else None
        if form is None:
            raise serializers.ValidationError({"op": [f"An operation is one of {', '.join(FORMS)}."]})
        read = form(data=data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


class OperationSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Tells the schema that an operation has one of many forms."""

    target_class = OperationField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        del direction
        forms: dict[str, ResolvedComponent] = {
            op: auto_schema.resolve_serializer(form, "request") for op, form in FORMS.items()
        }
        for op, component in forms.items():
            # Without it one operation would fit several forms, and so, by the word, none of them.
            component.schema["properties"]["op"] = {"type": "string", "const": op}
        return {
            "oneOf": [component.ref for component in forms.values()],
            "discriminator": {
                "propertyName": "op",
                "mapping": {op: component.ref["$ref"] for op, component in forms.items()},
            },
        }


class EditInput(Input):
    key = serializers.UUIDField(help_text="Yours: a repeated send of it is one edit.")
    title = serializers.CharField(max_length=200, help_text="What was done, as undo names it.")
    operations = serializers.ListField(child=OperationField(), min_length=1, max_length=OPERATIONS_MAX)


class EditsInput(Input):
    edits = serializers.ListField(
        child=EditInput(), min_length=1, max_length=TOGETHER_MAX, help_text="Each made upon those before it."
    )
