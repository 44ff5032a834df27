"""Detecting jobs: what is found, what is written, and what is skipped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection

from labeling.errors import LabelyardError
from labeling.examples import ExampleLabel
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Bitmask, Box, Polygon, ShapeKind
from labeling.models import (
    Capability,
    Instance,
    Job,
    JobState,
    Label,
    Part,
    Project,
    Stage,
    Task,
    User,
    Worker,
)
from labeling.offers import Reads
from labeling.services.detectors import DetectorOffer
from labeling.services.job_notes import job_warnings
from labeling.services.job_states import job_cancel, job_retry
from labeling.services.labels import label_put
from labeling.services.orders import WantedClass
from tests import factories
from tests.engine.detecting import class_named, detect, full, image_task, run_all, scenes_task, submit, told
from tests.engine.test_spreading import workers
from workers.backends.base import BackendError
from workers.backends.detecting import Detected, Wish
from workers.backends.scripted_detector import ScriptedDetector
from workers.backends.scripted_picture import FlatPicture
from workers.detecting.course import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
TWO_RED = {"red": [(10, 10, 20, 12), (60, 40, 8, 30)], "blue": [(100, 5, 9, 9)]}


def shapes(task: Task) -> list[object]:
    labels = Label.objects.filter(task=task).order_by("frame", "instance__number")
    return [shape_unpack(bytes(one.geometry or b"")) for one in labels]


def frames(task: Task) -> list[int]:
    return sorted(Label.objects.filter(task=task).values_list("frame", flat=True))


def test_everything_of_a_class_on_an_image_becomes_an_instance(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = detect(task, class_named(project, "red"))
    assert (job.state, job.kind, job.algorithm) == (JobState.SUCCEEDED, "detect_all", "scripted")
    assert (job.frames_total, job.frames_done, job.labels_written) == (1, 1, 2)
    assert shapes(task) == [Box(10, 10, 20, 12), Box(60, 40, 8, 30)]
    labels = Label.objects.filter(task=task)
    assert {(one.get_provenance_display(), one.protected) for one in labels} == {("detected", False)}
    made = Instance.objects.filter(task=task).order_by("number")
    assert [(one.number, one.created_by_job_id, one.created_by_id) for one in made] == [
        (1, job.pk, None),
        (2, job.pk, None),
    ]
    assert job.model_version == "scripted 1"


def test_numbers_go_on_from_the_task_s_last_instance(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    factories.make_instance(task=task)
    detect(task, class_named(project, "red"))
    assert list(Instance.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    task.refresh_from_db()
    assert task.instance_count == 3


def test_the_shape_follows_the_class(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)], "blue": [(100, 5, 9, 7)]})
    detect(
        task, class_named(project, "red", ShapeKind.BITMASK), class_named(project, "blue", ShapeKind.POLYGON)
    )
    mask, polygon = shapes(task)
    assert isinstance(mask, Bitmask)
    assert (mask.left, mask.top, mask.width, mask.height) == (10, 10, 20, 12)
    assert isinstance(polygon, Polygon)


def test_words_say_what_to_look_for_whatever_the_class_is_called(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    car = class_named(project, "car")
    detect(task, WantedClass(object_class=car.pk, words="something blue"))
    assert shapes(task) == [Box(100, 5, 9, 9)]


def test_examples_say_it_too_and_are_not_found_again(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    car = class_named(project, "car")
    shown = factories.make_instance(task=task)
    factories.make_label(instance=shown, frame=0, shape=Box(60, 40, 8, 30))
    detect(task, WantedClass(object_class=car.pk, examples=(ExampleLabel(instance=shown.pk, frame=0),)))
    found = Label.objects.get(instance__object_class=car)
    assert shape_unpack(bytes(found.geometry or b"")) == Box(10, 10, 20, 12)


def test_an_example_shows_what_to_look_for_on_other_frames(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, [{"red": [(10, 10, 20, 12)]}, {"red": [(50, 20, 20, 12)]}])
    shown = factories.make_instance(task=task)
    factories.make_label(instance=shown, frame=0, shape=Box(10, 10, 20, 12))
    car = class_named(project, "car")
    detect(task, WantedClass(object_class=car.pk, examples=(ExampleLabel(instance=shown.pk, frame=0),)))
    assert list(Label.objects.filter(instance__object_class=car).values_list("frame", flat=True)) == [1]


def test_every_nth_frame_of_the_range_is_looked_at(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, [{"red": [(10, 10, 20, 12)]}] * 9)
    job = detect(task, class_named(project, "red"), first_frame=1, last_frame=8, step=3)
    assert frames(task) == [1, 4, 7]
    assert (job.frames_total, job.frames_done) == (3, 3)


@pytest.mark.parametrize("kind", ["image_group", "image_sequence"])
def test_series_are_looked_through(project: Project, tmp_path: Path, kind: str) -> None:
    scenes = [{"red": [(10, 10, 20, 12)]}, {}, {"red": [(10, 10, 20, 12)]}]
    task = scenes_task(project, tmp_path, scenes, kind=kind)  # type: ignore[arg-type]
    detect(task, class_named(project, "red"))
    assert frames(task) == [0, 2]


def test_a_threshold_leaves_out_what_is_less_sure(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)], "orange": [(60, 40, 8, 30)]})
    cherry = class_named(project, "cherry")
    # Orange is 105 levels away from red, this colour half way between.
    job = detect(task, WantedClass(object_class=cherry.pk, words="#eb4e19", threshold=0.0))
    assert job.labels_written == 2
    job = detect(task, WantedClass(object_class=cherry.pk, words="#eb4e19", threshold=0.3), overlap=1.0)
    assert job.labels_written == 0


def test_at_most_so_many_objects_are_kept_and_the_job_says_so(project: Project, tmp_path: Path) -> None:
    dots = [(left, top, 3, 3) for left in range(2, 500, 5) for top in range(2, 500, 5)]
    task = image_task(project, tmp_path, {"red": dots}, width=502, height=502)
    assert len(dots) == 10_000
    job = detect(task, WantedClass(object_class=class_named(project, "red").pk, threshold=0.0))
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 200)
    assert job_warnings(job) == [
        "On 1 frame more objects of a class were found than are kept; the surest were."
    ]


def test_what_overlaps_a_label_of_its_class_is_skipped_and_counted(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    red, blue = class_named(project, "red"), class_named(project, "blue")
    known = Instance.objects.create(task=task, object_class=red, object_hash="known", number=1)
    Task.objects.filter(pk=task.pk).update(instance_count=1)
    # 10 of 12 rows: an IoU of 0.83.
    factories.make_label(instance=known, frame=0, shape=Box(10, 10, 20, 10))
    job = detect(task, red, blue)
    assert job.labels_written == 2
    assert job.tally == {"overlapping": 1}
    assert job_warnings(job) == [
        "1 detection lay on labels of the same class that were there before, and was skipped."
    ]
    assert Label.objects.filter(instance=known).count() == 1


def test_overlap_counts_pixels_and_other_classes_do_not_count(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)]})
    red = class_named(project, "red", ShapeKind.BITMASK)
    detect(task, red)
    job = detect(task, red)
    assert (job.labels_written, job.tally) == (0, {"overlapping": 1})
    box = class_named(project, "rose")
    job = detect(task, WantedClass(object_class=box.pk, words="red"))
    assert (job.labels_written, job.tally) == (1, {})


def test_a_frame_that_cannot_be_read_is_reported_and_skipped(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, [{"red": [(10, 10, 20, 12)]}] * 4, broken=[2])
    job = detect(task, class_named(project, "red"))
    assert (job.state, job.frames_done) == (JobState.PARTIAL, 4)
    assert frames(task) == [0, 1, 3]
    (failure,) = Part.objects.get(job=job).failures
    assert failure["frame"] == 2


def test_bitmasks_leave_out_those_that_are_there_and_each_other(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12), (60, 40, 8, 30)]})
    red = class_named(project, "red", ShapeKind.BITMASK)
    drawn = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    half = Bitmask(10, 10, 10, 12, full(10, 12))
    factories.make_label(instance=drawn, frame=0, shape=half)
    whole = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    factories.make_label(instance=whole, frame=0, shape=Bitmask(60, 40, 8, 30, full(8, 30)))
    job = detect(task, red, exclude_bitmasks=True)
    (left,) = Label.objects.filter(instance__object_class=red)
    assert shape_unpack(bytes(left.geometry or b"")) == Bitmask(20, 10, 10, 12, full(10, 12))
    assert job.tally == {"excluded": 1}
    assert job_warnings(job) == ["1 detection was skipped: other bitmasks left nothing of it."]


def test_a_label_that_a_person_drew_meanwhile_is_respected(project: Project, tmp_path: Path) -> None:
    """The order is older than the label; the commit is not."""
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)]})
    red = class_named(project, "red")
    job = submit(task, red)
    known = Instance.objects.create(task=task, object_class=red, object_hash="known", number=1)
    factories.make_label(instance=known, frame=0, shape=Box(10, 10, 20, 12))
    assert run_all(job).labels_written == 0


def test_a_task_that_was_completed_meanwhile_gets_nothing(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    job = submit(task, class_named(project, "red"))
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE)
    job = run_all(job)
    assert (job.state, job.error_code) == (JobState.FAILED, "task_complete")
    assert not Instance.objects.exists()


def test_two_active_jobs_on_one_class_and_range_are_refused(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, [TWO_RED] * 6)
    red, blue = class_named(project, "red"), class_named(project, "blue")
    first = submit(task, red, first_frame=0, last_frame=3)
    with pytest.raises(LabelyardError) as caught:
        submit(task, blue, red, first_frame=3, last_frame=5)
    assert (caught.value.code, caught.value.status) == ("job_overlaps", 409)
    assert caught.value.details["job"] == first.pk
    assert "red" in caught.value.sentence
    submit(task, red, first_frame=4, last_frame=5)
    submit(task, blue)
    run_all(first)
    submit(task, red, first_frame=0, last_frame=3)


def test_of_two_orders_at_the_same_moment_one_is_taken(project: Project, tmp_path: Path) -> None:
    task = scenes_task(project, tmp_path, [TWO_RED] * 6)
    red = class_named(project, "red")
    start = threading.Barrier(4)
    told: list[str] = []

    def send(first: int) -> None:
        try:
            mine = Task.objects.select_related("project", "media").get(pk=task.pk)
            start.wait()
            told.append(f"job {submit(mine, red, first_frame=first, last_frame=4).pk}")
        except LabelyardError as error:
            told.append(f"{error.code} {error.details['job']}")
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job = Job.objects.get()
    assert sorted(told) == [f"job {job.pk}", *[f"job_overlaps {job.pk}"] * 3]


def test_a_failed_job_that_is_retried_takes_its_classes_again(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    red = class_named(project, "red")
    job = submit(task, red)
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE)
    run_all(job)
    Task.objects.filter(pk=task.pk).update(stage=Stage.ANNOTATE)
    other = submit(task, red)
    with pytest.raises(LabelyardError) as caught:
        job_retry(job=job)
    assert caught.value.code == "job_overlaps"
    job_cancel(job=other, keep=True)
    job.refresh_from_db()
    job_retry(job=job)
    assert run_all(job).labels_written == 2


def test_examples_that_are_deleted_before_it_runs_are_said(project: Project, tmp_path: Path) -> None:
    task = image_task(project, tmp_path, TWO_RED)
    car = class_named(project, "car")
    shown = factories.make_instance(task=task)
    label = factories.make_label(instance=shown, frame=0, shape=Box(60, 40, 8, 30))
    wanted = WantedClass(
        object_class=car.pk, words="blue", examples=(ExampleLabel(instance=shown.pk, frame=0),)
    )
    job = submit(task, wanted)
    label.delete()
    job = run_all(job)
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 1)
    assert any("deleted meanwhile" in warning for warning in job.warnings)


def shown_on_first(project: Project, tmp_path: Path) -> tuple[Task, WantedClass]:
    """Three pictures of two red things each, of which one on the first is an example of a car."""
    task = scenes_task(project, tmp_path, [TWO_RED] * 3)
    shown = factories.make_instance(task=task)
    factories.make_label(instance=shown, frame=0, shape=Box(60, 40, 8, 30))
    examples = (ExampleLabel(instance=shown.pk, frame=0),)
    return task, WantedClass(object_class=class_named(project, "car").pk, words="blue", examples=examples)


def test_a_worker_that_reads_no_examples_says_so_and_goes_by_the_words(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, wanted = shown_on_first(project, tmp_path)
    monkeypatch.setattr(ScriptedDetector, "reads", frozenset({"words"}))
    job = detect(task, wanted)
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 3)
    (warning,) = job.warnings
    assert warning.startswith("“scripted” on the worker that searched reads no examples: those of “car”")


def test_frames_on_which_nothing_is_known_are_passed_over(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads examples of the frame that it searches, and no words, has nothing to go by elsewhere."""
    task, wanted = shown_on_first(project, tmp_path)
    offer = DetectorOffer("scripted", Capability.CPU, frozenset({Reads.EXAMPLES_HERE}))
    monkeypatch.setattr("labeling.services.detectors.SCRIPTED", offer)
    monkeypatch.setattr(ScriptedDetector, "reads", offer.reads)
    job = detect(task, wanted)
    assert (job.state, job.frames_done, job.labels_written) == (JobState.SUCCEEDED, 3, 1)
    assert Part.objects.get(job=job).failures == []
    found = Label.objects.get(instance__object_class=wanted.object_class)
    assert (found.frame, shape_unpack(bytes(found.geometry or b""))) == (0, Box(10, 10, 20, 12))


