"""Bulk work on a GPU gives way to clicks on the same machine, and goes on all the same."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings

from labeling import models
from labeling.lane import urgency
from labeling.lane.lane import prompt_follow, prompt_submit
from labeling.lane.store import store
from labeling.lane.urgency import is_urgent, urgency_say, urgency_take_back
from labeling.models import Capability, Job, JobState, Project, Task
from labeling.stack.ports import free_port
from tests import factories
from tests.engine.detecting import class_named, scenes_task, submit
from tests.engine.ordering import track
from tests.lane.desks import place_make, prompt_make, worker_running
from tests.waiting import until
from workers.announcing import detectors_found
from workers.backends.base import RgbFrame
from workers.backends.scripted_detector import ScriptedDetector
from workers.backends.scripted_picture import FlatPicture
from workers.giving_way import Courtesy
from workers.lane.answering import answer_next
from workers.runner import run_next
from workers.taken import Taken

LONG = 60.0


@dataclass
class Watched:
    """What giving way asks of a part."""

    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class Working:
    capability: str


@dataclass
class Part:
    work: Working
    watch: Watched


def courtesy_of(capability: Capability = Capability.GPU) -> Courtesy:
    return Courtesy(cast("Taken", Part(Working(capability), Watched())))


def waiting(courtesy: Courtesy) -> threading.Thread:
    thread = threading.Thread(target=courtesy.between_frames)
    thread.start()
    return thread


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame would wait for long."""
    monkeypatch.setattr(settings, "GIVE_WAY_SECONDS", LONG)


@pytest.mark.django_db
def test_a_worker_is_urgent_from_its_first_prompt_until_none_waits(clip: Task) -> None:
    place = place_make()
    for draft in ("a", "b"):
        prompt_submit(prompt_make(clip, draft=draft), seconds=0)
    seen = []
    for _ in range(3):
        answer_next(place.desk)
        seen.append(is_urgent(store()))
    assert seen == [True, True, False]


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_of_two_workers_that_are_urgent_neither_takes_back_the_other_s_word(order: tuple[str, str]) -> None:
    urgency_say(store(), "first")
    urgency_say(store(), "second")
    urgency_take_back(store(), order[0])
    assert is_urgent(store())
    urgency_take_back(store(), order[1])
    assert not is_urgent(store())


def test_one_that_dies_at_a_prompt_is_urgent_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the others go on: what it said ends for itself, and the key with the last of them."""
    monkeypatch.setattr(urgency, "URGENT_SECONDS", 0.2)
    urgency_say(store(), "one that dies")
    assert is_urgent(store())
    until(lambda: not is_urgent(store()), seconds=20, what="the end of its word")
    urgency_say(store(), "another")
    assert 0 < store().pttl(urgency.key()) <= 200


def test_a_frame_waits_until_the_clicks_are_answered(patience: None) -> None:
    urgency_say(store(), "clicks")
    courtesy = courtesy_of()
    thread = waiting(courtesy)
    until(lambda: courtesy.given_way, seconds=20, what="the frame to wait")
    assert thread.is_alive()
    urgency_take_back(store(), "clicks")
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_a_frame_that_waits_hears_a_stop(patience: None) -> None:
    urgency_say(store(), "clicks")
    courtesy = courtesy_of()
    thread = waiting(courtesy)
    until(lambda: courtesy.given_way, seconds=20, what="the frame to wait")
    courtesy.run.watch.stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_a_frame_waits_no_longer_than_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "GIVE_WAY_SECONDS", 0.02)
    urgency_say(store(), "clicks")
    courtesy = courtesy_of()
    courtesy.between_frames()
    assert courtesy.given_way
    assert is_urgent(store())


def test_what_needs_no_gpu_does_not_wait(patience: None) -> None:
    urgency_say(store(), "clicks")
    courtesy = courtesy_of(Capability.CPU)
    courtesy.between_frames()
    assert not courtesy.given_way


def test_a_queue_that_is_away_holds_nothing_up(patience: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    store.cache_clear()
    try:
        courtesy = courtesy_of()
        courtesy.between_frames()
        courtesy.between_frames()
    finally:
        store.cache_clear()
    assert not courtesy.given_way


@pytest.mark.django_db(transaction=True)
def test_a_detecting_job_on_a_gpu_waits_between_two_frames_while_clicks_are_answered(
    project: Project, tmp_path: Path, patience: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third frame waits until the prompt is answered; every frame is looked at in the end."""
    seen, waits = [], []
    looked, clicks_wait = ScriptedDetector.open, Courtesy.clicks_wait

    def look(self: ScriptedDetector, rgb: RgbFrame) -> FlatPicture:
        seen.append(is_urgent(store()))
        if len(seen) == 2:
            urgency_say(store(), "clicks")
        return looked(self, rgb)

    def answered_at_the_third_look(self: Courtesy) -> bool:
        waits.append(clicks_wait(self))
        if sum(waits) == 3:
            urgency_take_back(store(), "clicks")
        return waits[-1]

    monkeypatch.setattr(ScriptedDetector, "open", look)
    monkeypatch.setattr(Courtesy, "clicks_wait", answered_at_the_third_look)
    monkeypatch.setattr(settings, "SCRIPTED_BACKEND", True)
    task = scenes_task(project, tmp_path, [{"red": [(10, 10, 20, 12)]}] * 4)
    job = submit(task, class_named(project, "red"))
    models.Part.objects.filter(job=job).update(capability=Capability.GPU)
    monkeypatch.setattr("workers.announcing.DETECTOR_CAPABILITY", {"scripted": Capability.GPU})
    detectors_found.cache_clear()
    try:
        assert run_next(capability=Capability.GPU)
    finally:
        detectors_found.cache_clear()
    job.refresh_from_db()
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 4)
    assert (seen, waits) == ([False] * 4, [False, False, True, True, True, False, False])


@pytest.mark.django_db(transaction=True)
def test_a_job_gives_way_to_a_click_that_never_ends_and_still_writes_every_label(
    clip: Task, environment: dict[str, str], tmp_path: Path
) -> None:
    """Real processes: a segmenter that is stuck holds every frame up for a moment, and no longer."""
    hurried = {**environment, "LABELYARD_GIVE_WAY_SECONDS": "0.05"}
    bulk: dict[str, Any] = {"module": "tests.lane.steady_worker", "queues": "gpu", "log": "bulk.log"}
    with (
        worker_running(environment, tmp_path, module="tests.lane.stuck_worker"),
        worker_running(hurried, tmp_path, **bulk),
    ):
        prompt = prompt_make(clip, clicker="stuck")
        prompt_submit(prompt, seconds=0)
        until(lambda: is_urgent(store()), seconds=60, what="the worker to begin")
        car = factories.make_instance(task=clip)
        factories.make_label(instance=car, frame=0)
        last = min(39, clip.last_frame)
        job = track(clip, car, last=last, algorithm="steady")
        until(lambda: state_of(job) == JobState.SUCCEEDED, seconds=120, what="the job's end")
        reply = prompt_follow(prompt_id=prompt.id, task_id=clip.pk, user_id=prompt.user_id, seconds=0)
    assert reply.position == 0
    assert car.labels.count() == last + 1
    assert "gave way to clicks" in (tmp_path / "bulk.log").read_text()


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state
