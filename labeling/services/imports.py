"""Labels that integrations bring, with the instances that they make on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from labeling.errors import refused
from labeling.models import ChangeKind, Instance, ObjectClass, Task, User
from labeling.services.instances import new_object_hash
from labeling.services.labels import ImportedLabel, labels_import, task_open
from labeling.services.sequence import change_record


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


@transaction.atomic
def rows_import(*, user: User, task: Task, rows: Sequence[ImportRow]) -> Imported:
    """Write all rows or none.

    Raises ``unknown_instance``, ``foreign_class``, ``ref_of_two_classes`` and what ``labels_import``
    raises (422).
    """
    known = instances_known(task, rows)
    made = instances_make(user, task, rows)
    labels = [
        ImportedLabel(
            instance=made[row.ref] if row.instance is None else known[row.instance],
            frame=row.frame,
            shape_json=row.shape,
            confidence=row.confidence,
        )
        for row in rows
    ]
    written = labels_import(user=user, task=task, rows=labels)
    return Imported(written, len(labels) - written, {ref: instance.pk for ref, instance in made.items()})


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


def instances_make(user: User, task: Task, rows: Sequence[ImportRow]) -> dict[str, Instance]:
    """Make one instance for each ref of the rows that name none."""
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
    seq = task_open(user=user, task=task)
    Task.objects.filter(pk=task.pk).update(instance_count=F("instance_count") + len(class_of_ref))
    task.refresh_from_db(fields=["instance_count"])
    first = task.instance_count - len(class_of_ref) + 1
    made = Instance.objects.bulk_create(
        Instance(
            task=task,
            object_class=classes[class_id],
            object_hash=new_object_hash(),
            number=number,
            created_by=user,
        )
        for number, class_id in enumerate(class_of_ref.values(), start=first)
    )
    change_record(
        task_id=task.pk,
        seq=seq,
        kind=ChangeKind.INSTANCE,
        instances=[instance.pk for instance in made],
        author_id=user.pk,
    )
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
