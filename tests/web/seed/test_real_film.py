"""The page's way on a real film: a car in a street is segmented, tracked, reviewed, taken and brought back.

The film is that of the demo. Segmenter, detector and tracker are those without weights.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.demo.video import demo_video
from labeling.errors import LabelyardError
from labeling.geometry.masks import mask_iou, shape_to_mask
from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Instance, Job, Label, Project, Provenance, Task, User
from tests.needs import missing
from tests.waiting import until
from tests.web.browser import OpenPage
from tests.web.conftest import media_read
from tests.web.workbench.hand import Hand, only
from tests.web.workbench.sam import ANSWER_SECONDS, answered, draft, open_wand
from tests.web.workbench.scripts import working

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segmenting", "relayed"),
]

WIDTH, HEIGHT = 640, 272
FIRST, LAST = 160, 169
"""Within one shot: a car that drives off, and others that stand."""

CAR = Box(left=292, top=95, width=147, height=81)


@pytest.fixture
def street(project: Project, alice: User, valkey: object) -> Task:
    """The task of the demo's film."""
    try:
        path = demo_video()
    except LabelyardError as error:
        missing(str(error))
    return Task.objects.get(media=media_read(path, title="bikes.mp4", project=project, user=alice))


@pytest.fixture
def bench(page_of: OpenPage, live_server: LiveServer, street: Task, alice: User) -> Hand:
    """The workbench on the frame where the car is."""
    only(street, ShapeKind.POLYGON)
    bench = Hand(page_of(alice), street, width=WIDTH, height=HEIGHT)
    bench.open(f"{live_server.url}/tasks/{street.pk}/?frame={FIRST}")
    return bench


def test_a_car_is_segmented_tracked_reviewed_taken_back_and_brought_back(bench: Hand) -> None:
    car = segment_the_car(bench)
    find_those_that_look_alike(bench, car)
    track(bench, car)
    accept(bench, car)
    # Undo goes back over the decision and the run as a whole; redo brings both back without running again.
    bench.press("Control+z", "Control+z")
    bench.said("Undone: Tracking of 1 object. Removed 9 labels.")
    assert frames_of(car) == [FIRST]
    assert not car.review_decisions.exists()
    bench.press("Control+Shift+Z", "Control+Shift+Z")
    bench.said("Done again: Tracking of 1 object. Brought back 9 labels.")
    until(car.review_decisions.exists, seconds=20, what="the decision")
    assert frames_of(car) == list(range(FIRST, LAST + 1))


def segment_the_car(bench: Hand) -> Instance:
    """A box around it, and Save."""
    open_wand(bench, "polygon")
    bench.drag((CAR.left, CAR.top), (CAR.left + CAR.width, CAR.top + CAR.height))
    answered(bench)
    expect(bench.page.locator("#sam-made")).to_contain_text("Made by classical 1 on cpu")
    bench.keep("real_film_draft")
    # The popup lies beside the box, not over it.
    popup = bench.page.locator("#sam-popup").bounding_box()
    assert popup is not None
    (left, _), (right, _) = bench.at((CAR.left, 0)), bench.at((CAR.left + CAR.width, 0))
    assert popup["x"] > right or popup["x"] + popup["width"] < left
    bench.press("Enter")
    # A railing hides some of the car, and its box has corners.
    mask = shape_to_mask(bench.shape(frame=FIRST), width=WIDTH, height=HEIGHT)
    assert mask_iou(mask, box_fill(CAR, width=WIDTH, height=HEIGHT)) > 0.5
    return Instance.objects.get()


def find_those_that_look_alike(bench: Hand, car: Instance) -> None:
    """All objects prediction: none is like it at first; of those that are less sure one is kept."""
    page = bench.page
    page.get_by_text("All objects prediction").click()
    page.get_by_role("button", name="Detect all objects").click()
    expect(page.locator("#sam-status")).to_contain_text(
        "No such object was found on this frame.", timeout=ANSWER_SECONDS * 1000
    )
    page.locator("#sam-threshold").fill("0.4")
    results = page.locator(".sam-result:visible")
    results.first.wait_for(timeout=ANSWER_SECONDS * 1000)
    bench.keep("real_film_all")
    while results.count() > 1:
        results.last.get_by_role("button").click()
    expect(page.locator("#sam-count")).to_contain_text("1 of ")
    page.get_by_role("button", name="Done", exact=True).click()
    bench.saved()
    assert Instance.objects.exclude(pk=car.pk).count() == 1
    assert draft(bench) is None
    bench.press("Control+z")
    until(lambda: Instance.objects.count() == 1, seconds=20, what="the object to go")


def track(bench: Hand, car: Instance) -> None:
    """Forwards by the key, over a range of the settings; labels come to the page as they are committed."""
    page = bench.page
    page.evaluate("(frames) => labelyard.preferences.set('tracking_range', frames)", LAST - FIRST + 1)
    bench.press("Escape")
    page.evaluate("(key) => labelyard.select([key])", car.object_hash)
    bench.press("Shift+T")
    until(Job.objects.exists, seconds=20, what="the order")
    known = "([key, frame]) => labelyard.store.label(key, frame)?.confidence ?? null"
    with working():
        for frame in (FIRST + 1, LAST):
            until(
                lambda: page.evaluate(known, [car.object_hash, frame]) is not None,  # noqa: B023
                seconds=ANSWER_SECONDS,
                what="the labels on the page",
            )
    expect(page.locator("#job-words")).to_contain_text("Tracked")
    tracked = Label.objects.filter(instance=car, provenance=Provenance.TRACKED)
    assert sorted(tracked.values_list("frame", flat=True)) == list(range(FIRST + 1, LAST + 1))
    bench.press("f")
    bench.wait_frame(FIRST + 1)
    bench.keep("real_film_tracked")


def accept(bench: Hand, car: Instance) -> None:
    """The first two tracked frames are good."""
    page = bench.page
    page.evaluate("(range) => labelyard.setRange(range)", [FIRST + 1, FIRST + 2])
    page.get_by_role("group", name="Chosen frames").get_by_role("button", name="Accept").click()
    until(car.review_decisions.exists, seconds=20, what="the decision")


def frames_of(car: Instance) -> list[int]:
    return sorted(Label.objects.filter(instance=car).values_list("frame", flat=True))
