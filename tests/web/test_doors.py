"""Who gets to see which page: every page against every role."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, reverse

from labeling.access_rules import ROUTES
from labeling.models import Job, JobKind, JobState, Media, Member, Project, Task, User
from labeling.web.urls import urlpatterns
from tests.web.conftest import SignedIn

PEOPLE = ("alice", "rita", "bob", "victor")
PROJECT_PAGES = ("project", "project-media", "project-jobs", "project-export", "project-ontology")


@pytest.fixture
def cast(alice: User, bob: User, rita: User, victor: User, charlie: User) -> dict[str, User]:
    return {user.username: user for user in (alice, bob, rita, victor, charlie)}


@pytest.fixture
def job(task: Task, alice: User) -> Job:
    return Job.objects.create(
        project=task.project,
        task=task,
        kind=JobKind.TRACK,
        algorithm="fast",
        first_frame=0,
        last_frame=9,
        frames_total=10,
        created_by=alice,
        state=JobState.QUEUED,
    )


@pytest.fixture
def addresses(project: Project, task: Task, media: Media, job: Job) -> dict[str, str]:
    """Every page that is about something of the project."""
    return {
        **{name: reverse(name, args=[project.pk]) for name in PROJECT_PAGES},
        "task": reverse("task", args=[task.pk]),
        "media-row": reverse("media-row", args=[media.pk]),
        "media-thumb": reverse("media-thumb", args=[media.pk]),
        "job": reverse("job", args=[job.pk]),
        "job-row": reverse("job-row", args=[job.pk]),
    }


def test_every_page_has_a_rule_in_the_one_table() -> None:
    names = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert names <= ROUTES.keys()


@pytest.mark.parametrize("name", PEOPLE)
def test_members_of_every_role_read_the_project(
    signed_in: SignedIn, cast: dict[str, User], addresses: dict[str, str], name: str
) -> None:
    client = signed_in(cast[name])
    for page, address in addresses.items():
        assert client.get(address).status_code == 200, page


def test_an_outsider_is_not_told_that_anything_is_there(
    signed_in: SignedIn, cast: dict[str, User], addresses: dict[str, str], project: Project
) -> None:
    client = signed_in(cast["charlie"])
    for page, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 404, page
        assert project.name not in answer.content.decode(), page


def test_whoever_is_not_signed_in_is_sent_to_do_so(signed_in: SignedIn, addresses: dict[str, str]) -> None:
    client = signed_in(None)
    home = [reverse(name) for name in ("projects", "project-new", "notifications", "tokens", "workers")]
    for address in [*addresses.values(), *home]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"] == f"/sign-in/?next={address}"


def test_htmx_takes_whoever_is_signed_out_to_the_whole_page(
    signed_in: SignedIn, addresses: dict[str, str]
) -> None:
    answer = signed_in(None).get(addresses["job-row"], headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in/"


@pytest.mark.parametrize("name", ["rita", "bob", "victor"])
def test_only_managers_see_and_change_members(
    signed_in: SignedIn, cast: dict[str, User], project: Project, name: str
) -> None:
    client = signed_in(cast[name])
    members = reverse("project-members", args=[project.pk])
    member = Member.objects.get(project=project, user=cast["victor"])
    assert client.get(members).status_code == 403
    assert client.post(members, {"username": "charlie", "role": "viewer"}).status_code == 403
    rules = reverse("project-settings", args=[project.pk])
    assert client.post(rules, {"comments_block": "on"}).status_code == 403
    change = reverse("member-change", args=[member.pk])
    assert client.post(change, {"role": "manager"}).status_code == 403
    member.refresh_from_db()
    assert member.role == "viewer"


def test_the_members_tab_is_shown_to_managers_alone(
    signed_in: SignedIn, cast: dict[str, User], addresses: dict[str, str]
) -> None:
    for name in PEOPLE:
        page = signed_in(cast[name]).get(addresses["project"]).content.decode()
        assert (">Members</a>" in page) == (name == "alice"), name


def test_a_viewer_may_not_steer_a_job(signed_in: SignedIn, cast: dict[str, User], job: Job) -> None:
    answer = signed_in(cast["victor"]).post(reverse("job-act", args=[job.pk]), {"verb": "cancel-discard"})
    assert answer.status_code == 403
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_an_address_that_is_none_says_so_on_a_page(signed_in: SignedIn, alice: User) -> None:
    answer = signed_in(alice).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
