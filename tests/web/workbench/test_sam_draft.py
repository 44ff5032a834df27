"""Drafts of SAM mode: taken back, dropped, and made without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from labeling.geometry.shapes import ShapeKind
from labeling.models import Instance, Job
from tests.waiting import until
from tests.web.workbench.balls import LYING, ball, likeness, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand, Place
from tests.web.workbench.sam import answered, draft, marks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting"),
]

EDITS = "**/api/v1/tasks/*/edits/"


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


@pytest.mark.usefixtures("relayed")
def test_a_draft_that_is_still_being_saved_is_taken_back_or_kept_with_its_run(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    page = bench.page
    standing = page.locator("#sam-tracking")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def track_unsaved(place: Place) -> Route:
        page.context.route(EDITS, hold, times=1)
        bench.click(place)
        answered(bench)
        with page.expect_request(EDITS):
            bench.press("Shift+T")
        expect(standing).to_have_text("Saving the draft…")
        return held.pop()

    bench.press("Shift+A")
    saving = track_unsaved(LYING[0])
    bench.press("Escape")
    expect(standing).to_have_text("Taking it back…")
    saving.continue_()
    expect(standing).to_be_hidden()
    assert bench.labels() == []
    assert not Job.objects.exists()

    saving = track_unsaved(LYING[1])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(standing).to_be_hidden()
    saving.continue_()
    until(Job.objects.exists, seconds=20, what="the run of what was kept")
    assert len(bench.labels()) == 1


def aim_at(bench: Hand, place: Place) -> None:
    """Move the crosshair by keys until it is within a step of a point of the frame."""
    bench.press("ArrowRight")
    for axis, (less, more) in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
        step, far = (size / bench.scale() for size in (5.0, 50.0))
        while abs(missing := place[axis] - crosshair(bench)[axis]) > step:
            arrow = more if missing > 0 else less
            bench.press(f"Shift+{arrow}" if abs(missing) >= far else arrow)


def crosshair(bench: Hand) -> tuple[float, float]:
    x, y = bench.page.evaluate("labelyard.tools.get('sam').sam.aim.at")
    return x, y


def test_without_a_mouse_a_crosshair_points(sam_hand: OpenHand) -> None:
    bench = sam_hand(ShapeKind.POLYGON)
    told = bench.page.locator("#sam-aim")
    bench.page.locator("#stage").focus()
    bench.press("Shift+A")
    expect(bench.page.locator("#sam-hint")).to_contain_text("Without a mouse: the arrow keys.")
    aim_at(bench, LYING[0])
    expect(told).to_contain_text("Space includes, X excludes, B begins and ends a box.")
    bench.press("Space")
    answered(bench)
    aim_at(bench, (LYING[0][0] + 24, LYING[0][1]))
    bench.press("x")
    answered(bench)
    assert marks(bench) == [True, False]
    bench.keep("sam_crosshair")
    bench.press("Enter")
    assert likeness(bench.shape(), ball(LYING[0])) > 0.8
    # A box: from corner to corner.
    x, y = rolling(0)
    aim_at(bench, (x - 18, y - 18))
    bench.press("b")
    aim_at(bench, (x + 18, y + 18))
    bench.press("b")
    answered(bench)
    bench.press("Enter")
    assert likeness(bench.shapes()[1], ball((x, y))) > 0.8
    # Esc hides it, then leaves the mode; a mouse hides it, too, and keys mean again what they mean elsewhere.
    bench.press("Escape")
    expect(told).to_be_empty()
    bench.press("ArrowLeft")
    expect(told).not_to_be_empty()
    bench.move((20, 20))
    bench.move((24, 24))
    expect(told).to_be_empty()
    bench.press("x", "b", "Escape")
    expect(bench.page.locator("#sam-popup")).to_be_hidden()
    until(lambda: Instance.objects.count() == 2, seconds=20, what="two objects")
