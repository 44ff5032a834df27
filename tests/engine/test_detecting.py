"""Detecting jobs: what is found, what is written, what is skipped, and that a run is one unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import JobState, Label, Part, Project
from tests.engine.detecting import class_named, detect, image_task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_everything_of_a_class_on_an_image_becomes_an_instance(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12), (60, 40, 8, 30)], "blue": [(100, 5, 9, 9)]})
    job = detect(task, class_named(project, "red"))
    assert (job.state, job.kind, job.algorithm) == (JobState.SUCCEEDED, "detect_all", "scripted")
    assert (job.frames_total, job.frames_done, job.labels_written) == (1, 1, 2)
    labels = Label.objects.filter(task=task).order_by("instance__number")
    assert [shape_unpack(bytes(one.geometry or b"")) for one in labels] == [Box(10, 10, 20, 12), Box(60, 40, 8, 30)]
    assert {(one.get_provenance_display(), one.protected) for one in labels} == {("detected", False)}
    assert {one.instance.created_by_job_id for one in labels} == {job.pk}
    assert Part.objects.get(job=job).algorithm == "detect:scripted"
