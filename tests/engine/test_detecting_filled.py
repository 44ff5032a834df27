"""Detections that are linked, and the frames between them filled by tracking: one run in two phases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from labeling.errors import LabelyardError
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Bitmask, Box, ShapeKind
from labeling.models import Instance, JobState, Label, ObjectClass, Part, Project, Provenance, Task, User
from labeling.services.detection import TRACKED_EXEMPT
from labeling.services.job_notes import job_warnings
from labeling.services.labels import label_mark_absent, label_put
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.detecting import class_named, detect, full, run_all, scenes_task, submit, told
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


def drawn_over_film(task: Task, object_class: ObjectClass, frames: Sequence[int]) -> Instance:
    """A person's object that lies where the film's thing is, on some frames."""
    known = factories.make_instance(task=task)
    Instance.objects.filter(pk=known.pk).update(object_class=object_class)
    for frame in frames:
        factories.make_label(instance=known, frame=frame, shape=Box(10 + 3 * frame, 10, 20, 12))
    return known


def test_frames_between_detections_leave_alone_what_is_labelled_there(
    project: Project, tmp_path: Path, alice: User
) -> None:
    """No frame that is looked at has the person's object, so nothing but the filling can double it."""
    task = scenes_task(project, tmp_path, FILM)
    red, other = class_named(project, "red"), class_named(project, "other")
    known = drawn_over_film(task, red, (5, 6))
    drawn_over_film(task, other, (9,))
    job = detect(task, red, step=4, link=True, fill="scripted", backend=MOVES)
    tracked = Label.objects.filter(task=task, provenance=Provenance.TRACKED)
    assert sorted(tracked.values_list("frame", flat=True)) == [1, 2, 3, 7, 9, 10, 11]
    assert sorted(known.labels.values_list("frame", flat=True)) == [5, 6]
    assert job.tally == {"filled_over": 2}
    assert job_warnings(job) == [
        "On 2 frames between detections nothing was filled in: a label of the same class was there before."
    ]
    assert job_revert(job=job, user=alice).removed == 4 + 7


def test_filling_goes_by_the_order_s_own_overlap(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, FILM)
    red = class_named(project, "red")
    drawn_over_film(task, red, (5, 6))
    job = detect(task, red, step=4, link=True, fill="scripted", backend=MOVES, overlap=1.0)
    assert sorted(labels(task, Provenance.TRACKED)) == [n for n in range(12) if n % 4]
    assert job.tally == {}


def test_a_label_drawn_before_the_tracker_came_is_left_alone_too(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, FILM)
    red = class_named(project, "red")
    job = submit(task, red, step=4, link=True, fill="scripted", backend=MOVES)
    assert run_next(capability="cpu")
    drawn_over_film(Task.objects.get(pk=task.pk), red, (2,))
    job = run_all(job)
    assert 2 not in labels(task, Provenance.TRACKED)
    assert job.tally == {"filled_over": 1}


def test_tracked_bitmasks_are_exempt_from_leaving_others_out_and_the_order_says_so(
    project: Project, tmp_path: Path
) -> None:
    task = scenes_task(project, tmp_path, FILM)
    red = class_named(project, "red", ShapeKind.BITMASK)
    other = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    factories.make_label(instance=other, frame=5, shape=Bitmask(20, 10, 30, 12, full(30, 12)))
    job = detect(task, red, step=4, link=True, fill="scripted", backend=MOVES, exclude_bitmasks=True)
    tracked = labels(task, Provenance.TRACKED)[5]
    assert isinstance(tracked, Bitmask)
    assert (tracked.left, tracked.width) == (25, 20)
    assert [one for one in job.warnings if "tracked" in one] == [TRACKED_EXEMPT]
    boxes = detect(
        task, class_named(project, "rose"), step=4, link=True, fill="scripted", exclude_bitmasks=True
    )
    assert TRACKED_EXEMPT not in boxes.warnings


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
