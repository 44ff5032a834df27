"""Runs in progress: in the chip, in the drawer, on the timeline and in the table; with weather."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labeling.models import Instance, Job, JobState, Label, Part, PartState, Stage, Task, User
from labeling.services.labels import label_put
from labeling.services.tasks import task_accept, task_submit
from tests import factories
from tests.engine.ordering import boxes, claimed, write
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import known, open_panel, until
from tests.web.workbench.scripts import ordered, working
from workers.reaper import reap_parts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("valkey", "relayed"),
]

SHAPE = {"left": 90.0, "top": 70.0, "width": 30.0, "height": 20.0}


def test_several_runs_at_once_are_followed_and_each_is_cancelled_for_itself(
    open_task: OpenTask, alice: User, film_task: Task, boxed: Instance
) -> None:
    film_task.refresh_from_db()
    other = factories.make_instance(task=film_task, author=alice)
    label_put(user=alice, instance=other, frame=0, shape_json=SHAPE)
    first, second = ordered(alice, boxed), ordered(alice, other)
    bench = open_task(alice)
    known(bench, other)
    chip, words = bench.page.locator("#job-chip"), bench.page.locator("#job-words")
    expect(words).to_have_text("Waiting for a worker")
    expect(chip.locator("#job-more")).to_have_text("+1")
    # The first is at work: its labels come as they are committed, and its row says how far it is.
    lease = claimed()
    write(lease, film_task, boxes(boxed, range(1, 11)), position=10)
    known(bench, boxed, frame=5)
    row = bench.page.locator(f'#object-table [data-key="{boxed.object_hash}"] .object-frames')
    expect(row).to_have_text("10/40")
    worked = "labelyard.runs.workingOn(labelyard.store.instances.get(key).id)[0].frames_done"
    assert bench.page.evaluate(f"(key) => {worked}", boxed.object_hash) == 10
    # The list in the drawer has both; the first one is cancelled there, and what it wrote is kept.
    chip.locator("#job-more").click()
    runs = bench.page.locator("#runs > li")
    expect(runs).to_have_count(2)
    expect(runs.last).to_contain_text("Tracking 10/40")
    runs.last.get_by_role("button", name="Cancel").click()
    runs.last.get_by_role("button", name="Keep labels").click()
    until(lambda: Job.objects.get(pk=first.pk).state == JobState.CANCELLING)
    write(lease, film_task, [], position=11, ends=PartState.CANCELLED)
    expect(runs.last).to_contain_text("Cancelled: 10 labels")
    expect(words).to_have_text("Waiting for a worker")
    expect(chip.locator("#job-more")).to_be_hidden()
    assert Job.objects.get(pk=second.pk).state == JobState.QUEUED
    assert Label.objects.filter(instance=boxed).count() == 11


def test_a_worker_that_is_lost_in_mid_run_is_said_and_the_run_goes_on(
    open_task: OpenTask, alice: User, film_task: Task, boxed: Instance
) -> None:
    job = ordered(alice, boxed)
    bench = open_task(alice)
    words = bench.page.locator("#job-words")
    write(claimed(), film_task, boxes(boxed, range(1, 6)), position=5)
    expect(words).to_have_text("Tracking 5/40")
    Part.objects.filter(job=job).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert reap_parts() == 1
    expect(words).to_have_text("Waiting for a worker, 5/40")
    # Another one takes it up.
    write(claimed(), film_task, boxes(boxed, range(6, 40)), position=39, ends=PartState.DONE)
    expect(words).to_have_text("Tracked: 39 labels")
    known(bench, boxed, frame=39)


def test_a_task_that_somebody_completes_ends_the_run_with_the_reason(
    open_task: OpenTask, alice: User, rita: User, film_task: Task, boxed: Instance
) -> None:
    ordered(alice, boxed, delay_seconds=0.2)
    bench = open_task(alice)
    with working():
        known(bench, boxed, frame=2)
        film_task.refresh_from_db()
        task_submit(user=alice, task=film_task)
        task_accept(user=rita, task=film_task)
        expect(bench.page.locator("#job-words")).to_contain_text("Partly tracked")
    film_task.refresh_from_db()
    assert film_task.stage == Stage.COMPLETE
    said = bench.page.locator("#messages")
    expect(said).to_contain_text("complete")
    open_panel(bench, "Automate")
    expect(bench.page.locator("#moved")).to_contain_text("This task is complete.")
