"""The notifications page: what one is told, where it leads, and that it was read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import CommentKind, Member, Notification, Task, User
from labeling.services.comments import comment_make
from labeling.services.pins import Pin
from labeling.services.tasks import task_update
from tests.web.browser import OpenPage, keep
from tests.web.conftest import SignedIn


@pytest.fixture
def told(task: Task, alice: User, bob: User) -> list[Notification]:
    """What bob is told: a task of his, and a mention on frame 12. The oldest first."""
    task_update(user=alice, task=task, assignee=bob)
    pin = Pin(kind=CommentKind.FRAME, frame=12)
    comment_make(user=alice, task=task, text="@bob, is this a <b>car</b>?", pin=pin)
    return list(Notification.objects.filter(user=bob).order_by("pk"))


def page(signed_in: SignedIn, user: User, address: str = "/notifications/") -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_says_what_happened_and_leads_to_its_frame(
    signed_in: SignedIn, bob: User, task: Task, told: list[Notification]
) -> None:
    html = page(signed_in, bob)
    assert "<strong>alice</strong> assigned you" in html
    assert f'href="/tasks/{task.pk}/"' in html
    mention = told[1]
    assert f'href="/tasks/{task.pk}/?frame=12#comment-{mention.comment_id}"' in html
    assert "is this a &lt;b&gt;car&lt;/b&gt;?" in html
    assert html.index("mentioned you in") < html.index("assigned you")


def test_the_bell_counts_on_every_page_what_is_unread(
    signed_in: SignedIn, alice: User, bob: User, told: list[Notification]
) -> None:
    for address in ("/", "/workers/", "/notifications/"):
        assert 'class="count" ><span data-bell-number>2<' in page(signed_in, bob, address)
        assert 'class="count" hidden' in page(signed_in, alice, address)


def test_one_is_marked_read_then_all(signed_in: SignedIn, bob: User, told: list[Notification]) -> None:
    client = signed_in(bob)
    answer = client.post("/notifications/", {"read": str(told[0].pk), "unread": "1"})
    assert answer["Location"] == "/notifications/?unread=1"
    html = page(signed_in, bob, "/notifications/?unread=1")
    assert "mentioned you in" in html
    assert "assigned you" not in html
    answer = client.post("/notifications/", {"up_to": str(told[1].pk)})
    assert answer["Location"] == "/notifications/"
    assert not Notification.objects.filter(user=bob, read_at=None).exists()
    assert "You have read everything" in page(signed_in, bob, "/notifications/?unread=1")
    assert "Mark all read" not in page(signed_in, bob)


def test_nobody_reads_or_marks_what_others_are_told(
    signed_in: SignedIn, alice: User, told: list[Notification]
) -> None:
    assert "Nothing yet" in page(signed_in, alice)
    signed_in(alice).post("/notifications/", {"read": str(told[0].pk), "up_to": str(told[1].pk)})
    assert Notification.objects.filter(read_at=None).count() == 2


def test_what_is_no_number_is_passed_over(signed_in: SignedIn, bob: User, told: list[Notification]) -> None:
    answer = signed_in(bob).post("/notifications/", {"read": "x", "up_to": "9" * 30})
    assert answer.status_code == 302
    assert Notification.objects.filter(user=bob, read_at=None).count() == 2


def test_who_left_the_project_is_told_nothing_more_of_it(
    signed_in: SignedIn, bob: User, told: list[Notification]
) -> None:
    Member.objects.filter(user=bob).delete()
    assert "Nothing yet" in page(signed_in, bob)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_who_follows_a_notification_has_read_it(
    page_of: OpenPage, live_server: LiveServer, alice: User, bob: User, film_task: Task
) -> None:
    pin = Pin(kind=CommentKind.POINT, frame=7, x=80, y=60)
    comment_make(user=alice, task=film_task, text="@bob look at the number.", pin=pin)
    task_update(user=alice, task=film_task, assignee=bob)
    browser = page_of(bob)
    browser.goto(f"{live_server.url}/")
    browser.get_by_role("link", name="Notifications 2 unread").click()
    keep(browser, "notifications")
    browser.get_by_role("link", name="numbers.mp4, frame 7").click()
    expect(browser.locator("#shown-frame")).to_contain_text("Frame 7 /")
    expect(browser.get_by_role("button", name="Comment, alice: @bob look at the number.")).to_be_visible()
    browser.goto(f"{live_server.url}/notifications/")
    expect(browser.get_by_role("button", name="Mark read")).to_have_count(1)
    browser.get_by_role("button", name="Mark all read").click()
    expect(browser.get_by_role("button", name="Mark read")).to_have_count(0)
    expect(browser.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
