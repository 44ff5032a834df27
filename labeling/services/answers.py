"""Answers to the ontology's questions, about instances and about frames."""

from __future__ import annotations

import math
from typing import Any

from labeling.errors import refused
from labeling.frame_ranges import frames_check
from labeling.models import (
    AttributeAnswer,
    AttributeDefinition,
    AttributeKind,
    ClassificationAnswer,
    Instance,
    Task,
    User,
)
from labeling.services.edits.journal import RangeKey
from labeling.services.edits.opened import OpenEdit, edit_open
from labeling.services.edits.pieces import WHOLE, piece, pieces_cut, pieces_put
from labeling.services.edits.stored import answers_key, classifications_key, pieces_of, pieces_store

TEXT_MAX = 10_000


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
    with edit_open(user=user, task=instance.task, title=f"Answer “{definition}” of {instance}") as edit:
        answer_put_in(
            edit,
            instance=instance,
            definition=definition,
            value=value,
            first_frame=first_frame,
            last_frame=last_frame,
        )
    rows = AttributeAnswer.objects.filter(instance=instance, definition=definition)
    return rows.filter(first_frame=first_frame).first() if value is not None else None


def answer_put_in(
    edit: OpenEdit,
    *,
    instance: Instance,
    definition: AttributeDefinition,
    value: Any,
    first_frame: int | None = None,
    last_frame: int | None = None,
) -> None:
    """``answer_put`` as a step of an edit."""
    edit.require_labeler()
    if definition.object_class_id != instance.object_class_id:
        raise refused("foreign_attribute", f"“{definition}” is not an attribute of {instance.object_class}.")
    value_check(definition, value)
    range_check(definition, edit.task, first_frame, last_frame)
    first = WHOLE if first_frame is None else first_frame
    last = WHOLE if last_frame is None else last_frame
    say(edit, answers_key(instance.pk, definition.pk), value, first, last)


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
    with edit_open(user=user, task=task, title=f"Answer “{definition}”") as edit:
        classification_put_in(
            edit, definition=definition, value=value, first_frame=first_frame, last_frame=last_frame
        )
    rows = ClassificationAnswer.objects.filter(task=task, definition=definition)
    return rows.filter(first_frame=first_frame).first() if value is not None else None


def classification_put_in(
    edit: OpenEdit, *, definition: AttributeDefinition, value: Any, first_frame: int, last_frame: int
) -> None:
    """``classification_put`` as a step of an edit."""
    edit.require_labeler()
    classification = definition.classification
    if classification is None or classification.ontology_id != edit.task.project.ontology_id:
        raise refused("foreign_classification", f"“{definition}” is not asked about frames of this project.")
    value_check(definition, value)
    frames_check(edit.task, first_frame, last_frame)
    say(edit, classifications_key(definition.pk), value, first_frame, last_frame)


def say(edit: OpenEdit, key: RangeKey, value: Any, first: int, last: int) -> None:
    """Let ``value`` hold from ``first`` to ``last``; None lets nothing hold."""
    now = pieces_of(edit, key)
    if value is None:
        after = pieces_cut(now, first, last)
    else:
        words = {"value": value, "seq": edit.seq, "author_id": edit.user.pk}
        after = pieces_put(now, piece(first, last, words))
    pieces_store(edit, key, after)


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
