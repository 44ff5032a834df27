"""Reading edits, and what holds now of what they touched."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from labeling.errors import not_found
from labeling.models import AttributeAnswer, ClassificationAnswer, Edit, Label, ReviewDecision, Task, User
from labeling.selectors.labels import LABEL_COLUMNS, Decisions, LabelView, label_view


def edit_list(*, task: Task, author: User | None = None) -> QuerySet[Edit]:
    """Return the task's edits, or one person's."""
    rows = Edit.objects.filter(task=task).select_related("author").defer("effects")
    return rows if author is None else rows.filter(author=author)


def edit_get(*, task: Task, key: uuid.UUID) -> Edit:
    """Return an edit by its key. Raises ``not_found``."""
    edit = Edit.objects.filter(task=task, key=key).select_related("author").defer("effects").first()
    if edit is None:
        raise not_found("edit")
    edit.task = task
    return edit


def labels_at(*, task: Task, places: Collection[tuple[int, int]]) -> list[LabelView]:
    """Return the labels that stand at (instance, frame) now, by frame and instance."""
    if not places:
        return []
    frames: dict[int, list[int]] = defaultdict(list)
    for instance, frame in places:
        frames[instance].append(frame)
    asked = Q()
    for instance, numbers in frames.items():
        asked |= Q(instance_id=instance, frame__in=numbers)
    rows = Label.objects.filter(asked).order_by("frame", "instance_id").values_list(*LABEL_COLUMNS)
    all_frames = [frame for _, frame in places]
    decisions = Decisions(task=task, first=min(all_frames), last=max(all_frames))
    return [label_view(row, decisions) for row in rows]


def answers_of(*, task: Task, instances: Iterable[int]) -> QuerySet[AttributeAnswer]:
    """Return all answers about the instances."""
    rows = AttributeAnswer.objects.filter(task=task, instance_id__in=list(instances))
    return rows.order_by("instance_id", "definition_id", "first_frame")


def classifications_of(*, task: Task, definitions: Iterable[int]) -> QuerySet[ClassificationAnswer]:
    """Return all answers of the task to the questions."""
    rows = ClassificationAnswer.objects.filter(task=task, definition_id__in=list(definitions))
    return rows.order_by("definition_id", "first_frame")


def decisions_of(*, task: Task, instances: Iterable[int]) -> QuerySet[ReviewDecision]:
    """Return all decisions on the instances, with their authors."""
    rows = ReviewDecision.objects.filter(task=task, instance_id__in=list(instances))
    return rows.select_related("author").order_by("instance_id", "first_frame")
