"""Hints of a run: kept with its labels, shown while these stand, and gone with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeling.geometry.shapes import Box
from labeling.models import Instance, Job, JobState, Project, ReviewHint, Task, User
from labeling.selectors.timeline import timeline_of
from labeling.services.job_states import job_pause, job_resume
from labeling.services.labels import label_put
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.clips import clip_task
from tests.engine.ordering import seeded_instance, track
from tests.engine.test_runner import at_frame
from workers.runner import run_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
FALLS = {"dx": 1, "confidence": [[0, 0.9], [5, 0.9], [6, 0.3]]}


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


def run(task: Task, *instances: Instance, script: dict[str, Any], **words: Any) -> Job:
    job = track(task, *instances, backend={"script": script}, **words)
    assert run_next(capability="cpu")
    job.refresh_from_db()
    return job


def shown(task: Task, instance: Instance) -> tuple[list[int], list[int]]:
    """The frames of drops and of jumps that the timeline tells."""
    outline = timeline_of(task=task)[instance.pk]
    return [frame for frame, _ in outline.drops], [frame for frame, _ in outline.jumps]


def test_a_fall_of_the_score_is_kept_and_told(clip: Task) -> None:
    car = seeded_instance(clip)
    job = run(clip, car, script=FALLS)
    hint = ReviewHint.objects.get()
    assert (hint.job, hint.instance_id, hint.frame, hint.kind) == (job, car.pk, 6, "drop")
    assert hint.strength == pytest.approx(0.6)
    assert shown(clip, car) == ([6], [])


def test_two_objects_that_end_on_one_thing_are_told(clip: Task) -> None:
    car, bus = factories.make_instance(task=clip), factories.make_instance(task=clip)
    factories.make_label(instance=car, frame=0, shape=Box(20, 40, 40, 30))
    factories.make_label(instance=bus, frame=0, shape=Box(60, 40, 40, 30))
    motions = {str(car.pk): {"dx": 4}, str(bus.pk): {"dx": -4}}
    run(clip, car, bus, script={"objects": motions})
    # They start 40 pixels apart and close in by 8 a frame: on frame 5 they are one.
    assert shown(clip, car) == ([], [5])
    assert shown(clip, bus) == ([], [5])


def test_a_run_that_goes_well_leaves_none(clip: Task) -> None:
    run(clip, seeded_instance(clip), script={"dx": 2, "missing": [[4, 5]]})
    assert not ReviewHint.objects.exists()


def test_they_go_and_come_back_with_the_run(clip: Task, alice: User) -> None:
    car = seeded_instance(clip)
    job = run(clip, car, script=FALLS)
    job_revert(job=job, user=alice)
    assert shown(clip, car) == ([], [])
    job_redo(job=job, user=alice)
    assert shown(clip, car) == ([6], [])


def test_a_run_over_it_replaces_them(clip: Task) -> None:
    car = seeded_instance(clip)
    run(clip, car, script=FALLS)
    run(clip, car, script={"confidence": [[0, 0.9], [2, 0.9], [3, 0.3]]})
    assert shown(clip, car) == ([3], [])


def test_who_edits_the_label_has_seen_to_it(clip: Task, alice: User) -> None:
    car = seeded_instance(clip)
    run(clip, car, script=FALLS)
    box = {"left": 1, "top": 2, "width": 30, "height": 40}
    label_put(user=alice, instance=car, frame=6, shape_json=box)
    assert shown(clip, car) == ([], [])


def test_a_key_frame_is_what_later_frames_are_compared_with(clip: Task) -> None:
    car = seeded_instance(clip)
    factories.make_label(instance=car, frame=5, shape=Box(20, 20, 50, 40))
    run(clip, car, script={"dx": 1})
    assert not ReviewHint.objects.exists()


def test_paused_and_resumed_they_are_those_of_an_undisturbed_run(
    clip: Task, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    undisturbed, disturbed = seeded_instance(clip), seeded_instance(clip)
    run(clip, undisturbed, script=FALLS, last=12)
    job = track(clip, disturbed, backend={"script": FALLS}, last=12)
    at_frame(monkeypatch, 5, lambda: job_pause(job=Job.objects.get(pk=job.pk)))
    run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.PAUSED
    job_resume(job=job)
    run_next(capability="cpu")
    assert shown(clip, disturbed) == shown(clip, undisturbed) == ([6], [])
    strengths = set(ReviewHint.objects.values_list("frame", "strength"))
    assert len(strengths) == 1
