"""The objects of one job are spread over workers that have nothing to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from labeling.models import Instance, Job, Part, Project, Task, Worker
from tests.engine.clips import clip_task
from tests.engine.ordering import claimed, dump, seeded_instance, track
from workers.runner import run_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def workers(count: int, *, algorithm: str = "scripted", seconds_ago: float = 0, left: bool = False) -> None:
    heard = timezone.now() - timedelta(seconds=seconds_ago)
    for number in range(count):
        Worker.objects.create(
            name=f"{algorithm}-{number}-{seconds_ago}-{left}",
            capabilities=["cpu"],
            algorithms={algorithm: {"capability": "cpu", "shapes": ["bounding_box"]}},
            started_at=heard,
            seen_at=heard,
            left_at=heard if left else None,
        )


def instances(task: Task, count: int) -> list[Instance]:
    return [seeded_instance(task) for _ in range(count)]


def sizes(job: Job) -> list[int]:
    """How many instances each part has."""
    return [len(part.plan["objects"]) for part in Part.objects.filter(job=job).order_by("number")]


@pytest.mark.parametrize(
    ("objects", "idle", "parts"),
    [(7, 2, [7]), (8, 1, [8]), (8, 2, [4, 4]), (9, 2, [5, 4]), (12, 2, [6, 6]), (12, 9, [4, 4, 4])],
)
def test_over_idle_workers_at_least_four_each(task: Task, objects: int, idle: int, parts: list[int]) -> None:
    workers(idle)
    assert sizes(track(task, *instances(task, objects))) == parts


def test_while_nobody_is_idle_in_one_part(task: Task) -> None:
    workers(2)
    track(task, seeded_instance(task))
    assert sizes(track(task, *instances(task, 8))) == [8]
    claimed()
    assert sizes(track(task, *instances(task, 8))) == [8]


def test_workers_that_are_gone_or_run_something_else_do_not_count(task: Task) -> None:
    workers(1)
    workers(3, algorithm="fast")
    workers(3, left=True)
    workers(3, seconds_ago=settings.WORKER_STALE_SECONDS + 60)
    assert sizes(track(task, *instances(task, 8))) == [8]


def test_an_order_that_says_how_many_has_its_way(task: Task) -> None:
    workers(4)
    assert sizes(track(task, *instances(task, 8), instances_per_part=8)) == [8]


def test_the_labels_are_those_of_one_part(project: Project, tmp_path: Path) -> None:
    task = clip_task(project, tmp_path)
    ones = instances(task, 8)
    words: dict[str, Any] = {"backend": {"script": {"dx": 2, "objects": {str(ones[3].pk): {"dy": 1}}}}}
    track(task, *ones, instances_per_part=8, **words)
    assert run_next(capability="cpu")
    together = [row[:5] for row in dump(task)]
    workers(2)
    job = track(task, *ones, **words)
    assert len(sizes(job)) == 2
    assert run_next(capability="cpu")
    assert run_next(capability="cpu")
    assert [row[:5] for row in dump(task)] == together
