"""Swapping places back: what a plan wants, wherever what it expects still stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from labeling.label_rows import LabelRow
from labeling.models import Instance, Job, Label, User
from labeling.selectors.review_ranges import Ranges, accepted_ranges, frame_in
from labeling.services.edits.crowd import Crowd
from labeling.services.edits.instance_states import instance_again
from labeling.services.edits.journal import InstanceState, Journal, LabelKey, Turned, same_label
from labeling.services.edits.opened import OpenEdit
from labeling.services.edits.pieces import joined, pieces_swap, swapped_stretches
from labeling.services.edits.stored import decisions_key, keys_of_instance, pieces_of, pieces_store
from labeling.services.instances import class_set, instance_drop, jobs_idle
from labeling.services.label_rows import labels_of, rows_by_key


class Swap:
    """One undo or redo. ``plan`` says for each place what is expected (before) and wanted (after).

    ``since`` is the change from which on somebody may have been there. Instances come back first and go
    last, so that what is said of them has something to be said of.
    """

    def __init__(self, edit: OpenEdit, plan: Journal, *, since: int) -> None:
        self.edit = edit
        self.plan = plan
        self.crowd = Crowd(edit.task, plan, since=since)
        self.kept_labels: list[LabelKey] = []
        self.kept_others = 0
        named = {*plan.instances, *(pk for pk, _ in plan.labels), *(pk for _, pk, _ in plan.ranges)} - {0}
        found = Instance.objects.filter(task=edit.task, pk__in=named).select_related("object_class")
        self.instances = {instance.pk: instance for instance in found}

    @property
    def kept(self) -> int:
        """How much stays as it is because somebody has been there since."""
        return len(self.kept_labels) + self.kept_others

    def run(self) -> None:
        leaving = self.leaving()
        for pk in (*leaving, *self.changing()):
            jobs_idle(self.instances[pk])
        self.locked = self.locked_ranges()
        self.bring_back()
        frozen = self.change_classes()
        self.swap_ranges()
        self.swap_labels(frozen)
        for pk in leaving:
            self.let_go(self.instances[pk])

    def leaving(self) -> list[int]:
        """The instances that are to go."""
        return [
            pk
            for pk, turned in self.plan.instances.items()
            if turned.after is None and turned.before is not None and pk in self.instances
        ]

    def changing(self) -> list[int]:
        """The instances that are to change their class."""
        return [
            pk
            for pk, turned in self.plan.instances.items()
            if pk in self.instances and turned.before is not None and changes_class(turned)
        ]

    def bring_back(self) -> None:
        """Make instances again that are to be there."""
        for pk, turned in self.plan.instances.items():
            if turned.before is not None or turned.after is None:
                continue
            if pk in self.instances or self.taken(turned.after):
                self.kept_others += 1
                continue
            instance = instance_again(pk=pk, task_id=self.edit.task.pk, state=turned.after)
            self.instances[pk] = instance
            self.edit.journal.instance(pk, None, turned.after)

    def taken(self, state: InstanceState) -> bool:
        """Say whether another instance has the hash now."""
        return Instance.objects.filter(task=self.edit.task, object_hash=state["object_hash"]).exists()

    def change_classes(self) -> set[int]:
        """Give instances their classes back; return those that stay as they are, with their labels."""
        frozen: set[int] = set()
        for pk in self.changing():
            turned, instance = self.plan.instances[pk], self.instances[pk]
            if turned.before is None or turned.after is None:
                continue
            wanted = instance.object_class.ontology.classes.get(pk=turned.after["object_class"])
            as_left = instance.object_class_id == turned.before["object_class"]
            reshaped = wanted.form != instance.object_class.form
            if not as_left or self.locked.get(pk) or (reshaped and self.touched(pk)):
                frozen.add(pk)
                self.kept_others += 1
                continue
            class_set(self.edit, instance, wanted)
        return frozen

    def touched(self, pk: int) -> bool:
        """Say whether any shape of the instance is not as the plan expects it: it could not follow."""
        return any(
            row.geometry is not None and not same_label(row, self.expected(pk, row.frame))
            for row in labels_of(pk)
        )

    def expected(self, pk: int, frame: int) -> LabelRow | None:
        turned = self.plan.labels.get((pk, frame))
        return turned.before if turned else None

    def locked_ranges(self) -> Ranges:
        """Where instances are accepted, and will be after this: acceptance that itself goes does not lock."""
        accepted = accepted_ranges(self.instances.keys())
        return {pk: self.staying(pk, ranges) for pk, ranges in accepted.items()}

    def staying(self, pk: int, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the accepted ranges without those that the swap of decisions takes away."""
        key = decisions_key(pk)
        turned = self.plan.ranges.get(key)
        if turned is None:
            return ranges
        left = ranges
        now = pieces_of(self.edit, key)
        for first, last in swapped_stretches(now, expected=turned.before, wanted=turned.after):
            left = [part for one in left for part in without(one, first, last)]
        return left

    def swap_ranges(self) -> None:
        for key, turned in self.plan.ranges.items():
            if key[1] and key[1] not in self.instances:
                self.kept_others += turned.before != turned.after
                continue
            now = pieces_of(self.edit, key)
            after, kept = pieces_swap(now, expected=turned.before, wanted=turned.after)
            self.kept_others += kept
            if after != now:
                pieces_store(self.edit, key, joined(after))

    def swap_labels(self, frozen: set[int]) -> None:
        frames: dict[int, list[int]] = defaultdict(list)
        for pk, frame in self.plan.labels:
            frames[pk].append(frame)
        put: list[LabelRow] = []
        take: list[LabelRow] = []
        stood: dict[LabelKey, LabelRow] = {}
        for pk, numbers in frames.items():
            now = rows_by_key(labels_of(pk, first=min(numbers), last=max(numbers)))
            stood |= now
            for frame in numbers:
                self.sort(pk, frame, now.get((pk, frame)), put, take, frozen=pk in frozen)
        self.edit.labels_take(take)
        self.edit.labels_put(known_only(put), stood=stood)

    def sort(
        self,
        pk: int,
        frame: int,
        now: LabelRow | None,
        put: list[LabelRow],
        take: list[LabelRow],
        *,
        frozen: bool,
    ) -> None:
        """Put one label where it belongs: to those that come, that go, or that are kept."""
        turned = self.plan.labels[pk, frame]
        wanted = turned.after
        if same_label(turned.before, wanted) or same_label(now, wanted):
            return
        free = not frozen and pk in self.instances and not frame_in(self.locked.get(pk, ()), frame)
        as_left = same_label(now, turned.before) and self.fits(wanted)
        if not free or not as_left or self.crowd.is_in_the_way(pk, frame):
            self.kept_labels.append((pk, frame))
        elif wanted is not None:
            put.append(wanted)
        elif now is not None:
            take.append(now)

    def fits(self, wanted: LabelRow | None) -> bool:
        """Say whether the shape is one of its instance's class; nothing fits one that is gone."""
        if wanted is None or wanted.geometry is None:
            return True
        instance = self.instances.get(wanted.instance_id)
        return instance is not None and instance.object_class.draws(wanted.geometry)

    def let_go(self, instance: Instance) -> None:
        """Delete the instance unless somebody has given it another class or anything else since."""
        expected = self.plan.instances[instance.pk].before
        changed = expected is not None and instance.object_class_id != expected["object_class"]
        if changed or Label.objects.filter(instance=instance).exists() or keys_of_instance(instance.pk):
            self.kept_others += 1
        else:
            instance_drop(self.edit, instance)


def changes_class(turned: Turned[InstanceState | None]) -> bool:
    before, after = turned.before, turned.after
    return before is not None and after is not None and before["object_class"] != after["object_class"]


def without(one: tuple[int, int], first: int, last: int) -> Iterable[tuple[int, int]]:
    """Yield what is left of an inclusive range without another."""
    if one[1] < first or one[0] > last:
        yield one
        return
    if one[0] < first:
        yield one[0], first - 1
    if one[1] > last:
        yield last + 1, one[1]


def known_only(rows: list[LabelRow]) -> list[LabelRow]:
    """Return the rows without jobs and people that are not there any more."""
    jobs = known(Job, {row.job_id for row in rows})
    authors = known(User, {row.author_id for row in rows})
    return [
        row
        if row.job_id in jobs and row.author_id in authors
        else replace(
            row,
            job_id=row.job_id if row.job_id in jobs else None,
            author_id=row.author_id if row.author_id in authors else None,
        )
        for row in rows
    ]


def known(model: type[Job] | type[User], pks: set[int | None]) -> set[int | None]:
    asked = [pk for pk in pks if pk is not None]
    found = set(model._default_manager.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    return {*found, None}
