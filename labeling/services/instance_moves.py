"""Instances made of one another: merged, split, and drawn with another shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeling.errors import refused
from labeling.frame_ranges import frame_check
from labeling.geometry.conversions import shape_convert
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import AttributeAnswer, Instance, ObjectClass
from labeling.selectors.media import frame_size
from labeling.services.edits.opened import OpenEdit
from labeling.services.edits.pieces import WHOLE, Piece, pieces_cut, pieces_fill, pieces_within
from labeling.services.edits.stored import answers_key, keys_of_instance, pieces_of, pieces_store
from labeling.services.instances import (
    class_check,
    class_set,
    instance_add,
    instance_drop,
    instance_hold,
    unaccepted_check,
)
from labeling.services.label_rows import FRAME_MAX, labels_of, rows_by_key
from labeling.services.labels import accepted_check


def instance_merge_in(edit: OpenEdit, *, instance: Instance, others: Sequence[Instance]) -> None:
    """Move the labels of the others to ``instance`` and delete the others.

    Where ``instance`` has a label it stays; of the others the first one named wins. A shape wins over an
    absent mark. Answers that change over frames follow where ``instance`` has none; decisions on the
    others go. Raises ``other_shape``, ``merge_with_itself`` (422), ``job_active``, ``label_accepted`` (409).
    """
    instance_hold(edit, instance)
    seen = {instance.pk}
    for other in others:
        if other.pk in seen:
            raise refused("merge_with_itself", f"{other} is named twice; name each instance once.")
        seen.add(other.pk)
        instance_hold(edit, other)
        unaccepted_check(other)
        if other.object_class.form != instance.object_class.form:
            raise refused(
                "other_shape",
                f"{other} is drawn with another shape than {instance}; convert one of them first.",
            )
    for other in others:
        labels_follow(edit, instance, other)
        answers_follow(edit, instance, other)
        instance_drop(edit, other)


def labels_follow(edit: OpenEdit, instance: Instance, other: Instance) -> None:
    stood = rows_by_key(labels_of(instance.pk))
    rows = [
        replace(row, instance_id=instance.pk)
        for row in labels_of(other.pk)
        if weaker(stood.get((instance.pk, row.frame)), row)
    ]
    accepted_check(instance, [row.frame for row in rows])
    edit.labels_put(rows, stood=stood)


def weaker(known: LabelRow | None, row: LabelRow) -> bool:
    """Say whether ``row`` takes the place of what is known: of nothing, or as a shape of an absent mark."""
    return known is None or (known.geometry is None and row.geometry is not None)


def answers_follow(edit: OpenEdit, instance: Instance, other: Instance) -> None:
    answers = AttributeAnswer.objects.filter(
        instance=other, definition__object_class_id=instance.object_class_id, first_frame__isnull=False
    )
    for definition in sorted(set(answers.values_list("definition_id", flat=True))):
        key = answers_key(instance.pk, definition)
        now = pieces_of(edit, key)
        after = pieces_fill(now, pieces_of(edit, answers_key(other.pk, definition)))
        if after != now:
            pieces_store(edit, key, after)


def instance_split_in(edit: OpenEdit, *, instance: Instance, frame: int, object_hash: str) -> Instance:
    """Give what lies from ``frame`` on to a new instance of the same class, and return it.

    Labels, dynamic answers and decisions are cut at the frame; static answers hold for both. Raises
    ``nothing_to_split`` (422) when one of the two would have no label, ``hash_taken``, ``job_active`` (409).
    """
    frame_check(edit.task, frame)
    instance_hold(edit, instance)
    labels = labels_of(instance.pk)
    later = [row for row in labels if row.frame >= frame]
    if not later or len(later) == len(labels):
        where = f"before frame {frame}" if later else f"from frame {frame} on"
        raise refused("nothing_to_split", f"{instance} has no label {where}, so there is nothing to split.")
    new = instance_add(edit, object_class=instance.object_class, object_hash=object_hash)
    edit.labels_put([replace(row, instance_id=new.pk) for row in later], stood={})
    edit.labels_take(later)
    for key in keys_of_instance(instance.pk):
        noun, _, definition = key
        now = pieces_of(edit, key)
        pieces_store(edit, (noun, new.pk, definition), pieces_from(now, frame))
        pieces_store(edit, key, pieces_cut(now, frame, FRAME_MAX))
    return new


def pieces_from(pieces: Sequence[Piece], frame: int) -> list[Piece]:
    """Return what holds from ``frame`` on, and what holds for all frames."""
    return [*pieces_within(pieces, WHOLE, WHOLE), *pieces_within(pieces, frame, FRAME_MAX)]


def instance_convert_in(edit: OpenEdit, *, instance: Instance, object_class: ObjectClass) -> None:
    """Give the instance a class of another shape, and convert every label.

    The labels count as a person's from then on: they are protected. Raises ``not_convertible`` (422) with
    the frame of the first shape that cannot be converted, ``job_active``, ``label_accepted`` (409).
    """
    class_check(task=edit.task, object_class=object_class)
    instance_hold(edit, instance)
    unaccepted_check(instance)
    if object_class.form != instance.object_class.form:
        shown = [row for row in labels_of(instance.pk) if row.geometry is not None]
        rows = [converted(edit, instance, row, object_class) for row in shown]
        edit.labels_put(rows, stood=rows_by_key(shown))
    class_set(edit, instance, object_class)


def converted(edit: OpenEdit, instance: Instance, row: LabelRow, object_class: ObjectClass) -> LabelRow:
    """The label in the shape of the class."""
    width, height = frame_size(edit.task.media, row.frame)
    kind = ShapeKind(object_class.shape)
    try:
        if kind is ShapeKind.SKELETON:
            raise ShapeError("Nothing can become an object primitive of another template.")
        shape = shape_convert(shape_unpack(row.geometry or b""), kind, width=width, height=height)
    except ShapeError as error:
        raise refused(
            "not_convertible", f"{instance} on frame {row.frame}: {error}", frame=row.frame
        ) from error
    return replace(row, geometry=shape_pack(shape), protected=True, author_id=edit.user.pk)
