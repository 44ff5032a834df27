"""Labels that integrations bring, with the instances that they make on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from labeling.errors import refused
from labeling.frame_ranges import frame_check
from labeling.label_rows import LabelRow
from labeling.models import Instance, ObjectClass, Provenance, Task, User
from labeling.selectors.review_ranges import accepted_ranges, frame_in
from labeling.services.edits.instance_states import new_instance_state
from labeling.services.edits.opened import OpenEdit, edit_open
from labeling.services.instances import new_object_hash
from labeling.services.label_rows import labels_of, rows_by_key
from labeling.services.labels import geometry_of

IMPORT_ROWS_MAX = 5000


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """A label of an instance that is there (``instance``), or of a new one of ``object_class``.

    Rows with the same ``ref`` and class are of the same new instance.
    """

    frame: int
    shape: Mapping[str, Any]
    instance: int | None = None
    object_class: int | None = None
    ref: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class Imported:
    """``written`` labels; the rest were protected or accepted. ``instances``: ref to the id made for it."""

    written: int
    skipped: int
    instances: dict[str, int]


def rows_import(*, user: User, task: Task, rows: Sequence[ImportRow]) -> Imported:
    """Write all rows or none; protected and accepted labels stay.

    Imported labels are not protected: they are a machine's or another tool's word, to be corrected
    like a tracked one. Raises ``unknown_instance``, ``foreign_class``, ``ref_of_two_classes``,
    ``label_twice``, ``confidence_out_of_range`` and what a shape raises (422).
    """
    if len(rows) > IMPORT_ROWS_MAX:
        raise refused("too_many_labels", f"At most {IMPORT_ROWS_MAX} labels are imported at a time.")
    if not rows:
        return Imported(0, 0, {})
    known = instances_known(task, rows)
    with edit_open(user=user, task=task, title=f"Import {len(rows)} labels") as edit:
        edit.require_labeler()
        made = instances_make(edit, rows)
        owners = [made[row.ref] if row.instance is None else known[row.instance] for row in rows]
        labels = [label_row_of(edit, row, owner) for row, owner in zip(rows, owners, strict=True)]
        written = labels_import_in(edit, rows=labels)
    return Imported(written, len(labels) - written, {ref: instance.pk for ref, instance in made.items()})


def label_row_of(edit: OpenEdit, row: ImportRow, instance: Instance) -> LabelRow:
    """The label as it is to be stored."""
    frame_check(edit.task, row.frame)
    if not 0 <= row.confidence <= 1:
        raise refused("confidence_out_of_range", "A confidence lies between 0 and 1.")
    return LabelRow(
        instance_id=instance.pk,
        frame=row.frame,
        geometry=geometry_of(instance.object_class, edit.task, row.shape, frame=row.frame),
        provenance=Provenance.IMPORTED,
        confidence=row.confidence,
        author_id=edit.user.pk,
    )


def labels_import_in(edit: OpenEdit, *, rows: Sequence[LabelRow]) -> int:
    """Write the rows that meet no protected and no accepted label; return how many."""
    if len({(row.instance_id, row.frame) for row in rows}) != len(rows):
        raise refused("label_twice", "An instance has two labels on one frame in this import.")
    accepted = accepted_ranges({row.instance_id for row in rows})
    free = [row for row in rows if not frame_in(accepted.get(row.instance_id, ()), row.frame)]
    spans: dict[int, tuple[int, int]] = {}
    for row in free:
        first, last = spans.get(row.instance_id, (row.frame, row.frame))
        spans[row.instance_id] = min(first, row.frame), max(last, row.frame)
    stood: dict[tuple[int, int], LabelRow] = {}
    for instance_id, (first, last) in spans.items():
        stood |= rows_by_key(labels_of(instance_id, first=first, last=last))
    return len(edit.labels_put(free, stood=stood, over_protected=False))


def instances_known(task: Task, rows: Sequence[ImportRow]) -> dict[int, Instance]:
    wanted = {row.instance for row in rows if row.instance is not None}
    found = {
        instance.pk: instance
        for instance in Instance.objects.filter(task=task, pk__in=wanted).select_related("object_class")
    }
    missing = sorted(wanted - found.keys())
    if missing:
        raise refused("unknown_instance", f"This task has no instance {missing[0]}.", instances=missing)
    for instance in found.values():
        instance.task = task
    return found


def instances_make(edit: OpenEdit, rows: Sequence[ImportRow]) -> dict[str, Instance]:
    """Make one instance for each ref of the rows that name none."""
    task = edit.task
    class_of_ref = classes_by_ref(rows)
    if not class_of_ref:
        return {}
    wanted = set(class_of_ref.values())
    classes = {
        found.pk: found
        for found in ObjectClass.objects.filter(ontology_id=task.project.ontology_id, pk__in=wanted)
    }
    foreign = sorted(wanted - classes.keys())
    if foreign:
        raise refused("foreign_class", f"This project's ontology has no class {foreign[0]}.", classes=foreign)
    Task.objects.filter(pk=task.pk).update(instance_count=F("instance_count") + len(class_of_ref))
    task.refresh_from_db(fields=["instance_count"])
    first = task.instance_count - len(class_of_ref) + 1
    made = Instance.objects.bulk_create(
        Instance(
            task=task,
            object_class=classes[class_id],
            object_hash=new_object_hash(),
            number=number,
            created_by=edit.user,
        )
        for number, class_id in enumerate(class_of_ref.values(), start=first)
    )
    for instance in made:
        edit.journal.instance(instance.pk, None, new_instance_state(instance))
    return dict(zip(class_of_ref, made, strict=True))


def classes_by_ref(rows: Sequence[ImportRow]) -> dict[str, int]:
    by_ref: dict[str, int] = {}
    for row in rows:
        if row.instance is not None:
            continue
        if row.object_class is None or not row.ref:
            raise refused(
                "row_without_instance", "A label names its instance, or a class and a ref of yours."
            )
        if by_ref.setdefault(row.ref, row.object_class) != row.object_class:
            raise refused("ref_of_two_classes", f"The ref “{row.ref}” stands for objects of two classes.")
    return by_ref
