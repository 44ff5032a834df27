"""What a batch would come to, task by task, without storing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from labeling.models import Project, Task
from labeling.selectors.jobs import seconds_for
from labeling.selectors.tasks import TaskFilter
from labeling.selectors.workers import workers_able
from labeling.services.algorithms import Algorithm
from labeling.services.batches.planning import Outcome, Skip, outcomes, tasks_planned
from labeling.services.batches.specification import Specification, specification_check

TASKS_A_READ = 1000
SAMPLES = 5


@dataclass
class SkipGroup:
    """Why tasks are skipped, how many, and a few of them."""

    reason: str
    sentence: str
    count: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class DryRun:
    """What a batch comes to. ``frames`` are pictures to look at, or labels to make where none is decoded.

    ``seconds`` is a range judged by parts done lately, over the workers that are there; None is unknown.
    """

    tasks: int = 0
    runs: int = 0
    frames: int = 0
    objects: int = 0
    cost: int = 0
    skipped: dict[str, SkipGroup] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)
    algorithms: dict[str, Algorithm] = field(default_factory=dict)

    protected_touched = 0
    """No job ever changes a protected label."""

    def add(self, outcome: Outcome) -> None:
        self.tasks += 1
        if isinstance(outcome, Skip):
            self.skip(outcome)
            return
        plan = outcome.plan
        self.runs += 1
        self.frames += plan.frames
        self.objects += len(plan.objects)
        self.cost += plan.cost
        self.algorithms[outcome.algorithm.name] = outcome.algorithm
        self.warnings.update(plan.warnings if len(self.warnings) < SAMPLES else ())

    def skip(self, one: Skip) -> None:
        group = self.skipped.setdefault(one.reason, SkipGroup(one.reason, one.sentence))
        group.count += 1
        if len(group.samples) < SAMPLES:
            told = {"task": one.task.pk, "task_title": one.task.title, "sentence": one.sentence}
            group.samples.append({**told, "job": one.job})

    @property
    def workers(self) -> int:
        """How many live workers could take its jobs now."""
        return min((workers_able(algorithm=one) for one in self.names()), default=0)

    @property
    def waiting_for_worker(self) -> bool:
        return bool(self.runs) and not self.workers

    @property
    def seconds(self) -> tuple[float, float] | None:
        """How long it takes the workers that are there, one at least."""
        names = list(self.algorithms)
        alone = seconds_for(algorithm=names[0], object_frames=self.cost) if len(names) == 1 else None
        if alone is None:
            return None
        workers = max(self.workers, 1)
        return round(alone[0] / workers, 1), round(alone[1] / workers, 1)

    def names(self) -> list[tuple[str, str]]:
        return [(one.capability.value, one.name) for one in self.algorithms.values()]

    def skips(self) -> list[SkipGroup]:
        """The reasons, the most frequent first."""
        return sorted(self.skipped.values(), key=lambda group: (-group.count, group.reason))


def batch_dry_run(*, project: Project, chosen: TaskFilter, specification: Specification) -> DryRun:
    """Say what the batch comes to. Raises 422 for a specification that no task could be run by.

    Tasks are read some at a time, so that memory does not grow with their number.
    """
    specification_check(project=project, specification=specification)
    told = DryRun()
    for tasks in task_chunks(project=project, chosen=chosen):
        for outcome in outcomes(project=project, specification=specification, tasks=tasks):
            told.add(outcome)
    return told


def task_chunks(*, project: Project, chosen: TaskFilter) -> Iterator[list[Task]]:
    rows = chosen.rows(project_id=project.pk).select_related(None).order_by("pk")
    after = 0
    while pks := list(rows.filter(pk__gt=after).values_list("pk", flat=True)[:TASKS_A_READ]):
        yield tasks_planned(pks)
        after = pks[-1]
