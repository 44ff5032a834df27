"""Reviewing: items one by one, decisions by keys and buttons, what a run wrote, a label's history."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from labeling.geometry.shapes import Box
from labeling.models import Decision, Instance, ReviewDecision, Task, User
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from tests import factories
from tests.web.browser import TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import (
    choose_frames,
    known,
    label_on_page,
    make_tracked,
    open_panel,
    run_script,
    select,
    until,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
]


@pytest.fixture
def tracked(film_task: Task, boxed: Instance) -> Instance:
    """A second object, tracked over frames 10 to 14, with dips on 11 and, deeper, on 13."""
    return make_tracked(film_task, confidences={10: 0.9, 11: 0.4, 12: 0.9, 13: 0.2, 14: 0.9})


@pytest.fixture
def bench(open_task: OpenTask, rita: User, tracked: Instance, boxed: Instance) -> TaskPage:
    """The workbench of a reviewer, with the panel of reviews open."""
    bench = open_task(rita)
    known(bench, boxed)
    open_panel(bench, "Review")
    return bench


def press(bench: TaskPage, chord: str) -> None:
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press(chord)


def progress(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#review-progress")).to_have_text(text)


def item(bench: TaskPage, name: str) -> None:
    expect(bench.page.locator("#review-item")).to_have_text(name)


def decided(instance: Instance) -> list[tuple[int, int, str]]:
    rows = ReviewDecision.objects.filter(instance=instance).order_by("first_frame")
    return [(one.first_frame, one.last_frame, str(one.decision)) for one in rows]


def dimmed(bench: TaskPage) -> Any:
    """The objects that are not dimmed, None when all are shown alike."""
    return bench.page.evaluate("labelyard.canvas.dim && [...labelyard.canvas.dim]")


def scale(bench: TaskPage) -> float:
    return float(bench.page.evaluate("labelyard.viewport.scale"))


def test_objects_are_stepped_through_zoomed_to_and_set_off_from_the_others(
    bench: TaskPage, boxed: Instance, tracked: Instance
) -> None:
    progress(bench, "2 in all, 2 to decide")
    fitted = scale(bench)
    press(bench, "j")
    item(bench, "bounding_box 2")
    progress(bench, "1 of 2, 2 to decide")
    bench.wait_frame(13)
    until(lambda: scale(bench) > fitted * 1.5)
    assert dimmed(bench) == [tracked.object_hash]
    expect(bench.page.locator("#review-about")).to_have_text("tracked, confidence 0.20, unreviewed")
    keep(bench.page, "workbench-review-step")
    press(bench, "j")
    item(bench, "bounding_box 1")
    bench.wait_frame(0)
    assert dimmed(bench) == [boxed.object_hash]
    press(bench, "Shift+J")
    item(bench, "bounding_box 2")
    bench.page.get_by_role("button", name="Stop").click()
    until(lambda: scale(bench) == pytest.approx(fitted))
    assert dimmed(bench) is None
    progress(bench, "2 in all, 2 to decide")


def test_the_strip_shows_two_frames_on_each_side_and_leads_there(bench: TaskPage, tracked: Instance) -> None:
    press(bench, "n")
    bench.wait_frame(13)
    strip = bench.page.get_by_role("group", name="The frames around it").get_by_role("button")
    expect(strip).to_have_count(5)
    names = [strip.nth(index).get_attribute("aria-label") for index in range(5)]
    assert names == [f"Frame {frame}" for frame in (11, 12, 13, 14, 15)]
    expect(strip.nth(2)).to_have_attribute("aria-current", "true")
    strip.nth(1).click()
    bench.wait_frame(12)
    expect(strip.nth(2)).to_have_attribute("aria-label", "Frame 12")


def test_low_confidence_is_stepped_through_from_the_lowest(bench: TaskPage, tracked: Instance) -> None:
    press(bench, "n")
    bench.wait_frame(13)
    progress(bench, "1 of 2, 2 to decide")
    press(bench, "n")
    bench.wait_frame(11)
    press(bench, "Shift+N")
    bench.wait_frame(13)
    bench.page.get_by_label("In which order").select_option("place")
    progress(bench, "2 of 2, 2 to decide")


def test_accepting_goes_on_to_the_next_and_is_undone_by_a_key(
    bench: TaskPage, boxed: Instance, tracked: Instance
) -> None:
    press(bench, "j")
    item(bench, "bounding_box 2")
    press(bench, "Shift+Enter")
    item(bench, "bounding_box 1")
    bench.wait_saved()
    assert decided(tracked) == [(10, 14, Decision.ACCEPTED)]
    press(bench, "Control+z")
    until(lambda: decided(tracked) == [])
    progress(bench, "2 of 2, 2 to decide")


def test_the_last_decision_ends_the_stepping(bench: TaskPage, boxed: Instance, tracked: Instance) -> None:
    press(bench, "j")
    for name in ("bounding_box 2", "bounding_box 1"):
        item(bench, name)
        press(bench, "Shift+Enter")
    progress(bench, "2 in all, 0 to decide")
    assert dimmed(bench) is None
    bench.wait_saved()
    assert decided(boxed) == [(0, 0, Decision.ACCEPTED)]


def test_a_rejection_asks_for_a_reason_that_one_key_gives(bench: TaskPage, boxed: Instance) -> None:
    select(bench, boxed)
    press(bench, "Shift+Backspace")
    dialog = bench.page.get_by_role("dialog", name="Reject bounding_box 1")
    expect(dialog).to_contain_text("Wrong class")
    keep(bench.page, "workbench-review-reasons")
    bench.page.keyboard.press("2")
    expect(dialog).to_have_count(0)
    bench.wait_saved()
    assert ReviewDecision.objects.get(instance=boxed).reason == "Wrong class"
    expect(bench.page.locator("#review-about")).to_have_text("manual, rejected: Wrong class")


def test_another_reason_is_written_and_escape_rejects_nothing(bench: TaskPage, boxed: Instance) -> None:
    select(bench, boxed)
    reject = bench.page.locator("#review").get_by_role("button", name="Reject")
    reject.click()
    bench.page.keyboard.press("Escape")
    expect(bench.page.locator("#reasons")).to_have_count(0)
    reject.click()
    bench.page.keyboard.type("A wheel is missing")
    bench.page.keyboard.press("Enter")
    bench.wait_saved()
    assert [one.reason for one in ReviewDecision.objects.all()] == ["A wheel is missing"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("The whole object", (0, 59)),
        ("Its label on this frame", (11, 11)),
        ("The frames chosen on the timeline", (12, 20)),
    ],
)
def test_a_decision_is_about_what_the_reviewer_says(
    bench: TaskPage, tracked: Instance, scope: str, expected: tuple[int, int]
) -> None:
    bench.go(11)
    select(bench, tracked)
    choose_frames(bench, 12, 20)
    bench.page.get_by_label("Decide on").select_option(scope)
    bench.page.locator("#review").get_by_role("button", name="Accept").click()
    bench.wait_saved()
    assert decided(tracked) == [(*expected, Decision.ACCEPTED)]


def test_several_objects_are_decided_on_at_once_and_cleared(
    bench: TaskPage, boxed: Instance, tracked: Instance
) -> None:
    select(bench, boxed, tracked)
    bench.page.locator("#review").get_by_role("button", name="Accept").click()
    until(lambda: len(decided(boxed)) == len(decided(tracked)) == 1)
    bench.page.locator("#review").get_by_role("button", name="Clear").click()
    until(lambda: not ReviewDecision.objects.exists())
    expect(bench.page.locator("#review-about")).not_to_contain_text("accepted")


def test_the_runs_original_is_shown_beside_what_was_corrected(
    bench: TaskPage, valkey: object, alice: User, boxed: Instance
) -> None:
    run_script(user=alice, instance=boxed, first=0, last=9)
    until(lambda: label_on_page(bench, boxed, frame=5) is not None)
    as_run = label_on_page(bench, boxed, frame=5)["shape"]
    label_put(
        user=alice, instance=boxed, frame=5, shape_json={"left": 5, "top": 5, "width": 20, "height": 20}
    )
    bench.go(5)
    select(bench, boxed)
    button = bench.page.get_by_role("button", name="Compare with the run")
    button.click()
    until(lambda: bool(bench.page.evaluate("labelyard.canvas.compare?.length")))
    (ghost,) = bench.page.evaluate("labelyard.canvas.compare")
    assert (ghost["instance"], ghost["frame"], ghost["shape"]) == (boxed.object_hash, 5, as_run)
    expect(button).to_have_attribute("aria-pressed", "true")
    keep(bench.page, "workbench-review-compare")
    press(bench, "Shift+C")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert bench.page.evaluate("labelyard.canvas.compare") is None


def test_a_label_tells_its_history(
    bench: TaskPage, valkey: object, alice: User, bob: User, tracked: Instance
) -> None:
    box = {"left": 5, "top": 5, "width": 20, "height": 20}
    label_put(user=bob, instance=tracked, frame=20, shape_json=box)
    label_put(user=alice, instance=tracked, frame=20, shape_json={**box, "left": 9})
    bench.go(20)
    select(bench, tracked)
    press(bench, "Shift+H")
    dialog = bench.page.get_by_role("dialog", name="bounding_box 2 on frame 20")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(re.compile("Draw bounding_box 2 alice, manual"))
    expect(rows.nth(1)).to_contain_text(re.compile("Draw bounding_box 2 bob, manual"))
    keep(bench.page, "workbench-review-history")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_an_annotator_steps_through_and_is_offered_no_decision(
    open_task: OpenTask, bob: User, boxed: Instance, tracked: Instance
) -> None:
    bench = open_task(bob)
    known(bench, boxed)
    open_panel(bench, "Review")
    press(bench, "n")
    bench.wait_frame(13)
    for name in ("Accept", "Reject", "Clear"):
        expect(bench.page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    press(bench, "Shift+Enter")
    press(bench, "Shift+Backspace")
    expect(bench.page.locator("#reasons")).to_have_count(0)
    assert bench.page.evaluate("labelyard.editing.undoable") is None


def test_what_a_reviewer_decides_shows_to_others(
    open_task: OpenTask, alice: User, rita: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    select(bench, boxed)
    open_panel(bench, "Review")
    review_decide(user=rita, instance=boxed, decision=Decision.REJECTED, reason="too wide")
    expect(bench.page.locator("#review-about")).to_have_text("manual, rejected: too wide")


def test_what_tracking_noticed_is_reviewed_first_and_drawn_on_the_timeline(
    open_task: OpenTask, rita: User, boxed: Instance, film_task: Task
) -> None:
    bus = factories.make_instance(task=film_task)
    factories.make_label(instance=bus, frame=0, shape=Box(100, 30, 50, 40))
    script = {
        "objects": {str(boxed.pk): {"dx": 3}, str(bus.pk): {"dx": -3}},
        "confidence": [[0, 0.9], [4, 0.9], [5, 0.3]],
    }
    run_script(user=rita, instance=boxed, others=(bus,), first=0, last=20, script=script)
    bench = open_task(rita)
    known(bench, boxed)
    open_panel(bench, "Review")
    bench.page.get_by_label("What to review").select_option("Identity jumps and score drops")
    progress(bench, "4 in all, 4 to decide")
    press(bench, "j")
    # They close in by 6 pixels a frame from 60 apart: on frame 10 they are one. The score fell on frame 5.
    bench.wait_frame(10)
    expect(bench.page.locator("#review-about")).to_contain_text("Identity jump, tracked")
    keep(bench.page, "workbench-review-hints")
    press(bench, "j")
    press(bench, "j")
    bench.wait_frame(5)
    expect(bench.page.locator("#review-about")).to_contain_text("Score drop, tracked")
    row = bench.page.evaluate("(key) => labelyard.tracks.of(key)", boxed.object_hash)
    assert [frame for frame, _ in row["jumps"]] == [10]
    assert [frame for frame, _ in row["drops"]] == [5]


def test_a_random_sample_has_so_many_items_and_keeps_its_order(
    bench: TaskPage, film_task: Task, boxed: Instance
) -> None:
    for _ in range(30):
        make_tracked(film_task, confidences={0: 0.4})
    bench.page.reload()
    until(lambda: bench.page.evaluate("(globalThis.labelyard?.store.instances.size ?? 0) > 30"))
    open_panel(bench, "Review")
    bench.page.get_by_label("In which order").select_option("sample")
    progress(bench, "25 in all, 25 to decide")
    shown = bench.page.locator("#review-item")
    seen = [shown.inner_text()]
    for _ in range(3):
        press(bench, "j")
        until(lambda: shown.inner_text() != seen[-1])
        seen.append(shown.inner_text())
    assert len(set(seen[1:])) == 3
    press(bench, "Shift+J")
    item(bench, seen[2])