def test_a_detection_that_a_person_corrected_counts_as_theirs(
    project: Project, tmp_path: Path, alice: User
) -> None:
    task = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)]})
    red = class_named(project, "red")
    detect(task, red)
    found = Instance.objects.get()
    corrected = {"left": 10, "top": 10, "width": 20, "height": 11}
    label_put(user=alice, instance=found, frame=0, shape_json=corrected)
    job = detect(task, red)
    assert (job.labels_written, job.tally) == (0, {"overlapping": 1})
    assert bytes(Label.objects.get().geometry or b"") == shape_pack(Box(10, 10, 20, 11))


def test_frames_are_spread_over_idle_workers_where_each_stands_alone(
    project: Project, tmp_path: Path
) -> None:
    task = scenes_task(project, tmp_path, [{"red": [(10, 10, 20, 12)]}] * 20)
    red = class_named(project, "red")
    workers(2)
    Worker.objects.update(detectors={"scripted": {"capability": "cpu", "reads": ["words"]}})
    job = submit(task, red)
    plans = [part.plan for part in Part.objects.filter(job=job).order_by("number")]
    assert [(plan["first"], plan["last"]) for plan in plans] == [(0, 9), (10, 19)]
    run_all(job)
    assert frames(task) == list(range(20))
    assert len({hash_ for _, _, hash_, *_ in told(task)}) == 20
    linked = submit(task, red, link=True)
    assert Part.objects.filter(job=linked).count() == 1


