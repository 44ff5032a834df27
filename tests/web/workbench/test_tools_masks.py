"""Bitmasks in a real Chromium: brush, eraser, outlines, holes; every pixel is looked at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from labeling.geometry.masks import bitmask_to_mask, mask_to_bitmask
from labeling.geometry.shapes import Bitmask, BoolMask, Shape, ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.models import Instance, Label, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.waiting import until
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Painted = Callable[[BoolMask], Instance]
Y, X = np.mgrid[:128, :160] + 0.5


@pytest.fixture
def painted(film_task: Task, alice: User) -> Painted:
    """Put a bitmask on frame 0, as an object of its own."""

    def made(mask: BoolMask) -> Instance:
        film_task.refresh_from_db()
        instance = factories.make_instance(task=film_task, shape=ShapeKind.BITMASK, author=alice)
        shape = mask_to_bitmask(mask)
        assert shape is not None
        label_put(user=alice, instance=instance, frame=0, shape_json=shape_to_json(shape))
        return instance

    return made


def pixels(shape: Shape) -> BoolMask:
    assert isinstance(shape, Bitmask)
    return bitmask_to_mask(shape, width=160, height=128)


def stroke(start: tuple[float, float], end: tuple[float, float], size: float) -> BoolMask:
    """The pixels whose centres lie within half the size of a stretch."""
    (x0, y0), (x1, y1) = start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = np.clip(((X - x0) * (x1 - x0) + (Y - y0) * (y1 - y0)) / (length or 1), 0, 1)
    near: BoolMask = np.hypot(X - x0 - share * (x1 - x0), Y - y0 - share * (y1 - y0)) <= size / 2
    return near


def differ(one: BoolMask, other: BoolMask) -> float:
    """How far two masks differ, as a share of the pixels that a border of one pixel would have."""
    return float((one ^ other).sum() / max(1, np.sqrt(other.sum()) * 4))


def size(bench: Hand, pixels: int) -> None:
    number = bench.page.get_by_label("Brush size in pixels")
    number.fill(str(pixels))
    number.press("Enter")
    number.press("Escape")


def test_a_stroke_makes_an_object_and_the_next_one_goes_on_with_it(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BITMASK)
    bench.press("b")
    size(bench, 20)
    bench.drag((40, 40), (100, 60))
    assert differ(pixels(bench.shape()), stroke((40, 40), (100, 60), 20)) < 0.3
    bench.move((100, 60))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.at((60, 100)), steps=5)
    bench.keep("brush_stroke")
    bench.page.mouse.up()
    both = stroke((40, 40), (100, 60), 20) | stroke((100, 60), (60, 100), 20)
    assert differ(pixels(bench.shape()), both) < 0.3
    bench.move((30, 100))
    bench.keep("brush")
    (label,) = bench.labels()
    titles = list(label.task.edits.order_by("seq").values_list("title", flat=True))
    assert [title.split()[0] for title in titles] == ["Draw", "Paint"]


def test_the_eraser_takes_pixels_and_undo_brings_them_back(hand: OpenHand, painted: Painted) -> None:
    whole = stroke((40, 60), (120, 60), 40)
    painted(whole)
    bench = hand(ShapeKind.BITMASK)
    bench.click((60, 60))
    bench.press("x")
    size(bench, 16)
    bench.drag((80, 20), (80, 110))
    left = whole & ~stroke((80, 20), (80, 110), 16)
    bench.keep("eraser")
    assert differ(pixels(bench.shape()), left) < 0.3
    bench.press("Control+z")
    assert (pixels(bench.shape()) == whole).all()


def test_shift_paints_straight_from_the_last_stroke(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BITMASK)
    bench.press("b")
    size(bench, 10)
    bench.click((30, 30))
    bench.saved()
    bench.page.keyboard.down("Shift")
    bench.click((120, 90))
    bench.page.keyboard.up("Shift")
    assert differ(pixels(bench.shape()), stroke((30, 30), (120, 90), 10)) < 0.3


def test_keys_and_the_wheel_with_alt_change_the_size(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BITMASK)
    bench.press("b")
    number = bench.page.get_by_label("Brush size in pixels")
    expect(number).to_have_value("24")
    bench.press("]", "]", "[")
    expect(number).to_have_value("26")
    before = bench.page.locator("#layer-image").bounding_box()
    bench.move((80, 60))
    bench.page.keyboard.down("Alt")
    bench.page.mouse.wheel(0, -100)
    bench.page.keyboard.up("Alt")
    expect(number).to_have_value("29")
    assert bench.page.locator("#layer-image").bounding_box() == before


def test_when_nothing_is_left_the_page_asks_what_that_means(hand: OpenHand, painted: Painted) -> None:
    whole = stroke((60, 60), (60, 60), 20)
    painted(whole)
    bench = hand(ShapeKind.BITMASK)
    bench.click((60, 60))
    bench.press("x")
    size(bench, 60)
    bench.click((60, 60))
    dialog = bench.page.get_by_role("dialog", name="Nothing is left of")
    expect(dialog).to_be_visible()
    bench.keep("eraser_question")
    dialog.get_by_role("button", name="Keep it as it was").click()
    assert (pixels(bench.shape()) == whole).all()
    bench.click((60, 60))
    dialog.get_by_role("button", name="Mark absent").click()
    until(lambda: bench.labels()[0].geometry is None, seconds=20, what="the absent mark")
    (label,) = bench.labels()
    assert label.protected


def test_an_outline_is_added_to_the_mask_and_with_alt_cut_from_it(hand: OpenHand, painted: Painted) -> None:
    square = (X > 40) & (X < 80) & (Y > 40) & (Y < 80)
    painted(square)
    bench = hand(ShapeKind.BITMASK)
    bench.click((60, 60))
    bench.press("p")
    bench.click((80, 40), (120, 40), (120, 80), (80, 80))
    bench.press("Enter")
    wide = (X > 40) & (X < 120) & (Y > 40) & (Y < 80)
    assert differ(pixels(bench.shape()), wide) < 0.3
    bench.page.keyboard.down("Alt")
    bench.click((60, 50))
    bench.page.keyboard.up("Alt")
    bench.click((100, 50), (100, 70), (60, 70))
    bench.move((70, 60))
    bench.keep("mask_cut")
    bench.press("Enter")
    holed = wide & ~((X > 60) & (X < 100) & (Y > 50) & (Y < 70))
    assert differ(pixels(bench.shape()), holed) < 0.3
    bench.press("Shift+F")
    assert differ(pixels(bench.shape()), wide) < 0.3
    bench.press("Shift+F")
    bench.said("has no holes.")


def test_an_outline_alone_makes_a_mask(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BITMASK)
    bench.press("p")
    bench.click((20, 20), (80, 20), (80, 90), (20, 90))
    bench.press("Enter")
    expected = (X > 20) & (X < 80) & (Y > 20) & (Y < 90)
    assert differ(pixels(bench.shape()), expected) < 0.3


def test_a_mask_is_moved_and_resized_by_whole_pixels(hand: OpenHand, painted: Painted) -> None:
    painted(stroke((60, 60), (80, 60), 20))
    bench = hand(ShapeKind.BITMASK)
    bench.drag((70, 60), (80, 70))
    bench.keep("mask_moved")
    assert (pixels(bench.shape()) == stroke((70, 70), (90, 70), 20)).all()
    # From 60, 60 to 100, 80; twice as large from its upper left corner.
    bench.drag((100, 80), (140, 100))
    shape = bench.shape()
    assert isinstance(shape, Bitmask)
    assert (shape.left, shape.top, shape.width, shape.height) == (60, 60, 80, 40)


def test_a_mask_on_another_frame_is_a_label_of_its_own(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BITMASK)
    bench.press("b")
    bench.click((60, 60))
    bench.press("f")
    bench.wait_frame(1)
    bench.click((70, 70))
    bench.saved()
    assert Label.objects.values("instance").distinct().count() == 1
    assert sorted(Label.objects.values_list("frame", flat=True)) == [0, 1]
