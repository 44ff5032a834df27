"""One undo: a run is taken back and brought back as a whole, among the changes by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.models import Instance, Job, JobState, Label, Task, User
from labeling.services.job_states import job_cancel
from labeling.services.labels import label_put
from labeling.services.runs import job_revert
from tests.web.browser import Complaints, TaskPage
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import choose_frames, known, run_script, run_waiting_part, select, until
from tests.web.workbench.scripts import ordered, working

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("valkey"),
]

SHAPE = {"left": 44.0, "top": 30.0, "width": 50.0, "height": 40.0}
TRACKING = "Tracking of 1 object"


def said(bench: TaskPage, sentence: str) -> None:
    """Wait until the page says it."""
    expect(bench.page.locator("#messages").get_by_text(sentence)).to_be_visible()


def undoes(bench: TaskPage, title: str) -> None:
    """Wait until undo would take this back."""
    expect(bench.page.locator("#undo")).to_have_attribute("title", f"Undo {title} (Ctrl+Z)")


def press(bench: TaskPage, *keys: str) -> None:
    bench.page.locator("#stage").focus()
    for key in keys:
        bench.page.keyboard.press(key)


def frames_of(instance: Instance) -> list[int]:
    return sorted(Label.objects.filter(instance=instance).values_list("frame", flat=True))


@pytest.mark.usefixtures("relayed")
def test_undo_says_what_it_removed_and_kept_and_reaches_back_over_a_reload(
    open_task: OpenTask, alice: User, bob: User, boxed: Instance
) -> None:
    run_script(user=alice, instance=boxed, first=0, last=9)
    bench = open_task(alice)
    undoes(bench, TRACKING)
    label_put(user=alice, instance=boxed, frame=4, shape_json=SHAPE)
    press(bench, "Control+z")
    said(bench, f"Undone: {TRACKING}. Removed 8, kept 1 you edited.")
    assert frames_of(boxed) == [0, 4]
    label_put(user=bob, instance=boxed, frame=5, shape_json=SHAPE)
    bench.page.reload()
    redo = bench.page.locator("#redo")
    # What alice drew since, the page has read by now: a run that was undone before it cannot come back.
    undoes(bench, "Draw bounding_box 1")
    expect(redo).to_be_disabled()


@pytest.mark.usefixtures("relayed")
def test_a_run_that_was_undone_is_brought_back_after_a_reload(
    open_task: OpenTask, alice: User, bob: User, boxed: Instance
) -> None:
    run_script(user=alice, instance=boxed, first=0, last=9)
    bench = open_task(alice)
    undoes(bench, TRACKING)
    press(bench, "Control+z")
    said(bench, f"Undone: {TRACKING}. Removed 9 labels.")
    until(lambda: frames_of(boxed) == [0])
    label_put(user=bob, instance=boxed, frame=5, shape_json=SHAPE)
    bench.page.reload()
    expect(bench.page.locator("#redo")).to_have_attribute("title", f"Redo {TRACKING} (Ctrl+Shift+Z)")
    press(bench, "Control+Shift+Z")
    said(bench, f"Done again: {TRACKING}. Brought back 8, kept 1 that were changed since.")
    assert Job.objects.count() == 1
    press(bench, "Control+z")
    said(bench, f"Undone: {TRACKING}. Removed 8, kept 1 that were changed since.")
    assert frames_of(boxed) == [0, 5]


@pytest.mark.usefixtures("relayed")
def test_runs_and_edits_are_one_history(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    select(bench, boxed)
    choose_frames(bench, 0, 4)
    bench.page.get_by_role("button", name="Track", exact=True).click()
    until(Job.objects.exists)
    run_waiting_part()
    known(bench, boxed, frame=3)
    bench.go(3)
    press(bench, "Shift+ArrowRight")
    undoes(bench, "Move bounding_box 1")
    bench.wait_saved()
    moved = Label.objects.get(instance=boxed, frame=3).geometry
    # The keys are faster than the server: each waits for the one before.
    press(bench, "Control+z", "Control+z")
    said(bench, f"Undone: {TRACKING}. Removed 4 labels.")
    assert frames_of(boxed) == [0]
    press(bench, "Control+Shift+Z", "Control+Shift+Z")
    undoes(bench, "Move bounding_box 1")
    until(lambda: frames_of(boxed) == [0, 1, 2, 3, 4])
    until(lambda: Label.objects.get(instance=boxed, frame=3).geometry == moved)
    # By the chip it is taken back from below the edit, which stays; and comes back as the last thing done.
    chip = bench.page.locator("#job-chip")
    chip.get_by_role("button", name="Undo run").click()
    expect(chip).to_contain_text("Removed 3, kept 1 you edited.")
    undoes(bench, "Move bounding_box 1")
    chip.get_by_role("button", name="Bring back").click()
    expect(chip).to_contain_text("Brought back 3, kept 1 you edited.")
    undoes(bench, TRACKING)
    assert frames_of(boxed) == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("relayed")
def test_while_a_run_is_at_work_undo_cancels_it_and_redo_brings_what_it_had_written(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    job = ordered(alice, boxed, delay_seconds=0.2)
    bench = open_task(alice)
    undoes(bench, TRACKING)
    with working():
        known(bench, boxed, frame=2)
        press(bench, "Control+z")
        said(bench, f"{TRACKING} is cancelled, and its labels are discarded.")
        expect(bench.page.locator("#job-words")).to_have_text("Cancelled, labels taken back")
    job.refresh_from_db()
    assert (job.state, job.cancel_keeps) == (JobState.CANCELLED, False)
    assert frames_of(boxed) == [0]
    until(lambda: not bench.page.evaluate("labelyard.store.label(labelyard.primary ?? '', 2)"))
    press(bench, "Control+Shift+Z")
    said(bench, f"Done again: {TRACKING}. Brought back {job.labels_written} labels.")
    assert len(frames_of(boxed)) == 1 + job.labels_written


def test_a_run_that_somebody_else_took_back_is_said_and_undo_goes_on(
    open_task: OpenTask, complaints: Complaints, alice: User, bob: User, boxed: Instance
) -> None:
    complaints.expected = {409}
    job = run_script(user=alice, instance=boxed, first=0, last=9)
    bench = open_task(alice)
    undoes(bench, TRACKING)
    job_revert(job=job, user=bob)
    # No word of it has come: the page finds out when the key is pressed.
    press(bench, "Control+z")
    said(bench, f"bob has taken it back: {TRACKING}.")
    undoes(bench, "Draw bounding_box 1")
    press(bench, "Control+z")
    said(bench, "Undone: Draw bounding_box 1")
    until(lambda: frames_of(boxed) == [])


@pytest.mark.usefixtures("relayed")
def test_runs_of_others_are_no_steps_of_mine_and_of_mine_those_that_wrote_something(
    open_task: OpenTask, alice: User, bob: User, film_task: Task, boxed: Instance
) -> None:
    half = run_script(
        user=alice, instance=boxed, first=0, last=9, script={"fail_at": 8, "delay_seconds": 0.3}
    )
    assert (half.state, half.labels_written > 0) == (JobState.PARTIAL, True)
    job_cancel(job=ordered(alice, boxed), keep=True)
    theirs = run_script(user=bob, instance=boxed, first=20, last=29)
    bench = open_task(alice)
    # It failed on frame 8: what it had written before is taken back.
    undoes(bench, TRACKING)
    press(bench, "Control+z")
    said(bench, f"Undone: {TRACKING}. Removed {half.labels_written} labels.")
    assert frames_of(boxed) == [0, *range(20, 30)]
    undoes(bench, "Draw bounding_box 1")
    # One that is taken back while the page is open is heard of.
    mine = run_script(user=alice, instance=boxed, first=40, last=49)
    bench.page.reload()
    undoes(bench, TRACKING)
    for job in (theirs, mine):
        job_revert(job=job, user=bob)
    said(bench, f"bob has taken it back: {TRACKING}.")
    undoes(bench, "Draw bounding_box 1")
