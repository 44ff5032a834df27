"""How many requests one may send, and what says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.api.rates import counter
from labeling.models import Task, User
from labeling.services.tokens import token_create
from tests.api.conftest import As
from tests.api.things import error_of
from tests.servers import ValkeyServer

LIMIT = 5


@pytest.fixture(autouse=True)
def limited(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Five requests an hour, counted from none."""
    monkeypatch.setattr(settings, "RATE_LIMIT", f"{LIMIT}/hour")
    counter.cache_clear()
    counter(settings.REDIS_URL).windows.storage.reset()
    yield
    counter.cache_clear()


def test_who_asks_too_often_is_told_when_to_go_on(alice_client: APIClient) -> None:
    left = [alice_client.get("/api/v1/me/")["RateLimit-Remaining"] for _ in range(LIMIT)]
    assert left == ["4", "3", "2", "1", "0"]
    answer = alice_client.get("/api/v1/me/")
    assert answer.status_code == 429
    error = error_of(answer)
    assert error["code"] == "too_many_requests"
    assert answer["Retry-After"] == answer["RateLimit-Reset"] == str(error["details"]["seconds"])
    assert 0 < error["details"]["seconds"] <= 7200
    assert answer["RateLimit-Limit"] == str(LIMIT)


def test_who_learns_that_nothing_has_changed_learns_what_is_left_too(alice_client: APIClient) -> None:
    tag = alice_client.get("/api/v1/me/")["ETag"]
    again = alice_client.get("/api/v1/me/", headers={"if-none-match": tag})
    assert (again.status_code, again["RateLimit-Remaining"]) == (304, "3")


def test_what_is_turned_away_is_not_done(alice_client: APIClient, task: Task) -> None:
    for _ in range(LIMIT):
        alice_client.get("/api/v1/me/")
    assert alice_client.patch(f"/api/v1/tasks/{task.pk}/", {"title": "x"}, format="json").status_code == 429
    assert Task.objects.get().title == task.title


def test_tokens_and_people_are_counted_apart(
    alice: User, alice_client: APIClient, bob_client: APIClient
) -> None:
    token = token_create(user=alice, name="script").secret
    script = APIClient(headers={"authorization": f"Bearer {token}"})
    for _ in range(LIMIT + 1):
        last = script.get("/api/v1/me/")
    assert last.status_code == 429
    assert alice_client.get("/api/v1/me/").status_code == 200
    assert bob_client.get("/api/v1/me/").status_code == 200


def test_frames_do_not_count(alice_client: APIClient, task: Task) -> None:
    for frame in range(LIMIT + 1):
        answer = alice_client.get(
            f"/api/v1/media/{task.media_id}/frames/{frame}/", headers={"if-none-match": "x"}
        )
        assert answer.status_code != 429
        assert "RateLimit-Limit" not in answer


def test_while_nothing_can_be_counted_nobody_is_turned_away(
    client_of: As, alice: User, valkey: ValkeyServer
) -> None:
    client = client_of(alice)
    valkey.stop()
    try:
        assert [client.get("/api/v1/me/").status_code for _ in range(LIMIT + 1)] == [200] * (LIMIT + 1)
    finally:
        valkey.start()


def test_without_a_limit_nothing_is_counted(alice_client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RATE_LIMIT", "")
    assert "RateLimit-Limit" not in alice_client.get("/api/v1/me/")
