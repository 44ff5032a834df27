"""Every page in a real Chromium, light and dark, wide and small: no complaint, and nothing unreachable."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Instance, Job, Media, MediaState, Project, Task, User
from labeling.services.jobs import job_submit
from labeling.services.labels import label_put
from labeling.services.orders import TrackOrder
from tests import factories
from tests.web.browser import Complaints, OpenPage, Scheme, keep, let_in, opened, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a finger or an unsteady hand can hit (WCAG 2.2, 2.5.8); links in running text are exempt.
SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, input, a.button, a.place, .tabs a')]
  .filter((one) => one.checkVisibility() && one.type !== 'hidden' && !one.closest('.unseen, .inline-text'))
  .map((one) => [one.closest('label') ?? one, one])
  .filter(([area]) => { const box = area.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .filter(([, one]) => !(one.type === 'checkbox' && one.closest('td')))
  .map(([, one]) => one.outerHTML.slice(0, 120))"""
NAMELESS = """() => [...document.querySelectorAll('button, select, input, textarea, a[href], progress')]
  .filter((one) => one.checkVisibility() && one.type !== 'hidden')
  .filter((one) => !(one.getAttribute('aria-label') || one.labels?.length || one.textContent.trim()))
  .map((one) => one.outerHTML.slice(0, 120))"""
WIDER_THAN_THE_WINDOW = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def lived_in(film: Media, alice: User, bob: User, project: Project, valkey: object) -> Project:
    """The project after some work: labels, a queued job, a refused file."""
    task = Task.objects.get(media=film)
    instance = factories.make_instance(task=task, author=bob)
    box = {"left": 40, "top": 30, "width": 50, "height": 40}
    label_put(user=bob, instance=instance, frame=0, shape_json=box)
    order = TrackOrder(instances=(instance.pk,), first_frame=0, last_frame=29)
    job_submit(user=bob, task=task, order=order)
    Media.objects.create(
        project=project,
        title="holiday.mp4",
        storage_key="x",
        sha256="x",
        size_bytes=18,
        state=MediaState.FAILED,
        error="The file is not a video: it is a text.",
    )
    return project


def addresses(project: Project) -> dict[str, str]:
    """Every page, by a name for its picture."""
    home = f"/projects/{project.pk}/"
    tabs = {tab: f"{home}{tab}/" for tab in ("media", "jobs", "rules", "export", "members", "ontology")}
    return {
        "projects": "/",
        "project-new": "/projects/new/",
        "tasks": home,
        **tabs,
        "job": f"/jobs/{Job.objects.get().pk}/",
        "notifications": "/notifications/",
        "tokens": "/tokens/",
        "reference": "/api/docs/",
        "reference-section": "/api/docs/comments/",
        "workers": "/workers/",
        "queue": "/jobs/",
        "task": f"/tasks/{Task.objects.get().pk}/",
    }


@pytest.mark.parametrize(("scheme", "size"), [("light", "wide"), ("dark", "laptop")])
def test_every_page_is_whole_in(
    *,
    browser: Browser,
    live_server: LiveServer,
    complaints: Complaints,
    lived_in: Project,
    alice: User,
    scheme: Scheme,
    size: str,
) -> None:
    with closing(opened(browser, scheme=scheme, size=size)) as context:
        page = context.new_page()
        complaints.listen(page)
        page.goto(f"{live_server.url}/sign-in/")
        keep(page, f"sign-in-{scheme}-{size}")
        let_in(context, base=live_server.url, user=alice)
        for name, address in addresses(lived_in).items():
            page.goto(f"{live_server.url}{address}")
            if name == "task":
                settled(page)
            keep(page, f"{name}-{scheme}-{size}")
            assert page.evaluate(SMALL_TARGETS) == [], name
            assert page.evaluate(NAMELESS) == [], name
            assert page.evaluate(WIDER_THAN_THE_WINDOW) is False, name


def settled(page: Page) -> None:
    """Wait for the task page's picture, and select the object, so that everything shows."""
    expect(page.locator("#shown-frame")).to_have_text("Frame 0 / 59")
    page.get_by_role("tab", name="Automate").click()
    page.get_by_role("tab", name="Objects").click()
    page.locator("#object-table").get_by_text("bounding_box 1").click()
    expect(page.locator("#object-table [aria-selected=true]")).to_have_count(1)


