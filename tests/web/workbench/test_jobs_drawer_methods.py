"""The drawer's fields: objects, method, interval, advanced tracking; and the keys that order at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Instance, Job, Label, Media, MediaKind, Provenance, Task, User, Worker
from tests import factories
from tests.web.browser import Complaints, TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import choose_frames, known, open_panel, run_waiting_part, select, until

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


def sam2_worker(*, here: bool) -> None:
    now = timezone.now()
    Worker.objects.create(
        name="a worker with a GPU",
        capabilities=["gpu"],
        algorithms={"sam2": {"capability": "gpu", "shapes": ["bounding_box"]}},
        started_at=now,
        seen_at=now,
        left_at=None if here else now,
    )


def cpu_worker() -> None:
    now = timezone.now()
    algorithms = {
        name: {"capability": "cpu", "shapes": ["bounding_box"]} for name in ("fast", "interpolation")
    }
    Worker.objects.create(
        name="bulk", capabilities=["cpu"], algorithms=algorithms, started_at=now, seen_at=now
    )


def plan(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#track-plan")).to_contain_text(text)


def press(bench: TaskPage, key: str) -> None:
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press(key)


def test_objects_are_chosen_in_the_drawer_as_they_are_on_the_page(
    open_drawer: OpenDrawer, alice: User, boxed: Instance, film_task: Task
) -> None:
    bus = factories.make_instance(task=film_task)
    bench = open_drawer(alice)
    expect(bench.page.locator("#track-chosen")).to_have_text("0 of 2 chosen")
    bench.page.locator("#track-objects").get_by_label(str(boxed)).check()
    expect(bench.page.locator("#track-chosen")).to_have_text("1 of 2 chosen")
    assert bench.page.evaluate("[...labelyard.selection]") == [boxed.object_hash]
    bench.page.get_by_role("button", name="All", exact=True).click()
    expect(bench.page.locator("#track-objects").get_by_label(str(bus))).to_be_checked()
    plan(bench, f"{bus} has no label at or before frame 29")
    plan(bench, "1 object over 30 frames")
    bench.page.get_by_role("button", name="None", exact=True).click()
    plan(bench, "Select the objects to track.")
    assert bench.page.evaluate("labelyard.selection.size") == 0


def test_frames_before_the_range_are_told_before_the_run(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    bench = open_drawer(alice)
    select(bench, boxed)
    choose_frames(bench, 4, 9)
    plan(bench, "1 object over 10 frames, 4 of them before the range, tracked through and not written")
    bench.page.get_by_label("Tracking annotation interval").fill("7")
    bench.page.get_by_role("button", name="Run tracking").click()
    until(Job.objects.exists)
    job = Job.objects.get()
    assert (job.parameters["interval"], job.frames_total) == (7, 10)


def test_interpolation_fills_between_labels_and_is_one_step_of_undo(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    cpu_worker()
    factories.make_label(instance=boxed, frame=8, shape=Box(48, 30, 50, 40))
    bench = open_drawer(alice)
    select(bench, boxed)
    bench.page.get_by_label("Method").select_option("Interpolation")
    expect(bench.page.locator("#track-interval")).to_be_hidden()
    plan(bench, "1 object with 7 labels to fill")
    keep(bench.page, "workbench-drawer-interpolation")
    bench.page.get_by_role("button", name="Run interpolation").click()
    until(Job.objects.exists)
    run_waiting_part()
    expect(bench.page.locator("#job-words")).to_have_text("Interpolated: 7 labels")
    known(bench, boxed, frame=4)
    labels = Label.objects.filter(instance=boxed, provenance=Provenance.INTERPOLATED)
    assert sorted(labels.values_list("frame", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    undo = bench.page.locator("#undo")
    expect(undo).to_have_attribute("title", "Undo Interpolation of 1 object (Ctrl+Z)")
    undo.click()
    until(lambda: not labels.exists())


def test_shift_i_interpolates_the_chosen_frames(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    factories.make_label(instance=boxed, frame=20)
    bench = open_drawer(alice)
    select(bench, boxed)
    choose_frames(bench, 5, 9)
    press(bench, "Shift+I")
    until(Job.objects.exists)
    job = Job.objects.get()
    assert (job.kind, job.first_frame, job.last_frame, job.frames_total) == ("interpolate", 5, 9, 5)


def test_where_sam_2_was_never_offered_the_toggle_is_off_and_says_why(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    cpu_worker()
    bench = open_drawer(alice)
    toggle = bench.page.get_by_label("Advanced tracking").first
    expect(toggle).to_be_disabled()
    expect(toggle).not_to_be_checked()
    expect(bench.page.locator("#track-advanced-about")).to_contain_text("no worker has ever offered it")
    select(bench, boxed)
    plan(bench, "1 object over 30 frames")
    keep(bench.page, "workbench-drawer-no-sam2")
    press(bench, "Shift+T")
    until(Job.objects.exists)
    job = Job.objects.get()
    assert (job.algorithm, job.parameters["from_editor"]) == ("fast", True)


def test_with_sam_2_it_is_on_and_off_is_the_fast_tracker(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    sam2_worker(here=True)
    cpu_worker()
    bench = open_drawer(alice)
    toggle = bench.page.locator("#track-advanced")
    expect(toggle).to_be_checked()
    select(bench, boxed)
    plan(bench, "1 object over 30 frames")
    expect(bench.page.locator("#track-plan")).not_to_contain_text("waits")
    bench.page.get_by_role("button", name="Run tracking").click()
    until(Job.objects.exists)
    assert Job.objects.get().algorithm == "sam2"
    toggle.uncheck()
    until(lambda: bench.page.evaluate("labelyard.preferences.get('advanced_tracking')") is False)
    choose_frames(bench, 40, 50)
    plan(bench, "1 object over 51 frames")
    bench.page.get_by_role("button", name="Run tracking").click()
    until(lambda: Job.objects.count() == 2)
    assert Job.objects.latest("pk").algorithm == "fast"


def test_where_its_worker_is_away_the_run_waits_and_one_key_runs_the_fast_one(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    sam2_worker(here=False)
    bench = open_drawer(alice)
    select(bench, boxed)
    expect(bench.page.locator("#track-advanced")).to_be_checked()
    plan(bench, "No worker that is online takes this now. The run waits for one.")
    keep(bench.page, "workbench-drawer-away")
    bench.page.get_by_role("button", name="Run tracking").click()
    expect(bench.page.locator("#job-words")).to_have_text("Waiting for a worker")
    job = Job.objects.get()
    assert job.algorithm == "sam2"
    bench.page.locator("#undo").click()
    until(lambda: Job.objects.get().state == "cancelled")
    press(bench, "Alt+T")
    until(lambda: Job.objects.count() == 2)
    assert Job.objects.latest("pk").algorithm == "fast"
    assert bench.page.evaluate("labelyard.preferences.get('advanced_tracking')") is True


def test_what_a_tracker_refuses_is_greyed_with_the_reason_and_the_other_one_offered(
    open_drawer: OpenDrawer, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    # The dry run is refused, too.
    complaints.expected.add(422)
    sam2_worker(here=True)
    outline = factories.make_instance(task=boxed.task, shape=ShapeKind.POLYGON, author=alice)
    bench = open_drawer(alice)
    toggle = bench.page.locator("#track-advanced")
    expect(toggle).to_be_checked()
    until(lambda: bench.page.evaluate("labelyard.store.instances.size") == 2)
    offer = "labelyard.actions.available('object.track-{}')"
    bench.page.evaluate("(keys) => labelyard.select(keys)", [boxed.object_hash, outline.object_hash])
    refused = f"SAM 2 cannot track the shape of {outline}: polygon."
    for way in ("forwards", "backwards"):
        assert bench.page.evaluate(offer.format(way)) == refused
    assert bench.page.evaluate(offer.format("fast")) is True
    press(bench, "Shift+T")
    expect(bench.page.locator("#messages")).to_contain_text(refused)
    assert not Job.objects.exists()
    toggle.uncheck()
    until(lambda: bench.page.evaluate(offer.format("forwards")) is True)


def test_a_series_has_no_entry_to_track_backwards(
    open_drawer: OpenDrawer, alice: User, boxed: Instance
) -> None:
    Media.objects.filter(pk=boxed.task.media_id).update(kind=MediaKind.IMAGE_SEQUENCE)
    bench = open_drawer(alice)
    bench.page.locator("#tab-objects").click()
    bench.page.locator(f'[data-key="{boxed.object_hash}"]').click(button="right")
    entry = bench.page.get_by_role("menu", name=str(boxed)).get_by_role("menuitem")
    expect(entry.filter(has_text="Track forwards").first).to_be_visible()
    expect(entry.filter(has_text="Track backwards")).to_have_count(0)
