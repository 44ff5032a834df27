"""What people's hands do to labels: draw, edit, mark absent, remove. Every label they touch is protected.

The doors of one label make an edit each; within an edit of several steps the ``…_in`` are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labeling.errors import conflict, not_found, refused
from labeling.frame_ranges import frame_check, frames_check
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Bitmask, Shape, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.label_rows import LabelRow
from labeling.models import Instance, Label, ObjectClass, Provenance, Task, User
from labeling.selectors.media import frame_size
from labeling.selectors.review_ranges import accepted_ranges, frame_in
from labeling.services.edits.opened import OpenEdit, edit_open
from labeling.services.label_rows import label_of, labels_of, rows_by_key
from labeling.services.panoptic import bitmask_class_check, bitmask_left_or_refused

HAND_MADE = {"manual": Provenance.MANUAL, "prompted": Provenance.PROMPTED}


def label_put(
    *,
    user: User,
    instance: Instance,
    frame: int,
    shape_json: Mapping[str, Any],
    provenance: str = "manual",
    z_order: int | None = None,
    occluded: bool | None = None,
    exclude_bitmasks: bool = False,
    expected_version: int | None = None,
) -> Label:
    """Draw or edit the instance's label on ``frame``; it is protected from then on.

    ``exclude_bitmasks``: what other bitmasks of the frame cover is left out (``panoptic``).
    ``expected_version`` is the version that the person saw, 0 for none; None does not ask.
    Raises 422 for a shape that cannot be accepted (``invalid_shape``, ``nothing_left``,
    ``bitmasks_only``), ``stale_version`` (409), ``label_accepted`` (409), ``task_complete`` (409),
    403 when the task is not theirs to change.
    """
    with edit_open(user=user, task=instance.task, title=f"Draw {instance}") as edit:
        label_put_in(
            edit,
            instance=instance,
            frame=frame,
            shape_json=shape_json,
            provenance=provenance,
            z_order=z_order,
            occluded=occluded,
            exclude_bitmasks=exclude_bitmasks,
            expected_version=expected_version,
        )
    return Label.objects.get(instance=instance, frame=frame)


def label_mark_absent(
    *, user: User, instance: Instance, frame: int, expected_version: int | None = None
) -> Label:
    """Say that the instance is not on ``frame``: an absent mark, which jobs leave alone."""
    with edit_open(user=user, task=instance.task, title=f"Mark {instance} absent") as edit:
        label_absent_in(edit, instance=instance, frame=frame, expected_version=expected_version)
    return Label.objects.get(instance=instance, frame=frame)


def label_remove(*, user: User, instance: Instance, frame: int, expected_version: int | None = None) -> None:
    """Remove the label or the absent mark without a trace: jobs may write there again."""
    with edit_open(user=user, task=instance.task, title=f"Remove a label of {instance}") as edit:
        label_remove_in(edit, instance=instance, frame=frame, expected_version=expected_version)


def label_put_in(
    edit: OpenEdit,
    *,
    instance: Instance,
    frame: int,
    shape_json: Mapping[str, Any],
    provenance: str = "manual",
    z_order: int | None = None,
    occluded: bool | None = None,
    exclude_bitmasks: bool = False,
    expected_version: int | None = None,
) -> None:
    """``label_put`` as a step of an edit."""
    if provenance not in HAND_MADE:
        raise refused("provenance", "A person's label is “manual” or “prompted”.")
    stood = label_seen(edit, instance, frame, expected_version)
    known = stood.get((instance.pk, frame))
    shape = shape_of(instance.object_class, edit.task, shape_json, frame=frame)
    if exclude_bitmasks:
        shape = shape_left(edit, instance, frame, shape)
    row = LabelRow(
        instance_id=instance.pk,
        frame=frame,
        geometry=shape_pack(shape),
        provenance=HAND_MADE[provenance],
        protected=True,
        z_order=z_order if z_order is not None else (known.z_order if known else 0),
        occluded=occluded if occluded is not None else bool(known and known.occluded),
        author_id=edit.user.pk,
    )
    edit.labels_put([row], stood=stood)


def label_absent_in(
    edit: OpenEdit, *, instance: Instance, frame: int, expected_version: int | None = None
) -> None:
    """``label_mark_absent`` as a step of an edit."""
    stood = label_seen(edit, instance, frame, expected_version)
    edit.labels_put([absent_mark(instance.pk, frame, edit)], stood=stood)


def label_remove_in(
    edit: OpenEdit, *, instance: Instance, frame: int, expected_version: int | None = None
) -> None:
    """``label_remove`` as a step of an edit."""
    stood = label_seen(edit, instance, frame, expected_version)
    if not stood:
        raise not_found("label")
    edit.labels_take(list(stood.values()))


def labels_remove_in(edit: OpenEdit, *, instance: Instance, first: int, last: int, mark: bool) -> None:
    """Remove the instance's labels of a range (inclusive); ``mark`` leaves an absent mark for each.

    Raises ``label_accepted`` (409) when one of them is accepted.
    """
    edit.require_labeler()
    frames_check(edit.task, first, last)
    stood = labels_of(instance.pk, first=first, last=last)
    accepted_check(instance, [row.frame for row in stood])
    if mark:
        shown = [row for row in stood if row.geometry is not None]
        marks = [absent_mark(instance.pk, row.frame, edit) for row in shown]
        edit.labels_put(marks, stood=rows_by_key(shown))
    else:
        edit.labels_take(stood)


def absent_mark(instance_id: int, frame: int, edit: OpenEdit) -> LabelRow:
    return LabelRow(
        instance_id=instance_id,
        frame=frame,
        geometry=None,
        provenance=Provenance.MANUAL,
        protected=True,
        author_id=edit.user.pk,
    )


def shape_left(edit: OpenEdit, instance: Instance, frame: int, shape: Shape) -> Shape:
    """What other bitmasks leave of the shape; the edit knows that it gave way, should it be undone."""
    bitmask_class_check(instance.object_class)
    assert isinstance(shape, Bitmask)  # noqa: S101  (its class says so)
    left = bitmask_left_or_refused(shape, task=edit.task, frame=frame, instance_id=instance.pk)
    edit.journal.gave_way.add((instance.pk, frame))
    return left


def geometry_of(object_class: ObjectClass, task: Task, shape_json: Mapping[str, Any], *, frame: int) -> bytes:
    """Read a shape of the class for a frame of the task, packed. Raises ``invalid_shape`` (422)."""
    return shape_pack(shape_of(object_class, task, shape_json, frame=frame))


def shape_of(object_class: ObjectClass, task: Task, shape_json: Mapping[str, Any], *, frame: int) -> Shape:
    """Read a shape of the class for a frame of the task. Raises ``invalid_shape`` (422)."""
    width, height = frame_size(task.media, frame)
    template = object_class.skeleton
    try:
        return shape_from_json(
            ShapeKind(object_class.shape),
            dict(shape_json),
            width=width,
            height=height,
            vertices=len(template["vertices"]) if template else None,
        )
    except ShapeError as error:
        raise refused("invalid_shape", str(error)) from error


def label_seen(
    edit: OpenEdit, instance: Instance, frame: int, expected_version: int | None
) -> dict[tuple[int, int], LabelRow]:
    """See whether this person may write this label, and return it if it is there, by its key."""
    edit.require_labeler()
    frame_check(edit.task, frame)
    known = label_of(instance.pk, frame)
    version = known.version if known else 0
    if expected_version is not None and expected_version != version:
        raise conflict(
            "stale_version",
            f"Somebody changed this label meanwhile: you saw version {expected_version}, "
            f"it is version {version}.",
            version=version,
        )
    accepted_check(instance, [frame])
    return rows_by_key([known] if known else [])


def accepted_check(instance: Instance, frames: Sequence[int]) -> None:
    """Raise ``label_accepted`` (409) when the instance is accepted on one of the frames."""
    ranges = accepted_ranges([instance.pk]).get(instance.pk, ())
    locked = next((frame for frame in frames if frame_in(ranges, frame)), None) if ranges else None
    if locked is not None:
        raise conflict(
            "label_accepted",
            f"{instance} is accepted on frame {locked}. Take the acceptance back to change it.",
            frame=locked,
        )
