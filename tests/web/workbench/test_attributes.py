"""Attributes of objects, classifications of frames, and answering them by keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    AttributeAnswer,
    AttributeKind,
    ClassificationAnswer,
    Instance,
    Project,
    Task,
    User,
)
from tests import factories
from tests.web.browser import TaskPage, keep
from tests.web.workbench.cast import Cast, make_cast
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import select, until
from tests.web.workbench.test_table import ROWS


@pytest.fixture
def cast(project: Project, film_task: Task, alice: User) -> Cast:
    """The box's class also asks for colours (several) and, required, for a number of wheels."""
    box = factories.class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)
    factories.make_attribute(
        object_class=box, name="colours", kind=AttributeKind.CHECKLIST, options=("red", "blue"), dynamic=True
    )
    factories.make_attribute(object_class=box, name="wheels", kind=AttributeKind.NUMERIC, required=True)
    return make_cast(task=film_task, author=alice)


@pytest.fixture
def bench(open_task: OpenTask, alice: User, cast: Cast) -> TaskPage:
    opened = open_task(alice)
    expect(opened.page.locator(ROWS)).to_have_count(7)
    return opened


def question(bench: TaskPage, name: str) -> Locator:
    return bench.page.get_by_role("group", name=name, exact=True)


def answers(instance: Instance, name: str) -> list[tuple[Any, int | None, int | None]]:
    rows = AttributeAnswer.objects.filter(instance=instance, definition__name=name)
    return sorted(rows.values_list("value", "first_frame", "last_frame"), key=lambda row: row[1] or 0)


def test_a_static_attribute_holds_for_all_frames(bench: TaskPage, cast: Cast) -> None:
    select(bench, cast.drawn)
    question(bench, "kind").get_by_label("truck").check()
    bench.wait_saved()
    assert answers(cast.drawn, "kind") == [("truck", None, None)]
    bench.page.keyboard.press("Control+z")
    expect(question(bench, "kind").get_by_label("truck")).not_to_be_checked()


def test_a_dynamic_one_holds_from_here_on_until_the_next_answer(bench: TaskPage, cast: Cast) -> None:
    select(bench, cast.drawn)
    bench.go(30)
    question(bench, "colours").get_by_label("red").check()
    expect(question(bench, "colours")).to_contain_text("frames 30 to 59")
    bench.go(10)
    expect(question(bench, "colours").get_by_label("red")).not_to_be_checked()
    question(bench, "colours").get_by_label("blue").check()
    expect(question(bench, "colours")).to_contain_text("frames 10 to 29")
    bench.wait_saved()
    assert answers(cast.drawn, "colours") == [(["blue"], 10, 29), (["red"], 30, 59)]


@pytest.mark.parametrize(
    ("reach", "frames"), [("This frame", (5, 5)), ("All frames", (0, 59)), ("Chosen frames", (20, 25))]
)
def test_or_where_it_is_told_to(bench: TaskPage, cast: Cast, reach: str, frames: tuple[int, int]) -> None:
    select(bench, cast.drawn)
    bench.go(5)
    bench.page.evaluate("labelyard.setRange([20, 25])")
    bench.page.get_by_label("Frames over which an answer holds").select_option(reach)
    question(bench, "plate").get_by_role("textbox").fill("B-LY 1")
    bench.page.keyboard.press("Enter")
    bench.wait_saved()
    assert answers(cast.drawn, "plate") == [("B-LY 1", *frames)]


def test_what_was_typed_is_about_the_object_it_was_typed_for(bench: TaskPage, cast: Cast) -> None:
    select(bench, cast.drawn)
    question(bench, "wheels").get_by_role("spinbutton").press_sequentially("4")
    # A click on the canvas selects another object before the field has lost the focus.
    select(bench, cast.outline)
    bench.wait_saved()
    assert answers(cast.drawn, "wheels") == [(4, None, None)]
    assert not AttributeAnswer.objects.exclude(instance=cast.drawn).exists()


def test_required_ones_say_that_they_miss_an_answer(bench: TaskPage, cast: Cast) -> None:
    select(bench, cast.drawn)
    wheels = question(bench, "wheels")
    expect(wheels.get_by_text("required")).to_be_visible()
    wheels.get_by_role("spinbutton").fill("4")
    wheels.get_by_role("spinbutton").press("Enter")
    expect(wheels.get_by_text("required")).to_be_hidden()
    wheels.get_by_role("button", name="Clear wheels").click()
    expect(wheels.get_by_text("required")).to_be_visible()
    bench.wait_saved()
    assert answers(cast.drawn, "wheels") == []


