"""A worker goes on while there is work; one that is told to end gives its part back at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeling.models import Job, JobState, Part, PartState, Project, Task
from tests.engine.clips import clip_task
from tests.engine.conftest import Bells
from tests.engine.ordering import dump, seeded_instance, track
from tests.engine.test_runner import at_frame
from workers import leaving
from workers.runner import run_next, run_waiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    yield
    leaving.told[0] = 0


def cut_off() -> None:
    raise SystemExit(1)


def test_one_bell_is_enough_for_all_that_waits(clip: Task) -> None:
    jobs = [track(clip, seeded_instance(clip)) for _ in range(3)]
    run_waiting(capability="cpu")
    assert {Job.objects.get(pk=job.pk).state for job in jobs} == {JobState.SUCCEEDED}


def test_after_its_turn_the_bell_goes_back_to_the_queue(
    clip: Task, bells: Bells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.runner.TURN_SECONDS", 0.0)
    for _ in range(2):
        track(clip, seeded_instance(clip))
    bells.rung.clear()
    run_waiting(capability="cpu")
    assert bells.rung == [("cpu", 1)]
    assert Part.objects.filter(state=PartState.QUEUED).count() == 1


def test_a_worker_that_was_told_to_end_takes_nothing(clip: Task) -> None:
    track(clip, seeded_instance(clip))
    leaving.leave()
    run_waiting(capability="cpu")
    assert Part.objects.get().state == PartState.QUEUED


@pytest.mark.parametrize("cut", [False, True], ids=["warm", "cold"])
def test_the_part_is_given_back_and_goes_on_from_its_last_commit(
    clip: Task, settings: Any, monkeypatch: pytest.MonkeyPatch, bells: Bells, cut: bool
) -> None:
    settings.COMMIT_SECONDS = 0.0
    script = {"dx": 2, "dy": 1, "missing": [[4, 6]]}
    undisturbed, disturbed = seeded_instance(clip), seeded_instance(clip)
    track(clip, undisturbed, last=20, backend={"script": script})
    run_next(capability="cpu")
    job = track(clip, disturbed, last=20, backend={"script": script})
    bells.rung.clear()
    at_frame(monkeypatch, 9, cut_off if cut else leaving.leave)
    try:
        run_next(capability="cpu")
    except SystemExit:
        assert cut
    part = Part.objects.get(job=job)
    assert (part.state, part.position, part.losses) == (PartState.QUEUED, 8 if cut else 9, 0)
    assert bells.rung == [("cpu", 1)]
    leaving.told[0] = 0
    run_next(capability="cpu")
    assert Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED
    rows = dump(clip)
    assert [row[1:4] for row in rows if row[0] == disturbed.pk] == [
        row[1:4] for row in rows if row[0] == undisturbed.pk
    ]
