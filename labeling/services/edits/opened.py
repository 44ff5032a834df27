"""An edit while it is made: the task's lock, its number, and a journal of what it touches."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from labeling.access import role_in, role_require, task_require_editable
from labeling.access_rules import Permission
from labeling.errors import not_found
from labeling.label_rows import LabelRow
from labeling.models import Edit, Instance, Label, Role, Task, User
from labeling.services.edits.feed import changes_tell, labels_tell
from labeling.services.edits.journal import Journal, LabelKey
from labeling.services.edits.keeping import edit_keep
from labeling.services.label_rows import labels_upsert
from labeling.services.sequence import task_take_seq

# Frames a statement: far below the parameters that the databases take.
BATCH_FRAMES = 5000


@dataclass
class OpenEdit:
    """The hand that writes. Whoever writes through it has the task locked and is written down."""

    task: Task
    user: User
    role: Role
    seq: int
    journal: Journal = field(default_factory=Journal)
    stored: Edit | None = None
    # What others are told it was: edit, undo, redo.
    cause: str = "edit"

    @property
    def kept_as(self) -> Edit:
        """The edit that it became, once it is made."""
        if self.stored is None:
            raise Edit.DoesNotExist
        return self.stored

    def require_labeler(self) -> None:
        """Raise unless this person may change labels of the task as it stands."""
        task_require_editable(task=self.task, user=self.user, role=self.role)

    def require_reviewer(self) -> None:
        """Raise unless this person may review."""
        role_require(self.role, permission=Permission.REVIEW)

    def labels_put(
        self,
        rows: Sequence[LabelRow],
        *,
        stood: Mapping[LabelKey, LabelRow],
        over_protected: bool = True,
    ) -> set[LabelKey]:
        """Write labels over those that ``stood`` there; return where it did."""
        floors = self.floors({row.instance_id for row in rows if (row.instance_id, row.frame) not in stood})
        rows = [replace(row, version=floors.get(row.instance_id, 0) + 1) for row in rows]
        written = labels_upsert(task_id=self.task.pk, seq=self.seq, rows=rows, over_protected=over_protected)
        for row in rows:
            key = (row.instance_id, row.frame)
            if key in written:
                self.journal.label(key, stood.get(key), row)
        return written

    def labels_take(self, rows: Sequence[LabelRow]) -> None:
        """Remove labels without a mark."""
        frames: dict[int, list[int]] = {}
        versions: dict[int, int] = {}
        for row in rows:
            frames.setdefault(row.instance_id, []).append(row.frame)
            versions[row.instance_id] = max(versions.get(row.instance_id, 0), row.version)
            self.journal.label((row.instance_id, row.frame), row, None)
        for instance_id, numbers in frames.items():
            for start in range(0, len(numbers), BATCH_FRAMES):
                some = numbers[start : start + BATCH_FRAMES]
                Label.objects.filter(instance_id=instance_id, frame__in=some).delete()
            Instance.objects.filter(pk=instance_id).update(
                label_floor=Greatest(F("label_floor"), versions[instance_id])
            )

    def floors(self, instances: set[int]) -> dict[int, int]:
        """Return the versions above which new labels of the instances start."""
        if not instances:
            return {}
        return dict(Instance.objects.filter(pk__in=instances).values_list("pk", "label_floor"))


@contextmanager
def task_opened(*, user: User, task: Task) -> Iterator[OpenEdit]:
    """Lock the task in a transaction of its own for a person's change; told to the feed at its end.

    Raises ``not_found`` for an outsider, ``task_complete`` (409).
    """
    with transaction.atomic():
        seq = task_take_seq(task_id=task.pk)
        task.refresh_from_db(fields=["stage", "assignee"])
        role = role_in(user=user, project_id=task.project_id)
        if role is None:
            raise not_found("task")
        opened = OpenEdit(task, user, role, seq)
        yield opened
        changes_tell(opened.journal, task_id=task.pk, seq=seq, author_id=user.pk)
        labels_tell(opened.journal, task_id=task.pk, seq=seq, cause=opened.cause, by=user.username)


@contextmanager
def edit_open(
    *, user: User, task: Task, title: str, key: uuid.UUID | None = None, digest: str = ""
) -> Iterator[OpenEdit]:
    """The same, and what was done is kept as an edit, so that it can be undone."""
    with task_opened(user=user, task=task) as opened:
        yield opened
        opened.stored = edit_keep(
            opened.journal,
            task_id=task.pk,
            seq=opened.seq,
            author=user,
            title=title,
            key=key or uuid.uuid4(),
            digest=digest,
        )
