"""The projects page, and making a project."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from labeling.models import (
    Job,
    JobKind,
    JobState,
    Media,
    MediaState,
    Member,
    Project,
    Role,
    Stage,
    Task,
    User,
)
from tests import factories
from tests.web.conftest import SignedIn


def new_project(**changes: str) -> dict[str, str]:
    """The form of a new project with one class."""
    return {
        "name": "Harbour",
        "ontology": "",
        "classes-TOTAL_FORMS": "2",
        "classes-INITIAL_FORMS": "0",
        "classes-0-name": "Ship",
        "classes-0-color": "#123456",
        "classes-0-shape": "polygon",
        "classes-1-name": "",
        "classes-1-color": "#654321",
        "classes-1-shape": "bounding_box",
        **changes,
    }


def test_a_card_says_how_a_project_stands(
    signed_in: SignedIn, alice: User, project: Project, media: Media
) -> None:
    for stage in (Stage.ANNOTATE, Stage.REVIEW, Stage.COMPLETE):
        task = factories.make_task(media=media, stage=stage)
    for state in (JobState.RUNNING, JobState.FAILED):
        Job.objects.create(
            project=project,
            task=task,
            kind=JobKind.TRACK,
            algorithm="fast",
            first_frame=0,
            last_frame=1,
            state=state,
            finished_at=timezone.now() if state is JobState.FAILED else None,
        )
    Media.objects.create(
        project=project, title="bad", state=MediaState.FAILED, storage_key="x", sha256="x", size_bytes=1
    )
    page = signed_in(alice).get("/").content.decode()
    assert "1 of 3 complete" in page
    assert "33 %" in page
    assert re.search(r"Jobs running</dt><dd>1</dd>", page)
    assert "1 job failed today" in page
    assert "1 file refused" in page


def test_the_page_asks_the_database_as_often_for_ten_projects_as_for_one(
    signed_in: SignedIn, alice: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(10):
        other = factories.make_project(name=f"Project {number}")
        Member.objects.create(project=other, user=alice, role=Role.VIEWER)
    client = signed_in(alice)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert client.get("/").content.decode().count('class="card"') == 11


def test_projects_of_others_are_not_shown(signed_in: SignedIn, charlie: User, project: Project) -> None:
    page = signed_in(charlie).get("/").content.decode()
    assert project.name not in page
    assert "No projects yet" in page


def test_a_new_project_has_its_classes_and_its_maker_as_manager(signed_in: SignedIn, charlie: User) -> None:
    answer = signed_in(charlie).post("/projects/new/", new_project())
    project = Project.objects.get(name="Harbour")
    assert answer["Location"] == f"/projects/{project.pk}/"
    (ship,) = project.ontology.classes.all()
    assert (ship.name, ship.color, ship.shape) == ("Ship", "#123456", "polygon")
    assert Member.objects.get(project=project).role == Role.MANAGER


def test_a_new_project_takes_an_ontology_that_its_maker_manages(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    signed_in(alice).post("/projects/new/", new_project(ontology=str(project.ontology_id)))
    assert Project.objects.get(name="Harbour").ontology_id == project.ontology_id


def test_an_ontology_of_others_cannot_be_chosen(signed_in: SignedIn, charlie: User, project: Project) -> None:
    answer = signed_in(charlie).post("/projects/new/", new_project(ontology=str(project.ontology_id)))
    assert answer.status_code == 422
    assert not Project.objects.filter(name="Harbour").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"classes-0-name": ""}, "Name at least one class to label, or choose an ontology."),
        ({"classes-0-color": "red"}, "A colour looks like #e6194b."),
        (
            {"classes-1-name": "Ship", "classes-1-shape": "polygon"},
            "There are two classes “Ship” of the same shape.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_place_and_nothing_is_lost(
    signed_in: SignedIn, charlie: User, changes: dict[str, str], sentence: str
) -> None:
    answer = signed_in(charlie).post("/projects/new/", new_project(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="#123456"' in page or "classes-0-color" in changes
    assert not Project.objects.exists()


def test_a_task_in_review_is_counted(signed_in: SignedIn, rita: User, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(stage=Stage.REVIEW)
    assert re.search(r"In review</dt><dd>1</dd>", signed_in(rita).get("/").content.decode())
