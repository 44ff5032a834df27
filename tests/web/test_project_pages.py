"""The tabs of a project: tasks, media, export, members, ontology."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labeling.models import Media, MediaState, Member, Project, Role, Stage, Task, User
from labeling.web.turning import ROWS
from tests import factories
from tests.web.conftest import SignedIn, seen_on


@pytest.fixture
def tasks(media: Media, alice: User, bob: User) -> dict[str, Task]:
    """Three tasks that differ in stage, assignee and title."""
    made = {
        "first": factories.make_task(media=media),
        "second": factories.make_task(media=media, stage=Stage.REVIEW, assignee=bob),
        "third": factories.make_task(media=media, stage=Stage.COMPLETE, assignee=alice),
    }
    for name, task in made.items():
        task.title = f"the {name} film"
        task.save(update_fields=["title"])
    return made


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"first", "second", "third"}),
        ("stage=review", {"second"}),
        ("assignee=none", {"first"}),
        ("assignee=me", {"third"}),
        ("q=SECOND", {"second"}),
        ("stage=complete&assignee=none", set()),
        ("stage=nonsense&assignee=nonsense&cursor=nonsense", {"first", "second", "third"}),
    ],
)
def test_the_address_narrows_the_tasks(
    *, signed_in: SignedIn, alice: User, project: Project, tasks: dict[str, Task], query: str, shown: set[str]
) -> None:
    page = signed_in(alice).get(f"/projects/{project.pk}/?{query}").content.decode()
    assert {name for name in tasks if f"the {name} film" in page} == shown


def test_tasks_of_one_person_are_found_by_their_id(
    signed_in: SignedIn, alice: User, bob: User, project: Project, tasks: dict[str, Task]
) -> None:
    page = signed_in(alice).get(f"/projects/{project.pk}/?assignee={bob.pk}").content.decode()
    assert "the second film" in page
    assert "the first film" not in page


def test_pages_of_tasks_leave_none_out_and_keep_the_filter(
    signed_in: SignedIn, alice: User, project: Project, media: Media
) -> None:
    for _ in range(ROWS + 1):
        last = factories.make_task(media=media)
    client = signed_in(alice)
    first = client.get(f"/projects/{project.pk}/?stage=annotate").content.decode()
    assert first.count("<tr>") == ROWS + 1
    cursor = last.pk - 1
    assert f"?stage=annotate&amp;cursor={cursor}" in first
    second = client.get(f"/projects/{project.pk}/?stage=annotate&cursor={cursor}").content.decode()
    assert f'href="/tasks/{last.pk}/"' in second
    assert "Next page" not in second


def test_media_that_wait_or_were_refused_are_told_beside_the_tasks(
    signed_in: SignedIn, bob: User, project: Project
) -> None:
    Media.objects.create(project=project, title="a", storage_key="a", sha256="a", size_bytes=1)
    Media.objects.create(
        project=project,
        title="b.mp4",
        storage_key="b",
        sha256="b",
        size_bytes=1,
        state=MediaState.FAILED,
        error="The file is empty.",
    )
    page = signed_in(bob).get(f"/projects/{project.pk}/").content.decode()
    assert "1 file is being read" in page
    assert "The file is empty." in page
    media = signed_in(bob).get(f"/projects/{project.pk}/media/").content.decode()
    assert "The file is empty." in media
    assert "Waiting to be read" in media


def test_a_title_cannot_bring_its_own_script(signed_in: SignedIn, bob: User, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(title="<script>alert(1)</script></script>")
    for address in (f"/projects/{task.project_id}/", f"/tasks/{task.pk}/"):
        page = signed_in(bob).get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_manager_assigns_a_task_in_the_table(
    signed_in: SignedIn, alice: User, bob: User, task: Task
) -> None:
    row = signed_in(alice).post(reverse("task-assign", args=[task.pk]), {"assignee": bob.pk})
    task.refresh_from_db()
    assert task.assignee == bob
    assert f'<option value="{bob.pk}" selected>' in row.content.decode()


def test_an_outsider_is_assigned_nothing(signed_in: SignedIn, alice: User, charlie: User, task: Task) -> None:
    answer = signed_in(alice).post(
        reverse("task-assign", args=[task.pk]), {"assignee": charlie.pk}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "That person is no member of this project." in answer.content.decode()


def test_only_who_may_upload_is_offered_to(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    address = f"/projects/{project.pk}/media/"
    assert 'id="drop"' in signed_in(alice).get(address).content.decode()
    assert 'id="drop"' not in signed_in(bob).get(address).content.decode()


def test_a_manager_adds_changes_and_removes_members(
    signed_in: SignedIn, alice: User, charlie: User, project: Project
) -> None:
    client = signed_in(alice)
    address = reverse("project-members", args=[project.pk])
    assert client.post(address, {"username": "charlie", "role": "annotator"}).status_code == 302
    member = Member.objects.get(project=project, user=charlie)
    change = reverse("member-change", args=[member.pk])
    client.post(change, {"role": "reviewer"})
    member.refresh_from_db()
    assert member.role == Role.REVIEWER
    assert client.post(change, {"role": "remove"}).content == b""
    assert not Member.objects.filter(pk=member.pk).exists()


def test_a_manager_has_open_comments_keep_tasks_from_being_submitted(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    client = signed_in(alice)
    for sent, held in (({"comments_block": "on"}, True), ({}, False)):
        page = client.post(reverse("project-settings", args=[project.pk]), sent, follow=True).content.decode()
        assert "The rules of this project were saved." in page
        project.refresh_from_db()
        assert project.comments_block is held
        assert ('name="comments_block" checked' in page) is held


def test_rules_and_roles_that_somebody_else_changed_meanwhile_stay(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    client, rules = signed_in(alice), reverse("project-settings", args=[project.pk])
    seen = seen_on(client.get(reverse("project-members", args=[project.pk])).content.decode())
    client.post(rules, {"comments_block": "on", "seen": seen})
    answer = client.post(rules, {"running_parts_max": "7", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Other than yours is now: comments block, running parts max." in page
    assert 'name="running_parts_max" type="number" min="1" value="7"' in page
    project.refresh_from_db()
    assert (project.comments_block, project.running_parts_max) == (True, None)
    assert client.post(rules, {"running_parts_max": "7", "seen": seen_on(page)}).status_code == 302
    member = Member.objects.get(project=project, user=bob)
    change = reverse("member-change", args=[member.pk])
    client.post(change, {"role": "reviewer", "seen": "annotator"})
    row = client.post(change, {"role": "remove", "seen": "annotator"}).content.decode()
    assert "Somebody made bob reviewer after you had opened the page." in row
    member.refresh_from_db()
    assert member.role == Role.REVIEWER


def test_an_unknown_name_is_said_at_the_field(signed_in: SignedIn, alice: User, project: Project) -> None:
    answer = signed_in(alice).post(
        reverse("project-members", args=[project.pk]), {"username": "nobody", "role": "viewer"}
    )
    assert answer.status_code == 422
    assert "There is no user named “nobody”." in answer.content.decode()


def test_the_last_manager_stays_and_the_row_says_why(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    member = Member.objects.get(project=project, user=alice)
    answer = signed_in(alice).post(reverse("member-change", args=[member.pk]), {"role": "viewer"})
    assert "alice is the last manager of this project." in answer.content.decode()
    member.refresh_from_db()
    assert member.role == Role.MANAGER


def test_the_ontology_is_shown_with_its_questions(
    signed_in: SignedIn, victor: User, project: Project
) -> None:
    page = signed_in(victor).get(f"/projects/{project.pk}/ontology/").content.decode()
    for text in (
        "Bounding box",
        "Skeleton",
        "plate",
        "changes over frames",
        "car, truck",
        "cloudy",
    ):
        assert text in page


def test_both_exports_are_offered(signed_in: SignedIn, victor: User, project: Project) -> None:
    page = signed_in(victor).get(f"/projects/{project.pk}/export/").content.decode()
    for form in ("coco", "encord"):
        assert f'href="/api/v1/projects/{project.pk}/export/?format={form}"' in page
