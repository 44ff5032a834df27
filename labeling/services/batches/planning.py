"""What a specification comes to on many tasks at once: an order and its plan for each, or why it is skipped.

The rules are those of single orders; only what is read of the database is read for many tasks together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from labeling.errors import LabelyardError, refused
from labeling.geometry.shapes import ShapeKind
from labeling.models import Direction, Instance, Media, MediaState, ObjectClass, Project, Task
from labeling.selectors.gaps import Gap, gaps_of
from labeling.selectors.media import frame_sizes
from labeling.services.algorithms import INTERPOLATION, Algorithm, algorithm_get
from labeling.services.batches.specification import SpanKind, Specification
from labeling.services.detect_checks import detect_check
from labeling.services.detection import detect_plan, detector_of
from labeling.services.detectors import DetectorOffer
from labeling.services.interpolation import interpolate_plan_from
from labeling.services.job_rows import Plan
from labeling.services.jobs import noted
from labeling.services.order_checks import VERBS, extent_check, modality_check, range_check, stage_check
from labeling.services.orders import DetectOrder, InstancesOrder, InterpolateOrder, TrackOrder
from labeling.services.overlaps import Prepared, overlaps
from labeling.services.plans import track_plan_from
from labeling.services.seeds import Span, faults_of, seeds_of
from labeling.statements import model_of, places, rows_of

IDS_A_READ = 5000
LAST_ORDINAL = 2**31 - 1
TASK_COLUMNS = ("id", "project_id", "media_id", "title", "first_frame", "last_frame", "stage")
MEDIA_COLUMNS = ("id", "title", "kind", "state", "width", "height", "sizes_differ")
INSTANCE_COLUMNS = ("id", "number", "object_class_id")
TASKS = f"""
SELECT {", ".join(f"task.{column}" for column in TASK_COLUMNS)},
    {", ".join(f"media.{column}" for column in MEDIA_COLUMNS)}
