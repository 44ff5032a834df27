"""``workers/`` and how projects share them: seen by all, held back and weighed by operators."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import Project, User, Worker
from tests.api.conftest import As
from tests.api.things import error_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def operator(client_of: As, charlie: User, valkey: object) -> APIClient:
    """Who runs the installation, a member of nothing."""
    charlie.is_superuser = True
    charlie.save()
    return client_of(charlie)


@pytest.fixture
def worker() -> Worker:
    now = timezone.now()
    return Worker.objects.create(
        name="w", capabilities=["cpu"], memory={"used": 5}, started_at=now, seen_at=now
    )


def test_an_operator_drains_a_worker_and_lets_it_work_again(
    operator: APIClient, alice_client: APIClient, worker: Worker
) -> None:
    address = f"/api/v1/workers/{worker.pk}/hold/"
    assert alice_client.post(address, {"hold": "drained"}, format="json").status_code == 403
    assert operator.post(address, {"hold": "drained"}, format="json").json()["held"] == "drained"
    (listed,) = alice_client.get("/api/v1/workers/").json()["results"]
    assert (listed["held"], listed["memory"]) == ("drained", {"used": 5})
    assert operator.post(address, {"hold": ""}, format="json").json()["held"] == ""
    assert operator.post(address, {"hold": "lunch"}, format="json").status_code == 400
    assert operator.post("/api/v1/workers/987654/hold/", {"hold": ""}, format="json").status_code == 404


def test_weights_are_the_operators_and_caps_and_budgets_the_managers(
    operator: APIClient, alice_client: APIClient, project: Project
) -> None:
    address = f"/api/v1/projects/{project.pk}/"
    assert alice_client.put(f"{address}weight/", {"weight": 9}, format="json").status_code == 403
    assert operator.put(f"{address}weight/", {"weight": 2.5}, format="json").json() == {"weight": 2.5}
    refused = operator.put(f"{address}weight/", {"weight": 0}, format="json")
    assert error_of(refused)["code"] == "weight_out_of_range"
    told = alice_client.patch(address, {"running_parts_max": 3, "budget_seconds": 7200}, format="json").json()
    assert (told["weight"], told["running_parts_max"], told["budget_seconds"]) == (2.5, 3, 7200)
    assert (told["worker_seconds"], told["gpu_seconds"]) == (0, 0)
