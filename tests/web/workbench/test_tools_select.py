"""Selecting and correcting in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labeling.geometry.shapes import ShapeKind
from labeling.models import Decision, Instance, Label, Task, User
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from tests import factories
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Place, near, numbers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BoxAt = Callable[[float, float, float, float], Instance]


@pytest.fixture
def box_at(film_task: Task, alice: User) -> BoxAt:
    """Put a box on frame 0, as an object of its own."""

    def made(left: float, top: float, width: float, height: float) -> Instance:
        instance = factories.make_instance(task=film_task, author=alice)
        shape = {"left": left, "top": top, "width": width, "height": height}
        label_put(user=alice, instance=instance, frame=0, shape_json=shape)
        film_task.refresh_from_db()
        return instance

    return made


def titles(task: Task) -> list[str]:
    """What was done by hand, but for the drawing."""
    return list(task.edits.exclude(title__startswith="Draw").order_by("seq").values_list("title", flat=True))


def test_a_box_is_moved_by_a_drag_and_stays_in_the_frame(hand: OpenHand, box_at: BoxAt) -> None:
    box_at(40, 30, 50, 40)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.drag((60, 50), (70, 60))
    assert near(numbers(bench.shape()), (50, 40, 50, 40))
    bench.drag((60, 50), (0, 50))
    bench.keep("select_moved")
    assert near(numbers(bench.shape()), (0, 40, 50, 40))


@pytest.mark.parametrize(
    ("drag", "keys", "expected"),
    [
        (((90, 70), (100, 90)), [], (40, 30, 60, 60)),
        (((40, 30), (30, 20)), [], (30, 20, 60, 50)),
        (((65, 30), (65, 10)), [], (40, 10, 50, 60)),
        (((90, 50), (20, 50)), [], (20, 30, 20, 40)),
        (((90, 70), (115, 75)), ["Shift"], (40, 30, 75, 60)),
        (((90, 70), (100, 80)), ["Alt"], (30, 20, 70, 60)),
        (((90, 70), (180, 180)), [], (40, 30, 120, 98)),
    ],
)
def test_a_box_is_resized_by_its_handles(
    hand: OpenHand, box_at: BoxAt, drag: tuple[Place, Place], keys: list[str], expected: tuple[float, ...]
) -> None:
    box_at(40, 30, 50, 40)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.click((60, 50))
    bench.drag(*drag, keys=keys)
    assert near(numbers(bench.shape()), expected)


def test_escape_in_a_drag_leaves_everything_as_it_was(hand: OpenHand, box_at: BoxAt, film_task: Task) -> None:
    box_at(40, 30, 50, 40)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.move((60, 50))
    bench.page.mouse.down()
    bench.move((90, 90))
    bench.press("Escape")
    bench.page.mouse.up()
    assert near(numbers(bench.shape()), (40, 30, 50, 40), within=0)
    assert titles(film_task) == []


def test_several_are_selected_by_shift_or_a_band_and_moved_as_one_edit(
    hand: OpenHand, box_at: BoxAt, film_task: Task
) -> None:
    box_at(20, 20, 20, 20)
    box_at(60, 20, 20, 20)
    box_at(20, 90, 20, 20)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.move((10, 10))
    bench.page.mouse.down()
    bench.move((70, 50))
    bench.keep("select_band")
    bench.page.mouse.up()
    bench.drag((30, 30), (30, 40))
    one, two, three = map(numbers, bench.shapes())
    assert near([*one, *two, *three], (20, 30, 20, 20, 60, 30, 20, 20, 20, 90, 20, 20))
    assert titles(film_task) == ["Move 2 objects"]
    bench.page.keyboard.down("Shift")
    bench.click((30, 100))
    bench.page.keyboard.up("Shift")
    bench.keep("select_several")
    bench.drag((30, 100), (20, 100))
    assert [round(numbers(shape)[0]) for shape in bench.shapes()] == [10, 50, 10]
    # All keep their distances at the border.
    bench.drag((20, 100), (0, 100))
    assert [round(numbers(shape)[0]) for shape in bench.shapes()] == [0, 40, 0]


def test_a_click_beside_everything_selects_nothing(hand: OpenHand, box_at: BoxAt) -> None:
    box_at(20, 20, 20, 20)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.click((30, 30), (120, 100))
    bench.press("Shift+ArrowRight")
    assert near(numbers(bench.shape()), (20, 20, 20, 20), within=0)


def test_keys_move_resize_and_are_one_edit_while_they_follow_each_other(
    hand: OpenHand, box_at: BoxAt, film_task: Task
) -> None:
    box_at(20, 20, 30, 20)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.click((30, 30))
    bench.press("ArrowRight", "ArrowRight", "Shift+ArrowDown")
    assert numbers(bench.shape()) == (22, 30, 30, 20)
    assert titles(film_task) == [f"Move {bench.labels()[0].instance}"]
    bench.press("Shift+Alt+ArrowRight", "Shift+Alt+ArrowUp")
    assert numbers(bench.shape()) == (22, 30, 31, 19)


def test_undo_and_redo_go_through_what_was_drawn_and_moved(hand: OpenHand, box_at: BoxAt) -> None:
    box_at(20, 20, 30, 20)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.drag((30, 30), (60, 60))
    bench.saved()
    bench.press("Control+z")
    assert near(numbers(bench.shape()), (20, 20, 30, 20))
    bench.press("Control+Shift+Z")
    assert near(numbers(bench.shape()), (50, 50, 30, 20))


def test_what_is_accepted_is_not_changed_and_says_why(
    hand: OpenHand, box_at: BoxAt, alice: User, film_task: Task
) -> None:
    instance = box_at(40, 30, 50, 40)
    review_decide(user=alice, instance=instance, decision=Decision.ACCEPTED, first_frame=0, last_frame=0)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.drag((60, 50), (80, 60))
    bench.said("is accepted on this frame: take the decision back before you change it.")
    bench.keep("select_accepted")
    bench.drag((90, 70), (120, 100))
    bench.press("ArrowRight")
    assert near(numbers(bench.shape()), (40, 30, 50, 40), within=0)


def test_alt_click_reaches_what_lies_below(hand: OpenHand, box_at: BoxAt) -> None:
    box_at(20, 20, 80, 80)
    box_at(40, 40, 20, 20)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.click((50, 50))
    bench.page.keyboard.down("Alt")
    bench.click((50, 50))
    bench.page.keyboard.up("Alt")
    bench.press("Shift+ArrowRight")
    large, small = bench.shapes()
    assert (numbers(large)[0], numbers(small)[0]) == (30, 40)


def test_view_keys_still_work_while_an_object_is_selected(hand: OpenHand, box_at: BoxAt) -> None:
    box_at(20, 20, 80, 80)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.click((50, 50))
    bench.press("f")
    bench.wait_frame(1)
    # Without a label to move, and without anything selected, the arrows step frames.
    bench.press("Escape", "ArrowRight")
    bench.wait_frame(2)
    assert not Label.objects.exclude(frame=0).exists()
