"""Drawing in a real Chromium: what was drawn is what is stored, within a pixel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.geometry.boxes import rotated_corners
from labeling.geometry.shapes import Keypoint, Polyline, RotatedBox, ShapeKind, Skeleton, Visibility
from labeling.models import Label, Role, Task, User
from tests import factories
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import near, numbers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_box_is_drawn_by_a_drag_or_by_two_clicks(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.use("box")
    bench.drag((20, 30), (60, 50))
    bench.click((80, 60))
    bench.move((110, 90))
    bench.keep("box_drawing")
    bench.click((120, 100))
    one, two = bench.shapes()
    assert near(numbers(one), (20, 30, 40, 20))
    assert near(numbers(two), (80, 60, 40, 40))
    expect(bench.tool("box")).to_have_attribute("aria-pressed", "true")


def test_shift_draws_a_square_alt_from_its_middle_and_the_frame_cuts_it(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.press("Shift+B")
    bench.drag((20, 20), (40, 50), keys=["Shift"])
    bench.drag((100, 60), (110, 80), keys=["Alt"])
    bench.drag((140, 110), (165, 131))
    square, around, cut = bench.shapes()
    assert near(numbers(square), (20, 20, 30, 30))
    assert near(numbers(around), (90, 40, 20, 40))
    assert near(numbers(cut), (140, 110, 20, 18))


def test_escape_drops_a_box_that_is_being_drawn_and_then_goes_back_to_selecting(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.use("box")
    bench.click((20, 30))
    bench.press("Escape")
    expect(bench.tool("box")).to_have_attribute("aria-pressed", "true")
    bench.press("Escape")
    expect(bench.tool("select")).to_have_attribute("aria-pressed", "true")
    assert bench.labels() == []


def test_drawing_with_an_object_selected_gives_it_its_label_on_this_frame(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.press("w")
    bench.drag((20, 30), (60, 50))
    bench.press("f")
    bench.wait_frame(1)
    bench.drag((22, 32), (62, 52))
    bench.drag((100, 32), (120, 52))
    (first,) = bench.labels(frame=0)
    same, other = bench.labels(frame=1)
    assert same.instance_id == first.instance_id != other.instance_id


def test_a_rotated_box_is_drawn_by_base_edge_and_height(hand: OpenHand) -> None:
    bench = hand(ShapeKind.ROTATABLE_BOUNDING_BOX)
    bench.use("rotated")
    bench.click((40, 40), (80, 60))
    bench.move((70, 80))
    bench.keep("rotated_drawing")
    bench.click((65, 90))
    box = bench.shape()
    assert isinstance(box, RotatedBox)
    corners = rotated_corners(box).tolist()
    assert near(corners[0], (40, 40))
    assert near(corners[1], (80, 60))
    assert box.height == pytest.approx(33.5, abs=1)


def test_a_rotated_box_is_spanned_by_a_drag_and_turned_by_its_handle(hand: OpenHand) -> None:
    bench = hand(ShapeKind.ROTATABLE_BOUNDING_BOX)
    bench.use("rotated")
    bench.drag((60, 40), (100, 60))
    above = 26 / bench.scale()
    bench.drag((80, 40 - above), (80 + 30, 50 + 1), keys=["Shift"])
    bench.keep("rotated")
    box = bench.shape()
    assert isinstance(box, RotatedBox)
    assert near((box.left, box.top, box.width, box.height), (60, 40, 40, 20))
    assert box.rotation == 90


def test_a_polyline_is_drawn_by_clicks_and_ended_in_three_ways(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYLINE)
    bench.use("polyline")
    bench.click((20, 20), (40, 30), (60, 20))
    bench.keep("polyline_drawing")
    bench.press("Enter")
    bench.click((20, 60), (40, 70))
    bench.double((60, 60))
    bench.click((20, 100), (40, 110), (60, 100))
    bench.click((70, 90), button="right")
    lines = bench.shapes()
    for line, top in zip(lines, (20, 60, 100), strict=True):
        assert isinstance(line, Polyline)
        assert near(line.points.ravel(), (20, top, 40, top + 10, 60, top))


def test_backspace_takes_points_back_and_a_line_of_one_point_is_not_kept(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYLINE)
    bench.press("Shift+P")
    bench.click((20, 20), (40, 30), (90, 90))
    bench.press("Backspace", "Enter")
    bench.click((20, 100))
    bench.press("Enter")
    bench.said("The polyline has 1 point; it needs at least 2.")
    bench.press("s")
    bench.said("The unfinished polyline was dropped.")
    line = bench.shape()
    assert isinstance(line, Polyline)
    assert near(line.points.ravel(), (20, 20, 40, 30))


def test_a_freehand_line_follows_the_pointer(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYLINE)
    bench.use("polyline")
    bench.drag((20, 20), (60, 20), (60, 60), (100, 60))
    line = bench.shape()
    assert isinstance(line, Polyline)
    assert near(line.points.ravel(), (20, 20, 60, 20, 60, 60, 100, 60), within=1.2)


def test_a_line_that_is_not_finished_is_kept_on_its_frame_when_another_is_shown(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYLINE)
    bench.use("polyline")
    bench.click((20, 20), (40, 30))
    bench.press("f")
    bench.wait_frame(1)
    assert len(bench.shapes(frame=0)) == 1
    assert bench.shapes(frame=1) == []


def test_a_keypoint_lies_where_the_button_is_let_go_and_its_visibility_is_turned(hand: OpenHand) -> None:
    bench = hand(ShapeKind.KEYPOINT)
    bench.use("point")
    bench.drag((20, 20), (50, 60))
    bench.press("u")
    bench.keep("point")
    point = bench.shape()
    assert isinstance(point, Keypoint)
    assert near((point.x, point.y), (50, 60))
    assert point.visibility == Visibility.OCCLUDED


def test_a_skeleton_is_placed_into_a_box_and_its_vertices_are_moved(hand: OpenHand) -> None:
    bench = hand(ShapeKind.SKELETON)
    bench.use("skeleton")
    bench.drag((40, 40), (80, 80))
    placed = bench.shape()
    assert isinstance(placed, Skeleton)
    template = factories.ARM["vertices"]
    expected = [[40 + one["x"] * 40, 40 + one["y"] * 40] for one in template]
    assert near(placed.points.ravel(), [number for pair in expected for number in pair])
    bench.press("s")
    last = (float(placed.points[-1][0]), float(placed.points[-1][1]))
    bench.drag(last, (120, 100))
    bench.keep("skeleton")
    bench.page.keyboard.down("Alt")
    bench.click((120, 100))
    bench.page.keyboard.up("Alt")
    moved = bench.shape()
    assert isinstance(moved, Skeleton)
    assert near(moved.points[-1], (120, 100))
    assert moved.visibility[-1] == Visibility.OCCLUDED
    assert near(moved.points[:-1].ravel(), placed.points[:-1].ravel())


@pytest.mark.parametrize("kind", list(ShapeKind))
def test_every_shape_is_drawn_moved_and_resized_by_keys_alone(hand: OpenHand, kind: ShapeKind) -> None:
    bench = hand(kind)
    bench.press("Shift+W", "ArrowRight", "Shift+ArrowDown", "Shift+Alt+ArrowRight")
    bench.keep(f"keys_{kind.value}")
    (label,) = bench.labels()
    assert label.geometry is not None
    titles = list(label.task.edits.order_by("seq").values_list("title", flat=True))
    assert titles[0].startswith("Draw ")
    assert any(title.startswith("Move ") for title in titles)


def test_tools_that_do_not_fit_the_class_say_so(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    expect(bench.tool("polygon")).to_have_attribute("aria-disabled", "true")
    expect(bench.tool("polygon")).to_have_attribute(
        "title", "Polygon (P). bounding_box is drawn as a bounding box."
    )
    bench.press("p")
    bench.said("bounding_box is drawn as a bounding box.")
    expect(bench.tool("select")).to_have_attribute("aria-pressed", "true")


def test_who_may_only_look_draws_nothing(hand: OpenHand, film_task: Task) -> None:
    viewer = factories.make_member(project=film_task.project, role=Role.VIEWER, username="vera")
    bench = hand(ShapeKind.BOUNDING_BOX, user=viewer)
    expect(bench.tool("box")).to_have_attribute("aria-disabled", "true")
    bench.press("w")
    bench.drag((20, 30), (60, 50))
    bench.keep("view_only")
    assert not Label.objects.exists()


def test_a_class_that_is_chosen_brings_its_tool(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX, ShapeKind.POLYGON)
    bench.use("box")
    bench.press("2")
    expect(bench.tool("polygon")).to_have_attribute("aria-pressed", "true")


def test_a_label_in_the_dark_scheme(hand: OpenHand, alice: User) -> None:
    bench = hand(ShapeKind.POLYGON)
    bench.page.emulate_media(color_scheme="dark")
    bench.press("Shift+W")
    bench.keep("dark")
    assert len(bench.shapes()) == 1
