"""What became of the labels that runs wrote, over the whole of an object."""

from __future__ import annotations

import pytest

from labeling.models import PartState, Task, User
from labeling.selectors.differences import Differences, run_differences
from labeling.services.labels import label_mark_absent, label_put, label_remove
from labeling.services.runs import job_revert
from tests.engine.ordering import boxes, claimed, finished_run, missing, seeded_instance, track, write

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
BOX = {"left": 1, "top": 2, "width": 30, "height": 40}


def test_what_people_changed_removed_and_marked_absent_differs(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    finished_run(task, car)
    assert run_differences(instance=car) == Differences(9, [], [], [])
    for frame in (3, 4, 6):
        label_put(user=alice, instance=car, frame=frame, shape_json=BOX)
    label_mark_absent(user=alice, instance=car, frame=7)
    label_remove(user=alice, instance=car, frame=9)
    assert run_differences(instance=car) == Differences(9, [(3, 4), (6, 6)], [(7, 7)], [(9, 9)])


def test_the_latest_run_counts_and_one_that_was_taken_back_does_not(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    finished_run(task, car)
    job = track(task, car)
    found = boxes(car, range(1, 6), left=50) + missing(car, range(6, 10))
    write(claimed(), task, found, position=9, ends=PartState.DONE)
    assert run_differences(instance=car) == Differences(5, [], [], [])
    label_put(user=alice, instance=car, frame=2, shape_json=BOX)
    assert run_differences(instance=car).changed == [(2, 2)]
    job.refresh_from_db()
    job_revert(job=job, user=alice)
    # The first run's labels are back, but for the one that alice drew.
    assert run_differences(instance=car) == Differences(9, [(2, 2)], [], [])
