"""Runs from the workbench: said before, queued, cancelled, taken back; and the stages of the task."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Instance, Job, JobState, Label, Media, MediaKind, Task, User
from labeling.services.comments import comment_make
from labeling.services.tasks import task_submit
from tests.web.browser import Complaints, OpenPage, TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import choose_frames, known, open_panel, run_script, select, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("valkey", "relayed"),
]

OpenDrawer = Callable[[User], TaskPage]


@pytest.fixture
def open_drawer(open_task: OpenTask, boxed: Instance) -> OpenDrawer:
    """Return the workbench with the drawer of automated labeling open."""

    def as_user(user: User) -> TaskPage:
        bench = open_task(user)
        known(bench, boxed)
        open_panel(bench, "Automate")
        return bench

    return as_user


def plan(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#track-plan")).to_contain_text(text)


def chip(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#job-words")).to_have_text(text)


def test_tracking_is_said_before_it_is_queued_over_the_frames_of_the_timeline(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    bench = open_drawer(alice)
    plan(bench, "Select the objects to track.")
    select(bench, boxed)
    expect(bench.page.locator("#track-last")).to_have_value("29")
    plan(bench, "1 object over 30 frames")
    choose_frames(bench, 0, 59)
    plan(bench, "1 object over 60 frames")
    keep(bench.page, "workbench-drawer")
    bench.page.get_by_role("button", name="Run tracking").click()
    chip(bench, "Waiting for a worker")
    expect(bench.page.locator("#track-last")).to_have_value("59")
    keep(bench.page, "workbench-job-chip")
    job = Job.objects.get()
    assert (job.first_frame, job.last_frame) == (0, 59)
    # The drawer has no cap; keys and menus have.
    assert job.parameters["from_editor"] is False


@pytest.mark.parametrize(("button", "keeps"), [("Keep labels", True), ("Discard labels", False)])
def test_a_run_is_cancelled_and_its_labels_kept_or_discarded(
    open_drawer: OpenDrawer, alice: User, boxed: Instance, button: str, keeps: bool
) -> None:
    bench = open_drawer(alice)
    select(bench, boxed)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press("Shift+T")
    chip(bench, "Waiting for a worker")
    steps = bench.page.locator("#job-chip")
    steps.get_by_role("button", name="Cancel").click()
    steps.get_by_role("button", name="Go on").click()
    steps.get_by_role("button", name="Cancel").click()
    steps.get_by_role("button", name=button).click()
    expect(bench.page.locator("#job-words")).to_contain_text("Cancelled")
    until(lambda: Job.objects.get().state == JobState.CANCELLED)
    assert Job.objects.get().cancel_keeps is keeps


def test_a_second_run_on_the_same_object_is_refused_with_the_reason(
    open_drawer: OpenDrawer, complaints: Complaints, alice: User, boxed: Instance
) -> None:
    complaints.expected = {409}
    bench = open_drawer(alice)
    select(bench, boxed)
    run = bench.page.get_by_role("button", name="Run tracking")
    run.click()
    chip(bench, "Waiting for a worker")
    expect(run).to_be_enabled()
    run.click()
    plan(bench, "is already at work on bounding_box 1")
    assert Job.objects.count() == 1


def test_a_run_that_others_ordered_is_followed_and_taken_back(
    open_drawer: OpenDrawer, alice: User, bob: User, boxed: Instance
) -> None:
    bench = open_drawer(alice)
    run_script(user=bob, instance=boxed, first=0, last=9)
    chip(bench, "Tracked: 9 labels")
    expect(bench.page.locator("#said")).to_have_text("Tracked: 9 labels")
    known(bench, boxed, frame=9)
    bench.page.locator("#job-undo").click()
    chip(bench, "Removed 9 labels.")
    assert Label.objects.filter(instance=boxed).count() == 1
    bench.page.get_by_role("button", name="Dismiss").click()
    expect(bench.page.locator("#job-chip")).to_be_hidden()


def test_a_run_ordered_here_is_a_step_of_undo(open_drawer: OpenDrawer, alice: User, boxed: Instance) -> None:
    bench = open_drawer(alice)
    select(bench, boxed)
    bench.page.get_by_role("button", name="Run tracking").click()
    chip(bench, "Waiting for a worker")
    undo = bench.page.locator("#undo")
    expect(undo).to_have_attribute("title", "Undo Tracking of 1 object (Ctrl+Z)")
    undo.click()
    until(lambda: Job.objects.get().state == JobState.CANCELLED)
    assert Job.objects.get().cancel_keeps is False


def test_a_viewer_is_offered_no_drawer(open_task: OpenTask, victor: User, boxed: Instance) -> None:
    bench = open_task(victor)
    known(bench, boxed)
    expect(bench.page.get_by_role("tab", name="Automate")).to_have_count(0)
    select(bench, boxed)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press("Shift+T")
    assert not bench.page.evaluate(
        "labelyard.actions.all().some(({ id }) => /^object.track|interpolate/.test(id))"
    )
    assert not Job.objects.exists()


def test_a_single_image_says_why_nothing_is_tracked(
    page_of: OpenPage, live_server: LiveServer, alice: User, film: Media, film_task: Task
) -> None:
    Media.objects.filter(pk=film.pk).update(kind=MediaKind.IMAGE, frame_count=1, fps=None)
    Task.objects.filter(pk=film_task.pk).update(last_frame=0)
    bench = TaskPage(page_of(alice), width=160, height=128)
    bench.open(f"{live_server.url}/tasks/{film_task.pk}/")
    open_panel(bench, "Automate")
    expect(bench.page.get_by_text("Objects cannot be tracked in an image.")).to_be_visible()
    # Objects are found on it all the same; there are no frames to choose from.
    bench.page.get_by_role("heading", name="Detection", exact=True).click()
    expect(bench.page.get_by_role("group", name="Classes to look for")).to_be_visible()
    expect(bench.page.get_by_label("Every n-th frame")).to_be_hidden()


def test_the_task_is_submitted_and_the_page_says_so(open_task: OpenTask, bob: User, film_task: Task) -> None:
    bench = open_task(bob)
    bench.page.get_by_role("button", name="Submit").click()
    expect(bench.page.locator("#barrier")).to_contain_text("The task is in review")
    film_task.refresh_from_db()
    assert film_task.stage == "review"


def test_open_comments_keep_a_task_from_being_submitted(
    open_task: OpenTask, complaints: Complaints, alice: User, bob: User, film_task: Task
) -> None:
    complaints.expected = {409}
    project = film_task.project
    project.comments_block = True
    project.save()
    comment_make(user=alice, task=film_task, text="Frame 3 is missing a car.")
    bench = open_task(bob)
    bench.page.get_by_role("button", name="Submit").click()
    said = bench.page.locator("#messages").get_by_text(
        "A comment is open. Resolve what is open, then submit."
    )
    expect(said).to_be_visible()
    open_panel(bench, "Comments")
    bench.page.get_by_role("button", name="Resolve").click()
    expect(bench.page.locator(".thread.resolved")).to_have_count(1)
    bench.page.get_by_role("button", name="Submit").click()
    expect(bench.page.locator("#barrier")).to_contain_text("The task is in review")


def test_a_reviewer_sends_a_task_back_with_a_comment(
    open_task: OpenTask, rita: User, bob: User, film_task: Task
) -> None:
    Task.objects.filter(pk=film_task.pk).update(stage="review", annotator=bob)
    bench = open_task(rita)
    bench.page.get_by_role("button", name="Send back").click()
    bench.page.get_by_label("What is to be mended").fill("The third car is missing.")
    keep(bench.page, "workbench-send-back")
    bench.page.locator("#reject-dialog").get_by_role("button", name="Send back").click()
    expect(bench.page.get_by_text("Annotate", exact=True)).to_be_visible()
    film_task.refresh_from_db()
    assert (film_task.stage, film_task.assignee) == ("annotate", bob)


def test_a_page_that_is_open_says_when_the_task_moved(
    open_task: OpenTask, alice: User, film_task: Task
) -> None:
    bench = open_task(alice)
    task_submit(user=alice, task=film_task)
    expect(bench.page.locator("#moved")).to_be_visible()
