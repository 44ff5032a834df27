"""“Track While Creating Labels” of the seed page: from the popup the draft is saved, and tracked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.models import Instance, Job, JobState, Label, Provenance
from tests.waiting import until
from tests.web.workbench.balls import LYING, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.sam import answered, draft, open_wand
from workers.runner import run_next

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting", "relayed"),
]


def ordered(count: int) -> Job:
    """Wait for the newest of so many orders."""
    until(lambda: Job.objects.count() == count, seconds=20, what="the order")
    return Job.objects.latest("pk")


def test_track_while_creating_labels(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    standing = bench.page.locator("#sam-tracking")
    # 1. Click the wand icon next to the class you want to label.
    open_wand(bench, "bitmask")
    # 2. Click the instance you want to label.
    bench.click(rolling(0))
    answered(bench)
    # 3. Specify the number of frames you want to track the instance across; 30 by default.
    frames = bench.page.get_by_label("Frames to track")
    expect(frames).to_have_value("30")
    frames.fill("6")
    # 4. Click Forwards to start the tracking algorithm.
    bench.page.get_by_role("button", name="Forwards", exact=True).click()
    job = ordered(1)
    assert (job.first_frame, job.last_frame, job.parameters["from_editor"]) == (0, 5, True)
    assert Label.objects.get().provenance == Provenance.PROMPTED
    assert run_next(capability="cpu")
    expect(standing).to_have_text("Tracked: 5 labels")
    # Labels appear as they are committed.
    there = "labelyard.store.labelsOn(5).filter((one) => one.shape).length"
    until(lambda: bench.page.evaluate(there) == 1, seconds=10, what="the label on the page")
    bench.keep("sam_tracking")
    # 5. Click Save when tracking completes to save the generated labels.
    bench.page.get_by_role("button", name="Save", exact=True).click()
    expect(standing).to_be_hidden()
    for label in Label.objects.filter(frame__gt=0):
        assert label.geometry is not None
        assert likeness(shape_unpack(bytes(label.geometry)), ball(rolling(label.frame))) > 0.7
    assert Label.objects.count() == 6


def test_esc_takes_back_the_draft_with_what_is_tracked_from_it(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    bench.press("Shift+A")
    bench.page.get_by_label("Frames to track").evaluate("(field) => { field.value = 4; }")
    # Note: you can also use keyboard shortcuts to initiate tracking: SHIFT + T forwards.
    bench.click(LYING[0])
    answered(bench)
    bench.press("Shift+T")
    ordered(1)
    expect(bench.page.locator("#sam-tracking")).to_have_text("Waiting for a worker")
    bench.press("Escape")
    until(lambda: not Instance.objects.exists(), seconds=20, what="the draft's object to go")
    assert Job.objects.get().state == JobState.CANCELLED
    # SHIFT + T + OPTION backwards, and Esc once it has ended.
    bench.press("f", "f", "f")
    bench.wait_frame(3)
    bench.click(LYING[1])
    answered(bench)
    bench.press("Alt+Shift+T")
    job = ordered(2)
    assert (job.first_frame, job.last_frame) == (0, 3)
    assert run_next(capability="cpu")
    expect(bench.page.locator("#sam-tracking")).to_have_text("Tracked: 3 labels")
    bench.press("Escape")
    until(lambda: not Instance.objects.exists(), seconds=20, what="the draft's object to go")
    assert draft(bench) is None
    expect(bench.page.locator("#sam-tracking")).to_be_hidden()
