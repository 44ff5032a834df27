"""“Segmentation” of the seed page but its last headings, answered by a real worker without weights."""

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
from tests.web.browser import keep
from tests.web.seed.page import EXCLUDE, INCLUDE, following
from tests.web.workbench.balls import HEIGHT, LYING, WIDTH, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.sam import answered, draft, marks, open_wand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting"),
]

FOUND = 0.8
"""Of intersection over union: the ball, within what the film's compression leaves of its edge."""


def test_label_new_instances(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK, ShapeKind.POLYGON)
    with following("Label New Instances") as says:
        says("1. Click the wand icon")
        open_wand(bench, "bitmask")
        says("2. Click, or click-and-drag")
        bench.click(rolling(0))
        answered(bench)
        expect(bench.page.locator("#sam-made")).to_have_text(
            re.compile(r"Made by classical 1 on cpu in \d+ ms, score 0\.\d\d")
        )
        assert faults(bench.page, within="#sam-popup") == []
        says(INCLUDE)
        bench.click(LYING[0])
        answered(bench)
        says(EXCLUDE)
        spot = (LYING[0][0] + 7.0, LYING[0][1])
        bench.click(spot, button="right")
        answered(bench)
        assert marks(bench) == [True, True, False]
        expect(bench.page.get_by_role("menu")).to_have_count(0)
        keep(bench.page, "sam_draft")
        says("3. Click Save or press Enter")
        bench.press("Enter")
        (label,) = bench.labels()
        assert label.provenance == Provenance.PROMPTED
        mask = shape_to_mask(bench.shape(), width=WIDTH, height=HEIGHT)
        assert (mask & ball(rolling(0))).sum() > 0.9 * ball(rolling(0)).sum()
        assert not mask[int(spot[1]), int(spot[0])]
        # The next click is another object.
        bench.click(LYING[1])
        answered(bench)
        bench.page.get_by_role("button", name="Save", exact=True).click()
        _, second = bench.shapes()
        assert likeness(second, ball(LYING[1])) > FOUND
    titles = list(label.task.edits.order_by("seq").values_list("title", flat=True))
    assert titles == ["Segment bitmask", "Segment bitmask"]


def test_sam_mode_is_toggled_and_stays_on_for_another_class(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.POLYGON, ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.BOUNDING_BOX)
    popup = bench.page.locator("#sam-popup")
    with following("Label New Instances: Tip") as says:
        says("Use the Shift + A keyboard shortcut")
        bench.press("Shift+A")
        expect(popup).to_be_visible()
        says("SAM is activated whenever the class is selected")
        bench.press("1")
        bench.click(LYING[0])
        answered(bench)
        bench.press("Enter")
        assert likeness(bench.shape(), ball(LYING[0])) > FOUND
    with following("Label Existing Instances: Tip") as says:
        says("SAM mode remains active")
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
        says("Deactivate SAM by clicking the Toggle auto-annotation button")
        bench.tool("sam").click()
        expect(popup).to_be_hidden()
        bench.press("Shift+A")
        expect(popup).to_be_visible()
        bench.press("Shift+A")
        expect(popup).to_be_hidden()


def test_label_existing_instances(sam_hand: OpenHand, balls_task: Task, alice: User) -> None:
    instance = factories.make_instance(task=balls_task, shape=ShapeKind.POLYGON, author=alice)
    ring = {"polygons": [[[[20, 50], [50, 50], [36, 80]]]]}
    label_put(user=alice, instance=instance, frame=0, shape_json=ring)
    bench = sam_hand(ShapeKind.BITMASK, ShapeKind.POLYGON)
    bench.page.locator(f'[data-key="{instance.object_hash}"]').first.click()
    whom = bench.page.locator("#sam-whom")
    with following("Label Existing Instances") as says:
        says("1. Navigate to the frame")
        bench.press("f", "f")
        bench.wait_frame(2)
        says("2. Click the Toggle auto-annotation button")
        bench.tool("sam").click()
        expect(whom).to_have_text("The label of polygon 1 on this frame.")
        says("3. Click, or click-and-drag")
        (x, y) = rolling(2)
        bench.drag((x - 19, y - 19), (x + 19, y + 19))
        answered(bench)
        says(INCLUDE)
        bench.click((x, y))
        answered(bench)
        says(EXCLUDE)
        bench.click((x + 16, y - 16), button="right")
        answered(bench)
        assert marks(bench) == [True, False]
        says("4. Click Save or press Enter")
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


def test_panoptic_exclude_mode(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.POLYGON, ShapeKind.BITMASK)
    mode = bench.page.get_by_label("Panoptic mode")
    with following("Panoptic Exclude Mode") as says:
        says("1. Enable SAM mode")
        bench.press("Shift+A")
        says("Note: Panoptic exclude mode only works with bitmask annotations")
        expect(mode).to_be_disabled()
        says("2. Select the Bitmask annotation class")
        bench.press("2")
        says("3. In the bitmask settings panel")
        mode.select_option(label="Exclude")
        bench.page.locator("#stage").focus()
        says("4. Use SAM single object detection")
        (x, y) = LYING[0]
        bench.drag((x - 18, y - 18), (x, y + 18))
        answered(bench)
        bench.press("Enter")
        bench.saved()
        bench.click(LYING[0])
        answered(bench)
        says("It automatically excludes any existing bitmasks")
        # The draft shows what will be kept.
        preview = shape_from_json(
            ShapeKind.BITMASK, draft(bench)["shapes"][0]["shape"], width=WIDTH, height=HEIGHT
        )
        bench.press("Enter")
        first, second = (shape_to_mask(one, width=WIDTH, height=HEIGHT) for one in bench.shapes())
        assert second.any()
        assert (shape_to_mask(preview, width=WIDTH, height=HEIGHT) == second).all()
        assert not (first & second).any()
