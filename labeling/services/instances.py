"""Instances: made, given another class, deleted."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import F

from labeling.errors import conflict, refused
from labeling.models import ChangeKind, Instance, JobInstance, Label, ObjectClass, Task, User
from labeling.services.labels import task_open
from labeling.services.sequence import change_record

# Six bytes are eight URL-safe characters, as Encord's object hashes are.
HASH_BYTES = 6


def new_object_hash() -> str:
    return secrets.token_urlsafe(HASH_BYTES)


@transaction.atomic
def instance_create(*, user: User, task: Task, object_class: ObjectClass) -> Instance:
    """Make an instance without labels. Raises ``foreign_class`` (422) for a class of another project."""
    class_check(task=task, object_class=object_class)
    seq = task_open(user=user, task=task)
    Task.objects.filter(pk=task.pk).update(instance_count=F("instance_count") + 1)
    task.refresh_from_db(fields=["instance_count"])
    instance = Instance.objects.create(
        task=task,
        object_class=object_class,
        object_hash=new_object_hash(),
        number=task.instance_count,
        created_by=user,
    )
    change_record(
        task_id=task.pk, seq=seq, kind=ChangeKind.INSTANCE, instances=[instance.pk], author_id=user.pk
    )
    return instance


@transaction.atomic
def instance_change_class(
    *, user: User, instance: Instance, object_class: ObjectClass, expected_version: int | None = None
) -> Instance:
    """Give the instance another class of the same shape.

    Raises ``stale_version`` (409), ``foreign_class`` and ``other_shape`` (422), ``job_active`` (409).
    """
    class_check(task=instance.task, object_class=object_class)
    seq = task_open(user=user, task=instance.task)
    instance.refresh_from_db()
    if expected_version is not None and expected_version != instance.version:
        raise conflict(
            "stale_version",
            f"Somebody changed this instance meanwhile: you saw version {expected_version}, "
            f"it is version {instance.version}.",
            version=instance.version,
        )
    if object_class.shape != instance.object_class.shape:
        has_labels = Label.objects.filter(instance=instance, geometry__isnull=False).exists()
        if has_labels:
            raise refused(
                "other_shape",
                f"“{object_class}” is drawn with another shape than the labels that {instance} has.",
            )
    jobs_idle(instance)
    instance.object_class = object_class
    instance.version += 1
    instance.save(update_fields=["object_class", "version"])
    change_record(
        task_id=instance.task_id,
        seq=seq,
        kind=ChangeKind.INSTANCE,
        instances=[instance.pk],
        author_id=user.pk,
    )
    return instance


@transaction.atomic
def instance_delete(*, user: User, instance: Instance) -> None:
    """Delete the instance with all its labels. Raises ``job_active`` (409) with the job's id."""
    seq = task_open(user=user, task=instance.task)
    jobs_idle(instance)
    change_record(
        task_id=instance.task_id,
        seq=seq,
        kind=ChangeKind.INSTANCE_DELETED,
        instances=[instance.pk],
        author_id=user.pk,
    )
    instance.delete()


def class_check(*, task: Task, object_class: ObjectClass) -> None:
    if object_class.ontology_id != task.project.ontology_id:
        raise refused("foreign_class", f"“{object_class}” is not a class of this project's ontology.")
    if object_class.archived:
        raise refused("class_archived", f"“{object_class}” is archived and takes no new instances.")


def jobs_idle(instance: Instance) -> None:
    claim = JobInstance.objects.filter(instance=instance, active=True).first()
    if claim:
        raise conflict(
            "job_active",
            f"Job {claim.job_id} is at work on {instance}. Wait for it, or cancel it.",
            job=claim.job_id,
        )
