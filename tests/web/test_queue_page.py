"""The queue over all projects: who sees what, filters that are kept, bulk actions; once in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import BulkAction, Job, JobState, Part, Project, Role, SavedFilter, User
from labeling.services import bulk_actions
from tests import factories
from tests.engine.batching import queued, seeded_tasks
from tests.web.browser import OpenPage
from tests.web.conftest import SignedIn
from workers.bulk_actions import tend_bulk_actions


@pytest.fixture(autouse=True)
def quiet(valkey: object, settings: object) -> None:
    """Bells ring in a real queue; the scripted tracker may be ordered."""
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]


@pytest.fixture
def second(alice: User, project: Project) -> Project:
    """Another project, which Alice reviews; each of the two has a batch of three jobs."""
    other = factories.make_project(name="Harbour")
    other.memberships.create(user=alice, role=Role.REVIEWER)
    for one in (project, other):
        seeded_tasks(one, 3)
        queued(one)
    return other


@pytest.mark.django_db
def test_it_shows_the_jobs_of_ones_projects_and_their_places(
    signed_in: SignedIn, alice: User, bob: User, charlie: User, second: Project
) -> None:
    page = signed_in(alice).get("/jobs/").content.decode()
    assert page.count('class="job-row"') == 6
    assert "<dt>Queued</dt><dd>6</dd>" in page
    assert "place 6 in the queue" in page
    assert "No worker that is online takes “scripted” (cpu)" in page
    assert signed_in(bob).get("/jobs/").content.decode().count('class="job-row"') == 3
    narrowed = signed_in(alice).get(f"/jobs/?project={second.pk}&state=queued").content.decode()
    assert (narrowed.count('class="job-row"'), "<dt>Queued</dt><dd>3</dd>" in narrowed) == (3, True)
    assert "No jobs yet" in signed_in(charlie).get("/jobs/").content.decode()


@pytest.mark.django_db
def test_filters_are_kept_under_a_name_by_each_for_themselves(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    told = {"name": "Broken", "state": "failed", "by": "me", "cursor": "5", "kind": "no such kind"}
    answer = signed_in(alice).post(reverse("filter-keep"), told)
    assert answer.headers["Location"] == "/jobs/?state=failed&by=me"
    kept = SavedFilter.objects.get()
    assert (
        'href="/jobs/?state=failed&amp;by=me">Broken</a>' in signed_in(alice).get("/jobs/").content.decode()
    )
    assert "Broken" not in signed_in(bob).get("/jobs/").content.decode()
    forget = reverse("filter-forget", args=[kept.pk])
    assert signed_in(bob).post(forget).status_code == 404
    signed_in(alice).post(forget)
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
def test_what_takes_long_says_how_far_it_is_and_what_came_of_it(
    signed_in: SignedIn, alice: User, second: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "AT_ONCE", -1)
    told = {"verb": "cancel-keep", "which": "matching"}
    page = signed_in(alice).post(f"{reverse('queue-act')}?state=queued", told).content.decode()
    action = BulkAction.objects.get()
    part = reverse("bulk-action", args=[action.pk])
    assert part in page
    assert "Cancelled, keeping labels, 0 jobs of 6 so far." in signed_in(alice).get(part).content.decode()
    while tend_bulk_actions():
        pass
    assert "Cancelled, keeping labels, 6 jobs." in signed_in(alice).get(part).content.decode()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.CANCELLED}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_manager_narrows_the_queue_keeps_the_filter_and_pauses_all_that_match(
    page_of: OpenPage, live_server: LiveServer, alice: User, second: Project
) -> None:
    page: Page = page_of(alice)
    page.goto(f"{live_server.url}/jobs/")
    expect(page.locator("tr.job-row")).to_have_count(6)
    page.get_by_label("Project").select_option("Harbour")
    expect(page.locator("tr.job-row")).to_have_count(3)
    assert f"project={second.pk}" in page.url
    page.get_by_label("Name of these filters").fill("The harbour")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="The harbour")).to_be_visible()
    expect(page.locator("tr.job-row")).to_have_count(3)
    page.get_by_role("button", name="Pause all 3 that match").click()
    expect(page.get_by_text("Paused 3 jobs.")).to_be_visible()
    expect(page.locator("[data-job-state]", has_text="Paused")).to_have_count(3)
    page.get_by_label("With several jobs").select_option("Resume")
    expect(page.get_by_role("button", name="Resume all 3 that match")).to_be_visible()
    assert Job.objects.filter(state=JobState.PAUSED).count() == 3


def job_of(project: Project, *, number: int, work: tuple[str, str, str]) -> None:
    """A job in one of four states, with its part; ``work``: kind, queue and algorithm."""
    kind, capability, algorithm = work
    state, part = (("queued", "queued"), ("running", "running"), ("failed", "failed"), ("succeeded", "done"))[
        number % 4
    ]
    now = timezone.now()
    ended: dict[str, Any] = {"finished_at": now} if part in ("failed", "done") else {}
    leased: dict[str, Any] = {"lease_expires_at": now} if part == "running" else {}
    job = Job.objects.create(
        project=project, task=factories.make_task(media=factories.make_media(project=project)),
        kind=kind, algorithm=algorithm, state=state, first_frame=0, last_frame=9, started_at=now,
        frames_total=10, **ended,
    )  # fmt: skip
    Part.objects.create(
        job=job, number=0, project=project, state=part, capability=capability, algorithm=algorithm,
        frames_total=10, started_at=now - timedelta(seconds=5), **ended, **leased,
    )  # fmt: skip


@pytest.mark.django_db
def test_it_asks_as_often_however_many_jobs_of_whatever_kinds_there_are(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    works = [
        ("track", "cpu", "fast"), ("track", "gpu", "sam2"), ("track", "gpu", "mine"),
        ("interpolate", "cpu", "interpolate"), ("detect_all", "cpu", "detect:similar"),
        ("detect_all", "gpu", "detect:sam3"),
    ]  # fmt: skip
    client = signed_in(alice)
    filters = (
        "",
        "?state=queued",
        "?state=active",
        "?state=failed",
        "?state=succeeded",
        "?kind=track",
        f"?project={project.pk}",
    )

    def asked() -> list[int]:
        counts = []
        for one in filters:
            with CaptureQueriesContext(connection) as queries:
                assert 'class="job-row"' in client.get(f"/jobs/{one}").content.decode()
            counts.append(len(queries))
        return counts

    for number in range(4):
        job_of(project, number=number, work=works[0])
    few = asked()
    for number in range(4, 40):
        job_of(project, number=number, work=works[number % 6])
    assert asked() == few
    assert max(few) == few[0]


@pytest.mark.django_db
def test_what_waits_is_shown_anew_without_the_jobs(signed_in: SignedIn, alice: User, second: Project) -> None:
    client = signed_in(alice)
    for address in ("/jobs/", reverse("project-jobs", args=[second.pk])):
        part = client.get(address, headers={"HX-Request": "true", "HX-Target": "backlog"}).content.decode()
        assert 'id="backlog"' in part
        assert f'hx-get="{address}"' in part
        assert "job-row" not in part