def test_a_class_that_cannot_be_looked_for_is_given_up_and_the_others_go_on(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = scenes_task(project, tmp_path, [TWO_RED] * 8)
    asked: list[str] = []
    detects = ScriptedDetector.detect

    def choosy(self: ScriptedDetector, embedding: FlatPicture, wish: Wish) -> list[Detected]:
        asked.append(wish.words)
        if wish.words == "blue":
            raise BackendError("Blue hurts my eyes.")
        return detects(self, embedding, wish)

    monkeypatch.setattr(ScriptedDetector, "detect", choosy)
    job = detect(task, class_named(project, "red"), class_named(project, "blue"))
    assert (job.state, job.labels_written) == (JobState.PARTIAL, 16)
    assert (asked.count("red"), asked.count("blue")) == (8, PATIENCE)
    failures = Part.objects.get(job=job).failures
    assert [failure["frame"] for failure in failures] == list(range(PATIENCE))
    assert "Blue hurts my eyes." in failures[0]["sentence"]
    assert "given up" in failures[-1]["sentence"]


def test_a_part_fails_when_nothing_can_be_looked_for(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = scenes_task(project, tmp_path, [TWO_RED] * 8)

    def broken(self: ScriptedDetector, embedding: FlatPicture, wish: Wish) -> list[Detected]:
        raise BackendError("My eyes hurt.")

    monkeypatch.setattr(ScriptedDetector, "detect", broken)
    job = detect(task, class_named(project, "red"))
    assert (job.state, job.error) == (JobState.FAILED, "My eyes hurt.")