def test_several_objects_are_answered_at_once(bench: TaskPage, cast: Cast) -> None:
    select(bench, cast.drawn)
    question(bench, "kind").get_by_label("car").check()
    select(bench, cast.tracked, cast.drawn)
    expect(question(bench, "kind")).to_contain_text("The objects differ")
    question(bench, "kind").get_by_label("truck").check()
    bench.wait_saved()
    assert answers(cast.drawn, "kind") == answers(cast.tracked, "kind") == [("truck", None, None)]


def test_the_frame_is_classified_over_frames(bench: TaskPage) -> None:
    bench.go(12)
    question(bench, "sky").get_by_label("cloudy").check()
    expect(question(bench, "sky")).to_contain_text("frames 12 to 59")
    bench.wait_saved()
    found = ClassificationAnswer.objects.values_list("value", "first_frame", "last_frame")
    assert list(found) == [("cloudy", 12, 59)]
    bench.go(3)
    expect(question(bench, "sky").get_by_label("cloudy")).not_to_be_checked()


def test_keys_alone_answer_question_after_question(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    page.locator("#stage").focus()
    page.keyboard.press("a")
    expect(page.locator("#attribute-mode")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#attributes-title")).to_have_text(str(cast.drawn))
    expect(question(bench, "kind")).to_have_attribute("aria-current", "true")
    page.keyboard.press("2")
    expect(question(bench, "kind").get_by_label("truck")).to_be_checked()
    keep(page, "workbench-attributes-by-keys")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(question(bench, "colours")).to_have_attribute("aria-current", "true")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("f")
    bench.wait_frame(1)
    page.keyboard.press("Escape")
    expect(page.locator("#attribute-mode")).to_have_attribute("aria-pressed", "false")
    bench.wait_saved()
    assert answers(cast.drawn, "kind") == [("truck", None, None)]
    assert answers(cast.drawn, "colours") == [(["red", "blue"], 0, 59)]
    page.keyboard.press("3")
    expect(page.locator(".class[aria-pressed=true]")).to_contain_text("polygon")


def test_after_the_last_question_the_next_object_comes(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    page.locator("#stage").focus()
    page.keyboard.press("a")
    expect(page.locator("#attributes-title")).to_have_text(str(cast.drawn))
    for _ in range(5):
        page.keyboard.press("Enter")
    expect(page.locator("#attributes-title")).to_have_text(str(cast.tracked))
    page.keyboard.press("1")
    page.keyboard.press("Delete")
    page.keyboard.press("1")
    bench.wait_saved()
    assert answers(cast.tracked, "kind") == [("car", None, None)]


def test_a_locked_object_and_a_viewer_are_not_answered(
    bench: TaskPage, open_task: OpenTask, victor: User, cast: Cast
) -> None:
    select(bench, cast.drawn)
    bench.page.keyboard.press("l")
    expect(question(bench, "kind").get_by_label("car")).to_be_disabled()
    other = open_task(victor)
    select(other, cast.drawn)
    expect(question(other, "kind").get_by_label("car")).to_be_disabled()
    expect(other.page.locator("#attribute-mode")).to_be_disabled()


def test_answers_over_frames_have_rows_of_their_own_on_the_timeline(
    bench: TaskPage, cast: Cast, film_task: Task
) -> None:
    select(bench, cast.drawn)
    bench.go(30)
    question(bench, "colours").get_by_label("red").check()
    title = """async (frame) => {
      const view = document.querySelector(".timeline-view");
      const box = view.getBoundingClientRect();
      const x = box.left + 168 + ((frame + 0.5) * (view.clientWidth - 168)) / 60;
      const at = { clientX: x, clientY: box.top + 22 + 30, bubbles: true };
      view.dispatchEvent(new PointerEvent("pointermove", at));
      return view.title;
    }"""
    about = f"{cast.drawn}, colours"
    until(lambda: bench.page.evaluate(title, 40) == f"Frame 40 of 59, {about}: red")
    assert bench.page.evaluate(title, 10) == f"Frame 10 of 59, {about}: no answer"
    keep(bench.page, "workbench-timeline-answers")
    switch = bench.page.get_by_role("button", name="Answers", exact=True)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    until(lambda: about not in bench.page.evaluate(title, 40))
    bench.page.reload()
    expect(switch).to_have_attribute("aria-pressed", "false")