def test_a_person_signs_in_by_hand(
    browser: Browser, live_server: LiveServer, complaints: Complaints, alice: User
) -> None:
    with closing(opened(browser)) as context:
        page = context.new_page()
        complaints.listen(page)
        sign_in(page, base=live_server.url, user=alice)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(
    page_of: OpenPage, live_server: LiveServer, alice: User
) -> None:
    page = page_of(alice)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_classes_are_added_and_left_out_while_a_project_is_made(
    page_of: OpenPage, live_server: LiveServer, alice: User
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/new/")
    page.get_by_label("Name", exact=True).fill("Harbour")
    names = page.get_by_label("Name of the class")
    names.nth(0).fill("Ship")
    names.nth(1).fill("Never mind")
    page.get_by_role("button", name="Leave this class out").nth(1).click()
    page.get_by_role("button", name="Add a class").click()
    page.keyboard.type("Quay")
    page.get_by_label("Shape").last.select_option("polygon")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", name="Harbour")).to_be_visible()
    classes = Project.objects.get(name="Harbour").ontology.classes
    assert list(classes.values_list("name", "shape")) == [("Ship", "bounding_box"), ("Quay", "polygon")]


def test_tasks_are_filtered_without_loading_the_page_and_the_address_keeps_it(
    page_of: OpenPage, live_server: LiveServer, alice: User, film_task: Task
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{film_task.project_id}/")
    page.get_by_label("Stage").select_option("review")
    expect(page.get_by_role("heading", name="No task matches")).to_be_visible()
    assert "stage=review" in page.url
    page.reload()
    expect(page.get_by_role("heading", name="No task matches")).to_be_visible()
    page.get_by_label("Stage").select_option("")
    page.get_by_label("Search").fill("NUMB")
    expect(page.get_by_role("link", name="numbers.mp4")).to_be_visible()


def test_files_are_uploaded_and_a_refusal_is_said_beside_the_file(
    *,
    page_of: OpenPage,
    complaints: Complaints,
    live_server: LiveServer,
    alice: User,
    project: Project,
    valkey: object,
    tmp_path: Path,
) -> None:
    good, empty = tmp_path / "note.txt", tmp_path / "empty.mp4"
    good.write_text("a note")
    empty.touch()
    complaints.expected = {422}
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{project.pk}/media/")
    page.locator("#files").set_input_files([good, empty])
    expect(page.locator("#media")).to_contain_text("note.txt")
    expect(page.locator("#uploads")).to_contain_text("“empty.mp4” is empty.")
    assert Media.objects.filter(project=project).count() == 1


def test_jobs_are_followed_while_the_page_is_open(
    *, page_of: OpenPage, live_server: LiveServer, alice: User, lived_in: Project
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{lived_in.pk}/jobs/")
    row = page.locator(f"#job-{Job.objects.get().pk}")
    row.get_by_role("button", name="Cancel, discard").click()
    expect(row).to_contain_text("Cancelled")
    assert Instance.objects.count() == 1


def test_routes_of_the_reference_are_found_by_words(
    page_of: OpenPage, live_server: LiveServer, alice: User
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_label("Search").fill("post comments")
    expect(page.get_by_role("status").filter(has_text="1 is left")).to_be_visible()
    expect(page.get_by_role("heading", name="Webhooks")).to_be_hidden()
    page.get_by_role("link", name="/api/v1/tasks/{task_id}/comments/").click()
    expect(page).to_have_url(re.compile("/api/docs/comments/#tasks_comments_create$"))
    page.get_by_text("At a point of a frame", exact=True).click()
    expect(page.locator("pre").filter(has_text="is this one car or two")).to_have_count(2)
    expect(page.locator("pre").filter(has_text="curl -X POST").first).to_be_visible()


def test_a_route_is_tried_from_the_reference_as_who_is_signed_in(
    page_of: OpenPage, live_server: LiveServer, complaints: Complaints, alice: User, project: Project
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/api/docs/projects/")
    read = page.locator("section[aria-labelledby=projects_retrieve]")
    read.get_by_text("Try it").click()
    read.get_by_label("project_id").fill(str(project.pk))
    read.get_by_role("button", name="Send GET").click()
    expect(read.get_by_role("status")).to_contain_text("200 OK after")
    expect(read.get_by_label("Answer")).to_contain_text('ETag: "')
    expect(read.get_by_label("Answer")).to_contain_text(f'"name": "{project.name}"')
    change = page.locator("section[aria-labelledby=projects_partial_update]")
    change.get_by_text("Try it").click()
    change.get_by_label("project_id").fill(str(project.pk))
    change.get_by_label("Body").fill('{"guide": ')
    change.get_by_role("button", name="Send PATCH").click()
    expect(change.get_by_role("status")).to_contain_text("The body is no JSON, and nothing was sent")
    change.get_by_label("Body").fill('{"guide": "Tried"}')
    page.once("dialog", lambda dialog: dialog.dismiss())
    change.get_by_role("button", name="Send PATCH").click()
    project.refresh_from_db()
    assert project.guide == ""
    page.once("dialog", lambda dialog: dialog.accept())
    change.get_by_role("button", name="Send PATCH").click()
    expect(change.get_by_role("status")).to_contain_text("200 OK after")
    project.refresh_from_db()
    assert project.guide == "Tried"
    complaints.expected.add(412)
    change.get_by_label("If-Match").fill('"long-ago"')
    page.once("dialog", lambda dialog: dialog.accept())
    change.get_by_role("button", name="Send PATCH").click()
    expect(change.get_by_role("status")).to_contain_text("412 ")
    expect(change.get_by_label("Answer")).to_contain_text("changed_meanwhile")


def test_what_a_format_cannot_hold_is_listed(
    page_of: OpenPage, live_server: LiveServer, alice: User, lived_in: Project
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{lived_in.pk}/export/")
    page.get_by_role("button", name="What it cannot hold").nth(1).click()
    expect(page.locator("[data-answer]").nth(1)).not_to_be_empty()


def test_a_member_is_removed_after_a_question(
    page_of: OpenPage, live_server: LiveServer, alice: User, bob: User, project: Project
) -> None:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{project.pk}/members/")
    page.once("dialog", lambda dialog: dialog.accept())
    row = page.get_by_role("row").filter(has_text="bob")
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    assert not project.memberships.filter(user=bob).exists()
