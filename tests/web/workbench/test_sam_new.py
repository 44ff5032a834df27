"""SAM mode in a real Chromium, answered by a real worker: what the seed page says of single objects.

Headings, steps and tips stand where they are followed.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from labeling.geometry.masks import shape_to_mask
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.models import Instance, Label, Provenance, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.web.axe import faults
from tests.web.workbench.balls import HEIGHT, LYING, WIDTH, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.sam import answered, draft, marks, open_wand, wand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting"),
]

FOUND = 0.8
"""Of intersection over union: the ball, within what the film's compression leaves of its edge."""

SEGMENTED = [
    ShapeKind.POLYGON,
    ShapeKind.BOUNDING_BOX,
    ShapeKind.BITMASK,
    ShapeKind.ROTATABLE_BOUNDING_BOX,
]


def test_availability(sam_hand: OpenHand) -> None:
    bench = sam_hand(*ShapeKind)
    for shape in ShapeKind:
        fits = shape in SEGMENTED
        button = wand(bench, shape.value)
        expect(button).to_have_attribute("aria-disabled", "false" if fits else "true")
        if not fits:
            assert "cannot be segmented, only drawn" in (button.get_attribute("title") or "")
    # A press all the same says so.
    wand(bench, "point").dispatch_event("click")
    bench.said("Objects of this shape cannot be segmented, only drawn: keypoint (“point”).")
    expect(bench.page.locator("#sam-popup")).to_be_hidden()


def test_label_new_instances(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK, ShapeKind.POLYGON)
    # 1. Click the wand icon on Ontology class you want to label with.
    open_wand(bench, "bitmask")
    # 2. Click across the part of the image you want to label. A popup appears.
    bench.click(rolling(0))
    answered(bench)
    expect(bench.page.locator("#sam-made")).to_have_text(
        re.compile(r"Made by classical 1 on cpu in \d+ ms, score 0\.\d\d")
    )
    assert faults(bench.page, within="#sam-popup") == []
    # Tip: Left-click parts of the image to include them in the label.
    bench.click(LYING[0])
    answered(bench)
    # Tip: Right-click parts of the selection to exclude them from the label.
    spot = (LYING[0][0] + 7.0, LYING[0][1])
    bench.click(spot, button="right")
    answered(bench)
    assert marks(bench) == [True, True, False]
    expect(bench.page.get_by_role("menu")).to_have_count(0)
    bench.page.screenshot(path="test-results/screenshots/sam_draft.png")
    # 3. Press ENTER.
    bench.press("Enter")
    (label,) = bench.labels()
    assert label.provenance == Provenance.PROMPTED
    mask = shape_to_mask(bench.shape(), width=WIDTH, height=HEIGHT)
    assert (mask & ball(rolling(0))).sum() > 0.9 * ball(rolling(0)).sum()
    assert not mask[int(spot[1]), int(spot[0])]
    # The next click is another object; 3. Click Save.
    bench.click(LYING[1])
    answered(bench)
    bench.page.get_by_role("button", name="Save", exact=True).click()
    _, second = bench.shapes()
    assert likeness(second, ball(LYING[1])) > FOUND
    titles = list(label.task.edits.order_by("seq").values_list("title", flat=True))
    assert titles == ["Segment bitmask", "Segment bitmask"]


def test_shift_a_toggles_sam_mode_and_it_stays_on_for_another_class(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.POLYGON, ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.BOUNDING_BOX)
    # Tip: Use the Shift + A keyboard shortcut to toggle SAM mode. No need to click the wand icon separately.
    bench.press("Shift+A")
    popup = bench.page.locator("#sam-popup")
    expect(popup).to_be_visible()
    bench.click(LYING[0])
    answered(bench)
    bench.press("Enter")
    assert likeness(bench.shape(), ball(LYING[0])) > FOUND
    # Tip: SAM mode remains active when switching to a different annotation class.
    bench.press("3")
    expect(popup).to_contain_text("A new object of bounding_box.")
    bench.click(LYING[1])
    answered(bench)
    # An open draft follows the class, too.
    bench.press("2")
    answered(bench)
    expect(popup).to_contain_text("A new object of rotatable_bounding_box.")
    # A click of the middle button saves.
    bench.page.mouse.click(*bench.at(LYING[1]), button="middle")
    assert [label.instance.object_class.shape for label in bench.labels()] == [
        ShapeKind.POLYGON,
        ShapeKind.ROTATABLE_BOUNDING_BOX,
    ]
    # Deactivate SAM by clicking the Toggle auto-annotation button.
    bench.tool("sam").click()
    expect(popup).to_be_hidden()
    bench.press("Shift+A")
    expect(popup).to_be_visible()
    # Or using the SHIFT + A keyboard shortcut again.
    bench.press("Shift+A")
    expect(popup).to_be_hidden()


