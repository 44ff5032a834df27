"""Reading labels by windows of frames, instances with what they cover, and what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Max, Min, Q, QuerySet

from labeling.errors import refused
from labeling.frame_ranges import order_check
from labeling.geometry.packing import shape_unpack
from labeling.geometry.wire import shape_to_json
from labeling.models import Decision, Instance, Label, Provenance, ReviewDecision, Task, TaskChange

WINDOW_FRAMES_MAX = 512
CHANGES_MAX = 1000
UNREVIEWED = "unreviewed"
# Of a label, in the order in which ``label_view`` takes them.
LABEL_COLUMNS = (
    "instance_id", "frame", "geometry", "provenance", "confidence", "protected", "version", "seq",
    "z_order", "occluded", "job_id", "author_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label as the API shows it; ``shape`` None is an absent mark."""

    instance: int
    frame: int
    shape: dict[str, Any] | None
    provenance: str
    confidence: float
    protected: bool
    version: int
    seq: int
    z_order: int
    occluded: bool
    job: int | None
    author: int | None
    review: str


def label_window(*, task: Task, first: int, last: int) -> list[LabelView]:
    """Return the labels of frames ``first`` to ``last``, inclusive, by frame and instance."""
    window_check(first, last)
    rows = (
        Label.objects.filter(task=task, frame__gte=first, frame__lte=last)
        .order_by("frame", "instance_id")
        .values_list(*LABEL_COLUMNS)
    )
    decisions = Decisions(task=task, first=first, last=last)
    return [label_view(row, decisions) for row in rows]


def window_check(first: int, last: int) -> None:
    """Raise for a range that is reversed or longer than a window."""
    order_check(first, last)
    if last - first >= WINDOW_FRAMES_MAX:
        raise refused("window_too_long", f"At most {WINDOW_FRAMES_MAX} frames are read at a time.")


def label_view_of(label: Label) -> LabelView:
    """Return one label as the API shows it."""
    decisions = Decisions(task=label.task, first=label.frame, last=label.frame)
    return label_view([getattr(label, column) for column in LABEL_COLUMNS], decisions)


class Judging(Protocol):
    """Says how labels are reviewed."""

    def of(self, instance_id: int, frame: int, seq: int) -> str: ...


def label_view(row: Sequence[Any], decisions: Judging) -> LabelView:
    (
        instance_id, frame, geometry, provenance, confidence, protected, version, seq, z_order, occluded,
        job_id, author_id,
    ) = row  # fmt: skip
    return LabelView(
        instance=instance_id,
        frame=frame,
        shape=None if geometry is None else shape_to_json(shape_unpack(bytes(geometry))),
        provenance=Provenance(provenance).label,
        confidence=round(confidence, 4),
        protected=protected,
        version=version,
        seq=seq,
        z_order=z_order,
        occluded=occluded,
        job=job_id,
        author=author_id,
        review=decisions.of(instance_id, frame, seq),
    )


class Decisions:
    """The review decisions that touch a window of frames."""

    def __init__(self, *, task: Task, first: int, last: int) -> None:
        self.rows: dict[int, list[ReviewDecision]] = {}
        touching = ReviewDecision.objects.filter(task=task, first_frame__lte=last, last_frame__gte=first)
        for decision in touching:
            self.rows.setdefault(decision.instance_id, []).append(decision)

    def of(self, instance_id: int, frame: int, seq: int) -> str:
        """Accepted, rejected or unreviewed; a label written after its rejection is unreviewed."""
        for decision in self.rows.get(instance_id, ()):
            if decision.first_frame <= frame <= decision.last_frame:
                stale = decision.decision == Decision.REJECTED and seq > decision.seq
                return UNREVIEWED if stale else decision.decision
        return UNREVIEWED


def instance_list(task: Task) -> QuerySet[Instance]:
    """Return the task's instances, each with ``label_count``, ``first_labelled``, ``last_labelled``."""
    shown = Q(labels__geometry__isnull=False)
    return (
        Instance.objects.filter(task=task)
        .select_related("object_class")
        .annotate(
            label_count=Count("labels", filter=shown),
            first_labelled=Min("labels__frame", filter=shown),
            last_labelled=Max("labels__frame", filter=shown),
        )
        .order_by("number")
    )


def changes_since(task: Task, since: int) -> list[TaskChange]:
    """Return the changes after ``since``, in order, at most 1,000: ask again from the last one's seq."""
    return list(TaskChange.objects.filter(task=task, seq__gt=since).order_by("seq", "id")[:CHANGES_MAX])
