"""Answers that have not changed are not sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.models import Instance, Job, Task
from tests import factories

ADDRESSES: dict[str, Callable[[Job], str]] = {
    "project": lambda job: f"projects/{job.project_id}/",
    "task": lambda job: f"tasks/{job.task_id}/",
    "ontology": lambda job: f"ontologies/{job.project.ontology_id}/",
    "job": lambda job: f"jobs/{job.pk}/",
    "media": lambda job: f"media/{job.task.media_id}/",
    "timeline": lambda job: f"tasks/{job.task_id}/timeline/",
    "a list": lambda job: f"projects/{job.project_id}/tasks/?limit=10",
    "labels": lambda job: f"tasks/{job.task_id}/labels/?first=0&last=20",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_who_has_it_gets_it_once(name: str, job: Job, alice_client: APIClient) -> None:
    address = f"/api/v1/{ADDRESSES[name](job)}"
    first = alice_client.get(address)
    again = alice_client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = alice_client.get(address, headers={"if-none-match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_change_is_another_tag(task: Task, alice_client: APIClient) -> None:
    address = f"/api/v1/tasks/{task.pk}/"
    tag = alice_client.get(address)["ETag"]
    alice_client.patch(address, {"title": "Renamed"}, format="json")
    answer = alice_client.get(address, headers={"if-none-match": tag})
    assert (answer.status_code, answer.json()["title"]) == (200, "Renamed")


def test_a_gzipped_answer_is_known_by_its_tag_too(job: Job, alice_client: APIClient) -> None:
    address = f"/api/v1/ontologies/{job.project.ontology_id}/"
    first = alice_client.get(address, headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    again = alice_client.get(address, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_a_stranger_with_the_tag_learns_nothing(
    instance: Instance, alice_client: APIClient, charlie_client: APIClient
) -> None:
    address = f"/api/v1/tasks/{instance.task_id}/"
    tag = alice_client.get(address)["ETag"]
    assert charlie_client.get(address, headers={"if-none-match": tag}).status_code == 404


@pytest.mark.parametrize("form", ["coco", "encord"])
def test_an_export_that_is_the_same_is_not_sent_again(form: str, job: Job, alice_client: APIClient) -> None:
    address = f"/api/v1/projects/{job.project_id}/export/?format={form}"
    tag = alice_client.get(address)["ETag"]
    assert alice_client.get(address, headers={"if-none-match": tag}).status_code == 304
    factories.make_label(instance=Instance.objects.get(), frame=11)
    changed = alice_client.get(address, headers={"if-none-match": tag})
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)
    # Nobody has read them, and nothing is left lying about.
    assert list((settings.CACHE_DIR / "exports").iterdir()) == []
