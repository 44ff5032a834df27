"""What people's hands do to labels: draw, edit, mark absent, remove. Every label they touch is protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from labeling.access import role_in, task_require_editable
from labeling.errors import conflict, not_found, refused
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.models import ChangeKind, Instance, Label, ObjectClass, Provenance, Task, User
from labeling.selectors.media import frame_size
from labeling.selectors.review_ranges import accepted_ranges, frame_in
from labeling.services.label_rows import LabelRow, labels_upsert
from labeling.services.sequence import change_record, task_take_seq

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
    expected_version: int | None = None,
) -> Label:
    """Draw or edit the instance's label on ``frame``; it is protected from then on.

    ``expected_version`` is the version that the person saw, 0 for none; None does not ask.
    Raises 422 for a shape that cannot be accepted, ``stale_version`` (409), ``label_accepted``
    (409), ``task_complete`` (409), 403 when the task is not theirs to change.
    """
    if provenance not in HAND_MADE:
        raise refused("provenance", "A person's label is “manual” or “prompted”.")
    geometry = geometry_of(instance.object_class, instance.task, shape_json, frame=frame)
    with transaction.atomic():
        seq, known = label_open(user=user, instance=instance, frame=frame, expected_version=expected_version)
        row = LabelRow(
            instance_id=instance.pk,
            frame=frame,
            geometry=geometry,
            provenance=HAND_MADE[provenance],
            protected=True,
            z_order=z_order if z_order is not None else (known.z_order if known else 0),
            occluded=occluded if occluded is not None else bool(known and known.occluded),
            author_id=user.pk,
        )
        return label_write(task_id=instance.task_id, seq=seq, row=row, user=user)


def label_mark_absent(
    *, user: User, instance: Instance, frame: int, expected_version: int | None = None
) -> Label:
    """Say that the instance is not on ``frame``: an absent mark, which jobs leave alone."""
    with transaction.atomic():
        seq, _ = label_open(user=user, instance=instance, frame=frame, expected_version=expected_version)
        row = LabelRow(
            instance_id=instance.pk,
            frame=frame,
            geometry=None,
            provenance=Provenance.MANUAL,
            protected=True,
            author_id=user.pk,
        )
        return label_write(task_id=instance.task_id, seq=seq, row=row, user=user)


def label_remove(*, user: User, instance: Instance, frame: int, expected_version: int | None = None) -> None:
    """Remove the label or the absent mark without a trace: jobs may write there again."""
    with transaction.atomic():
        seq, known = label_open(user=user, instance=instance, frame=frame, expected_version=expected_version)
        if known is None:
            raise not_found("label")
        known.delete()
        record(task_id=instance.task_id, seq=seq, instances=[instance.pk], frames=[frame], user=user)


def geometry_of(object_class: ObjectClass, task: Task, shape_json: Mapping[str, Any], *, frame: int) -> bytes:
    """Read a shape of the class for a frame of the task, packed. Raises ``invalid_shape`` (422)."""
    width, height = frame_size(task.media, frame)
    template = object_class.skeleton
    try:
        shape = shape_from_json(
            ShapeKind(object_class.shape),
            dict(shape_json),
            width=width,
            height=height,
            vertices=len(template["vertices"]) if template else None,
        )
    except ShapeError as error:
        raise refused("invalid_shape", str(error)) from error
    return shape_pack(shape)


def frame_check(task: Task, frame: int) -> None:
    if not task.first_frame <= frame <= task.last_frame:
        raise refused(
            "frame_out_of_range",
            f"Frame {frame} lies outside the task's frames {task.first_frame} to {task.last_frame}.",
        )


def label_open(
    *, user: User, instance: Instance, frame: int, expected_version: int | None
) -> tuple[int, Label | None]:
    """Lock the task, see whether this person may write this label, and return its number and it."""
    frame_check(instance.task, frame)
    seq = task_open(user=user, task=instance.task)
    known = Label.objects.filter(instance=instance, frame=frame).first()
    version = known.version if known else 0
    if expected_version is not None and expected_version != version:
        raise conflict(
            "stale_version",
            f"Somebody changed this label meanwhile: you saw version {expected_version}, "
            f"it is version {version}.",
            version=version,
        )
    if frame_in(accepted_ranges([instance.pk]).get(instance.pk, ()), frame):
        raise conflict(
            "label_accepted",
            f"{instance} is accepted on frame {frame}. Take the acceptance back to change it.",
        )
    return seq, known


def task_open(*, user: User, task: Task) -> int:
    """Lock the task for a person's change and return its number."""
    seq = task_take_seq(task_id=task.pk)
    task.refresh_from_db(fields=["stage", "assignee"])
    role = role_in(user=user, project_id=task.project_id)
    if role is None:
        raise not_found("task")
    task_require_editable(task=task, user=user, role=role)
    return seq


def label_write(*, task_id: int, seq: int, row: LabelRow, user: User) -> Label:
    labels_upsert(task_id=task_id, seq=seq, rows=[row], over_protected=True)
    record(task_id=task_id, seq=seq, instances=[row.instance_id], frames=[row.frame], user=user)
    return Label.objects.get(instance_id=row.instance_id, frame=row.frame)


def record(*, task_id: int, seq: int, instances: Sequence[int], frames: Sequence[int], user: User) -> None:
    change_record(
        task_id=task_id,
        seq=seq,
        kind=ChangeKind.LABELS,
        instances=instances,
        first_frame=min(frames),
        last_frame=max(frames),
        author_id=user.pk,
    )


@dataclass(frozen=True)
class ImportedLabel:
    """A label that an integration brings."""

    instance: Instance
    frame: int
    shape_json: Mapping[str, Any]
    confidence: float = 1.0


IMPORT_ROWS_MAX = 5000


def labels_import(*, user: User, task: Task, rows: Sequence[ImportedLabel]) -> int:
    """Write imported labels, all or nothing; protected ones stay. Return how many were written.

    Imported labels are not protected: they are a machine's or another tool's word, to be corrected
    like a tracked one.
    """
    if len(rows) > IMPORT_ROWS_MAX:
        raise refused("too_many_labels", f"At most {IMPORT_ROWS_MAX} labels are imported at a time.")
    if not rows:
        return 0
    packed = []
    for imported in rows:
        frame_check(task, imported.frame)
        if not 0 <= imported.confidence <= 1:
            raise refused("confidence_out_of_range", "A confidence lies between 0 and 1.")
        packed.append(
            LabelRow(
                instance_id=imported.instance.pk,
                frame=imported.frame,
                geometry=geometry_of(
                    imported.instance.object_class, task, imported.shape_json, frame=imported.frame
                ),
                provenance=Provenance.IMPORTED,
                confidence=imported.confidence,
                author_id=user.pk,
            )
        )
    if len({(row.instance_id, row.frame) for row in packed}) != len(packed):
        raise refused("label_twice", "An instance has two labels on one frame in this import.")
    with transaction.atomic():
        seq = task_open(user=user, task=task)
        accepted = accepted_ranges({row.instance_id for row in packed})
        free = [row for row in packed if not frame_in(accepted.get(row.instance_id, ()), row.frame)]
        written = labels_upsert(task_id=task.pk, seq=seq, rows=free)
        record(
            task_id=task.pk,
            seq=seq,
            instances=[row.instance_id for row in packed],
            frames=[row.frame for row in packed],
            user=user,
        )
    return len(written)
