"""``ontologies/``."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import Member, ObjectClass, Ontology, Project, Role, User
from tests import factories
from tests.api.things import error_of

TREE: dict[str, Any] = {
    "name": "Harbour",
    "classes": [
        {
            "name": "Ship",
            "shape": "polygon",
            "color": "#102030",
            "attributes": [
                {
                    "name": "flag",
                    "kind": "radio",
                    "required": True,
                    "options": [{"label": "Red / white"}, {"label": "Red white"}],
                },
                {"name": "speed", "kind": "numeric", "dynamic": True},
            ],
        },
        {
            "name": "Crane",
            "shape": "skeleton",
            "skeleton": {
                "vertices": [
                    {"name": "foot", "x": 0, "y": 1},
                    {"name": "tip", "color": "#445566", "x": 1, "y": 0},
                ],
                "edges": [[0, 1]],
            },
        },
    ],
    "classifications": [{"name": "weather", "attributes": [{"name": "sky", "kind": "text"}]}],
}


def test_a_whole_tree_is_made_and_read_back(charlie_client: APIClient) -> None:
    answer = charlie_client.post("/api/v1/ontologies/", TREE, format="json")
    assert answer.status_code == 201, answer.json()
    made = charlie_client.get(f"/api/v1/ontologies/{answer.json()['id']}/").json()
    assert made == answer.json()
    ship, crane = made["classes"]
    assert (ship["name"], ship["shape"], ship["color"], ship["position"]) == ("Ship", "polygon", "#102030", 0)
    assert [option["value"] for option in ship["attributes"][0]["options"]] == ["red_white", "red_white_2"]
    assert crane["skeleton"]["edges"] == [[0, 1]]
    assert len({ship["feature_hash"], crane["feature_hash"]}) == 2
    assert made["classifications"][0]["attributes"][0]["kind"] == "text"


def test_growing_keeps_what_is_there(charlie_client: APIClient) -> None:
    made = charlie_client.post("/api/v1/ontologies/", TREE, format="json").json()
    ship = made["classes"][0]
    flag = ship["attributes"][0]
    changes = {
        "name": "Port",
        "classes": [
            {
                "id": ship["id"],
                "name": "Boat",
                "attributes": [
                    {"id": flag["id"], "options": [{"label": "Blue"}]},
                    {"name": "crew", "kind": "numeric"},
                ],
            },
            {"name": "Buoy", "shape": "point"},
        ],
    }
    grown = charlie_client.patch(f"/api/v1/ontologies/{made['id']}/", changes, format="json").json()
    assert grown["name"] == "Port"
    assert [row["name"] for row in grown["classes"]] == ["Boat", "Crane", "Buoy"]
    assert grown["classes"][0]["feature_hash"] == ship["feature_hash"]
    attributes = grown["classes"][0]["attributes"]
    assert [row["name"] for row in attributes] == ["flag", "speed", "crew"]
    assert attributes[0]["options"][:2] == flag["options"]
    assert attributes[0]["options"][2]["value"] == "blue"


def test_who_manages_only_some_of_its_projects_does_not_change_it(
    alice: User, alice_client: APIClient, project: Project
) -> None:
    other = factories.make_project(ontology=project.ontology)
    Member.objects.create(project=other, user=alice, role=Role.VIEWER)
    answer = alice_client.patch(f"/api/v1/ontologies/{project.ontology_id}/", {"name": "Mine"}, format="json")
    assert answer.status_code == 403
    assert Ontology.objects.get().name == "Everything"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"name": "A", "shape": "skeleton"}, "skeleton_missing"),
        ({"shape": "polygon"}, "entry_incomplete"),
        ({"name": "A", "shape": "polygon", "color": "red"}, "invalid_color"),
        (
            {"name": "A", "shape": "polygon", "attributes": [{"name": "x", "kind": "radio"}]},
            "options_missing",
        ),
        (
            {
                "name": "A",
                "shape": "polygon",
                "attributes": [{"name": "x", "kind": "text", "options": [{"label": "a"}]}],
            },
            "options_not_allowed",
        ),
        (
            {
                "name": "A",
                "shape": "skeleton",
                "skeleton": {"vertices": [{"name": "v", "x": 0, "y": 0}], "edges": [[0, 7]]},
            },
            "edge_invalid",
        ),
    ],
)
def test_a_tree_that_does_not_hold_is_refused_whole(
    charlie_client: APIClient, entry: dict[str, Any], code: str
) -> None:
    tree = {"name": "T", "classes": [{"name": "Fine", "shape": "polygon"}, entry]}
    answer = charlie_client.post("/api/v1/ontologies/", tree, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (422, code)
    assert not Ontology.objects.exists()
    assert not ObjectClass.objects.exists()


def test_an_entry_of_another_ontology_is_refused(charlie_client: APIClient, project: Project) -> None:
    made = charlie_client.post("/api/v1/ontologies/", TREE, format="json").json()
    foreign = project.ontology.classes.first()
    assert foreign is not None
    answer = charlie_client.patch(
        f"/api/v1/ontologies/{made['id']}/",
        {"classes": [{"id": foreign.pk, "name": "stolen"}]},
        format="json",
    )
    assert (answer.status_code, error_of(answer)["code"]) == (422, "unknown_entry")
    foreign.refresh_from_db()
    assert foreign.name != "stolen"


def test_the_list_asks_as_much_for_many_as_for_few(
    charlie_client: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    charlie_client.post("/api/v1/ontologies/", TREE, format="json")
    with django_assert_num_queries(7):  # session, user, ontologies, and four levels of what is in them
        charlie_client.get("/api/v1/ontologies/")
    for _ in range(4):
        charlie_client.post("/api/v1/ontologies/", TREE, format="json")
    with django_assert_num_queries(7):
        assert len(charlie_client.get("/api/v1/ontologies/").json()["results"]) == 5
