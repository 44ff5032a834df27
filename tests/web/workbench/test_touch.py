"""Fingers on the stage: one is the tool's, two move the view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import CDPSession

from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Task, User
from tests import factories
from tests.waiting import until
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand, Place, near, numbers
from tests.web.workbench.test_tools_polygon import flat, rings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = 5


@dataclass
class Fingers:
    """What the browser is told as if fingers were on its screen. Places are pixels of the fitted frame."""

    bench: Hand
    line: CDPSession

    def tell(self, kind: str, *places: Place) -> None:
        spots = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(map(self.bench.at, places))]
        self.line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    def tap(self, place: Place) -> None:
        self.tell("touchStart", place)
        self.tell("touchEnd")

    def go(self, *ways: tuple[Place, Place]) -> None:
        """Put down a finger for each way, one after the other, go along the ways together, lift."""
        starts = [start for start, _ in ways]
        for count in range(1, len(ways) + 1):
            self.tell("touchStart", *starts[:count])
        for share in np.linspace(0, 1, STEPS + 1)[1:]:
            places = [(np.array(start) * (1 - share) + np.array(end) * share).tolist() for start, end in ways]
            self.tell("touchMove", *places)
        self.tell("touchEnd")


def fingers_on(bench: Hand) -> Fingers:
    return Fingers(bench, bench.page.context.new_cdp_session(bench.page))


def scale(bench: Hand) -> float:
    """CSS pixels a pixel of the frame, as the frame is shown now."""
    found: float = bench.page.evaluate("labelyard.viewport.scale")
    return found


def seen_at(bench: Hand, place: Place) -> Place:
    """Which point of the frame is seen now where this one was when the frame was fitted."""
    x, y = bench.at(place)
    found: list[float] = bench.page.evaluate(
        """([x, y]) => {
          const stage = document.querySelector("#stage").getBoundingClientRect();
          return labelyard.viewport.toFrame(x - stage.left, y - stage.top);
        }""",
        [x, y],
    )
    return found[0], found[1]


def test_two_fingers_zoom_where_they_are(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    fitted = scale(bench)
    fingers_on(bench).go(((70.0, 60.0), (50.0, 60.0)), ((90.0, 60.0), (110.0, 60.0)))
    until(lambda: near(scale(bench), 3 * fitted, within=0.1 * fitted), seconds=20, what="a larger scale")
    assert near(seen_at(bench, (80.0, 60.0)), (80.0, 60.0), within=2)
    assert bench.shapes() == []


def test_two_fingers_pan_side_by_side(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    fitted = scale(bench)
    fingers_on(bench).go(((60.0, 60.0), (80.0, 50.0)), ((90.0, 60.0), (110.0, 50.0)))
    until(lambda: near(seen_at(bench, (80.0, 50.0)), (60.0, 60.0), within=2), seconds=20, what="a pan")
    assert near(scale(bench), fitted, within=0.05 * fitted)


def test_a_tap_selects_and_a_tap_beside_it_selects_nothing(
    hand: OpenHand, film_task: Task, alice: User
) -> None:
    instance = factories.make_instance(task=film_task, author=alice)
    factories.make_label(instance=instance, frame=0, shape=Box(40, 30, 50, 40), author=alice)
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.use("select")
    fingers = fingers_on(bench)
    chosen = "[...labelyard.selection]"
    fingers.tap((65.0, 50.0))
    until(lambda: bench.page.evaluate(chosen) == [instance.object_hash], seconds=20, what="the box selected")
    fingers.tap((130.0, 110.0))
    until(lambda: bench.page.evaluate(chosen) == [], seconds=20, what="nothing selected")


def test_a_finger_draws_a_box_and_a_second_one_takes_none_with_it(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.use("box")
    fingers = fingers_on(bench)
    fingers.go(((20.0, 20.0), (70.0, 60.0)))
    assert near(numbers(bench.shape()), (20, 20, 50, 40))
    fingers.go(((100.0, 70.0), (90.0, 70.0)), ((120.0, 70.0), (130.0, 70.0)))
    assert len(bench.shapes()) == 1


def test_a_polygon_that_is_being_drawn_outlives_a_zoom(hand: OpenHand) -> None:
    bench = hand(ShapeKind.POLYGON)
    bench.press("p")
    fingers = fingers_on(bench)
    corners = [(30.0, 30.0), (90.0, 30.0), (90.0, 80.0)]
    for place in corners:
        fingers.tap(place)
    fingers.go(((60.0, 60.0), (50.0, 60.0)), ((100.0, 60.0), (110.0, 60.0)))
    bench.press("Enter")
    ((ring,),) = rings(bench.shape())
    assert near(flat(ring), flat(corners))
