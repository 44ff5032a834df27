"""Answers to the ontology's questions, about instances and about frames."""

from __future__ import annotations

import math
from typing import Any

from django.db import transaction

from labeling.errors import refused
from labeling.models import (
    AttributeAnswer,
    AttributeDefinition,
    AttributeKind,
    ChangeKind,
    ClassificationAnswer,
    Instance,
    Task,
    User,
)
from labeling.services.labels import frame_check, task_open
from labeling.services.ranges import clear_range
from labeling.services.sequence import change_record

TEXT_MAX = 10_000


@transaction.atomic
def answer_put(
    *,
    user: User,
    instance: Instance,
    definition: AttributeDefinition,
    value: Any,
    first_frame: int | None = None,
    last_frame: int | None = None,
) -> AttributeAnswer | None:
    """Answer an attribute of the instance: for all frames (static), or over a range (dynamic).

    ``value`` is an option's value, a list of them, a text or a number by the attribute's kind; None
    takes the answer back. Returns None then. Raises 422 when it does not fit.
    """
    if definition.object_class_id != instance.object_class_id:
        raise refused("foreign_attribute", f"“{definition}” is not an attribute of {instance.object_class}.")
    value_check(definition, value)
    range_check(definition, instance.task, first_frame, last_frame)
    seq = task_open(user=user, task=instance.task)
    rows = AttributeAnswer.objects.filter(instance=instance, definition=definition)
    if first_frame is None or last_frame is None:
        rows.delete()
    else:
        clear_range(rows, first=first_frame, last=last_frame)
    answer = None
    if value is not None:
        answer = AttributeAnswer.objects.create(
            task_id=instance.task_id,
            instance=instance,
            definition=definition,
            value=value,
            first_frame=first_frame,
            last_frame=last_frame,
            seq=seq,
            author=user,
        )
    change_record(
        task_id=instance.task_id,
        seq=seq,
        kind=ChangeKind.ANSWERS,
        instances=[instance.pk],
        first_frame=first_frame,
        last_frame=last_frame,
        author_id=user.pk,
    )
    return answer


@transaction.atomic
def classification_put(
    *,
    user: User,
    task: Task,
    definition: AttributeDefinition,
    value: Any,
    first_frame: int,
    last_frame: int,
) -> ClassificationAnswer | None:
    """Answer a frame classification over a range of frames, inclusive; None takes it back."""
    classification = definition.classification
    if classification is None or classification.ontology_id != task.project.ontology_id:
        raise refused("foreign_classification", f"“{definition}” is not asked about frames of this project.")
    value_check(definition, value)
    frames_check(task, first_frame, last_frame)
    seq = task_open(user=user, task=task)
    rows = ClassificationAnswer.objects.filter(task=task, definition=definition)
    clear_range(rows, first=first_frame, last=last_frame)
    answer = None
    if value is not None:
        answer = ClassificationAnswer.objects.create(
            task=task,
            definition=definition,
            value=value,
            first_frame=first_frame,
            last_frame=last_frame,
            seq=seq,
            author=user,
        )
    change_record(
        task_id=task.pk,
        seq=seq,
        kind=ChangeKind.ANSWERS,
        first_frame=first_frame,
        last_frame=last_frame,
        author_id=user.pk,
    )
    return answer


def value_check(definition: AttributeDefinition, value: Any) -> None:
    """Raise ``invalid_answer`` (422) for a value that does not fit the definition."""
    if value is None:
        return
    options = {option["value"] for option in definition.options}
    kind = AttributeKind(definition.kind)
    fits = {
        AttributeKind.RADIO: lambda: isinstance(value, str) and value in options,
        AttributeKind.CHECKLIST: lambda: (
            isinstance(value, list)
            and all(isinstance(one, str) and one in options for one in value)
            and len(set(value)) == len(value)
        ),
        AttributeKind.TEXT: lambda: isinstance(value, str) and len(value) <= TEXT_MAX,
        AttributeKind.NUMERIC: lambda: (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        ),
    }
    if not fits[kind]():
        raise refused("invalid_answer", f"The answer to “{definition}” has to be {kind.label}.")


def range_check(
    definition: AttributeDefinition, task: Task, first_frame: int | None, last_frame: int | None
) -> None:
    if not definition.dynamic:
        if first_frame is not None or last_frame is not None:
            raise refused("static_attribute", f"“{definition}” holds for all frames; leave the range out.")
        return
    if first_frame is None or last_frame is None:
        raise refused("dynamic_attribute", f"“{definition}” changes over frames; say from which to which.")
    frames_check(task, first_frame, last_frame)


def frames_check(task: Task, first_frame: int, last_frame: int) -> None:
    if last_frame < first_frame:
        raise refused(
            "range_reversed", f"The range ends (frame {last_frame}) before it starts (frame {first_frame})."
        )
    frame_check(task, first_frame)
    frame_check(task, last_frame)
