"""The table of objects: what it says, how it is walked, filtered and sorted, and what it does to them all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.models import Instance, Task, User
from tests import factories
from tests.web.browser import TaskPage, keep
from tests.web.workbench.cast import LATER, Cast, make_cast, selected, wait_selected
from tests.web.workbench.conftest import OpenTask

ROWS = "#object-table tbody tr[data-key]"


@pytest.fixture
def cast(film_task: Task, alice: User) -> Cast:
    return make_cast(task=film_task, author=alice)


@pytest.fixture
def bench(open_task: OpenTask, alice: User, cast: Cast) -> TaskPage:
    opened = open_task(alice)
    expect(opened.page.locator(ROWS)).to_have_count(7)
    return opened


def row(page: Page, instance: Instance) -> Locator:
    return page.locator(f'[data-key="{instance.object_hash}"]')


def names(page: Page) -> list[str]:
    return page.locator(f"{ROWS} .object-name").all_inner_texts()


def test_it_says_what_each_object_is_on_the_frame(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    for instance, word in (
        (cast.drawn, "drawn"),
        (cast.tracked, "tracked"),
        (cast.interpolated, "interpolated"),
        (cast.absent, "absent"),
        (cast.later, "\N{EN DASH}"),
    ):
        expect(row(page, instance).locator(".object-here")).to_have_text(word)
    expect(row(page, cast.tracked)).to_contain_text("0.83")
    expect(row(page, cast.drawn).locator("td.number").first).to_have_text("")
    bench.go(1)
    expect(row(page, cast.tracked)).to_contain_text("0.42")
    expect(row(page, cast.drawn).locator(".object-here")).to_have_text("\N{EN DASH}")
    expect(row(page, cast.tracked)).to_contain_text("0\N{EN DASH}1 (2)")


def test_one_some_and_a_stretch_are_selected(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click()
    wait_selected(bench, cast.drawn)
    row(page, cast.interpolated).click(modifiers=["Shift"])
    wait_selected(bench, cast.drawn, cast.tracked, cast.interpolated)
    row(page, cast.tracked).click(modifiers=["ControlOrMeta"])
    wait_selected(bench, cast.drawn, cast.interpolated)
    expect(row(page, cast.tracked)).to_have_attribute("aria-selected", "false")
    expect(page.locator(".bar-words")).to_have_text("2 selected")


def test_the_keyboard_walks_selects_and_extends(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click()
    page.keyboard.press("ArrowDown")
    wait_selected(bench, cast.tracked)
    expect(row(page, cast.tracked)).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    wait_selected(bench, cast.tracked, cast.interpolated)
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Space")
    wait_selected(bench, cast.tracked, cast.interpolated, cast.absent)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(row(page, cast.absent).locator('[data-do="hide"]')).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowLeft")
    expect(row(page, cast.absent)).to_be_focused()


def test_an_object_that_is_not_here_offers_its_first_frame(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.later).click()
    expect(page.locator(".bar-words")).to_have_text(f"{cast.later}: no label here")
    page.get_by_role("button", name=f"Go to frame {LATER}").click()
    bench.wait_frame(LATER)
    expect(page.locator("#go-first")).to_be_hidden()


def test_a_double_click_goes_to_the_object_and_zooms(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    before = page.evaluate("labelyard.viewport.scale")
    row(page, cast.later).dblclick()
    bench.wait_frame(LATER)
    page.wait_for_function("(before) => labelyard.viewport.scale > before * 1.5", arg=before)


def test_a_filter_narrows_and_enter_selects_what_is_left(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    field = page.get_by_label("Filter objects")
    field.fill("class:polygon")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("#object-count")).to_have_text("1 of 7")
    field.fill("")
    page.get_by_role("button", name="Here", exact=True).first.click()
    expect(page.locator(ROWS)).to_have_count(4)
    field.fill("provenance:tracked")
    field.press("Enter")
    wait_selected(bench, cast.tracked)
    field.fill("nobody")
    expect(page.get_by_text("No object fits the filter.")).to_be_visible()


def test_only_here_follows_the_frame(bench: TaskPage) -> None:
    page = bench.page
    page.get_by_label("Filter objects").fill("here")
    expect(page.locator(ROWS)).to_have_count(4)
    bench.go(1)
    expect(page.locator(ROWS)).to_have_count(1)


def test_headers_sort(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    header = page.get_by_role("columnheader", name="Score")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(ROWS).first).to_have_attribute("data-key", cast.tracked.object_hash)
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    header.get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Object")).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("labelyard.tableOrder")[0] == cast.drawn.object_hash


def test_eye_and_lock_hide_and_lock(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).locator('[data-do="hide"]').click()
    assert page.evaluate("[...labelyard.hidden]") == [cast.drawn.object_hash]
    row(page, cast.tracked).click()
    row(page, cast.interpolated).click(modifiers=["Shift"])
    page.keyboard.press("l")
    expect(row(page, cast.tracked).locator('[data-do="lock"]')).to_have_attribute("aria-pressed", "true")
    assert set(page.evaluate("[...labelyard.locked]")) == {
        cast.tracked.object_hash,
        cast.interpolated.object_hash,
    }
    page.keyboard.press("l")
    page.keyboard.press("Shift+Alt+h")
    assert len(page.evaluate("[...labelyard.hidden]")) == 5
    page.keyboard.press("Alt+h")
    assert page.evaluate("[...labelyard.hidden, ...labelyard.locked]") == []


def test_tab_on_the_frame_walks_what_is_seen_and_then_goes_on(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    page.locator("#stage").focus()
    for instance in (cast.drawn, cast.tracked, cast.interpolated, cast.outline):
        page.keyboard.press("Tab")
        wait_selected(bench, instance)
        expect(page.locator("#said")).to_contain_text(str(instance))
    expect(page.locator("#stage")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#stage")).not_to_be_focused()
    page.locator("#stage").focus()
    page.keyboard.press("Shift+Tab")
    wait_selected(bench, cast.interpolated)


def test_all_of_the_table_are_selected_by_key(bench: TaskPage) -> None:
    bench.page.get_by_label("Filter objects").fill("class:bounding_box")
    expect(bench.page.locator(ROWS)).to_have_count(6)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press("Control+a")
    expect(bench.page.locator(".bar-words")).to_have_text("6 selected")


def test_digits_choose_the_class_and_with_shift_change_it(
    bench: TaskPage, cast: Cast, film_task: Task
) -> None:
    page = bench.page
    page.keyboard.press("3")
    expect(page.locator(".class[aria-pressed=true]")).to_contain_text("polygon")
    other = film_task.project.ontology.classes.get(name="polygon")
    row(page, cast.empty).click()
    page.keyboard.press("Shift+Digit3")
    bench.wait_saved()
    cast.empty.refresh_from_db()
    assert cast.empty.object_class_id == other.pk
    row(page, cast.drawn).click()
    page.keyboard.press("Shift+Digit3")
    expect(page.locator(".message.warn")).to_contain_text("has another shape")


def test_two_thousand_objects_make_a_few_rows(open_task: OpenTask, alice: User, film_task: Task) -> None:
    first = factories.make_instance(task=film_task, author=alice)
    made = [
        Instance(
            task=film_task,
            object_class=first.object_class,
            object_hash=factories.new_hash(),
            number=number,
            created_by=alice,
        )
        for number in range(2, 2001)
    ]
    Instance.objects.bulk_create(made)
    bench = open_task(alice)
    page = bench.page
    expect(page.locator("#object-count")).to_have_text("2000")
    assert page.locator(ROWS).count() < 60
    expect(page.locator("#object-table")).to_have_attribute("aria-rowcount", "2001")
    page.locator(ROWS).first.click()
    page.keyboard.press("End")
    last = page.locator(f"{ROWS}[aria-selected=true]")
    expect(last).to_have_attribute("aria-rowindex", "2001")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    # A row that had the focus and was scrolled away leaves it to the table: keys go on.
    page.locator(".object-scroll").evaluate("(one) => one.scrollTo(0, 0)")
    expect(page.locator(ROWS).first).to_have_attribute("aria-rowindex", "2")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{ROWS}[aria-selected=true]")).to_have_attribute("aria-rowindex", "2000")


def test_a_viewer_sees_and_selects_and_changes_nothing(
    open_task: OpenTask, victor: User, cast: Cast, film_task: Task
) -> None:
    bench = open_task(victor)
    page = bench.page
    expect(page.locator(ROWS)).to_have_count(7)
    row(page, cast.empty).click()
    page.keyboard.press("Shift+Digit3")
    expect(page.locator(".message.warn")).to_be_visible()
    expect(page.locator(".class").first).to_be_disabled()
    delete = page.locator('[data-action="object.delete"]')
    expect(delete).to_have_attribute("aria-disabled", "true")
    assert film_task.instances.filter(object_hash=cast.empty.object_hash).exists()


def test_the_panels_are_widened_by_keys_and_it_is_remembered(bench: TaskPage) -> None:
    page = bench.page
    handle = page.get_by_role("separator", name="Width of the panels")
    before = int(handle.get_attribute("aria-valuenow") or 0)
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(handle).not_to_have_attribute("aria-valuenow", str(before))
    wider = handle.get_attribute("aria-valuenow")
    page.reload()
    expect(page.get_by_role("separator", name="Width of the panels")).to_have_attribute(
        "aria-valuenow", str(wider)
    )


@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_it_is_kept_as_a_picture(bench: TaskPage, cast: Cast, size: tuple[int, int]) -> None:
    page = bench.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    row(page, cast.tracked).click()
    expect(page.locator(".object-bar")).to_contain_text(re.compile("selected"))
    assert names(page)[0] == str(cast.drawn)
    assert selected(bench) == [cast.tracked.object_hash]
    keep(page, f"workbench-table-{size[0]}")
    page.emulate_media(color_scheme="dark")
    keep(page, f"workbench-table-{size[0]}-dark")


@pytest.mark.parametrize("width", [1600, 1280, 1024])
def test_all_of_the_table_is_seen_without_scrolling_sideways(bench: TaskPage, width: int) -> None:
    page = bench.page
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_function("(width) => innerWidth === width", arg=width)
    scrolls = "document.querySelector('.object-scroll')"
    assert page.evaluate(f"{scrolls}.scrollWidth - {scrolls}.clientWidth") <= 0
    keep(page, f"workbench-table-narrow-{width}")


def test_a_viewers_digits_say_why_no_class_is_chosen(open_task: OpenTask, victor: User, cast: Cast) -> None:
    page = open_task(victor).page
    before = page.evaluate("labelyard.classId")
    page.keyboard.press("3")
    expect(page.locator(".message.warn")).to_be_visible()
    assert page.evaluate("labelyard.classId") == before
