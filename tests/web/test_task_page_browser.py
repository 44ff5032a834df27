"""The task page in a real Chromium: frames, labels, drawing, saving, reviewing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import (
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from labeling.models import Decision, Instance, Job, JobState, Label, Provenance, ReviewDecision, Task, User
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from tests import factories
from tests.waiting import until
from tests.web.browser import Complaints, OpenPage, TaskPage, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenTask = Callable[[User], TaskPage]


@pytest.fixture
def open_task(page_of: OpenPage, live_server: LiveServer, film_task: Task) -> OpenTask:
    """Return the task page of the film, opened by the user."""

    def as_user(user: User) -> TaskPage:
        bench = TaskPage(page_of(user), width=160, height=128)
        bench.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return bench

    return as_user


@pytest.fixture
def boxed(film_task: Task, alice: User) -> Instance:
    """An object with a box on frame 0, drawn by hand, known to the change feed."""
    instance = factories.make_instance(task=film_task, author=alice)
    label_put(user=alice, instance=instance, frame=0, shape_json=box_json(40, 30, 50, 40))
    return instance


def box_json(left: float, top: float, width: float, height: float) -> dict[str, float]:
    return {"left": left, "top": top, "width": width, "height": height}


def box_of(instance: Instance, frame: int) -> Box:
    label = Label.objects.get(instance=instance, frame=frame)
    shape = shape_unpack(bytes(label.geometry or b""))
    assert isinstance(shape, Box)
    return shape


def near(box: Box, expected: tuple[float, float, float, float]) -> bool:
    """Within what a pointer can aim at: a pixel of the frame is several on the screen."""
    return np.allclose((box.left, box.top, box.width, box.height), expected, atol=0.6)


def choose(page: Page, name: str) -> None:
    page.locator("#object-rows").get_by_role("button", name=name).click()


def test_the_picture_drawn_is_the_one_whose_number_is_shown(open_task: OpenTask, alice: User) -> None:
    bench = open_task(alice)
    keys = bench.page.keyboard
    for key, frame in [("f", 1), ("f", 2), ("d", 1), ("v", 11), ("v", 21), ("c", 11), ("End", 59), ("d", 58)]:
        if key == "End":
            bench.page.locator("#slider").focus()
        keys.press(key)
        bench.wait_frame(frame)
        assert bench.number() == frame
    for frame in (30, 7, 44):
        bench.go(frame)
        assert bench.number() == frame


def test_an_address_leads_to_a_frame(open_task: OpenTask, alice: User) -> None:
    bench = open_task(alice)
    for asked, shown in (("30", 30), ("999", 59), ("nonsense", 0)):
        bench.page.goto(f"{bench.page.url.split('?')[0]}?frame={asked}")
        bench.wait_frame(shown)
        assert bench.number() == shown


def test_steps_faster_than_frames_load_end_on_the_frame_that_is_asked_for(
    open_task: OpenTask, alice: User
) -> None:
    bench = open_task(alice)
    for _ in range(35):
        bench.page.keyboard.press("f")
    bench.wait_frame(35)
    assert bench.number() == 35


SHAPES: dict[ShapeKind, Shape] = {
    ShapeKind.BOUNDING_BOX: Box(5, 20, 20, 20),
    ShapeKind.ROTATABLE_BOUNDING_BOX: RotatedBox(35, 20, 24, 14, 30),
    ShapeKind.POLYGON: Polygon(((np.array([[70, 20], [95, 20], [82, 45]], dtype=float),),)),
    ShapeKind.POLYLINE: Polyline(np.array([[10, 70], [30, 85], [50, 70]], dtype=float)),
    ShapeKind.KEYPOINT: Keypoint(70, 80),
    ShapeKind.SKELETON: Skeleton(
        np.array([[90, 65], [105, 75], [95, 90], [115, 95]], dtype=float), (Visibility.VISIBLE,) * 4
    ),
}


def test_labels_of_all_seven_shapes_are_drawn(open_task: OpenTask, alice: User, film_task: Task) -> None:
    from labeling.geometry.masks import mask_to_bitmask

    mask = np.zeros((128, 160), dtype=bool)
    mask[60:90, 125:150] = True
    bitmask = mask_to_bitmask(mask)
    assert bitmask is not None
    colors = {}
    for kind, shape in {**SHAPES, ShapeKind.BITMASK: bitmask}.items():
        instance = factories.make_instance(task=film_task, shape=kind)
        factories.make_label(instance=instance, frame=0, shape=shape)
        colors[kind] = instance.object_class.color
    bench = open_task(alice)
    expect(bench.page.locator("#object-rows tr")).to_have_count(7)
    keep(bench.page, "task-seven-shapes")
    overlay = bench.pixels("overlay").astype(int)
    for kind, color in colors.items():
        wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        alike = (np.abs(overlay[..., :3] - wanted).max(axis=-1) < 12) & (overlay[..., 3] > 60)
        assert alike.sum() > 20, kind
    scale = overlay.shape[1] / 160
    inside = overlay[round(75 * scale), round(137 * scale)]
    outside = overlay[round(75 * scale), round(155 * scale)]
    assert inside[3] > 60
    assert outside[3] == 0


def test_a_box_is_drawn_for_a_class_and_saved(open_task: OpenTask, bob: User, film_task: Task) -> None:
    bench = open_task(bob)
    bench.page.keyboard.press("1")
    bench.drag((20, 30), (80, 90))
    expect(bench.page.locator("#object-rows")).to_contain_text("bounding_box 1")
    bench.wait_saved()
    instance = Instance.objects.get(task=film_task)
    label = Label.objects.get(instance=instance)
    assert near(box_of(instance, 0), (20, 30, 60, 60))
    assert (label.provenance, label.protected, label.author) == (Provenance.MANUAL, True, bob)
    expect(bench.page.locator("#details-span")).to_have_text("1 frame labelled, 0 to 0")


def test_a_box_that_leaves_the_frame_ends_at_its_edge(
    open_task: OpenTask, bob: User, film_task: Task
) -> None:
    bench = open_task(bob)
    bench.page.keyboard.press("1")
    bench.drag((120, 90), (162, 131))
    bench.wait_saved()
    until(Label.objects.exists, seconds=5, what="the label")
    assert near(box_of(Instance.objects.get(task=film_task), 0), (120, 90, 40, 38))


def test_a_click_draws_nothing(open_task: OpenTask, bob: User, film_task: Task) -> None:
    bench = open_task(bob)
    bench.page.keyboard.press("1")
    bench.page.mouse.click(*bench.at(50, 50))
    bench.page.keyboard.press("Escape")
    bench.drag((20, 30), (80, 90))
    expect(bench.page.locator("#object-rows tr")).to_have_count(1)


def test_a_box_is_moved_and_resized_by_hand(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    bench.drag((60, 50), (80, 60))
    until(lambda: near(box_of(boxed, 0), (60, 40, 50, 40)), seconds=5, what="the box to move")
    bench.drag((110, 80), (130, 100))
    until(lambda: near(box_of(boxed, 0), (60, 40, 70, 60)), seconds=5, what="the box to grow")
    assert Label.objects.get(instance=boxed, frame=0).version == 3
    bench.wait_saved()


def test_the_selected_object_is_given_a_box_on_another_frame(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    bench.go(12)
    bench.page.keyboard.press("w")
    bench.drag((10, 10), (50, 50))
    until(lambda: Label.objects.filter(instance=boxed).count() == 2, seconds=5, what="the second label")
    assert near(box_of(boxed, 12), (10, 10, 40, 40))
    assert Instance.objects.count() == 1


def test_delete_marks_the_object_absent_on_this_frame(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    bench.page.keyboard.press("Delete")
    expect(bench.page.locator("#object-rows")).to_contain_text("absent")
    bench.wait_saved()
    until(lambda: Label.objects.get(instance=boxed).geometry is None, seconds=5, what="the absent mark")


def test_an_object_is_deleted_after_a_question(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    bench.page.get_by_role("button", name="Delete object").click()
    bench.page.get_by_role("button", name="Delete", exact=True).click()
    expect(bench.page.locator("#object-rows tr")).to_have_count(0)
    until(lambda: not Instance.objects.exists(), seconds=5, what="the object to go")


def test_what_others_draw_appears(open_task: OpenTask, alice: User, bob: User, boxed: Instance) -> None:
    bench = open_task(alice)
    expect(bench.page.locator("#object-rows")).to_contain_text("manual")
    second = factories.make_instance(task=boxed.task, author=bob)
    label_put(user=bob, instance=second, frame=0, shape_json=box_json(1, 1, 20, 20))
    expect(bench.page.locator("#object-rows tr")).to_have_count(2)


@pytest.mark.parametrize(
    ("button", "expected"), [("Keep mine", (60, 40, 50, 40)), ("Take theirs", (5, 5, 30, 30))]
)
def test_of_two_who_change_a_label_the_second_is_asked(
    *,
    open_task: OpenTask,
    complaints: Complaints,
    alice: User,
    bob: User,
    boxed: Instance,
    button: str,
    expected: tuple[float, float, float, float],
) -> None:
    complaints.expected = {409}
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    mouse = bench.page.mouse
    mouse.move(*bench.at(60, 50))
    mouse.down()
    mouse.move(*bench.at(70, 55))
    label_put(user=bob, instance=boxed, frame=0, shape_json=box_json(5, 5, 30, 30))
    mouse.move(*bench.at(80, 60))
    mouse.up()
    expect(bench.page.locator("#save-state")).to_have_text("Conflict")
    expect(bench.page.locator("#conflict")).to_contain_text("bounding_box 1, frame 0: somebody changed it")
    bench.page.get_by_role("button", name=button).click()
    bench.wait_saved()
    assert near(box_of(boxed, 0), expected)


def test_changes_are_kept_while_the_server_is_away(
    open_task: OpenTask, complaints: Complaints, alice: User, boxed: Instance
) -> None:
    complaints.expected = {503}
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")

    def refuse(route: Route) -> None:
        route.fulfill(status=503, json={"error": {"code": "away", "sentence": "Away.", "details": {}}})

    bench.page.route("**/labels/0/", refuse)
    bench.drag((60, 50), (80, 60))
    expect(bench.page.locator("#save-state")).to_have_text("Offline: 1 change kept here")
    bench.page.unroute("**/labels/0/")
    bench.wait_saved()
    assert near(box_of(boxed, 0), (60, 40, 50, 40))


def test_a_viewer_looks_and_changes_nothing(open_task: OpenTask, victor: User, boxed: Instance) -> None:
    bench = open_task(victor)
    expect(bench.page.locator("#barrier")).to_contain_text("View only. As viewer of this project")
    choose(bench.page, "bounding_box 1")
    bench.drag((60, 50), (80, 60))
    bench.page.keyboard.press("1")
    bench.drag((100, 90), (140, 120))
    bench.page.keyboard.press("Delete")
    bench.go(3)
    assert near(box_of(boxed, 0), (40, 30, 50, 40))
    assert Instance.objects.count() == 1


def test_a_reviewer_accepts_a_range_which_locks_it(
    open_task: OpenTask, complaints: Complaints, rita: User, boxed: Instance
) -> None:
    bench = open_task(rita)
    choose(bench.page, "bounding_box 1")
    bench.page.locator("#review-first").fill("0")
    bench.page.locator("#review-last").fill("9")
    bench.page.get_by_role("button", name="Accept", exact=True).click()
    expect(bench.page.locator("#object-rows")).to_contain_text("✓ accepted")
    decision = ReviewDecision.objects.get(instance=boxed)
    assert (decision.first_frame, decision.last_frame, decision.decision) == (0, 9, Decision.ACCEPTED)
    complaints.expected = {409}
    bench.page.keyboard.press("Delete")
    expect(bench.page.locator("#refused")).to_contain_text("is accepted on frame 0")
    expect(bench.page.locator("#object-rows")).to_contain_text("manual")


def test_a_rejection_carries_its_reason_and_can_be_taken_back(
    open_task: OpenTask, rita: User, boxed: Instance
) -> None:
    bench = open_task(rita)
    choose(bench.page, "bounding_box 1")
    bench.page.get_by_label("Reason of a rejection").fill("too wide")
    bench.page.get_by_role("button", name="Reject", exact=True).click()
    expect(bench.page.locator("#object-rows")).to_contain_text("✕ rejected")
    assert ReviewDecision.objects.get(instance=boxed).reason == "too wide"
    bench.page.get_by_role("button", name="Clear").click()
    expect(bench.page.locator("#object-rows")).not_to_contain_text("rejected")
    assert not ReviewDecision.objects.exists()


def test_a_decision_of_somebody_else_shows(
    open_task: OpenTask, alice: User, rita: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    review_decide(user=rita, instance=boxed, decision=Decision.ACCEPTED)
    expect(bench.page.locator("#object-rows")).to_contain_text("✓ accepted")


def test_tracking_is_previewed_queued_and_cancelled(
    open_task: OpenTask, valkey: object, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    page = bench.page
    expect(page.locator("#track-plan")).to_have_text("Select the objects to track.")
    choose(page, "bounding_box 1")
    expect(page.locator("#track-last")).to_have_value("29")
    expect(page.locator("#track-plan")).to_contain_text("1 object over 30 frames")
    page.locator("#track-last").fill("59")
    expect(page.locator("#track-plan")).to_contain_text("1 object over 60 frames")
    page.get_by_role("button", name="Run tracking").click()
    expect(page.locator("#job-words")).to_have_text("Waiting for a worker")
    job = Job.objects.get()
    assert (job.first_frame, job.last_frame, job.parameters["from_editor"]) == (0, 59, True)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Discard labels").click()
    expect(page.locator("#job-words")).to_contain_text("Cancelled")
    until(lambda: Job.objects.get().state == JobState.CANCELLED, seconds=5, what="the job to be cancelled")
    assert Job.objects.get().cancel_keeps is False


def test_a_second_run_on_the_same_object_is_refused_with_the_reason(
    open_task: OpenTask, complaints: Complaints, valkey: object, alice: User, boxed: Instance
) -> None:
    complaints.expected = {409}
    bench = open_task(alice)
    choose(bench.page, "bounding_box 1")
    run = bench.page.get_by_role("button", name="Run tracking")
    run.click()
    expect(bench.page.locator("#job-chip")).to_be_visible()
    expect(run).to_be_enabled()
    run.click()
    expect(bench.page.locator("#track-plan")).to_contain_text("is already at work on bounding_box 1")


def test_the_task_is_submitted_and_the_page_says_so(open_task: OpenTask, bob: User, film_task: Task) -> None:
    bench = open_task(bob)
    bench.page.get_by_role("button", name="Submit").click()
    expect(bench.page.locator("#barrier")).to_contain_text("The task is in review")
    film_task.refresh_from_db()
    assert film_task.stage == "review"


def test_a_reviewer_sends_a_task_back_with_a_comment(
    open_task: OpenTask, rita: User, bob: User, film_task: Task
) -> None:
    Task.objects.filter(pk=film_task.pk).update(stage="review", annotator=bob)
    bench = open_task(rita)
    bench.page.get_by_role("button", name="Send back").click()
    bench.page.get_by_label("What is to be mended").fill("The third car is missing.")
    bench.page.locator("#reject-dialog").get_by_role("button", name="Send back").click()
    expect(bench.page.get_by_text("Annotate", exact=True)).to_be_visible()
    film_task.refresh_from_db()
    assert (film_task.stage, film_task.assignee) == ("annotate", bob)


def test_a_page_that_is_open_says_when_the_task_moved(
    open_task: OpenTask, alice: User, film_task: Task
) -> None:
    from labeling.services.tasks import task_submit

    bench = open_task(alice)
    task_submit(user=alice, task=film_task)
    expect(bench.page.get_by_text("Somebody changed this task")).to_be_visible()