FROM labeling_task task JOIN labeling_media media ON media.id = task.media_id
WHERE task.id IN ({{tasks}})
"""  # noqa: S608  (names of ours)
INSTANCES = """
SELECT instance.task_id, instance.id, instance.number, class.id, class.shape, class.name
FROM labeling_instance instance JOIN labeling_objectclass class ON class.id = instance.object_class_id
WHERE instance.task_id IN ({tasks}) ORDER BY instance.task_id, instance.number
"""


@dataclass(frozen=True)
class Skip:
    """A task that gets no job, and why; ``job`` is the one in the way, if that is the reason."""

    task: Task
    reason: str
    sentence: str
    job: int | None = None


Outcome = Prepared | Skip
Seeds = Mapping[int, int]


def tasks_planned(pks: Sequence[int]) -> list[Task]:
    """Return the tasks in the order of ``pks``, with what planning asks of them and of their media."""
    found: dict[int, Task] = {}
    for row in rows_of(TASKS.replace("{tasks}", places(len(pks))), pks):
        media = model_of(Media, MEDIA_COLUMNS, row[len(TASK_COLUMNS) :])
        found[row[0]] = model_of(Task, TASK_COLUMNS, row[: len(TASK_COLUMNS)], media=media)
    return [found[pk] for pk in pks if pk in found]


def skip_of(task: Task, error: LabelyardError) -> Skip:
    return Skip(task, error.code, error.sentence, error.details.get("job"))


def outcomes(*, project: Project, specification: Specification, tasks: Sequence[Task]) -> list[Outcome]:
    """Return what becomes of each of ``tasks`` (with their media), in their order.

    Raises 422 where the specification as a whole cannot be carried out, whatever the task.
    """
    if isinstance(specification.template, DetectOrder):
        planner: Callable[[Task], Prepared] = DetectPlanner(project, specification, specification.template)
    else:
        planner = InstancesPlanner(specification, tasks)
    found = [planned(planner, task) for task in tasks]
    errors = overlaps([one for one in found if isinstance(one, Prepared)])
    return [skip_of(one.task, errors[one.task.pk]) if one.task.pk in errors else one for one in found]


def planned(planner: Callable[[Task], Prepared], task: Task) -> Outcome:
    try:
        stage_check(task)
        return planner(task)
    except LabelyardError as error:
        return skip_of(task, error)


class DetectPlanner:
    """Plans detecting orders: what they ask of a task depends on the kind of its media alone."""

    def __init__(self, project: Project, specification: Specification, template: DetectOrder) -> None:
        self.project = project
        self.specification = specification
        self.template = template
        self.known: dict[str, tuple[list[ObjectClass], DetectorOffer] | LabelyardError] = {}

    def __call__(self, task: Task) -> Prepared:
        task.project = self.project
        classes, detector = self.checked(task)
        first, last = self.specification.span.frames_of(task)
        order = self.specification.order_for(first=first, last=last)
        range_check(task=task, order=order)
        assert isinstance(order, DetectOrder)  # noqa: S101  (made of one)
        plan = detect_plan(task=task, order=order, classes=classes, detector=detector)
        return Prepared(task, order, plan.algorithm, plan)

    def checked(self, task: Task) -> tuple[list[ObjectClass], DetectorOffer]:
        """Check the order once a kind of media; what is not ready says its own name."""
        key = str(task.media.kind) if task.media.state == MediaState.READY else f"not ready {task.pk}"
        if key not in self.known:
            try:
                classes = detect_check(task=task, order=self.template)
                self.known[key] = classes, detector_of(self.template, classes)
            except LabelyardError as error:
                self.known[key] = error
        told = self.known[key]
        if isinstance(told, LabelyardError):
            raise told
        return told


class InstancesPlanner:
    """Plans orders on instances that are there, having read those of all tasks, and their labels, before."""

    def __init__(self, specification: Specification, tasks: Sequence[Task]) -> None:
        template = specification.template
        self.specification = specification
        self.algorithm = algorithm_of(template)
        self.instances = instances_by_task([task.id for task in tasks], classes=specification.classes)
        classes = {one.object_class_id: one.object_class for some in self.instances.values() for one in some}
        self.trackable = {
            pk for pk, known in classes.items() if ShapeKind(known.shape) in self.algorithm.shapes
        }
        self.firsts = self.first_labels(tasks) if specification.span.kind is SpanKind.SEED else {}
        self.spans = {task.id: self.span_of(task) for task in tasks}
        if isinstance(template, InterpolateOrder):
            self.gaps = self.open_frames()
        else:
            self.seeds = self.seeds_in_spans()
            self.faults = faults_of(self.seeds, sizes=self.seed_sizes(tasks))

    def __call__(self, task: Task) -> Prepared:
        template = self.specification.template
        instances = self.wanted(task)
        first, last = self.frames_of(task)
        order = self.specification.order_for(first=first, last=last, instances=instances)
        assert isinstance(order, InstancesOrder)  # noqa: S101  (made of one)
        direction = template.direction if isinstance(template, TrackOrder) else Direction.FORWARDS
        modality_check(task=task, kind=template.kind, direction=direction)
        range_check(task=task, order=order)
        extent_check(order)
        return Prepared(task, order, self.algorithm, self.plan(instances, first, last))

    def plan(self, instances: Sequence[Instance], first: int, last: int) -> Plan:
        if isinstance(self.specification.template, InterpolateOrder):
            gaps = [gap for one in instances for gap in self.gaps.get(one.id, ())]
            return interpolate_plan_from(
                gaps=[gap.within(first, last) for gap in gaps],
                instances=instances,
                first_frame=first,
                last_frame=last,
            )
        plan = track_plan_from(
            seeds=self.seeds,
            faults=self.faults,
            instances=instances,
            first_frame=first,
            last_frame=last,
            direction=Direction.FORWARDS,
        )
        return noted(plan, self.algorithm)

    def wanted(self, task: Task) -> list[Instance]:
        """The task's instances that the specification is about. Raises 422 where there is none."""
        there = self.of_classes(task.id)
        verb = VERBS[self.specification.kind]
        if not there:
            what = "of the classes that were chosen" if self.specification.classes else "yet"
            raise refused("no_instances", f"The task has no object {what}, so there is nothing to {verb}.")
        trackable = [one for one in there if one.object_class_id in self.trackable]
        if not trackable:
            raise refused(
                "shape_not_trackable", f"“{self.algorithm.name}” can track the shape of none of its objects."
            )
        return trackable

    def of_classes(self, task_id: int) -> Sequence[Instance]:
        return self.instances.get(task_id, ())

    def frames_of(self, task: Task) -> tuple[int, int]:
        span = self.spans[task.id]
        if isinstance(span, LabelyardError):
            raise span
        return span

    def span_of(self, task: Task) -> tuple[int, int] | LabelyardError:
        """The task's range, or why it has none."""
        labels = [self.firsts[one.id] for one in self.of_classes(task.id) if one.id in self.firsts]
        try:
            return self.specification.span.frames_of(task, seed=min(labels, default=None))
        except LabelyardError as error:
            return error

    def first_labels(self, tasks: Iterable[Task]) -> Seeds:
        """The frame of each instance's first label in its task."""
        spans: list[Span] = [
            (one.id, task.first_frame, task.last_frame) for task in tasks for one in self.of_classes(task.id)
        ]
        return seeds_of(spans)

    def seeds_in_spans(self) -> Seeds:
        spans: list[Span] = [
            (one.id, *span)
            for task_id, span in self.spans.items()
            if not isinstance(span, LabelyardError)
            for one in self.of_classes(task_id)
        ]
        return seeds_of(spans)

    def seed_sizes(self, tasks: Iterable[Task]) -> dict[int, tuple[int, int]]:
        """The size of the frame of each seed."""
        sizes: dict[int, tuple[int, int]] = {}
        for task in tasks:
            seeds = {one.id: self.seeds[one.id] for one in self.of_classes(task.id) if one.id in self.seeds}
            sizes |= sizes_of(task.media, seeds)
        return sizes

    def open_frames(self) -> dict[int, list[Gap]]:
        """The gaps of each instance, over all its frames."""
        pks = [one.id for task_id in self.spans for one in self.of_classes(task_id)]
        gaps: dict[int, list[Gap]] = defaultdict(list)
        for start in range(0, len(pks), IDS_A_READ):
            for gap in gaps_of(pks[start : start + IDS_A_READ], first=0, last=LAST_ORDINAL):
                gaps[gap.instance_id].append(gap)
        return gaps


