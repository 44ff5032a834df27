"""Two people at one task: who edits it, taking over, leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.models import Presence, User
from tests.web.browser import TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
]


def words(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#presence-words")).to_have_text(text)


def said(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#messages").get_by_text(text)).to_be_visible()


@pytest.fixture
def first(open_task: OpenTask, bob: User) -> TaskPage:
    """The page of the annotator, who came first and edits the task."""
    bench = open_task(bob)
    until(lambda: Presence.objects.filter(user=bob, holds=True).exists())
    return bench


def test_the_second_who_comes_is_told_who_edits_and_the_first_that_they_came(
    open_task: OpenTask, alice: User, first: TaskPage
) -> None:
    second = open_task(alice)
    words(second, "bob is editing")
    said(second, "bob is editing this task. You can look, or take over.")
    keep(second.page, "workbench-presence")
    words(first, "1 also here")
    expect(first.page.locator("#presence-words")).to_have_attribute("title", "Also here: alice")


def test_who_is_taken_over_is_told_by_whom(
    open_task: OpenTask, alice: User, bob: User, first: TaskPage
) -> None:
    second = open_task(alice)
    second.page.get_by_role("button", name="Take over").click()
    words(second, "1 also here")
    said(first, "alice took over editing this task. What you do is saved still.")
    words(first, "alice is editing")
    keep(first.page, "workbench-presence-taken")
    first.page.get_by_role("button", name="Take over").click()
    words(first, "1 also here")
    words(second, "bob is editing")


def test_who_leaves_lets_go(open_task: OpenTask, alice: User, bob: User, first: TaskPage) -> None:
    second = open_task(alice)
    words(second, "bob is editing")
    first.page.goto("about:blank")
    expect(second.page.locator("#presence-words")).to_have_count(0)
    until(lambda: list(Presence.objects.values_list("user__username", "holds")) == [("alice", True)])


def test_a_viewer_is_seen_and_may_not_take_over(open_task: OpenTask, victor: User, first: TaskPage) -> None:
    second = open_task(victor)
    words(second, "bob is editing")
    expect(second.page.get_by_role("button", name="Take over")).to_have_count(0)
    words(first, "1 also here")
