"""Detections that are linked, and the frames between them filled by tracking: one run in two phases."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeling.errors import LabelyardError
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import Instance, JobState, Label, Part, Project, Provenance, Task, User
from labeling.services.labels import label_mark_absent, label_put
from labeling.services.runs import job_redo, job_revert
from tests.engine.detecting import class_named, detect, run_all, scenes_task, submit, told
from workers.runner import run_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
FILM = [{"red": [(10 + 3 * n, 10, 20, 12)]} for n in range(13)]
MOVES = {"script": {"dx": 3}}


def labels(task: Task, provenance: Provenance) -> dict[int, object]:
    rows = Label.objects.filter(task=task, provenance=provenance).order_by("frame")
    return {row.frame: shape_unpack(bytes(row.geometry or b"")) for row in rows}


def test_the_frames_between_detections_are_tracked_in_the_same_run(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, FILM)
    job = detect(task, class_named(project, "red"), step=4, link=True, fill="scripted", backend=MOVES)
    assert job.state == JobState.SUCCEEDED
    assert labels(task, Provenance.DETECTED) == {n: Box(10 + 3 * n, 10, 20, 12) for n in (0, 4, 8, 12)}
    between = [n for n in range(12) if n % 4]
    assert labels(task, Provenance.TRACKED) == {n: Box(10 + 3 * n, 10, 20, 12) for n in between}
    assert Instance.objects.count() == 1
    detecting, filling = Part.objects.filter(job=job).order_by("number")
    assert (detecting.algorithm, filling.algorithm) == ("detect:scripted", "scripted")
    assert (job.frames_total, job.frames_done) == (4 + 13, 4 + 13)
    assert set(Label.objects.values_list("job", flat=True)) == {job.pk}


def test_each_instance_is_filled_between_its_own_detections(project: Project, tmp_path: Path) -> None:
    """One leaves in the middle, one comes in there."""
    film = [{"red": [(10, 10, 20, 12)] * (n <= 5), "blue": [(90, 40, 20, 12)] * (n >= 6)} for n in range(13)]
    task = scenes_task(project, tmp_path, film)
    red, blue = class_named(project, "red"), class_named(project, "blue")
    detect(task, red, blue, step=4, link=True, fill="scripted")
    frames = {
        name: sorted(Label.objects.filter(instance__object_class__name=name).values_list("frame", flat=True))
        for name in ("red", "blue")
    }
    assert frames == {"red": [0, 1, 2, 3, 4], "blue": [8, 9, 10, 11, 12]}


def test_nothing_is_tracked_where_nothing_lies_between(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, FILM)
    job = detect(task, class_named(project, "red"), step=1, link=True, fill="scripted")
    assert Part.objects.filter(job=job).count() == 1
    assert job.state == JobState.SUCCEEDED


def test_what_people_said_before_the_tracker_came_holds(
    project: Project, tmp_path: Path, alice: User
) -> None:
    """The first phase made the instance; a person corrects it before the tracker comes."""
    task = scenes_task(project, tmp_path, FILM)
    job = submit(task, class_named(project, "red"), step=4, link=True, fill="scripted", backend=MOVES)
    assert run_next(capability="cpu")
    found = Instance.objects.get()
    drawn = {"left": 50, "top": 30, "width": 20, "height": 12}
    label_put(user=alice, instance=found, frame=4, shape_json=drawn)
    label_mark_absent(user=alice, instance=found, frame=9)
    job = run_all(job)
    tracked = labels(task, Provenance.TRACKED)
    assert sorted(tracked) == [1, 2, 3, 5, 6, 7, 10, 11]
    assert tracked[5] == Box(53, 30, 20, 12)
    assert tracked[11] == Box(10 + 3 * 11, 10, 20, 12)


def test_both_phases_are_taken_back_and_brought_back_as_one(
    project: Project, tmp_path: Path, alice: User
) -> None:
    task = scenes_task(project, tmp_path, FILM)
    job = detect(task, class_named(project, "red"), step=4, link=True, fill="scripted", backend=MOVES)
    before = told(task)
    outcome = job_revert(job=job, user=alice)
    assert (outcome.removed, outcome.instances) == (13, 1)
    assert not Label.objects.exists()
    outcome = job_redo(job=job, user=alice)
    assert (outcome.removed, outcome.instances) == (13, 1)
    assert told(task) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"link": False, "fill": "scripted"}, "fill_needs_link"),
        ({"link": True, "fill": "wishful"}, "unknown_algorithm"),
        ({"link": True, "fill": "sam2"}, "unknown_algorithm"),
    ],
)
def test_what_cannot_fill_is_refused(
    project: Project, tmp_path: Path, words: dict[str, object], code: str
) -> None:
    task = scenes_task(project, tmp_path, FILM)
    with pytest.raises(LabelyardError) as caught:
        submit(task, class_named(project, "red"), **words)
    assert (caught.value.code, caught.value.status) == (code, 422)
