"""The door of edits: a few operations in one transaction, once a key."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from labeling.errors import LabelyardError, conflict, refused
from labeling.models import Edit, Task, User
from labeling.services.edits.casting import Cast
from labeling.services.edits.covered import Covered
from labeling.services.edits.journal import Journal
from labeling.services.edits.keeping import journal_read
from labeling.services.edits.opened import edit_open
from labeling.services.edits.overtaken import Place, unasked
from labeling.services.edits.steps import STEPS, Operation

OPERATIONS_MAX = 500


@dataclass(frozen=True)
class Done:
    """What an edit, an undo or a redo did, as the change ``seq`` of the task.

    ``again``: the key was seen before, and nothing was done. ``kept``: how much an undo or a redo left
    alone, because somebody has been there since.
    """

    edit: Edit
    journal: Journal
    seq: int
    again: bool = False
    kept: int = 0


class SeenMeanwhile(Exception):
    """Somebody sent the same key at the same time and was first."""


def edit_apply(
    *,
    user: User,
    task: Task,
    key: uuid.UUID,
    title: str,
    operations: Sequence[Operation],
    overtaken: Collection[Place] = (),
) -> Done:
    """Do all operations or none; of bitmasks that may be skipped those of which something is left.

    A key that was seen before does nothing again and returns what it did. Of places that are ``overtaken``
    no version is asked: who made the edit has changed them since they were seen. Raises ``key_reused``
    (409) when other operations came under the key, and what the operations raise: the details hold the
    index of the ``operation`` then.
    """
    if len(operations) > OPERATIONS_MAX:
        raise refused("too_many_operations", f"An edit has at most {OPERATIONS_MAX} operations.")
    if not operations:
        raise refused("no_operations", "An edit has at least one operation.")
    digest = digest_of(user, title, operations)
    seen = edit_seen(task, key, digest)
    if seen:
        return seen
    try:
        with edit_open(user=user, task=task, title=title, key=key, digest=digest) as edit:
            # The task is locked now: who was first with the same key has committed.
            if Edit.objects.filter(task=task, key=key).exists():
                raise SeenMeanwhile
            cast = Cast(edit, hashes_of(operations))
            covered = Covered(edit, cast)
            for index, operation in enumerate(operations):
                with told_which(index), covered.passed_over(operation):
                    STEPS[operation["op"]](edit, cast, unasked(operation, overtaken))
            covered.require_some(operations)
    except SeenMeanwhile:
        return edit_seen(task, key, digest) or edit_lost()
    return Done(edit.kept_as, edit.journal, edit.seq)


def edit_seen(task: Task, key: uuid.UUID, digest: str) -> Done | None:
    """Return what the edit of this key did; None when there is none."""
    edit = Edit.objects.select_related("author").filter(task=task, key=key).first()
    if edit is None:
        return None
    if edit.digest != digest:
        raise conflict("key_reused", "Another edit was made under this key. Make a new key for each edit.")
    return Done(edit, journal_read(edit), edit.seq, again=True)


def edit_lost() -> Done:
    """The task was deleted with its edits between two statements."""
    raise conflict("edit_lost", "The edit is not there any more. Read the task anew.")


@contextmanager
def told_which(index: int) -> Iterator[None]:
    """Put the index of the operation into its refusal."""
    try:
        yield
    except LabelyardError as error:
        error.details["operation"] = index
        raise


def hashes_of(operations: Sequence[Operation]) -> set[str]:
    named = {operation["instance"] for operation in operations if "instance" in operation}
    return named.union(*(operation.get("others", ()) for operation in operations))


def digest_of(user: User, title: str, operations: Sequence[Operation]) -> str:
    """Return what tells bodies under one key apart; another person's is another."""
    told = json.dumps([user.pk, title, [dict(one) for one in operations]], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
