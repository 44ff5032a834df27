"""A detecting run is one unit: taken back with the instances that it made, and brought back the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from labeling.geometry.shapes import Bitmask, ShapeKind
from labeling.models import (
    ChangeKind,
    Instance,
    Job,
    JobState,
    Label,
    Part,
    Project,
    RunInstance,
    Task,
    TaskChange,
    User,
)
from labeling.services.instances import instance_delete
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.detecting import class_named, detect, full, image_task, run_all, scenes_task, submit, told
from workers.backends.base import BackendError, RgbFrame
from workers.backends.scripted_detector import ScriptedDetector
from workers.backends.scripted_picture import FlatPicture
from workers.heartbeat import Watch
from workers.runner import run_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
TWO_RED = {"red": [(10, 10, 20, 12), (60, 40, 8, 30)]}
BOX = {"left": 11, "top": 10, "width": 20, "height": 12}


def instances(task: Task) -> list[tuple[int, str, int, int | None]]:
    rows = Instance.objects.filter(task=task).order_by("pk")
    return [(one.pk, one.object_hash, one.number, one.created_by_job_id) for one in rows]


def test_a_reverted_run_leaves_neither_labels_nor_instances(
    project: Project, tmp_path: Path, alice: User
) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = detect(task, class_named(project, "red"))
    outcome = job_revert(job=job, user=alice)
    assert (outcome.removed, outcome.instances, outcome.instances_kept) == (2, 2, 0)
    assert not Label.objects.exists()
    assert not Instance.objects.exists()
    change = TaskChange.objects.get(kind=ChangeKind.INSTANCE_DELETED)
    assert len(change.instances) == 2


def test_redo_brings_the_same_instances_and_labels_back(
    project: Project, tmp_path: Path, alice: User
) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = detect(task, class_named(project, "red"))
    before = told(task), instances(task)
    for _ in range(2):
        job_revert(job=job, user=alice)
        outcome = job_redo(job=job, user=alice)
        assert (outcome.removed, outcome.instances) == (2, 2)
        assert (told(task), instances(task)) == before
    factories.make_instance(task=Task.objects.get(pk=task.pk))
    assert Instance.objects.latest("number").number == 3


def test_what_somebody_touched_or_added_something_to_stays(
    project: Project, tmp_path: Path, alice: User, rita: User
) -> None:
    places = [(left, 10, 10, 10) for left in range(5, 145, 20)]
    task = image_task(project, tmp_path, {"red": places})
    job = detect(task, class_named(project, "red"))
    drawn, accepted, rejected, remarked, *others = Instance.objects.order_by("number")
    label_put(user=alice, instance=drawn, frame=0, shape_json=BOX)
    review_decide(user=rita, instance=accepted, first_frame=0, last_frame=0, decision="accepted")
    review_decide(user=rita, instance=rejected, first_frame=0, last_frame=0, decision="rejected", reason="no")
    comment = factories.make_comment(task_id=task.pk, author=alice)
    type(comment).objects.filter(pk=comment.pk).update(kind="instance", object_hash=remarked.object_hash)
    outcome = job_revert(job=job, user=alice)
    assert (outcome.kept, outcome.instances, outcome.instances_kept) == (2, len(others), 4)
    assert set(Instance.objects.all()) == {drawn, accepted, rejected, remarked}
    assert set(Label.objects.values_list("instance", flat=True)) == {drawn.pk, accepted.pk}
    job_redo(job=job, user=alice)
    assert Instance.objects.count() == len(places)
    assert Label.objects.count() == len(places)
    assert Label.objects.get(instance=drawn).job_id is None


def test_an_instance_that_a_person_deleted_does_not_come_back(
    project: Project, tmp_path: Path, alice: User
) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = detect(task, class_named(project, "red"))
    wrong, right = Instance.objects.order_by("number")
    instance_delete(user=alice, instance=wrong)
    job_revert(job=job, user=alice)
    outcome = job_redo(job=job, user=alice)
    assert (outcome.removed, outcome.instances) == (1, 1)
    assert list(Instance.objects.all()) == [right]


def test_a_run_does_not_come_back_over_newer_bitmasks(project: Project, tmp_path: Path, alice: User) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = detect(task, class_named(project, "red", ShapeKind.BITMASK), exclude_bitmasks=True)
    job_revert(job=job, user=alice)
    drawn = factories.make_instance(task=Task.objects.get(pk=task.pk), shape=ShapeKind.BITMASK)
    factories.make_label(instance=drawn, frame=0, shape=Bitmask(10, 10, 4, 4, full(4, 4)))
    outcome = job_redo(job=job, user=alice)
    assert (outcome.removed, outcome.kept) == (1, 1)


class StoppedAfter:
    """Stops a part as a cancellation or a pause is heard: after some frames."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, frames: int) -> None:
        self.left = frames
        self.heard: Callable[[], object] = lambda: None
        advanced = Watch.advanced

        def count(watch: Watch) -> None:
            advanced(watch)
            self.left -= 1
            if self.left == 0:
                self.heard()
                watch.stop.set()

        monkeypatch.setattr(Watch, "advanced", count)


