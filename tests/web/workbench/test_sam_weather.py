"""SAM mode when things are not as usual: workers gone, slow or killed, other frames, other people."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
from playwright.sync_api import expect

from labeling.geometry.shapes import ShapeKind
from labeling.lane.live import live_workers
from labeling.lane.store import store
from labeling.models import Label, ObjectClass, Stage, Task
from tests.lane.desks import worker_running
from tests.waiting import until
from tests.web.browser import Complaints
from tests.web.workbench.balls import LYING, ball, likeness
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.sam import ANSWER_SECONDS, answered, draft, marks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID_MS = 30_000.0
"""The page says that there is no worker after five seconds; a busy machine takes its time."""

NOBODY = (
    "No worker that answers clicks is online. Your clicks are kept, and answered as soon as one is there."
)


@contextmanager
def away(worker: Popen[bytes]) -> Iterator[None]:
    """The worker stands still, and counts as gone."""
    os.killpg(worker.pid, signal.SIGSTOP)
    try:
        until(lambda: not live_workers(store()), seconds=30, what="the worker to count as gone")
        yield
    finally:
        os.killpg(worker.pid, signal.SIGCONT)


def test_without_a_worker_the_clicks_are_kept_and_said_to_wait(
    sam_hand: OpenHand, segmenting: Popen[bytes]
) -> None:
    bench = sam_hand(ShapeKind.POLYGON)
    status = bench.page.locator("#sam-status")
    with away(segmenting):
        bench.press("Shift+A")
        hint = bench.page.locator("#sam-hint")
        expect(hint).to_contain_text("No worker that answers clicks is online now.")
        bench.click(LYING[0])
        # The point is there at once, the sentences come with time.
        assert marks(bench) == [True]
        expect(status).to_have_text("Preparing frame…", timeout=SAID_MS)
        expect(status).to_have_text(NOBODY, timeout=SAID_MS)
        # Saved as soon as it is here.
        bench.press("Enter")
    until(Label.objects.exists, seconds=ANSWER_SECONDS, what="the label")
    assert likeness(bench.shape(), ball(LYING[0])) > 0.8


def test_the_last_worker_is_killed_in_mid_click_and_clicks_outlive_it_and_a_change_of_the_frame(
    sam_hand: OpenHand, segmenting: Popen[bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    bench = sam_hand(ShapeKind.POLYGON)
    begun = "labelyard.tools.get('sam').sam.prompts.standing?.position === 0"
    with away(segmenting):
        with worker_running(environment, tmp_path, module="tests.lane.stuck_worker"):
            bench.press("Shift+A")
            bench.click(LYING[0])
            until(lambda: bench.page.evaluate(begun), seconds=ANSWER_SECONDS, what="the worker at the click")
        # It is killed now, and nobody is left.
        expect(bench.page.locator("#sam-status")).to_have_text(NOBODY, timeout=SAID_MS)
        assert marks(bench) == [True]
        # Another frame: the draft is put aside, its answer will not count.
        bench.press("f")
        bench.wait_frame(1)
        bench.said("The draft on frame 0 is kept")
        assert draft(bench) is None
        # Back: the same point is asked anew, and answered once somebody is there.
        bench.press("d")
        bench.wait_frame(0)
        assert marks(bench) == [True]
    answered(bench)
    bench.press("Enter")
    assert likeness(bench.shape(), ball(LYING[0])) > 0.8


def test_a_class_that_is_archived_refuses_clicks_and_drafts_and_loses_neither(
    sam_hand: OpenHand, segmenting: Popen[bytes], balls_task: Task, complaints: Complaints
) -> None:
    complaints.expected = {422}
    bench = sam_hand(ShapeKind.POLYGON, ShapeKind.BITMASK)
    classes = ObjectClass.objects.filter(ontology=balls_task.project.ontology)
    bench.press("Shift+A")
    classes.filter(shape=ShapeKind.POLYGON).update(archived=True)
    bench.click(LYING[0])
    archived = "“polygon” is archived and takes no new instances."
    expect(bench.page.locator("#sam-status")).to_have_text(archived)
    # The same point is asked for another class.
    bench.press("2")
    answered(bench)
    assert marks(bench) == [True]
    # The draft of one that goes before it is saved is kept in the list of what could not be.
    classes.filter(shape=ShapeKind.BITMASK).update(archived=True)
    bench.press("Enter", "Control+s")
    state = bench.page.locator("#save-state")
    expect(state).to_have_text("Not saved")
    state.click()
    kept = bench.page.get_by_role("dialog")
    expect(kept).to_contain_text("Segment bitmask")
    expect(kept).to_contain_text("“bitmask” is archived and takes no new instances.")
    assert not Label.objects.exists()


def test_a_task_that_somebody_completed_refuses_clicks_and_keeps_them(
    sam_hand: OpenHand, segmenting: Popen[bytes], balls_task: Task, complaints: Complaints
) -> None:
    bench = sam_hand(ShapeKind.POLYGON)
    bench.press("Shift+A")
    bench.click(LYING[0])
    answered(bench)
    complaints.expected = {409}
    Task.objects.filter(pk=balls_task.pk).update(stage=Stage.COMPLETE)
    bench.click((LYING[0][0] + 4, LYING[0][1]))
    expect(bench.page.locator("#sam-status")).to_have_text(
        "The task is complete. Reopen it before changing anything in it."
    )
    assert marks(bench) == [True, True]
    Task.objects.filter(pk=balls_task.pk).update(stage=Stage.ANNOTATE)
    bench.page.get_by_role("button", name="Send again").click()
    answered(bench)
