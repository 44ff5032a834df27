"""The section Detection of the drawer: said before, run by a real detector, taken back in one go."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.models import Instance, Job, Label, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.waiting import until
from tests.web.browser import Complaints, keep
from tests.web.workbench.balls import LYING, RADIUS, ball, likeness
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.objects import run_waiting_part

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
]

SIDE = 2 * RADIUS
BALL = {"left": LYING[0][0] - RADIUS, "top": LYING[0][1] - RADIUS, "width": SIDE, "height": SIDE}


def test_all_objects_of_a_class_are_found_by_the_drawer_and_taken_back_with_one_undo(
    sam_hand: OpenHand, complaints: Complaints, balls_task: Task, alice: User
) -> None:
    complaints.expected = {422}
    bench = sam_hand(ShapeKind.BOUNDING_BOX, ShapeKind.KEYPOINT)
    page = bench.page
    page.get_by_role("tab", name="Automate").click()
    page.get_by_role("heading", name="Detection", exact=True).click()
    plan = page.locator("#detect-plan")
    expect(plan).to_have_text("Choose the classes to look for.")
    # A keypoint covers nothing: it is grey, and says why.
    classes = page.get_by_role("group", name="Classes to look for")
    points = classes.get_by_role("group", name="point")
    expect(points.get_by_role("checkbox")).to_be_disabled()
    expect(points).to_have_attribute(
        "title", "Objects of this shape cannot be segmented, only drawn: keypoint (“point”)."
    )
    wanted = classes.get_by_role("group", name="bounding_box")
    wanted.get_by_role("checkbox", name="bounding_box").check()
    # Nobody understands words here, and there is no label to go by yet.
    expect(plan).to_contain_text("Give one to three examples of “bounding_box”")
    expect(page.locator("#detect-run")).to_be_disabled()
    instance = factories.make_instance(task=balls_task, author=alice)
    label_put(user=alice, instance=instance, frame=0, shape_json=BALL)
    expect(wanted).to_contain_text("Examples from labels (1)")
    page.get_by_label("Every n-th frame").fill("20")
    expect(plan).to_contain_text("2 frames to look at, by similar, for bounding_box like 1 label.")
    wanted.get_by_label("Most on a frame").fill("5")
    wanted.get_by_label("Threshold").fill("0.5")
    keep(page, "workbench-drawer-detection")
    page.get_by_role("button", name="Run detection").click()
    until(Job.objects.exists, seconds=20, what="the order")
    order = Job.objects.get().parameters
    assert (order["step"], order["link"], order["overlap"], order["fill"]) == (20, True, 0.7, None)
    (asked,) = order["classes"]
    assert (asked["threshold"], asked["most"]) == (0.5, 5)
    assert [(one["instance"], one["frame"]) for one in asked["examples"]] == [(instance.pk, 0)]
    run_waiting_part()
    words = page.locator("#job-words")
    expect(words).to_contain_text("Detected: ")
    found = Label.objects.exclude(instance=instance).filter(frame=0)
    shapes = [shape_unpack(bytes(label.geometry or b"")) for label in found]
    assert max(likeness(shape, ball(LYING[1])) for shape in shapes) > 0.5
    job = Job.objects.get()
    made = Instance.objects.exclude(pk=instance.pk).count()
    page.locator("#stage").focus()
    page.keyboard.press("Control+z")
    noun = "object" if made == 1 else "objects"
    expect(page.locator("#messages")).to_contain_text(
        f"Undone: Detection of bounding_box. Removed {job.labels_written} labels and {made} {noun}."
    )
    assert Instance.objects.count() == 1
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator("#messages")).to_contain_text("Done again: Detection of bounding_box.")
    assert Instance.objects.count() == 1 + made
