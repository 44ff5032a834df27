"""Where linked detections may have gone wrong: hints that order the review, as tracking writes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings

from labeling.models import Instance, JobState, Project, ReviewHint, Task
from labeling.selectors.timeline import timeline_of
from labeling.services.job_states import job_retry
from tests.engine.detecting import Place, Scene, class_named, detect, image_task, run_all, scenes_task, submit
from workers.backends.base import BackendError, RgbFrame
from workers.backends.scripted_detector import COLOURS, ScriptedDetector
from workers.backends.scripted_picture import FlatPicture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

FRAMES = 12
FAINT = 8


def moving(n: int) -> Place:
    return (10 + 4 * n, 10, 20, 12)


@pytest.fixture(autouse=True)
def brick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A red that is half as sure: 30 of 60 levels away."""
    monkeypatch.setitem(COLOURS, "brick", (200, 25, 25))


def fading() -> list[Scene]:
    """A thing that moves evenly, and is faint on one frame."""
    return [{"brick" if n == FAINT else "red": [moving(n)]} for n in range(FRAMES)]


def meeting() -> list[Scene]:
    """Two things of one look come towards each other; where they meet, one thing is seen between them."""
    apart = [[(10 + 9 * n, 40, 20, 12), (130 - 9 * n, 40, 20, 12)] for n in range(5)]
    return [{"red": places} for places in [*apart, [(70, 40, 20, 12)]]]


def told(task: Task) -> dict[int, tuple[list[int], list[int]]]:
    """The number of each object, and the frames of its drops and of its jumps, as the timeline tells."""
    outlines = timeline_of(task=task)
    return {
        one.number: (
            [frame for frame, _ in outlines[one.pk].drops],
            [frame for frame, _ in outlines[one.pk].jumps],
        )
        for one in Instance.objects.filter(task=task)
    }


def film(project: Project, tmp_path: Path, scenes: Sequence[Scene]) -> Task:
    return scenes_task(project, tmp_path, scenes)


def test_a_score_that_falls_below_the_object_s_own_level_is_told(project: Project, tmp_path: Path) -> None:
    task = film(project, tmp_path, fading())
    job = detect(task, class_named(project, "red"), link=True)
    (hint,) = ReviewHint.objects.all()
    assert (hint.job, hint.frame, hint.kind) == (job, FAINT, "drop")
    assert hint.strength == pytest.approx(0.5)
    assert told(task) == {1: ([FAINT], [])}


def test_a_link_that_could_as_well_be_another_is_told(project: Project, tmp_path: Path) -> None:
    task = film(project, tmp_path, meeting())
    detect(task, class_named(project, "red"), link=True)
    frames = [jumps for _, jumps in told(task).values()]
    assert sorted(frames) == [[], [5]]
    assert 0.7 <= ReviewHint.objects.get().strength <= 1


def test_things_that_keep_apart_and_frames_that_are_passed_over_are_no_hint(
    project: Project, tmp_path: Path
) -> None:
    scenes = [{"red": [moving(n), (100, 60, 16, 16)], "blue": [(130, 10, 9, 9)]} for n in range(FRAMES)]
    task = scenes_task(project, tmp_path, scenes, broken=[4, 5])
    job = detect(task, class_named(project, "red"), class_named(project, "blue"), link=True)
    assert job.state == JobState.PARTIAL
    assert not ReviewHint.objects.exists()


def test_two_classes_that_find_one_thing_do_not_meet(project: Project, tmp_path: Path) -> None:
    task = film(project, tmp_path, [{"red": [moving(n)]} for n in range(4)])
    detect(task, class_named(project, "red"), class_named(project, "dark red"), link=True)
    assert Instance.objects.count() == 2
    assert not ReviewHint.objects.exists()


def test_what_is_not_linked_has_nothing_to_be_compared_with(project: Project, tmp_path: Path) -> None:
    detect(film(project, tmp_path, fading()), class_named(project, "red"))
    detect(image_task(project, tmp_path, {"red": [moving(0)]}), class_named(project, "rose red"))
    assert not ReviewHint.objects.exists()


def test_a_part_that_fails_and_goes_on_notices_the_same(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "COMMIT_SECONDS", 0.0)
    task = film(project, tmp_path, fading())
    job = submit(task, class_named(project, "red"), link=True)
    opened, seen = ScriptedDetector.open, []

    def broken(self: ScriptedDetector, rgb: RgbFrame) -> FlatPicture:
        seen.append(rgb)
        if len(seen) == FAINT:
            raise BackendError("The graphics card fell asleep.")
        return opened(self, rgb)

    monkeypatch.setattr(ScriptedDetector, "open", broken)
    assert run_all(job).state == JobState.PARTIAL
    job_retry(job=job)
    assert run_all(job).state == JobState.SUCCEEDED
    assert told(task) == {1: ([FAINT], [])}
    assert ReviewHint.objects.get().strength == pytest.approx(0.5)
