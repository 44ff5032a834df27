"""Drawing and correcting in a real Chromium: what was drawn is what is stored, within a pixel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Task, User
from tests.web.browser import OpenPage
from tests.web.workbench.hand import Hand, near, only

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenHand = Callable[..., Hand]


@pytest.fixture
def hand(page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User) -> OpenHand:
    """Open the film's task with the classes of some shapes."""

    def opened(*shapes: ShapeKind, user: User | None = None) -> Hand:
        only(film_task, *shapes)
        made = Hand(page_of(user or alice), film_task, width=160, height=128)
        made.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return made

    return opened


def numbers(box: object) -> tuple[float, ...]:
    assert isinstance(box, Box)
    return (box.left, box.top, box.width, box.height)


def test_a_box_is_drawn_by_a_drag_or_by_two_clicks(hand: OpenHand) -> None:
    bench = hand(ShapeKind.BOUNDING_BOX)
    bench.use("box")
    bench.drag((20, 30), (60, 50))
    bench.keep("box")
    bench.click((80, 60))
    bench.move((110, 90))
    bench.keep("box_drawing")
    bench.click((120, 100))
    one, two = bench.shapes()
    assert near(numbers(one), (20, 30, 40, 20))
    assert near(numbers(two), (80, 60, 40, 40))
    expect(bench.tool("box")).to_have_attribute("aria-pressed", "true")
