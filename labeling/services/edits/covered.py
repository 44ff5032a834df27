"""Bitmasks of an edit that others cover wholly: passed over where the rest is to be saved all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from labeling.errors import LabelyardError
from labeling.models import Instance, Task
from labeling.services.edits.casting import Cast
from labeling.services.edits.journal import Journal
from labeling.services.edits.opened import OpenEdit
from labeling.services.edits.steps import Operation
from labeling.services.instances import instance_delete_in
from labeling.services.panoptic import NOTHING_LEFT

Place = tuple[str, int]
"""The hash of an instance, and a frame."""


class Covered:
    """What an edit passes over. An object that it made for such a bitmask is not made."""

    def __init__(self, edit: OpenEdit, cast: Cast) -> None:
        self.edit = edit
        self.cast = cast
        self.refusals: list[LabelyardError] = []

    @contextmanager
    def passed_over(self, operation: Operation) -> Iterator[None]:
        """Do an operation; where it may be skipped, nothing being left of its bitmask does no harm."""
        try:
            yield
        except LabelyardError as error:
            if error.code != NOTHING_LEFT or not may_skip(operation):
                raise
            self.refusals.append(error)
            self.unmake(self.cast.instance(operation["instance"]))

    def unmake(self, instance: Instance) -> None:
        journal = self.edit.journal
        made = instance.pk in journal.instances and journal.instances[instance.pk].before is None
        if made and not any(pk == instance.pk for pk, _ in journal.labels):
            instance_delete_in(self.edit, instance=instance)
            self.cast.drop(instance)

    def require_some(self, operations: Sequence[Operation]) -> None:
        """Raise ``nothing_left`` (422) when all that could be skipped was: nothing would be saved."""
        if self.refusals and len(self.refusals) == sum(map(may_skip, operations)):
            raise self.refusals[0]


def may_skip(operation: Operation) -> bool:
    return bool(operation.get("skip_covered") and operation.get("exclude_bitmasks"))


def places_skipped(operations: Sequence[Operation], journal: Journal, *, task: Task) -> list[Place]:
    """Return the places of an edit that is done where nothing was left to draw."""
    asked = [(one["instance"], one["frame"]) for one in operations if may_skip(one)]
    if not asked:
        return []
    known = Instance.objects.filter(task=task, object_hash__in={name for name, _ in asked})
    pks = dict(known.values_list("object_hash", "pk"))
    # What was made and is deleted by now was not skipped.
    made = ((pk, one.after or one.before) for pk, one in journal.instances.items())
    pks |= {state["object_hash"]: pk for pk, state in made if state}
    return [place for place in asked if (pks.get(place[0], 0), place[1]) not in journal.labels]
