"""What people set for themselves: kept on the server, at once on the page, and while the server is away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Task, User
from labeling.services.preferences import preferences_of
from tests.web.browser import Complaints, TaskPage, keep
from tests.web.workbench.cast import Cast, make_cast, wait_selected
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import until
from tests.web.workbench.test_table import ROWS, row


@pytest.fixture
def cast(film_task: Task, alice: User) -> Cast:
    return make_cast(task=film_task, author=alice)


@pytest.fixture
def bench(open_task: OpenTask, alice: User, cast: Cast) -> TaskPage:
    opened = open_task(alice)
    expect(opened.page.locator(ROWS)).to_have_count(7)
    return opened


def wait_kept(user: User, name: str, value: object) -> None:
    until(lambda: preferences_of(user)[name] == value)


def open_settings(bench: TaskPage, tab: str) -> Locator:
    bench.page.keyboard.press("Control+Comma")
    dialog = bench.page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("tab", name=tab).click()
    return dialog


def press_for(dialog: Locator, action: str, chord: str) -> None:
    dialog.locator(f'[data-set="{action}"]').click()
    dialog.page.keyboard.press(chord)


def test_the_view_is_set_and_kept(bench: TaskPage, alice: User) -> None:
    page = bench.page
    page.get_by_label("Colour by").first.select_option("Review")
    page.get_by_role("slider", name="Opacity").fill("0.8")
    expect(page.get_by_role("slider", name="Opacity")).to_have_attribute("aria-valuetext", "80 %")
    wait_kept(alice, "color_by", "review")
    wait_kept(alice, "opacity", 0.8)
    page.reload()
    expect(page.get_by_label("Colour by").first).to_have_value("review")
    page.get_by_role("button", name="Reset", exact=True).first.click()
    wait_kept(alice, "opacity", 0.35)


def test_each_section_is_kept_as_a_picture_and_sets_what_it_says(bench: TaskPage, alice: User) -> None:
    dialog = open_settings(bench, "Object tracking")
    dialog.get_by_label("Tracking range").fill("12")
    dialog.get_by_label("Advanced tracking").uncheck()
    keep(bench.page, "workbench-settings-tracking")
    wait_kept(alice, "tracking_range", 12)
    wait_kept(alice, "advanced_tracking", False)
    dialog.get_by_role("tab", name="Saving").click()
    dialog.get_by_label("Save by itself").uncheck()
    wait_kept(alice, "autosave", False)
    dialog.get_by_role("tab", name="Review").click()
    dialog.get_by_label("Reason 6").fill("Blurred")
    dialog.get_by_label("Reason 6").press("Tab")
    keep(bench.page, "workbench-settings-review")
    until(lambda: preferences_of(alice)["reject_reasons"][5:] == ["Blurred"])


def test_a_number_out_of_range_is_not_taken(bench: TaskPage, alice: User) -> None:
    dialog = open_settings(bench, "Object tracking")
    field = dialog.get_by_label("Tracking range")
    field.fill("100000")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert bench.page.evaluate("labelyard.preferences.get('tracking_range')") == 30


def test_a_key_is_remapped_and_everything_shows_it(bench: TaskPage, alice: User, cast: Cast) -> None:
    page = bench.page
    dialog = open_settings(bench, "Keys")
    press_for(dialog, "object.hide", "Control+Shift+y")
    expect(dialog.locator(".keys-said")).to_contain_text("Ctrl+Shift+Y now does")
    dialog.get_by_role("button", name="Take H from Hide or show").click()
    keep(page, "workbench-settings-keys")
    page.keyboard.press("Escape")
    row(page, cast.drawn).click()
    page.keyboard.press("h")
    assert page.evaluate("labelyard.hidden.size") == 0
    page.keyboard.press("Control+Shift+y")
    assert page.evaluate("labelyard.hidden.size") == 1
    expect(page.locator('.bar-tools [data-action="object.hide"]')).to_have_attribute(
        "title", "Hide or show (Ctrl+Shift+Y)"
    )
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl+Shift+Y")
    wait_kept(alice, "keys", {"object.hide": ["Mod+Shift+KeyY"]})
    page.reload()
    expect(page.locator(ROWS)).to_have_count(7)
    row(page, cast.drawn).click()
    page.keyboard.press("Control+Shift+y")
    assert page.evaluate("labelyard.hidden.size") == 1


def test_a_conflict_is_named_and_decided(bench: TaskPage, alice: User) -> None:
    dialog = open_settings(bench, "Keys")
    press_for(dialog, "object.hide", "l")
    said = dialog.locator(".keys-said")
    expect(said).to_contain_text("L does “Lock or unlock” already")
    dialog.get_by_role("button", name="Leave it").click()
    assert bench.page.evaluate("labelyard.actions.chordsOf('object.hide')") == ["KeyH"]
    press_for(dialog, "object.hide", "l")
    dialog.get_by_role("button", name="Take it from it").click()
    wait_kept(alice, "keys", {"object.hide": ["KeyH", "KeyL"], "object.lock": []})
    dialog.get_by_role("button", name="Reset all keys").click()
    wait_kept(alice, "keys", {})


def test_keys_that_cannot_be_had_are_refused(bench: TaskPage) -> None:
    dialog = open_settings(bench, "Keys")
    press_for(dialog, "object.hide", "Control+w")
    expect(dialog.locator(".keys-said")).to_contain_text("The browser keeps Ctrl+W for itself")
    bench.page.keyboard.press("Escape")
    expect(dialog.locator(".keys-said")).to_have_text("Nothing was changed.")
    expect(dialog).to_be_visible()


def test_settings_wait_here_while_the_server_is_away(
    bench: TaskPage, alice: User, complaints: Complaints
) -> None:
    page = bench.page
    page.route("**/me/preferences/", lambda route: route.abort())
    page.evaluate("labelyard.preferences.set('contrast', 1.5)")
    place = f"labelyard.preferences.{alice.pk}"
    until(lambda: "contrast" in (page.evaluate("(place) => localStorage.getItem(place)", place) or ""))
    page.unroute("**/me/preferences/")
    page.reload()
    expect(page.get_by_role("slider", name="Contrast")).to_have_value("1.5")
    wait_kept(alice, "contrast", 1.5)
    until(lambda: page.evaluate("(place) => localStorage.getItem(place)", place) is None)


def test_the_objects_stay_selected_while_settings_are_open(bench: TaskPage, cast: Cast) -> None:
    row(bench.page, cast.drawn).click()
    dialog = open_settings(bench, "Display")
    bench.page.keyboard.press("h")
    assert bench.page.evaluate("labelyard.hidden.size") == 0
    bench.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    wait_selected(bench, cast.drawn)


def test_the_theme_holds_on_every_page_and_the_timeline_follows_it(
    bench: TaskPage, alice: User, live_server: LiveServer
) -> None:
    page = bench.page
    page.emulate_media(color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    drawn = "document.querySelector('.timeline-base').toDataURL()"
    before = page.evaluate(drawn)
    open_settings(bench, "Display").get_by_label("Theme").select_option("dark")
    until(lambda: page.evaluate(drawn) != before)
    dark = page.evaluate(colour)
    wait_kept(alice, "theme", "dark")
    page.goto(f"{live_server.url}/")
    assert page.evaluate(colour) == dark


def test_the_wheel_pans_where_that_is_set_and_zooms_with_ctrl(bench: TaskPage) -> None:
    page = bench.page
    view = "[labelyard.viewport.left, labelyard.viewport.top, labelyard.viewport.scale]"
    open_settings(bench, "Display").get_by_label("The wheel over the frame").select_option("pan")
    page.keyboard.press("Escape")
    page.mouse.move(*bench.at(80, 64))
    left, top, scale = page.evaluate(view)
    page.mouse.wheel(0, 40)
    until(lambda: page.evaluate(view)[1] != top)
    assert page.evaluate(view)[0] == left
    assert page.evaluate(view)[2] == scale
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    until(lambda: page.evaluate(view)[2] > scale)


def test_the_size_of_the_brush_is_remembered(bench: TaskPage, alice: User) -> None:
    page = bench.page
    page.keyboard.press("b")
    page.keyboard.press("BracketRight")
    wait_kept(alice, "brush_size", 26)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    assert page.evaluate("labelyard.tools.get('brush').size.value") == 26
