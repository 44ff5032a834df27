"""``projects/``, ``members/`` and ``me/``."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import Event, Member, Project, Role, Task, User
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine

TREE = {"name": "Streets", "classes": [{"name": "Car", "shape": "bounding_box"}]}


def test_who_makes_a_project_manages_it(charlie_client: APIClient) -> None:
    answer = charlie_client.post("/api/v1/projects/", {"name": "Mine", "ontology": TREE}, format="json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["role"] == "manager"
    project = Project.objects.get(pk=answer.json()["id"])
    assert project.ontology.classes.get().name == "Car"
    assert Event.objects.filter(project=project, kind="project.created").exists()


def test_a_project_may_use_an_ontology_that_one_manages(alice_client: APIClient, project: Project) -> None:
    answer = alice_client.post(
        "/api/v1/projects/", {"name": "Second", "ontology": project.ontology_id}, format="json"
    )
    assert answer.status_code == 201
    assert answer.json()["ontology"] == project.ontology_id


def test_an_annotator_does_not_tie_an_ontology_to_a_project_of_theirs(
    bob_client: APIClient, project: Project
) -> None:
    answer = bob_client.post(
        "/api/v1/projects/", {"name": "Side", "ontology": project.ontology_id}, format="json"
    )
    assert answer.status_code == 422
    assert error_of(answer)["code"] == "unknown_ontology"
    assert Project.objects.count() == 1


def test_the_list_holds_ones_own_projects_page_by_page(
    alice: User, alice_client: APIClient, project: Project
) -> None:
    factories.make_project(name="somebody else's", ontology=project.ontology)
    for number in range(3):
        more = factories.make_project(name=f"more {number}", ontology=project.ontology)
        Member.objects.create(project=more, user=alice, role=Role.VIEWER)
    names: list[str] = []
    cursor: dict[str, Any] = {}
    while cursor is not None:
        page = alice_client.get("/api/v1/projects/", {"limit": 2, **cursor}).json()
        names += [row["name"] for row in page["results"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert names == ["Crossing", "more 0", "more 1", "more 2"]


def test_a_list_asks_as_much_for_many_as_for_few(
    alice: User,
    alice_client: APIClient,
    project: Project,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):  # session, user, projects
        alice_client.get("/api/v1/projects/")
    for _ in range(5):
        more = factories.make_project(ontology=project.ontology)
        Member.objects.create(project=more, user=alice, role=Role.VIEWER)
    with django_assert_num_queries(3):
        assert len(alice_client.get("/api/v1/projects/").json()["results"]) == 6


def test_a_manager_changes_name_guide_and_share(alice_client: APIClient, project: Project) -> None:
    changes = {"name": "New", "guide": "Look twice.", "review_share": 0.25, "running_parts_max": 2}
    answer = alice_client.patch(f"/api/v1/projects/{project.pk}/", changes, format="json")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in changes} == changes


def test_an_outsider_does_not_learn_whether_a_project_exists(
    charlie_client: APIClient, project: Project
) -> None:
    real = charlie_client.get(f"/api/v1/projects/{project.pk}/")
    invented = charlie_client.get("/api/v1/projects/999999/")
    assert real.status_code == invented.status_code == 404
    assert real.json() == invented.json()


def test_members_are_added_changed_and_taken_out(
    alice_client: APIClient, project: Project, charlie: User, task: Task
) -> None:
    address = f"/api/v1/projects/{project.pk}/members/"
    added = alice_client.post(address, {"username": "charlie", "role": "annotator"}, format="json")
    assert added.status_code == 201
    assert added.json()["user"] == {"id": charlie.pk, "username": "charlie"}
    again = alice_client.post(address, {"username": "charlie", "role": "viewer"}, format="json")
    assert (again.status_code, error_of(again)["code"]) == (409, "member_already")
    Task.objects.filter(pk=task.pk).update(assignee=charlie)
    one = f"/api/v1/members/{added.json()['id']}/"
    assert alice_client.patch(one, {"role": "reviewer"}, format="json").json()["role"] == "reviewer"
    assert alice_client.delete(one).status_code == 204
    assert not Member.objects.filter(user=charlie).exists()
    task.refresh_from_db()
    assert task.assignee is None


def test_the_last_manager_stays(alice: User, alice_client: APIClient, project: Project) -> None:
    one = f"/api/v1/members/{Member.objects.get(user=alice).pk}/"
    for answer in (alice_client.delete(one), alice_client.patch(one, {"role": "viewer"}, format="json")):
        assert (answer.status_code, error_of(answer)["code"]) == (409, "last_manager")
    assert Member.objects.get(user=alice).role == Role.MANAGER


def test_nobody_is_added_who_does_not_exist(alice_client: APIClient, project: Project) -> None:
    answer = alice_client.post(
        f"/api/v1/projects/{project.pk}/members/", {"username": "mallory", "role": "viewer"}, format="json"
    )
    assert (answer.status_code, error_of(answer)["code"]) == (422, "unknown_user")


def test_the_list_of_members_asks_as_much_for_many_as_for_few(
    alice_client: APIClient, project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/projects/{project.pk}/members/"
    with django_assert_num_queries(4):  # session, user, role, members
        alice_client.get(address)
    for _ in range(5):
        factories.make_member(project=project, role=Role.ANNOTATOR)
    with django_assert_num_queries(4):
        assert len(alice_client.get(address).json()["results"]) == 6


def test_me_says_who_and_where(bob: User, bob_client: APIClient, project: Project) -> None:
    assert bob_client.get("/api/v1/me/").json() == {
        "id": bob.pk,
        "username": "bob",
        "is_service": False,
        "memberships": [{"project": project.pk, "name": "Crossing", "role": "annotator"}],
    }
