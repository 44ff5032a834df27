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
from labeling.models import Label, Stage, Task
from tests.lane.desks import worker_running
from tests.waiting import until
from tests.web.browser import Complaints
from tests.web.workbench.balls import LYING, ball, likeness
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.sam import ANSWER_SECONDS, answered, draft, marks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID_MS = 30_000.0
"""The page says that there is no worker after five seconds; a busy machine takes its time."""


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
        expect(status).to_have_text(
            "No worker that answers clicks is online. "
            "Your clicks are kept, and answered as soon as one is there.",
            timeout=SAID_MS,
        )
        # Saved as soon as it is here.
        bench.press("Enter")
    until(Label.objects.exists, seconds=ANSWER_SECONDS, what="the label")
    assert likeness(bench.shape(), ball(LYING[0])) > 0.8


def test_a_worker_that_is_killed_in_mid_click_and_a_frame_that_changed_meanwhile(
    sam_hand: OpenHand, segmenting: Popen[bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    bench = sam_hand(ShapeKind.POLYGON)
    status = bench.page.locator("#sam-status")
    with worker_running(environment, tmp_path, module="tests.lane.stuck_worker") as stuck:
        bench.press("Shift+A")
        bench.click(LYING[0])
        expect(status).to_have_text("Preparing frame…", timeout=SAID_MS)
        # Another frame: the draft is put aside, its answer will not count.
        bench.press("f")
        bench.wait_frame(1)
        bench.said("The draft on frame 0 is kept")
        assert draft(bench) is None
        bench.press("d")
        bench.wait_frame(0)
        # Back: the same point is asked anew, behind the one that never ends.
        assert marks(bench) == [True]
        expect(status).to_have_text("Queued, position 1", timeout=SAID_MS)
        stuck.kill()
    # The clicks go to the worker that is left.
    answered(bench)
    bench.press("Enter")
    assert likeness(bench.shape(), ball(LYING[0])) > 0.8


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