def algorithm_of(template: object) -> Algorithm:
    return algorithm_get(template.algorithm) if isinstance(template, TrackOrder) else INTERPOLATION


def sizes_of(media: Media, seeds: Seeds) -> dict[int, tuple[int, int]]:
    sizes = frame_sizes(media) if seeds else None
    whole = (media.width or 0, media.height or 0)
    return {pk: sizes[frame] if sizes else whole for pk, frame in seeds.items()}


def instances_by_task(task_ids: Sequence[int], *, classes: Collection[int]) -> dict[int, list[Instance]]:
    """Return the instances of each task, with what an order asks of them: number, shape and name.

    ``classes``: only of these; empty is all.
    """
    found: dict[int, list[Instance]] = defaultdict(list)
    wanted, known = set(classes), dict[int, ObjectClass]()
    for task_id, pk, number, class_id, shape, name in rows_of(
        INSTANCES.replace("{tasks}", places(len(task_ids))), task_ids
    ):
        if wanted and class_id not in wanted:
            continue
        if class_id not in known:
            known[class_id] = model_of(ObjectClass, ("id", "shape", "name"), (class_id, shape, name))
        found[task_id].append(
            model_of(Instance, INSTANCE_COLUMNS, (pk, number, class_id), object_class=known[class_id])
        )
    return found