def many(project: Project, tmp_path: Path) -> Task:
    scenes = [{"red": [(10 + 3 * n, 10, 20, 12), (100 - 3 * n, 40, 16, 16)]} for n in range(12)]
    return scenes_task(project, tmp_path, scenes)


@pytest.mark.parametrize("keep", [True, False])
def test_a_cancelled_run_is_kept_or_discarded_with_its_instances(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    task = many(project, tmp_path)
    job = submit(task, class_named(project, "red"), link=True)
    stop = StoppedAfter(monkeypatch, 4)
    stop.heard = lambda: job_cancel(job=Job.objects.get(pk=job.pk), keep=keep)
    job = run_all(job)
    assert (job.state, job.labels_written) == (JobState.CANCELLED, 8)
    assert Label.objects.count() == (8 if keep else 0)
    assert Instance.objects.count() == (2 if keep else 0)


def test_a_run_that_was_paused_goes_on_as_if_nothing_had_happened(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    red = class_named(project, "red")
    task = many(project, tmp_path)
    job = submit(task, red, link=True)
    stop = StoppedAfter(monkeypatch, 5)
    stop.heard = lambda: job_pause(job=Job.objects.get(pk=job.pk))
    assert run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.frames_done) == (JobState.PAUSED, 5)
    job_resume(job=job)
    job = run_all(job)
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 24)
    assert Instance.objects.count() == 2
    assert [frame for frame in range(12) if Label.objects.filter(frame=frame).count() != 2] == []


def test_a_part_that_failed_goes_on_from_its_last_commit(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    """What a person deleted meanwhile is not made again."""
    monkeypatch.setattr(settings, "COMMIT_SECONDS", 0.0)
    task = many(project, tmp_path)
    job = submit(task, class_named(project, "red"), link=True)
    opened = ScriptedDetector.open
    seen: list[RgbFrame] = []

    def broken(self: ScriptedDetector, rgb: RgbFrame) -> FlatPicture:
        seen.append(rgb)
        if len(seen) == 7:
            raise BackendError("The graphics card fell asleep.")
        return opened(self, rgb)

    monkeypatch.setattr(ScriptedDetector, "open", broken)
    job = run_all(job)
    assert (job.state, job.error, job.frames_done) == (JobState.PARTIAL, "The graphics card fell asleep.", 6)
    deleted = Instance.objects.order_by("number").first()
    assert deleted is not None
    instance_delete(user=alice, instance=deleted)
    job_retry(job=job)
    job = run_all(job)
    assert (job.state, job.frames_done) == (JobState.SUCCEEDED, 12)
    assert Instance.objects.count() == 1
    assert Label.objects.count() == 12
    assert RunInstance.objects.filter(job=job).count() == 2
    assert Part.objects.get(job=job).attempts == 2