def test_label_existing_instances(sam_hand: OpenHand, balls_task: Task, alice: User) -> None:
    instance = factories.make_instance(task=balls_task, shape=ShapeKind.POLYGON, author=alice)
    ring = {"polygons": [[[[20, 50], [50, 50], [36, 80]]]]}
    label_put(user=alice, instance=instance, frame=0, shape_json=ring)
    bench = sam_hand(ShapeKind.BITMASK, ShapeKind.POLYGON)
    bench.page.locator(f'[data-key="{instance.object_hash}"]').first.click()
    # 1. Navigate to the frame you want to create the label.
    bench.press("f", "f")
    bench.wait_frame(2)
    # 2. Click the Toggle auto-annotation button.
    bench.tool("sam").click()
    whom = bench.page.locator("#sam-whom")
    expect(whom).to_have_text("The label of polygon 1 on this frame.")
    # 3. Click-and-drag the cursor across the part of the image you want to label. A popup appears.
    (x, y) = rolling(2)
    bench.drag((x - 19, y - 19), (x + 19, y + 19))
    answered(bench)
    # 4. Press ENTER.
    bench.press("Enter")
    assert likeness(bench.shape(frame=2), ball(rolling(2))) > FOUND
    # Where it has a label, Save replaces that one.
    bench.press("d", "d")
    bench.wait_frame(0)
    expect(whom).to_have_text("The label of polygon 1 on this frame, in place of the one there.")
    bench.click(rolling(0))
    answered(bench)
    bench.press("Enter")
    assert likeness(bench.shape(), ball(rolling(0))) > FOUND
    assert Instance.objects.count() == 1
    assert set(Label.objects.values_list("provenance", flat=True)) == {Provenance.PROMPTED}
    # One undo brings the drawn one back.
    bench.press("Control+z")
    (label,) = bench.labels()
    assert label.provenance == Provenance.MANUAL


def test_a_draft_is_taken_back_and_dropped_and_nothing_is_written(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    bench.press("Shift+A")
    # With nothing to exclude from, a right click opens the menu and Alt says why not.
    bench.page.keyboard.down("Alt")
    bench.click(LYING[0])
    bench.page.keyboard.up("Alt")
    bench.said("Click on the object first")
    assert draft(bench) is None
    bench.click(LYING[0])
    bench.page.keyboard.down("Alt")
    bench.click((100, 100))
    bench.page.keyboard.up("Alt")
    assert marks(bench) == [True, False]
    bench.press("Control+z")
    assert marks(bench) == [True]
    bench.press("Backspace")
    assert draft(bench) is None
    bench.click(LYING[0])
    bench.press("Escape")
    assert draft(bench) is None
    expect(bench.page.locator("#sam-popup")).to_be_visible()
    bench.press("Escape")
    expect(bench.page.locator("#sam-popup")).to_be_hidden()
    assert bench.labels() == []


def test_panoptic_exclude_mode(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.POLYGON, ShapeKind.BITMASK)
    # 1. Enable SAM mode by pressing Shift + A.
    bench.press("Shift+A")
    mode = bench.page.get_by_label("Panoptic mode")
    # Note: only works with bitmask annotations.
    expect(mode).to_be_disabled()
    # 2. Select the Bitmask annotation class.
    bench.press("2")
    # 3. In the bitmask settings panel, set Panoptic mode to Exclude.
    mode.select_option(label="Exclude")
    bench.page.locator("#stage").focus()
    # 4. Use SAM single object detection to create new bitmask labels.
    (x, y) = LYING[0]
    bench.drag((x - 18, y - 18), (x, y + 18))
    answered(bench)
    bench.press("Enter")
    bench.saved()
    bench.click(LYING[0])
    answered(bench)
    # The draft shows what will be kept.
    preview = shape_from_json(
        ShapeKind.BITMASK, draft(bench)["shapes"][0]["shape"], width=WIDTH, height=HEIGHT
    )
    bench.press("Enter")
    first, second = (shape_to_mask(one, width=WIDTH, height=HEIGHT) for one in bench.shapes())
    assert second.any()
    assert (shape_to_mask(preview, width=WIDTH, height=HEIGHT) == second).all()
    assert not (first & second).any()
