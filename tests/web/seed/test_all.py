"""“Label All Objects” and “Label One Or More Objects” of the seed page, answered by a real worker.

No worker here understands names: it finds objects that look like labels that exist, and says so.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.models import Instance, Job, Label, Provenance, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.waiting import until
from tests.web.axe import faults
from tests.web.browser import Complaints
from tests.web.seed.page import following
from tests.web.workbench.balls import LYING, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand
from tests.web.workbench.sam import ANSWER_SECONDS, draft, open_wand
from tests.web.workbench.test_accessibility import TARGETS
from workers.runner import run_next

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting", "relayed"),
]

FOUND = 0.7


@pytest.fixture
def example(balls_task: Task, alice: User) -> Instance:
    """One of the balls is labelled: others look like it."""
    instance = factories.make_instance(task=balls_task, shape=ShapeKind.BITMASK, author=alice)
    shape = mask_to_bitmask(ball(LYING[0]))
    assert shape is not None
    label_put(user=alice, instance=instance, frame=0, shape_json=shape_to_json(shape))
    return instance


def found(bench: Hand, count: int) -> Locator:
    """Wait for so many results in the popup."""
    rows = bench.page.locator(".sam-result")
    expect(rows).to_have_count(count, timeout=ANSWER_SECONDS * 1000)
    return rows


def best(bench: Hand, place: tuple[float, float]) -> float:
    """How well the best label on frame 0 fits the ball that is there."""
    return max(likeness(shape, ball(place)) for shape in bench.shapes())


def test_label_all_objects_by_the_sparkles(
    sam_hand: OpenHand, example: Instance, complaints: Complaints
) -> None:
    bench = sam_hand(ShapeKind.BITMASK, ShapeKind.KEYPOINT, ShapeKind.POLYGON)
    sparkles = bench.page.get_by_role("button", name="Label all objects of bitmask on this frame")
    with following("Label All Objects, Method 1") as says:
        says("Click the Sparkles symbol in the Class")
        sparkles.click()
        until(lambda: Label.objects.count() == 3, seconds=ANSWER_SECONDS, what="the labels")
        bench.said("2 objects of bitmask found by")
        bench.keep("sam_sparkles")
        assert min(best(bench, place) for place in (*LYING, rolling(0))) > FOUND
        made = Label.objects.exclude(instance=example)
        assert set(made.values_list("provenance", flat=True)) == {Provenance.PROMPTED}
        says("Tip: This action can be undone")
        bench.press("Control+z")
        bench.saved()
        assert list(Instance.objects.all()) == [example]
    # Who understands no words needs a label as example. Why it refuses stays to be read, until another frame.
    complaints.expected = {422}
    bench.page.get_by_role("button", name="Label all objects of polygon on this frame").click()
    why = bench.page.locator(".class-said:visible")
    expect(why).to_contain_text("no label of “polygon” can be an example yet")
    bench.page.get_by_role("button", name="Dismiss").last.click()
    expect(why).to_contain_text("no label of “polygon” can be an example yet")
    bench.press("f")
    bench.wait_frame(1)
    expect(why).to_have_count(0)


def test_label_all_objects_in_the_popup(sam_hand: OpenHand, example: Instance) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    count = bench.page.locator("#sam-count")
    with following("Label All Objects, Method 2") as says:
        says("1. Click the Wand icon in the Class")
        open_wand(bench, "bitmask")
        says("2. In the pop-up, ensure the toggle is set to All objects prediction")
        bench.page.get_by_text("All objects prediction").click()
        says("3. Type the name of the class")
        name = bench.page.get_by_label("Name of what to look for")
        expect(name).to_have_value("bitmask")
        expect(bench.page.locator("#sam-popup")).to_contain_text("No worker understands names now.")
        name.fill("ball")
        says("4. Click Detect all objects")
        bench.page.get_by_role("button", name="Detect all objects").click()
        rows = found(bench, 2)
        expect(count).to_contain_text("2 of 2")
        assert faults(bench.page, within="#sam-popup") == []
        assert bench.page.evaluate(TARGETS) == []
        bench.keep("sam_all")
        # A threshold leaves out what is less sure, and says at once how many are left.
        least = min(one["confidence"] for one in draft(bench)["shapes"])
        threshold = bench.page.locator("#sam-threshold")
        threshold.fill("1")
        expect(count).to_contain_text("0 of 2")
        expect(rows.first).to_be_hidden()
        threshold.fill(f"{int(least * 100) / 100:.2f}")
        expect(count).to_contain_text("2 of 2")
        says("5. Optionally, remove unwanted objects using the Delete button")
        bench.page.get_by_role("button", name="Delete object 2").click()
        expect(count).to_contain_text("1 of 2")
        # Undo brings it back.
        bench.press("Control+z")
        expect(count).to_contain_text("2 of 2")
        bench.page.get_by_role("button", name="Delete object 2").click()
        says("6. Click Done")
        bench.page.get_by_role("button", name="Done", exact=True).click()
        bench.saved()
        assert Label.objects.count() == 2
    # One undo takes it back.
    bench.press("Control+z")
    bench.saved()
    assert list(Instance.objects.all()) == [example]


def test_label_one_or_more_objects(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    with following("Label One Or More Objects") as says:
        says("1. Select the Wand icon")
        open_wand(bench, "bitmask")
        says("2. In the SAM pop-up, ensure the toggle is set to Single-object detection")
        expect(bench.page.get_by_label("Single-object detection")).to_be_checked()
        says("3. Select the objects")
        bench.page.get_by_text("n objects").click()
        bench.drag((100, 10), (142, 110))
        found(bench, 2)
        bench.keep("sam_area")
        says("4. Optionally track the objects across frames")
        frames = bench.page.get_by_label("Frames to track")
        frames.fill("3")
        frames.press("Escape")
        bench.page.get_by_role("button", name="Forwards", exact=True).click()
        until(Job.objects.exists, seconds=20, what="the order")
        assert run_next(capability="cpu")
        expect(bench.page.locator("#sam-tracking")).to_have_text("Tracked: 4 labels")
        says("5. Click Save")
        bench.page.get_by_role("button", name="Save", exact=True).click()
        bench.saved()
    assert Instance.objects.count() == 2
    assert min(best(bench, place) for place in LYING) > FOUND
    assert sorted(Label.objects.values_list("frame", flat=True)) == [0, 0, 1, 1, 2, 2]
    # The choice is remembered.
    bench.page.reload()
    bench.wait_frame(0)
    open_wand(bench, "bitmask")
    expect(bench.page.get_by_label("n objects")).to_be_checked()
