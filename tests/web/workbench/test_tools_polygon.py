"""Polygons in a real Chromium: by clicks and freehand, vertices, holes, parts, snapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from labeling.geometry.shapes import Polygon, Shape, ShapeKind
from labeling.models import Instance, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import near

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Rings = list[list[list[tuple[float, float]]]]
Drawn = Callable[[Rings], Instance]

SQUARE = [(40.0, 40.0), (100.0, 40.0), (100.0, 100.0), (40.0, 100.0)]
HOLE = [(60.0, 60.0), (80.0, 60.0), (80.0, 80.0), (60.0, 80.0)]


@pytest.fixture
def drawn(film_task: Task, alice: User) -> Drawn:
    """Put a polygon on frame 0, as an object of its own."""

    def made(polygons: Rings) -> Instance:
        film_task.refresh_from_db()
        instance = factories.make_instance(task=film_task, shape=ShapeKind.POLYGON, author=alice)
        label_put(user=alice, instance=instance, frame=0, shape_json={"polygons": polygons})
        return instance

    return made


def rings(shape: Shape) -> list[list[list[list[float]]]]:
    assert isinstance(shape, Polygon)
    return [[ring.tolist() for ring in polygon] for polygon in shape.polygons]


def flat(ring: Any) -> list[float]:
    return list(np.array(ring).ravel())


def test_a_polygon_is_closed_by_its_first_point_by_enter_or_by_a_double_click(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYGON)
    bench.press("p")
    bench.click((20, 20), (50, 20), (50, 50))
    bench.move((35, 40))
    bench.keep("polygon_drawing")
    bench.click((20, 20))
    bench.click((70, 20), (100, 20), (100, 50))
    bench.press("Enter")
    bench.click((20, 70), (50, 70))
    bench.double((50, 100))
    for shape, (left, top) in zip(bench.shapes(), ((20, 20), (70, 20), (20, 70)), strict=True):
        expected = [left, top, left + 30, top, left + 30, top + 30]
        assert near(flat(rings(shape)[0][0]), expected)


def test_a_polygon_is_drawn_freehand_in_one_drag(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYGON)
    bench.press("p")
    bench.drag((20, 20), (80, 20), (80, 70), (20, 70), (20, 24))
    ((ring,),) = rings(bench.shape())
    assert len(ring) < 12
    for corner in ((20, 20), (80, 20), (80, 70), (20, 70)):
        assert min(np.hypot(x - corner[0], y - corner[1]) for x, y in ring) < 1.5


def test_a_vertex_is_moved_added_by_a_double_click_and_removed(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 70))
    bench.drag((100, 100), (120, 110))
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), [40, 40, 100, 40, 120, 110, 40, 100])
    bench.double((70, 40))
    bench.keep("polygon_vertex")
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), [40, 40, 70, 40, 100, 40, 120, 110, 40, 100])
    bench.page.keyboard.down("Alt")
    bench.click((120, 110))
    bench.page.keyboard.up("Alt")
    bench.click((70, 40))
    bench.press("Delete")
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), [40, 40, 100, 40, 40, 100])
    bench.click((100, 40))
    bench.press("Delete")
    bench.said("A polygon needs three points.")


def test_vertices_are_reached_and_moved_by_keys(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 70))
    bench.press(".", ".", "ArrowRight", "Shift+ArrowUp", "Insert", ",", "Delete")
    ((ring,),) = rings(bench.shape())
    # The second vertex moved, one was put behind it, then it was taken away.
    assert near(flat(ring), [40, 40, 100.5, 65, 100, 100, 40, 100], within=0.01)


def test_a_polygon_is_resized_and_turned(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 70))
    off = 10 / bench.scale()
    bench.keep("polygon_selected")
    bench.drag((100 + off, 100 + off), (70 + off, 70 + off))
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), [40, 40, 70, 40, 70, 70, 40, 70])
    bench.press(*["Shift+Alt+."] * 6)
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), [70, 40, 70, 70, 40, 70, 40, 40])


def test_a_hole_is_drawn_inside_the_selected_polygon(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 70))
    bench.use("polygon")
    bench.page.get_by_role("button", name="Add hole").click()
    bench.click(*HOLE)
    bench.press("Enter")
    bench.keep("polygon_hole")
    ((outer, hole),) = rings(bench.shape())
    assert near(flat(outer), flat(SQUARE))
    assert near(flat(hole), flat(HOLE))
    # A vertex of the hole is one like others.
    bench.press("s")
    bench.drag((60, 60), (50, 55))
    assert near(rings(bench.shape())[0][1][0], (50, 55))


def test_alt_begins_a_hole_and_one_that_reaches_out_is_not_kept(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 70))
    bench.press("p")
    bench.page.keyboard.down("Alt")
    bench.click((60, 60))
    bench.page.keyboard.up("Alt")
    bench.click((90, 60), (140, 90))
    bench.press("Enter")
    bench.said("The hole reaches out of the polygon.")
    bench.press("Backspace")
    bench.click((90, 90))
    bench.press("Enter")
    ((_, hole),) = rings(bench.shape())
    assert near(flat(hole), [60, 60, 90, 60, 90, 90])


def test_a_part_is_added_and_a_hole_goes_with_its_third_vertex(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE, HOLE[:3]]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((50, 50))
    bench.press("Shift+Alt+P")
    bench.click((110, 110), (130, 110), (130, 125))
    bench.press("Enter")
    assert [len(polygon) for polygon in rings(bench.shape())] == [2, 1]
    bench.press("s")
    bench.click((60, 60))
    bench.press("Delete")
    bench.keep("polygon_part")
    assert [len(polygon) for polygon in rings(bench.shape())] == [1, 1]


def test_points_rest_on_neighbours_and_the_border_unless_ctrl_is_held(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[SQUARE]])
    bench = hand(ShapeKind.POLYGON)
    bench.press("p")
    bench.click((100.8, 40.8))
    bench.move((101, 70))
    bench.keep("polygon_snap")
    bench.click((101, 70), (159.2, 70))
    bench.press("Enter")
    bench.page.keyboard.down("Control")
    bench.click((100.8, 101), (130, 101), (130, 120))
    bench.page.keyboard.up("Control")
    bench.press("Enter")
    _, resting, free = bench.shapes()
    assert near(flat(rings(resting)[0][0]), [100, 40, 100, 70, 160, 70], within=0.2)
    assert flat(rings(resting)[0][0])[:2] == [100, 40]
    assert flat(rings(free)[0][0])[:2] != [100, 100]


def test_a_polygon_that_is_pulled_flat_is_not_kept(hand: OpenHand, drawn: Drawn) -> None:
    drawn([[[(40.0, 40.0), (100.0, 40.0), (70.0, 90.0)]]])
    bench = hand(ShapeKind.POLYGON)
    bench.click((70, 60))
    bench.page.keyboard.down("Control")
    bench.drag((70, 90), (85, 40))
    bench.page.keyboard.up("Control")
    bench.press("Escape")
    ((ring,),) = rings(bench.shape())
    expect(bench.page.locator("#save-state")).to_contain_text("Saved")
    assert len(ring) == 3
