"""“Track Existing Instances” and “Tracking Multiple Objects” of the seed page, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Direction, Instance, Job, Label, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.waiting import until
from tests.web.workbench.balls import LYING, RADIUS, Place, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand
from workers.runner import run_next

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
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


def test_track_existing_instances_by_the_drawer(sam_hand: OpenHand, balls_task: Task, alice: User) -> None:
    instance = boxed_ball(balls_task, alice, rolling(0))
    bench = sam_hand(ShapeKind.BOUNDING_BOX)
    page = bench.page
    # Method 1. 1. Click Automated labeling.
    page.get_by_role("tab", name="Automate").click()
    # 2. Expand the Tracking and interpolation section.
    expect(page.get_by_role("heading", name="Tracking and interpolation")).to_be_visible()
    # 3. Select the instances you want to track.
    page.locator(f'#track-objects input[value="{instance.object_hash}"]').check()
    # 4. Make sure the Tracking method is selected.
    expect(page.get_by_label("Method")).to_have_value("track")
    # 5. Set the tracking annotation interval.
    page.get_by_label("Tracking annotation interval").fill("5")
    # 6. Specify the frame range you want to track the selected instances across.
    page.get_by_label("To frame").fill("8")
    # 7. Click Run tracking to begin the process.
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
    sam_hand: OpenHand, balls_task: Task, alice: User
) -> None:
    first = boxed_ball(balls_task, alice, LYING[0])
    last = boxed_ball(balls_task, alice, LYING[1], frame=30)
    bench = sam_hand(ShapeKind.BOUNDING_BOX)
    page = bench.page
    # Method 2. 1. Right-click the instance label you want to start tracking.
    bench.click(LYING[0], button="right")
    # 2. Click Track forwards to run tracking for 30 consecutive frames.
    page.get_by_role("menuitem", name="Track forwards", exact=True).click()
    job = ended(bench, 1)
    assert (job.first_frame, job.last_frame, job.direction) == (0, 29, Direction.FORWARDS)
    # Method 3. 1. Hover over the instance row; a … button appears. 2. Click it to open the actions menu.
    page.evaluate("labelyard.go(30)")
    bench.wait_frame(30)
    page.locator(row(bench, last)).hover()
    page.get_by_role("button", name=f"Menu of {last}").click()
    # 3. Click Track backwards to start tracking using your configured tracking range.
    page.get_by_role("menuitem", name="Track backwards", exact=True).click()
    job = ended(bench, 2)
    assert (job.first_frame, job.last_frame, job.direction) == (1, 30, Direction.BACKWARDS)
    # Tracking Multiple Objects. 1. Click one of the objects. 2. Hold Shift and select the others.
    page.evaluate("labelyard.go(29)")
    bench.wait_frame(29)
    bench.press("s")
    bench.click(LYING[0])
    page.keyboard.down("Shift")
    bench.click(LYING[1])
    page.keyboard.up("Shift")
    # 3. Right-click on one of the selected objects and click Track forwards all.
    bench.click(LYING[1], button="right")
    page.get_by_role("menuitem", name="Track forwards all").click()
    until(lambda: Job.objects.count() == 3, seconds=20, what="the order")
    job = Job.objects.latest("pk")
    assert set(job.claims.values_list("instance", flat=True)) == {first.pk, last.pk}
    assert (job.first_frame, job.last_frame) == (29, 39)
