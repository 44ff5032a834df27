"""“Tracking” of the seed page: from the popup, drawer, menus and rows, several at once; its settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Direction, Instance, Job, JobState, Label, Provenance, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.waiting import until
from tests.web.seed.page import BACKWARDS, FORWARDS, following
from tests.web.workbench.balls import LYING, RADIUS, Place, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand
from tests.web.workbench.sam import answered, draft, open_wand
from workers.runner import run_next

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting", "relayed"),
]


def boxed_ball(task: Task, author: User, place: Place, *, frame: int = 0) -> Instance:
    """An object with a box around the ball that is there."""
    task.refresh_from_db()
    instance = factories.make_instance(task=task, author=author)
    side = 2 * RADIUS
    shape = {"left": place[0] - RADIUS, "top": place[1] - RADIUS, "width": side, "height": side}
    label_put(user=author, instance=instance, frame=frame, shape_json=shape)
    return instance


def row(bench: Hand, instance: Instance) -> str:
    return f'#object-table [data-key="{instance.object_hash}"]'


def ended(bench: Hand, count: int) -> Job:
    """Wait for the newest of so many orders, and run it."""
    until(lambda: Job.objects.count() == count, seconds=20, what="the order")
    assert run_next(capability="cpu")
    expect(bench.page.locator("#job-words")).to_contain_text("Tracked")
    return Job.objects.latest("pk")


def ordered(count: int) -> Job:
    """Wait for the newest of so many orders."""
    until(lambda: Job.objects.count() == count, seconds=20, what="the order")
    return Job.objects.latest("pk")


def reach(job: Job) -> tuple[int, int, str]:
    return job.first_frame, job.last_frame, job.direction


def go(bench: Hand, frame: int) -> None:
    bench.page.evaluate("(frame) => labelyard.go(frame)", frame)
    bench.wait_frame(frame)


def cancelled(job: Job) -> None:
    """Wait until the job is."""

    def over() -> bool:
        job.refresh_from_db()
        return job.state == JobState.CANCELLED

    until(over, seconds=20, what="the job to be cancelled")


def set_range(page: Page, frames: str) -> None:
    """Follow what the seed page says of settings, and close them."""
    page.get_by_role("button", name="Settings").click()
    section = page.get_by_role("tabpanel", name="Object tracking")
    with following("Settings: Change Tracking Range") as says:
        says("It can be adjusted in the Object tracking section; 30 by default")
        reach = section.get_by_label("Tracking range")
        expect(reach).to_have_value("30")
        reach.fill(frames)
    with following("Settings: Advanced Tracking") as says:
        says("A faster, simpler algorithm")
        expect(section.get_by_label("Advanced tracking")).to_be_visible()
        assert page.evaluate("labelyard.preferences.get('advanced_tracking')") is True
    page.keyboard.press("Escape")


def test_track_while_creating_labels(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    page = bench.page
    standing = page.locator("#sam-tracking")
    frames = page.get_by_label("Frames to track")
    with following("Track While Creating Labels") as says:
        says("Before you begin, set your tracking range")
        set_range(page, "7")
        says("1. Click the wand icon")
        open_wand(bench, "bitmask")
        says("2. Click the instance you want to label")
        bench.click(rolling(0))
        answered(bench)
        says("3. Specify the number of frames")
        expect(frames).to_have_value("7")
        frames.fill("6")
        says("4. Click Backwards or Forwards")
        page.get_by_role("button", name="Forwards", exact=True).click()
        job = ordered(1)
        assert (job.first_frame, job.last_frame, job.parameters["from_editor"]) == (0, 5, True)
        assert Label.objects.get().provenance == Provenance.PROMPTED
        assert run_next(capability="cpu")
        expect(standing).to_have_text("Tracked: 5 labels")
        # Labels appear as they are committed.
        there = "labelyard.store.labelsOn(5).filter((one) => one.shape).length"
        until(lambda: page.evaluate(there) == 1, seconds=20, what="the label on the page")
        bench.keep("sam_tracking")
        says("5. Click Save when tracking completes")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(standing).to_be_hidden()
        for label in Label.objects.filter(frame__gt=0):
            assert label.geometry is not None
            assert likeness(shape_unpack(bytes(label.geometry)), ball(rolling(label.frame))) > 0.7
        assert Label.objects.count() == 6
        by_keys_and_taken_back(bench, says)


def by_keys_and_taken_back(bench: Hand, says: Callable[[str], None]) -> None:
    """The keys order what the buttons do; Esc takes back the draft with what is tracked from it."""
    standing = bench.page.locator("#sam-tracking")
    go(bench, 3)
    says(FORWARDS)
    bench.click(LYING[0])
    answered(bench)
    bench.press("Shift+T")
    ordered(2)
    expect(standing).to_have_text("Waiting for a worker")
    bench.press("Escape")
    until(lambda: Instance.objects.count() == 1, seconds=20, what="the draft's object to go")
    assert Job.objects.latest("pk").state == JobState.CANCELLED
    says(BACKWARDS)
    bench.click(LYING[1])
    answered(bench)
    bench.press("Alt+Shift+T")
    assert reach(ordered(3)) == (0, 3, Direction.BACKWARDS)
    assert run_next(capability="cpu")
    expect(standing).to_have_text("Tracked: 3 labels")
    bench.press("Escape")
    until(lambda: Instance.objects.count() == 1, seconds=20, what="the draft's object to go")
    assert draft(bench) is None
    expect(standing).to_be_hidden()


def test_track_existing_instances_by_the_drawer(sam_hand: OpenHand, balls_task: Task, alice: User) -> None:
    instance = boxed_ball(balls_task, alice, rolling(0))
    bench = sam_hand(ShapeKind.BOUNDING_BOX)
    page = bench.page
    with following("Track Existing Instances, Method 1") as says:
        says("1. Click Automated labeling")
        page.get_by_role("tab", name="Automate").click()
        says("2. Expand the Tracking and interpolation section")
        expect(page.get_by_role("heading", name="Tracking and interpolation")).to_be_visible()
        says("Note: The Automated labeling feature supports tracking forwards")
        expect(page.get_by_label("Direction")).to_have_value("forwards")
        says("3. Select the instances you want to track")
        page.locator(f'#track-objects input[value="{instance.object_hash}"]').check()
        says("4. Make sure the Tracking method is selected")
        expect(page.get_by_label("Method")).to_have_value("track")
        says("5. Set the tracking annotation interval")
        page.get_by_label("Tracking annotation interval").fill("5")
        says("6. Specify the frame range")
        page.locator("#track-last").fill("8")
        says("7. Click Run tracking")
        page.get_by_role("button", name="Run tracking").click()
        job = ended(bench, 1)
        assert (job.first_frame, job.last_frame, job.parameters["interval"]) == (0, 8, 5)
    for label in Label.objects.filter(frame__gt=0):
        assert label.geometry is not None
        box = shape_unpack(bytes(label.geometry))
        assert isinstance(box, Box)
        # A box around a ball holds it, and pi / 4 of the box is ball.
        assert likeness(box, ball(rolling(label.frame))) > 0.6
    assert Label.objects.count() == 9


def test_track_existing_instances_by_menus_and_several_at_once(
    sam_hand: OpenHand, balls_task: Task, alice: User, victor: User
) -> None:
    boxed_ball(balls_task, alice, LYING[0])
    last = boxed_ball(balls_task, alice, LYING[1], frame=30)
    bench = sam_hand(ShapeKind.BOUNDING_BOX)
    page = bench.page
    with following("Track Existing Instances, Method 2") as says:
        says("1. Right-click the instance label")
        bench.click(LYING[0], button="right")
        says("2. Click Track forwards or Track backwards")
        page.get_by_role("menuitem", name="Track forwards", exact=True).click()
        assert reach(ended(bench, 1)) == (0, 29, Direction.FORWARDS)
        says(FORWARDS)
        says(BACKWARDS)
        go(bench, 30)
        bench.press("s")
        bench.click(LYING[1])
        bench.press("Alt+Shift+T")
        assert reach(ended(bench, 2)) == (1, 30, Direction.BACKWARDS)
    with following("Track Existing Instances, Method 3") as says:
        says("1. Hover over the instance row")
        page.locator(row(bench, last)).hover()
        says("2. Click the … button")
        page.get_by_role("button", name=f"Menu of {last}").click()
        says("3. Click Track forwards or Track backwards")
        page.get_by_role("menuitem", name="Track forwards", exact=True).click()
        assert reach(ended(bench, 3)) == (30, 39, Direction.FORWARDS)
        says("Note: Only in the row menu for trackable shapes")
        looking = sam_hand(ShapeKind.BOUNDING_BOX, user=victor)
        looking.page.get_by_role("button", name=f"Menu of {last}").click()
        expect(looking.page.get_by_role("menu")).to_be_visible()
        expect(looking.page.get_by_role("menuitem", name="Track")).to_have_count(0)
        looking.page.close()


def test_tracking_multiple_objects(sam_hand: OpenHand, balls_task: Task, alice: User) -> None:
    balls = {boxed_ball(balls_task, alice, place).pk for place in LYING}
    bench = sam_hand(ShapeKind.BOUNDING_BOX)
    page = bench.page
    with following("Tracking Multiple Objects") as says:
        says("1. Click one of the objects")
        bench.click(LYING[0])
        says("2. Hold Shift and select all the other objects")
        page.keyboard.down("Shift")
        bench.click(LYING[1])
        page.keyboard.up("Shift")
        says("3. Right-click on one of the selected objects")
        bench.click(LYING[1], button="right")
        page.get_by_role("menuitem", name="Track forwards all").click()
        job = ended(bench, 1)
        assert set(job.claims.values_list("instance", flat=True)) == balls
        assert reach(job) == (0, 29, Direction.FORWARDS)
        go(bench, 29)
        orders = [
            ("Note: Track forwards all", "Shift+T", (29, 39, Direction.FORWARDS)),
            ("Note: Track backwards all", "Alt+Shift+T", (0, 29, Direction.BACKWARDS)),
        ]
        for number, (note, key, expected) in enumerate(orders, start=2):
            says(note)
            bench.press(key)
            job = ordered(number)
            assert set(job.claims.values_list("instance", flat=True)) == balls
            assert reach(job) == expected
            # While it waits, undo cancels it.
            expect(page.locator("#job-words")).to_contain_text("Waiting for a worker")
            bench.press("Control+z")
            cancelled(job)
