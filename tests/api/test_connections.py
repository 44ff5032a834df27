"""``connections/`` and ``listings/``: keys go in and never come out; what may not be asked is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from labeling.models import Connection, Listing, Media, Project
from labeling.selectors.connections import connection_keys
from tests import factories
from tests.api.things import error_of
from tests.buckets import NAME, StrangeBucket, strange_bucket

ACCESS, SECRET = "AKIAEXAMPLE1234", "a-secret-of-somebody"


@pytest.fixture
def strange() -> Iterator[StrangeBucket]:
    with strange_bucket(StrangeBucket(objects={"in/a.mp4": b"a", "in/b.txt": b"b"})) as bucket:
        yield bucket


@pytest.fixture
def body(strange: StrangeBucket, settings: Settings) -> dict[str, Any]:
    settings.PRIVATE_ENDPOINTS = True
    return {
        "name": "Films",
        "bucket": NAME,
        "endpoint": strange.url,
        "prefix": "in/",
        "path_style": True,
        "access_key": ACCESS,
        "secret_key": SECRET,
    }


def make(client: APIClient, project: Project, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/projects/{project.pk}/connections/", body, format="json")


def test_keys_are_sealed_and_shown_by_nothing(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    made = make(alice_client, project, body)
    assert made.status_code == 201
    address = f"/api/v1/connections/{made.json()['id']}/"
    answers = [
        made,
        alice_client.get(address),
        alice_client.get(f"/api/v1/projects/{project.pk}/connections/"),
        alice_client.patch(address, {"name": "Other films"}, format="json"),
        alice_client.post(f"{address}test/"),
        alice_client.get(f"/projects/{project.pk}/connections/"),
        alice_client.get(f"/connections/{made.json()['id']}/"),
    ]
    assert {answer.status_code for answer in answers} == {200, 201}
    for answer in answers:
        assert SECRET not in answer.content.decode()
        assert ACCESS not in answer.content.decode()
    assert answers[1].json()["access_key_end"] == "1234"
    row = Connection.objects.get()
    assert SECRET not in row.sealed
    assert connection_keys(row)["secret_key"] == SECRET
    assert (row.name, row.test_code) == ("Other films", "ok")


def test_new_keys_replace_the_old_ones(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    address = f"/api/v1/connections/{make(alice_client, project, body).json()['id']}/"
    half = alice_client.patch(address, {"access_key": "AKIANEWNEW5678"}, format="json")
    assert (half.status_code, error_of(half)["code"]) == (422, "keys_incomplete")
    new = {"access_key": "AKIANEWNEW5678", "secret_key": "another"}
    assert alice_client.patch(address, new, format="json").json()["access_key_end"] == "5678"
    assert connection_keys(Connection.objects.get())["secret_key"] == "another"


def test_kept_keys_are_not_sent_to_another_place(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    address = f"/api/v1/connections/{make(alice_client, project, body).json()['id']}/"
    moved = alice_client.patch(address, {"endpoint": "https://8.8.8.8"}, format="json")
    assert (moved.status_code, error_of(moved)["code"]) == (422, "keys_needed")
    assert Connection.objects.get().endpoint == body["endpoint"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"endpoint": "http://169.254.169.254"}, "endpoint_refused"),
        ({"endpoint": "http://127.0.0.1:9000"}, "endpoint_refused"),
        ({"endpoint": "gopher://example.org"}, "endpoint_refused"),
        ({"secret_key": ""}, "invalid"),
        ({"credentials": "environment"}, "keys_incomplete"),
        ({"secret": "misspelt"}, "invalid"),
    ],
)
def test_what_cannot_be_a_connection_is_refused(
    *,
    alice_client: APIClient,
    project: Project,
    body: dict[str, Any],
    settings: Settings,
    changed: dict[str, Any],
    code: str,
) -> None:
    settings.PRIVATE_ENDPOINTS = False
    answer = make(alice_client, project, {**body, "endpoint": "", **changed})
    assert error_of(answer)["code"] == code
    assert not Connection.objects.exists()


def test_the_installations_own_credentials_open_only_what_the_operator_names(
    alice_client: APIClient, project: Project, settings: Settings
) -> None:
    body = {"name": "Ours", "bucket": "ours", "credentials": "environment"}
    assert error_of(make(alice_client, project, body))["code"] == "bucket_not_allowed"
    settings.ENVIRONMENT_BUCKETS = ["ours"]
    elsewhere = make(alice_client, project, {**body, "endpoint": "https://8.8.8.8"})
    assert error_of(elsewhere)["code"] == "bucket_not_allowed"
    assert make(alice_client, project, body).status_code == 201


def test_a_connection_that_media_depend_on_stays(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    connection = Connection.objects.get(pk=make(alice_client, project, body).json()["id"])
    media = factories.make_media(project=project)
    Media.objects.filter(pk=media.pk).update(connection=connection)
    address = f"/api/v1/connections/{connection.pk}/"
    assert alice_client.get(address).json()["media_count"] == 1
    answer = alice_client.delete(address)
    assert (answer.status_code, error_of(answer)["code"]) == (409, "connection_in_use")
    Media.objects.all().delete()
    assert alice_client.delete(address).status_code == 204


def test_a_listing_is_looked_into_then_queued_then_steered(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    connection = make(alice_client, project, body).json()["id"]
    address = f"/api/v1/connections/{connection}/listings/"
    look = alice_client.post(address, {"dry_run": True}, format="json")
    assert look.json() == {
        "seen": 2, "new": 1, "known": 0, "skipped": {"other_kind": 1}, "sample": ["in/a.mp4"], "whole": True,
    }  # fmt: skip
    assert not Listing.objects.exists()
    outside = alice_client.post(address, {"prefix": "out/"}, format="json")
    assert error_of(outside)["code"] == "prefix_outside"
    order = {"suffixes": ["SRT"], "folders_as": "image_group"}
    queued = alice_client.post(address, order, format="json")
    assert queued.json()["folders_as"] == "image_group"
    assert (queued.status_code, queued.json()["state"], ".srt" in queued.json()["suffixes"]) == (
        202,
        "queued",
        True,
    )
    second = alice_client.post(address, {}, format="json")
    assert (second.status_code, error_of(second)["details"]) == (409, {"listing": queued.json()["id"]})
    listing = f"/api/v1/listings/{queued.json()['id']}/"
    assert alice_client.post(f"{listing}cancel/").json()["state"] == "cancelled"
    assert error_of(alice_client.post(f"{listing}cancel/"))["code"] == "listing_over"
    assert alice_client.post(f"{listing}retry/").json()["state"] == "queued"
    assert alice_client.get(listing).json()["state"] == "queued"
