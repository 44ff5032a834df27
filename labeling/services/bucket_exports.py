"""Exports into a bucket: ordered here, written by a worker."""

from __future__ import annotations

import re

from django.db import transaction

from labeling import queue
from labeling.errors import refused
from labeling.models import BucketExport, Connection, Project, Task, User
from labeling.services.events import event_write
from labeling.services.exports import FORMATS

KEY_BYTES_MAX = 1024


@transaction.atomic
def bucket_export_order(
    *, user: User | None, project: Project, connection: Connection, form: str, task: Task | None = None
) -> BucketExport:
    """Queue the writing of the project, or of one task of it, below the connection's prefix.

    It gets a key of its own, so that nothing is replaced. Raises ``unknown_format``,
    ``other_project`` and ``prefix_too_long`` (422).
    """
    if form not in FORMATS:
        raise refused("unknown_format", f"There is no export to “{form}”; use one of {', '.join(FORMATS)}.")
    if connection.project_id != project.pk or (task is not None and task.project_id != project.pk):
        raise refused("other_project", "The connection and the task have to be the project's own.")
    export = BucketExport.objects.create(
        project=project, task=task, connection=connection, form=form, created_by=user
    )
    export.key = export_key(export, title=task.title if task else project.name)
    if len(export.key.encode()) > KEY_BYTES_MAX:
        raise refused("prefix_too_long", f"The prefix of “{connection}” leaves no room for a name.")
    export.save(update_fields=["key"])
    export_event(export, "export.queued")
    queue.ring_on_commit("media")
    return export


def export_key(export: BucketExport, *, title: str) -> str:
    """``exports/crossing-7.coco.json`` below the connection's prefix."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "export"
    return f"{export.connection.prefix}exports/{slug}-{export.pk}.{export.form}.json"


def export_event(export: BucketExport, kind: str) -> None:
    """Tell of an export; ``export.finished`` says with ``state`` how it ended."""
    told = {
        "export": export.pk,
        "connection": export.connection_id,
        "format": export.form,
        "key": export.key,
        "state": str(export.state),
        "losses": len(export.not_held),
        "sentence": export.error,
    }
    event_write(kind=kind, project_id=export.project_id, task_id=export.task_id, payload=told)
