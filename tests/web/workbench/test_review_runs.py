"""Review of what machines made: hints by keys, ranges by pointer and keys, a run against what stands now."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.geometry.shapes import Box
from labeling.models import Instance, ReviewDecision, Task, User
from labeling.services.labels import label_mark_absent, label_put
from tests import factories
from tests.web.browser import TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import known, open_panel, rows_shown, run_script, select, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
]

SHAPE = {"left": 44.0, "top": 30.0, "width": 50.0, "height": 40.0}


def decided(instance: Instance) -> list[tuple[int, int, str, str]]:
    rows = ReviewDecision.objects.filter(instance=instance).order_by("first_frame")
    return [(one.first_frame, one.last_frame, str(one.decision), one.reason) for one in rows]


def place(bench: TaskPage, instance: Instance, frame: int) -> tuple[float, float]:
    """Where a frame of an object's row is in the window."""
    row = bench.page.evaluate(
        """([key, frame]) => {
          const { left, top } = document.querySelector(".timeline-view").getBoundingClientRect();
          const { width } = document.querySelector(".timeline-view").getBoundingClientRect();
          const names = 168, ruler = 22, high = 20;
          const { first, last } = labelyard.facts;
          const index = labelyard.allOrder.indexOf(key);
          const x = names + ((frame - first + 0.5) / (last - first + 1)) * (width - names);
          return [left + x, top + ruler + (index + 0.5) * high];
        }""",
        [instance.object_hash, frame],
    )
    return float(row[0]), float(row[1])


def test_jumps_drops_and_differences_are_a_key_away(
    open_task: OpenTask, rita: User, alice: User, boxed: Instance, film_task: Task
) -> None:
    bus = factories.make_instance(task=film_task)
    factories.make_label(instance=bus, frame=0, shape=Box(100, 30, 50, 40))
    script = {
        "objects": {str(boxed.pk): {"dx": 3}, str(bus.pk): {"dx": -3}},
        "confidence": [[0, 0.9], [4, 0.9], [5, 0.3]],
    }
    run_script(user=rita, instance=boxed, others=(bus,), first=0, last=20, script=script)
    for frame in (14, 16):
        label_put(user=alice, instance=boxed, frame=frame, shape_json=SHAPE)
    label_mark_absent(user=alice, instance=boxed, frame=17)
    bench = open_task(rita)
    page = bench.page
    known(bench, boxed)
    page.locator("#stage").focus()
    # They are one on frame 10; the score fell on frame 5: jumps first.
    for frame in (10, 10, 5):
        page.keyboard.press("Alt+J")
        bench.wait_frame(frame)
    page.keyboard.press("Alt+Shift+J")
    bench.wait_frame(10)
    open_panel(bench, "Review")
    page.get_by_role("button", name="Next jump or drop").click()
    bench.wait_frame(5)
    page.get_by_role("button", name="Stop").click()
    # Compared over the whole track: how many differ, and the ways to them.
    select(bench, boxed)
    page.get_by_role("button", name="Compare with the run").click()
    expect(page.locator("#review-differences")).to_have_text(
        "Of 20 frames by runs 3 differ now: 2 changed, 1 marked absent."
    )
    page.locator("#stage").focus()
    for frame in (14, 16, 17, 14):
        page.keyboard.press("Alt+Shift+C")
        bench.wait_frame(frame)
    page.get_by_role("button", name="Previous difference").click()
    bench.wait_frame(17)
    keep(page, "workbench-review-differences")
    select(bench, bus)
    expect(page.locator("#review-differences")).to_have_text("20 frames by runs, all as they were written.")


def test_ranges_are_decided_on_by_the_pointer_and_by_keys_alone(
    open_task: OpenTask, rita: User, boxed: Instance
) -> None:
    run_script(user=rita, instance=boxed, first=0, last=20)
    bench = open_task(rita)
    page = bench.page
    known(bench, boxed)
    select(bench, boxed)
    rows_shown(page, objects=1)
    # By the pointer: a drag in the row chooses frames, the bar accepts them.
    page.mouse.move(*place(bench, boxed, 3))
    page.mouse.down()
    page.mouse.move(*place(bench, boxed, 5))
    page.mouse.move(*place(bench, boxed, 8))
    page.mouse.up()
    bar = page.get_by_role("group", name="Chosen frames")
    expect(bar).to_contain_text("Frames 3 to 8 (6)")
    bar.get_by_role("button", name="Accept").click()
    until(lambda: decided(boxed) == [(3, 8, "accepted", "")])
    # What is accepted is locked.
    bench.go(5)
    page.locator("#stage").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#messages")).to_contain_text("accepted")
    # By keys alone, with a reason that one digit gives.
    bench.go(12)
    page.locator("#stage").focus()
    page.keyboard.press("Alt+BracketLeft")
    bench.go(14)
    page.locator("#stage").focus()
    page.keyboard.press("Alt+BracketRight")
    expect(bar).to_contain_text("Frames 12 to 14 (3)")
    page.keyboard.press("Alt+Backspace")
    page.locator("#reasons[open]").wait_for()
    page.keyboard.press("1")
    until(lambda: len(decided(boxed)) == 2)
    first, last, word, reason = decided(boxed)[1]
    assert (first, last, word, reason != "") == (12, 14, "rejected", True)
