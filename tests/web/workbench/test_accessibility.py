"""The workbench and its dialogs by the rules of accessibility, in light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from labeling.models import CommentKind, Task, User
from labeling.services.comments import comment_make
from labeling.services.pins import Pin
from tests.web.axe import faults
from tests.web.browser import keep
from tests.web.workbench.cast import Cast, make_cast
from tests.web.workbench.conftest import OpenTask

# Every control that a pointer can press, and how large it is: WCAG 2.2 asks for 24 by 24.
TARGETS = """() => [...document.querySelectorAll(
    "button, select, input:not([type=checkbox]):not([type=radio]), [role=tab]"
  )]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((one) => [one.id || one.className || one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 23.5 || box.height < 23.5))
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


@pytest.fixture
def page(open_task: OpenTask, alice: User, film_task: Task) -> Page:
    """The workbench with objects of many kinds, one of them selected."""
    cast: Cast = make_cast(task=film_task, author=alice)
    bench = open_task(alice)
    rows = bench.page.locator("#object-table tbody tr[data-key]")
    expect(rows).to_have_count(7)
    bench.page.locator(f'[data-key="{cast.tracked.object_hash}"]').click()
    return bench.page


def test_workbench_has_no_serious_fault(page: Page) -> None:
    for tab in page.locator('.right [role="tab"]').all():
        tab.click()
        assert faults(page) == []


def test_dialogs_and_menus_have_no_serious_fault(page: Page) -> None:
    page.locator("#show-help").click()
    assert faults(page, within="#help") == []
    page.keyboard.press("Escape")
    page.locator("#show-settings").click()
    for tab in page.locator('#settings [role="tab"]').all():
        tab.click()
        assert faults(page, within="#settings") == []
    page.keyboard.press("Escape")
    page.locator("#bulk-menu").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.evaluate("['info', 'warn', 'bad'].forEach((tone) => labelyard.say(`A sentence, ${tone}`, tone))")
    assert faults(page, within="#messages") == []


def test_menus_beside_menus_have_no_serious_fault(page: Page) -> None:
    page.locator("#bulk-menu").click()
    page.get_by_role("menuitem", name="Delete", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("menu")).to_have_count(2)
    keep(page, "workbench-menu-beside")
    assert faults(page) == []


def test_the_bell_and_comments_that_are_edited_have_no_serious_fault(
    page: Page, film_task: Task, alice: User, bob: User
) -> None:
    mine = comment_make(user=alice, task=film_task, text="@bob A truck?", pin=Pin(kind=CommentKind.TASK))
    comment_make(user=bob, task=film_task, text="A bus.", parent_id=mine.pk)
    page.reload()
    expect(page.locator("#bell [data-bell-number]")).to_have_text("1")
    page.locator("#tab-comments").click()
    page.get_by_role("button", name="Edit the comment").first.click()
    expect(page.get_by_label("Text of the comment")).to_be_focused()
    keep(page, "workbench-comment-edited")
    assert faults(page) == []


def test_targets_are_large_enough(page: Page) -> None:
    for tab in page.locator('.right [role="tab"]').all():
        tab.click()
        assert page.evaluate(TARGETS) == []
    page.locator("#show-settings").click()
    for tab in page.locator('#settings [role="tab"]').all():
        tab.click()
        assert page.evaluate(TARGETS) == []


def test_a_theme_that_was_chosen_holds_against_the_system(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("#show-settings").click()
    page.get_by_role("tab", name="Display").click()
    page.get_by_label("Theme").select_option("dark")
    dark = page.evaluate(colour)
    assert dark != light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(colour) == dark
    page.get_by_label("Theme").select_option("light")
    assert page.evaluate(colour) == light


def test_one_tab_stop_for_each_group(page: Page) -> None:
    for group in ("#object-table tbody", "#bulk [role=toolbar]", ".right > .tabs"):
        stops = page.locator(f"{group} [tabindex='0'], {group} button:not([tabindex])")
        expect(stops).to_have_count(1)
