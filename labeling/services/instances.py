"""Instances: made, given another class, deleted."""

from __future__ import annotations

import secrets

from django.db.models import F
from django.db.models.functions import Greatest

from labeling.errors import conflict, refused
from labeling.models import Instance, JobInstance, Label, ObjectClass, ReviewDecision, Task, User
from labeling.models.label import Decision
from labeling.services.edits.instance_states import instance_state, new_instance_state
from labeling.services.edits.opened import OpenEdit, edit_open
from labeling.services.edits.stored import keys_of_instance, pieces_store
from labeling.services.label_rows import labels_of

# Six bytes are eight URL-safe characters, as Encord's object hashes are.
HASH_BYTES = 6


def new_object_hash() -> str:
    return secrets.token_urlsafe(HASH_BYTES)


def instance_create(*, user: User, task: Task, object_class: ObjectClass) -> Instance:
    """Make an instance without labels. Raises ``foreign_class`` (422) for a class of another project."""
    with edit_open(user=user, task=task, title=f"New {object_class}") as edit:
        return instance_create_in(edit, object_class=object_class, object_hash=new_object_hash())


def instance_change_class(
    *, user: User, instance: Instance, object_class: ObjectClass, expected_version: int | None = None
) -> Instance:
    """Give the instance another class of the same shape.

    Raises ``stale_version`` (409), ``foreign_class`` and ``other_shape`` (422), ``job_active`` and
    ``label_accepted`` (409).
    """
    with edit_open(user=user, task=instance.task, title=f"Make {instance} a {object_class}") as edit:
        instance_change_in(
            edit, instance=instance, object_class=object_class, expected_version=expected_version
        )
    return instance


def instance_delete(*, user: User, instance: Instance) -> None:
    """Delete the instance with all that is said of it.

    Raises ``job_active`` (409) with the job's id, ``label_accepted`` (409).
    """
    with edit_open(user=user, task=instance.task, title=f"Delete {instance}") as edit:
        instance_delete_in(edit, instance=instance)


def instance_create_in(edit: OpenEdit, *, object_class: ObjectClass, object_hash: str) -> Instance:
    """``instance_create`` as a step of an edit. Raises ``hash_taken`` (409)."""
    edit.require_labeler()
    class_check(task=edit.task, object_class=object_class)
    return instance_add(edit, object_class=object_class, object_hash=object_hash)


def instance_add(edit: OpenEdit, *, object_class: ObjectClass, object_hash: str) -> Instance:
    """Make an instance with the task's next number."""
    task = edit.task
    if Instance.objects.filter(task=task, object_hash=object_hash).exists():
        raise conflict("hash_taken", f"This task has another instance “{object_hash}”.")
    Task.objects.filter(pk=task.pk).update(instance_count=F("instance_count") + 1)
    task.refresh_from_db(fields=["instance_count"])
    instance = Instance.objects.create(
        task=task,
        object_class=object_class,
        object_hash=object_hash,
        number=task.instance_count,
        created_by=edit.user,
    )
    edit.journal.instance(instance.pk, None, new_instance_state(instance))
    return instance


def instance_change_in(
    edit: OpenEdit, *, instance: Instance, object_class: ObjectClass, expected_version: int | None = None
) -> None:
    """``instance_change_class`` as a step of an edit."""
    class_check(task=edit.task, object_class=object_class)
    instance_hold(edit, instance, expected_version=expected_version)
    if object_class.form != instance.object_class.form:
        has_labels = Label.objects.filter(instance=instance, geometry__isnull=False).exists()
        if has_labels:
            raise refused(
                "other_shape",
                f"“{object_class}” is drawn with another shape than the labels that {instance} has.",
            )
    unaccepted_check(instance)
    class_set(edit, instance, object_class)


def class_set(edit: OpenEdit, instance: Instance, object_class: ObjectClass) -> None:
    before = instance_state(instance)
    instance.object_class = object_class
    instance.version += 1
    instance.save(update_fields=["object_class", "version"])
    edit.journal.instance(instance.pk, before, instance_state(instance))


def instance_delete_in(edit: OpenEdit, *, instance: Instance) -> None:
    """``instance_delete`` as a step of an edit."""
    instance_hold(edit, instance)
    unaccepted_check(instance)
    instance_drop(edit, instance)


def instance_drop(edit: OpenEdit, instance: Instance) -> None:
    """Delete the instance, writing down everything that goes with it."""
    for key in keys_of_instance(instance.pk):
        pieces_store(edit, key, [])
    labels = labels_of(instance.pk)
    for row in labels:
        edit.journal.label((instance.pk, row.frame), row, None)
    instance.refresh_from_db(fields=["label_floor"])
    instance.label_floor = max([instance.label_floor, *(row.version for row in labels)])
    edit.journal.instance(instance.pk, instance_state(instance), None)
    floor = max(instance.version, instance.label_floor)
    Task.objects.filter(pk=edit.task.pk).update(version_floor=Greatest(F("version_floor"), floor))
    # Not by the instance's own delete(), which forgets its number.
    Instance.objects.filter(pk=instance.pk).delete()


def instance_hold(edit: OpenEdit, instance: Instance, *, expected_version: int | None = None) -> None:
    """See whether this person may change the instance as a whole: in its version, with no job at work."""
    edit.require_labeler()
    instance.refresh_from_db(fields=["object_class", "version"])
    if expected_version is not None and expected_version != instance.version:
        raise conflict(
            "stale_version",
            f"Somebody changed this instance meanwhile: you saw version {expected_version}, "
            f"it is version {instance.version}.",
            version=instance.version,
        )
    jobs_idle(instance)


def class_check(*, task: Task, object_class: ObjectClass) -> None:
    if object_class.ontology_id != task.project.ontology_id:
        raise refused("foreign_class", f"“{object_class}” is not a class of this project's ontology.")
    archived_check(object_class)


def archived_check(object_class: ObjectClass) -> None:
    """Raise ``class_archived`` (422) for a class that takes no new instances."""
    if object_class.archived:
        raise refused("class_archived", f"“{object_class}” is archived and takes no new instances.")


def jobs_idle(instance: Instance) -> None:
    """Raise ``job_active`` (409) with the job's id while one is at work on the instance."""
    claim = JobInstance.objects.filter(instance=instance, active=True).first()
    if claim:
        raise conflict(
            "job_active",
            f"Job {claim.job_id} is at work on {instance}. Wait for it, or cancel it.",
            job=claim.job_id,
        )


def unaccepted_check(instance: Instance) -> None:
    """Raise ``label_accepted`` (409) when the instance is accepted on any frame."""
    accepted = ReviewDecision.objects.filter(instance=instance, decision=Decision.ACCEPTED).first()
    if accepted:
        raise conflict(
            "label_accepted",
            f"{instance} is accepted on frames {accepted.first_frame} to {accepted.last_frame}. "
            "Take the acceptance back to change it.",
            frame=accepted.first_frame,
        )
