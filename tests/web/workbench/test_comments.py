"""Comments: on everything that they can be about, answered, resolved, deleted; pins over the frame."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Comment, CommentKind, Instance, Notification, Task, User
from labeling.services.comments import comment_make
from labeling.services.pins import Pin
from tests.web.browser import OpenPage, TaskPage, keep
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import choose_frames, known, open_panel, select, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("relayed"),
]


@pytest.fixture
def bench(open_task: OpenTask, bob: User, boxed: Instance) -> TaskPage:
    """The workbench of an annotator, with the panel of comments open."""
    bench = open_task(bob)
    known(bench, boxed)
    open_panel(bench, "Comments")
    return bench


def write(bench: TaskPage, text: str) -> None:
    bench.page.get_by_label("Comment", exact=True).fill(text)
    bench.page.locator("#comment-form").get_by_role("button", name="Comment", exact=True).click()
    expect(threads(bench).filter(has_text=text)).to_have_count(1)


def threads(bench: TaskPage) -> Locator:
    return bench.page.locator("#threads").get_by_role("article")


def about(bench: TaskPage, text: str) -> None:
    expect(bench.page.locator("#comment-place")).to_have_text(f"About: {text}")


def choose_kind(bench: TaskPage, name: str) -> None:
    bench.page.get_by_role("group", name="What the comment is about").get_by_role("button", name=name).click()


def pinned(comment: Comment) -> dict[str, Any]:
    return {name: getattr(comment, name) for name in ("kind", "frame", "last_frame", "object_hash")}


def point(task: Task, author: User, text: str, *, frame: int = 0, x: float = 60, y: float = 50) -> Comment:
    pin = Pin(kind=CommentKind.POINT, frame=frame, x=x, y=y)
    return comment_make(user=author, task=task, text=text, pin=pin)


def test_a_comment_is_about_the_frame_that_is_shown(bench: TaskPage) -> None:
    about(bench, "Frame 0")
    bench.go(3)
    about(bench, "Frame 3")
    write(bench, "Blurred.")
    expect(threads(bench)).to_contain_text("Frame 3")
    expect(bench.page.get_by_role("tab", name="Comments (1)")).to_be_visible()
    assert pinned(Comment.objects.get()) == {
        "kind": "frame", "frame": 3, "last_frame": None, "object_hash": "",
    }  # fmt: skip
    assert bench.page.evaluate("labelyard.marks.get('comments')") == [3]


def test_a_comment_is_about_an_object_a_range_or_the_task(bench: TaskPage, boxed: Instance) -> None:
    select(bench, boxed)
    choose_kind(bench, "Object")
    about(bench, "bounding_box 1 on frame 0")
    write(bench, "A truck?")
    choose_frames(bench, 10, 20)
    choose_kind(bench, "Range")
    about(bench, "Frames 10 to 20")
    write(bench, "Dark here.")
    choose_kind(bench, "Task")
    about(bench, "The task")
    write(bench, "Good work.")
    made = {one.text: pinned(one) for one in Comment.objects.all()}
    nothing = {"frame": None, "last_frame": None, "object_hash": ""}
    assert made == {
        "A truck?": {**nothing, "kind": "instance", "frame": 0, "object_hash": boxed.object_hash},
        "Dark here.": {**nothing, "kind": "range", "frame": 10, "last_frame": 20},
        "Good work.": {**nothing, "kind": "task"},
    }
    keep(bench.page, "workbench-comments")
    bench.page.evaluate("labelyard.setRange(null)")
    threads(bench).get_by_role("button", name="Frames 10 to 20").click()
    bench.wait_frame(10)
    assert bench.page.evaluate("labelyard.range") == [10, 20]


def test_a_comment_is_pinned_to_a_point_by_a_key_and_a_click(bench: TaskPage) -> None:
    bench.go(4)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press("m")
    bench.page.mouse.click(*bench.at(120, 40))
    about(bench, "A point on frame 4")
    expect(bench.page.locator("#comment-text")).to_be_focused()
    write(bench, "What is this?")
    comment = Comment.objects.get()
    assert (comment.kind, comment.frame) == ("point", 4)
    assert comment.x == pytest.approx(120, abs=0.6)
    assert comment.y == pytest.approx(40, abs=0.6)
    pin = bench.page.get_by_role("button", name="Comment, bob: What is this?")
    expect(pin).to_be_visible()
    keep(bench.page, "workbench-comment-pin")
    box = pin.bounding_box()
    x, y = bench.at(120, 40)
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - x) < 2
    assert 0 < y - (box["y"] + box["height"]) < 12
    bench.go(5)
    expect(pin).to_have_count(0)


@pytest.mark.parametrize("tool", ["select", "comment"])
def test_a_click_on_a_pin_opens_its_thread(
    open_task: OpenTask, alice: User, bob: User, film_task: Task, tool: str
) -> None:
    point(film_task, alice, "Look at this.")
    bench = open_task(bob)
    bench.page.evaluate("(name) => labelyard.use(name)", tool)
    bench.page.get_by_role("button", name="Comment, alice: Look at this.").click()
    expect(threads(bench).get_by_role("textbox", name="Reply")).to_be_focused()
    about(bench, "Frame 0")


def test_a_pin_is_on_the_object_that_a_comment_is_about_and_goes_with_the_view(
    bench: TaskPage, alice: User, boxed: Instance
) -> None:
    pin = Pin(kind=CommentKind.INSTANCE, instance=boxed)
    comment_make(user=alice, task=boxed.task, text="Loose.", pin=pin)
    button = bench.page.get_by_role("button", name="Comment, alice: Loose.")
    expect(button).to_be_visible()
    before = button.bounding_box()
    bench.page.evaluate("labelyard.viewport.panBy(40, 20)")
    after = button.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] - before["x"] == pytest.approx(40)
    assert after["y"] - before["y"] == pytest.approx(20)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.down("q")
    expect(button).to_be_hidden()
    bench.page.keyboard.up("q")
    expect(button).to_be_visible()


def test_a_member_is_mentioned_by_the_first_letters(bench: TaskPage, alice: User) -> None:
    text = bench.page.get_by_label("Comment", exact=True)
    text.press_sequentially("Is it one, @al")
    expect(bench.page.get_by_role("option", name="@alice")).to_be_visible()
    text.press("Enter")
    text.press_sequentially("?")
    expect(text).to_have_value("Is it one, @alice ?")
    keep(bench.page, "workbench-comment-mention")
    bench.page.locator("#comment-form").get_by_role("button", name="Comment", exact=True).click()
    expect(threads(bench).locator(".mention")).to_have_text("@alice")
    assert [one.user for one in Notification.objects.all()] == [alice]


def test_a_thread_is_answered_resolved_and_reopened(bench: TaskPage, alice: User, film_task: Task) -> None:
    point(film_task, alice, "Is this a car?")
    thread = threads(bench)
    thread.get_by_role("textbox", name="Reply").fill("A van.")
    thread.get_by_role("button", name="Send").click()
    expect(thread).to_contain_text("A van.")
    expect(bench.page.get_by_role("button", name="2 comments, alice: Is this a car?")).to_have_text("2")
    thread.get_by_role("button", name="Resolve").click()
    expect(thread).to_contain_text("Resolved")
    expect(thread.get_by_role("textbox", name="Reply")).to_have_count(0)
    expect(bench.page.locator("#pins").get_by_role("button")).to_have_count(0)
    expect(bench.page.get_by_role("tab", name="Comments", exact=True)).to_be_visible()
    thread.get_by_role("button", name="Reopen").click()
    expect(thread.get_by_role("textbox", name="Reply")).to_be_visible()
    assert Comment.objects.get(parent=None).resolved_at is None


def test_ones_own_comment_is_deleted_after_a_question(bench: TaskPage, alice: User, film_task: Task) -> None:
    point(film_task, alice, "Hers.")
    write(bench, "Mine.")
    expect(threads(bench).filter(has_text="Hers.").get_by_role("button", name="Delete")).to_have_count(0)
    mine = threads(bench).filter(has_text="Mine.")
    mine.get_by_role("button", name="Delete the comment").click()
    assert Comment.objects.count() == 2
    mine.get_by_role("button", name="Really delete the comment").click()
    expect(threads(bench)).to_have_count(1)
    assert Comment.objects.get().text == "Hers."


def test_what_others_write_appears_and_a_reply_that_is_being_written_stays(
    bench: TaskPage, alice: User, film_task: Task
) -> None:
    first = point(film_task, alice, "First.")
    field = threads(bench).get_by_role("textbox", name="Reply")
    field.press_sequentially("I think")
    comment_make(user=alice, task=film_task, text="Or not?", parent_id=first.pk)
    expect(threads(bench)).to_contain_text("Or not?")
    expect(field).to_be_focused()
    field.press_sequentially(" so")
    expect(field).to_have_value("I think so")


def test_a_place_that_was_chosen_is_given_up(bench: TaskPage) -> None:
    choose_kind(bench, "Task")
    bench.go(2)
    about(bench, "The task")
    bench.page.get_by_role("button", name="Cancel").click()
    about(bench, "Frame 2")


def test_a_viewer_reads_and_writes_nothing(
    open_task: OpenTask, alice: User, victor: User, film_task: Task
) -> None:
    point(film_task, alice, "Look.")
    bench = open_task(victor)
    open_panel(bench, "Comments")
    expect(threads(bench)).to_contain_text("Look.")
    expect(bench.page.locator("#comment-form")).to_have_count(0)
    for name in ("Resolve", "Send", "Delete"):
        expect(threads(bench).get_by_role("button", name=name)).to_have_count(0)
    bench.page.locator("#stage").focus()
    bench.page.keyboard.press("m")
    said = bench.page.locator("#messages").get_by_text("As viewer of this project you may look, not comment.")
    expect(said).to_be_visible()
    assert bench.page.evaluate("labelyard.tool.name") == "select"


def test_an_address_leads_to_a_comment(
    page_of: OpenPage, live_server: LiveServer, alice: User, bob: User, film_task: Task
) -> None:
    first = point(film_task, alice, "Here.", frame=7)
    reply = comment_make(user=alice, task=film_task, text="And here.", parent_id=first.pk)
    bench = TaskPage(page_of(bob), width=160, height=128)
    bench.open(f"{live_server.url}/tasks/{film_task.pk}/#comment-{reply.pk}")
    bench.wait_frame(7)
    expect(threads(bench).get_by_role("textbox", name="Reply")).to_be_focused()
    until(lambda: bench.page.locator("#pins button").count() == 1)


def test_who_wrote_a_comment_edits_its_words_in_place(bench: TaskPage, alice: User) -> None:
    write(bench, "A truk.")
    comment = Comment.objects.get()
    thread = threads(bench)
    thread.get_by_role("button", name="Edit the comment").click()
    field = thread.get_by_label("Text of the comment")
    expect(field).to_be_focused()
    field.fill("A truck.")
    # Others write meanwhile: what is being written stays.
    comment_make(user=alice, task=comment.task, text="Which one?", parent_id=comment.pk)
    expect(thread).to_contain_text("Which one?")
    expect(field).to_have_value("A truck.")
    expect(thread.get_by_role("button", name="Edit the comment")).to_have_count(0)
    thread.get_by_role("button", name="Save").click()
    expect(thread).to_contain_text("A truck.")
    expect(thread).to_contain_text("edited")
    comment.refresh_from_db()
    assert comment.text == "A truck."
    thread.get_by_role("button", name="Edit the comment").first.click()
    thread.get_by_role("button", name="Cancel").click()
    expect(thread).to_contain_text("A truck.")


def test_the_bell_rings_while_one_works(bench: TaskPage, alice: User) -> None:
    bell = bench.page.locator("#bell")
    expect(bell.locator(".count")).to_be_hidden()
    comment_make(user=alice, task=Task.objects.get(), text="@bob look here.")
    expect(bell.locator("[data-bell-number]")).to_have_text("1")
    expect(bell).to_have_attribute("title", "Notifications: 1 unread")


def test_the_bell_rings_on_other_pages_too(
    page_of: OpenPage, live_server: LiveServer, alice: User, bob: User, film_task: Task
) -> None:
    page = page_of(bob)
    page.goto(f"{live_server.url}/")
    expect(page.locator("[data-bell] .count")).to_be_hidden()
    comment_make(user=alice, task=film_task, text="@bob look here.")
    expect(page.get_by_role("link", name="Notifications 1 unread")).to_be_visible()
