"""Menus and keys: one table of actions for both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from labeling.models import Task, User
from tests.web.browser import TaskPage, keep
from tests.web.workbench.cast import Cast, make_cast, wait_selected
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.test_table import ROWS, row


@pytest.fixture
def cast(film_task: Task, alice: User) -> Cast:
    return make_cast(task=film_task, author=alice)


@pytest.fixture
def bench(open_task: OpenTask, alice: User, cast: Cast) -> TaskPage:
    opened = open_task(alice)
    expect(opened.page.locator(ROWS)).to_have_count(7)
    opened.wait_frame(0)
    return opened


def item(bench: TaskPage, name: str) -> Locator:
    return bench.page.get_by_role("menuitem", name=name)


def test_a_right_click_on_a_row_selects_it_and_opens_its_menu(bench: TaskPage, cast: Cast) -> None:
    row(bench.page, cast.drawn).click(button="right")
    wait_selected(bench, cast.drawn)
    menu = bench.page.get_by_role("menu", name=str(cast.drawn))
    expect(menu).to_be_visible()
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    keep(bench.page, "workbench-menu")
    item(bench, "Hide or show").click()
    expect(menu).to_be_hidden()
    assert bench.page.evaluate("[...labelyard.hidden]") == [cast.drawn.object_hash]
    expect(row(bench.page, cast.drawn)).to_be_focused()


def test_a_menu_of_several_is_about_them_all(bench: TaskPage, cast: Cast) -> None:
    row(bench.page, cast.drawn).click()
    row(bench.page, cast.tracked).click(modifiers=["Shift"])
    row(bench.page, cast.drawn).get_by_role("button", name="Menu of").click()
    expect(bench.page.get_by_role("menu", name="2 objects")).to_be_visible()
    item(bench, "Lock or unlock").click()
    assert len(bench.page.evaluate("[...labelyard.locked]")) == 2


def test_keys_open_walk_find_and_close_it(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click()
    page.keyboard.press("Shift+F10")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.type("lock")
    expect(item(bench, "Lock or unlock")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("[...labelyard.locked]") == [cast.drawn.object_hash]
    page.keyboard.press("ContextMenu")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(row(page, cast.drawn)).to_be_focused()


def test_what_cannot_be_done_is_greyed_with_its_reason(bench: TaskPage, cast: Cast) -> None:
    row(bench.page, cast.drawn).click(button="right")
    merge = item(bench, "Merge into")
    expect(merge).to_have_attribute("aria-disabled", "true")
    reason = merge.get_attribute("title")
    assert reason
    merge.hover()
    expect(bench.page.locator(".menu-why")).to_have_text(reason)
    merge.click(force=True)
    expect(bench.page.get_by_role("menu")).to_be_visible()


def test_a_right_click_on_the_frame_opens_the_menu_of_what_is_there(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    page.mouse.click(*bench.at(30, 25), button="right")
    expect(page.get_by_role("menu", name=str(cast.drawn))).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.click(*bench.at(150, 120), button="right")
    expect(page.get_by_role("menu", name="Frame")).to_be_visible()
    expect(item(bench, "Fit the frame")).to_be_visible()
    page.mouse.click(*bench.at(150, 5))
    expect(page.get_by_role("menu")).to_be_hidden()


def test_a_menu_stays_inside_the_window(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    page.set_viewport_size({"width": 1280, "height": 720})
    row(page, cast.outline).click(button="right")
    box = page.get_by_role("menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 720


def test_keys_are_for_the_field_while_one_is_typed_in(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click()
    field = page.get_by_label("Filter objects")
    field.click()
    page.keyboard.type("hl")
    expect(field).to_have_value("hl")
    assert page.evaluate("[...labelyard.hidden, ...labelyard.locked]") == []
    page.keyboard.press("Escape")
    expect(page.locator("#stage")).to_be_focused()


def test_the_space_bar_presses_the_button_it_came_to_by_key_and_plays_after_a_click(
    bench: TaskPage, cast: Cast
) -> None:
    page = bench.page
    names = page.locator("#show-names")
    names.focus()
    page.keyboard.press("Space")
    expect(names).not_to_be_checked()
    page.locator(".class").nth(1).click()
    page.keyboard.press("Space")
    expect(page.locator(".class").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#shown-frame")).not_to_have_text("Frame 0 / 59")
    page.keyboard.press("Space")


def test_the_help_lists_every_action_and_is_searched(bench: TaskPage) -> None:
    page = bench.page
    page.keyboard.press("Shift+Slash")
    help_dialog = page.get_by_role("dialog", name="Keys")
    expect(help_dialog).to_be_visible()
    titles = page.evaluate("labelyard.actions.all().map((one) => one.title)")
    shown = help_dialog.locator("dt").all_inner_texts()
    assert set(titles) <= set(shown)
    keep(page, "workbench-help")
    page.keyboard.type("next frame")
    expect(help_dialog.locator("dt").first).to_have_text("Next frame")
    assert help_dialog.locator("dt").count() < 10
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()


def test_tabs_are_walked_and_remembered(bench: TaskPage) -> None:
    page = bench.page
    page.get_by_role("tab", name="Objects").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Review")).to_be_focused()
    expect(page.locator("#review")).to_be_visible()
    expect(page.locator("#objects")).to_be_hidden()
    page.keyboard.press("Alt+3")
    expect(page.locator("#comments")).to_be_visible()
    page.reload()
    expect(page.locator("#comments")).to_be_visible()


def test_messages_stay_or_fade_by_what_they_are(bench: TaskPage) -> None:
    page = bench.page
    page.clock.install()
    page.evaluate(
        "labelyard.say('Saved.'); labelyard.say('It broke.', 'bad'); labelyard.say('It broke.', 'bad')"
    )
    lines = page.locator(".message")
    expect(lines).to_have_count(2)
    expect(page.locator("#said")).to_contain_text("It broke.")
    page.clock.run_for(6000)
    expect(lines).to_have_count(1)
    lines.get_by_role("button", name="Dismiss").click()
    expect(lines).to_have_count(0)


def test_a_long_menu_has_menus_beside_it_for_pointer_and_keys(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click(button="right")
    delete = page.get_by_role("menu", name=str(cast.drawn)).get_by_role("menuitem", name="Delete", exact=True)
    delete.hover()
    beside = page.get_by_role("menu", name="Delete", exact=True)
    expect(beside).to_be_visible()
    expect(delete).to_have_attribute("aria-expanded", "true")
    item(bench, "Merge into").hover()
    expect(beside).to_be_hidden()
    delete.focus()
    page.keyboard.press("ArrowRight")
    expect(beside.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(beside).to_be_hidden()
    expect(delete).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("delete the")
    expect(beside.get_by_role("menuitem", name="Delete the whole object")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_have_count(0)
    bench.wait_saved()
    assert not cast.drawn.task.instances.filter(pk=cast.drawn.pk).exists()


def test_tracking_says_that_it_is_of_all_when_several_are_selected(bench: TaskPage, cast: Cast) -> None:
    page = bench.page
    row(page, cast.drawn).click(button="right")
    for name in ("Track forwards", "Track backwards"):
        expect(page.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
        expect(item(bench, f"{name} all")).to_have_count(0)
    page.keyboard.press("Escape")
    row(page, cast.tracked).click(modifiers=["Shift"])
    expect(page.get_by_role("button", name="Track forwards all")).to_be_visible()
    row(page, cast.drawn).click(button="right")
    expect(item(bench, "Track forwards all")).to_be_visible()
    expect(item(bench, "Track backwards all")).to_be_visible()


def test_what_means_nothing_for_an_object_is_not_in_its_menu(bench: TaskPage, cast: Cast) -> None:
    row(bench.page, cast.drawn).click(button="right")
    expect(bench.page.get_by_role("menu", name=str(cast.drawn))).to_be_visible()
    for name in ("Visible, occluded, invisible", "Add a hole", "Fill holes"):
        expect(item(bench, name)).to_have_count(0)
