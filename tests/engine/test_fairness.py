"""Whose turn it is: priority, then the project that has had least by its weight, then age."""

from __future__ import annotations

from collections import Counter

import pytest

from labeling.models import FairShare, Job, Part, Project, Task
from labeling.services.job_states import job_pause, job_resume
from tests import factories
from tests.engine.ordering import claim, claimed, seeded_instance, track
from workers.claim import Lease

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def project_with_jobs(name: str, count: int, *, weight: float = 1.0, frames: int = 10) -> Project:
    project = factories.make_project(name=name, weight=weight)
    task = factories.make_task(media=factories.make_media(project=project))
    for _ in range(count):
        track(task, seeded_instance(task), last=frames - 1)
    return project


def project_of(lease: Lease) -> str:
    return Part.objects.select_related("project").get(pk=lease.part_id).project.name


def test_higher_priority_goes_first(task: Task) -> None:
    late = track(task, seeded_instance(task), priority=0.2)
    soon = track(task, seeded_instance(task), priority=0.9)
    assert [claimed().job_id, claimed().job_id] == [soon.pk, late.pk]


def test_of_equals_the_older_goes_first(task: Task) -> None:
    jobs = [track(task, seeded_instance(task)) for _ in range(3)]
    assert [claimed().job_id for _ in range(3)] == [job.pk for job in jobs]


def test_one_job_of_another_project_does_not_wait_for_a_batch() -> None:
    project_with_jobs("batch", 20)
    claimed()
    project_with_jobs("single", 1)
    turns = [project_of(claimed()) for _ in range(2)]
    assert "single" in turns


def test_shares_follow_weights() -> None:
    project_with_jobs("heavy", 30, weight=3.0)
    project_with_jobs("light", 30, weight=1.0)
    turns = Counter(project_of(claimed()) for _ in range(24))
    assert turns["heavy"] == 18
    assert turns["light"] == 6


def test_cost_counts_frames_not_jobs() -> None:
    project_with_jobs("long", 20, frames=50)
    project_with_jobs("short", 20, frames=10)
    turns = Counter(project_of(claimed()) for _ in range(18))
    assert turns["short"] == 15
    assert turns["long"] == 3


def test_an_idle_project_does_not_save_up() -> None:
    project_with_jobs("busy", 30)
    for _ in range(10):
        claimed()
    project_with_jobs("idle until now", 30)
    turns = Counter(project_of(claimed()) for _ in range(10))
    assert turns["busy"] == 5


def test_a_project_at_its_cap_is_passed_over() -> None:
    capped = project_with_jobs("capped", 5)
    Project.objects.filter(pk=capped.pk).update(running_parts_max=1)
    project_with_jobs("free", 2)
    turns = [project_of(claimed()) for _ in range(3)]
    assert sorted(turns) == ["capped", "free", "free"]
    assert claim() is None


def test_a_capped_project_of_high_priority_does_not_hide_the_rest() -> None:
    capped = factories.make_project(name="capped")
    task = factories.make_task(media=factories.make_media(project=capped))
    for _ in range(2):
        track(task, seeded_instance(task), priority=1.0)
    Project.objects.filter(pk=capped.pk).update(running_parts_max=1)
    project_with_jobs("humble", 1)
    assert [project_of(claimed()) for _ in range(2)] == ["capped", "humble"]


def test_a_worker_takes_only_what_it_can_run(task: Task) -> None:
    from workers.claim import claim_part

    track(task, seeded_instance(task))
    assert claim_part(capability="cpu", holder="w", algorithms=["fast"]) is None
    assert claim_part(capability="gpu", holder="w", algorithms=["scripted"]) is None
    assert claim_part(capability="cpu", holder="w", algorithms=["scripted"]) is not None


def test_a_project_that_was_paused_does_not_save_up() -> None:
    paused = project_with_jobs("paused", 1)
    job = Job.objects.get(project=paused)
    job_pause(job=job)
    project_with_jobs("busy", 30)
    for _ in range(10):
        claimed()
    job_resume(job=job)
    shares = dict(FairShare.objects.values_list("project__name", "served"))
    assert shares["paused"] == shares["busy"]
