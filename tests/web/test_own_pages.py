"""What everybody has of their own: API tokens; and what everybody sees: the workers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from labeling.lane.live import LiveWorker, worker_beat
from labeling.lane.store import store
from labeling.models import ApiToken, User, Worker, WorkerHold
from labeling.services.tokens import token_create, token_find
from labeling.web.reference.operations import sections
from tests.web.conftest import SignedIn


def test_a_token_is_shown_once(signed_in: SignedIn, charlie: User) -> None:
    client = signed_in(charlie)
    answer = client.post("/tokens/", {"name": "nightly", "scope": "read", "days": "7"})
    (secret,) = re.findall(r'id="secret">([^<]+)<', answer.content.decode())
    found = token_find(secret)
    assert found is not None
    assert (found.user, found.name, found.scope) == (charlie, "nightly", "read")
    assert answer["Cache-Control"] == "no-store"
    again = client.get("/tokens/").content.decode()
    assert secret not in again
    assert "nightly" in again


def test_a_token_without_days_lives_until_it_is_revoked(signed_in: SignedIn, charlie: User) -> None:
    client = signed_in(charlie)
    client.post("/tokens/", {"name": "for ever", "scope": "write", "days": ""})
    token = ApiToken.objects.get()
    assert token.expires_at is None
    client.post(f"/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "for ever" not in client.get("/tokens/").content.decode()


def test_a_bad_span_is_said_at_the_field(signed_in: SignedIn, charlie: User) -> None:
    answer = signed_in(charlie).post("/tokens/", {"name": "x", "scope": "write", "days": "0"})
    assert answer.status_code == 422
    assert "greater than or equal to 1" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_revokes_a_token_of_somebody_else(signed_in: SignedIn, alice: User, charlie: User) -> None:
    token = token_create(user=alice, name="mine").token
    assert signed_in(charlie).post(f"/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_workers_are_shown_while_they_are_online_and_those_held_back_for_a_day(
    signed_in: SignedIn, charlie: User
) -> None:
    now = timezone.now()
    hour, days = timedelta(hours=1), timedelta(days=3)
    for name, seen, held in (
        ("here", now, WorkerHold.NONE),
        ("gone", now - hour, WorkerHold.NONE),
        ("quarantined", now - hour, WorkerHold.QUARANTINED),
        ("old", now - days, WorkerHold.QUARANTINED),
    ):
        Worker.objects.create(
            name=name, capabilities=["cpu"], algorithms={"fast": {}}, started_at=seen, seen_at=seen, held=held
        )
    page = signed_in(charlie).get("/workers/").content.decode()
    assert page.index(">here<") < page.index("Online") < page.index(">quarantined<") < page.index("Away")
    assert ">gone<" not in page
    assert ">old<" not in page


def test_a_worker_shows_which_model_finds_objects(signed_in: SignedIn, charlie: User) -> None:
    now = timezone.now()
    told = {
        "capability": "gpu",
        "reads": ["words"],
        "model": "mine3",
        "device": "cuda",
        "precision": "bfloat16",
    }
    Worker.objects.create(
        name="here", capabilities=["gpu"], detectors={"sam3": told}, started_at=now, seen_at=now
    )
    page = signed_in(charlie).get("/workers/").content.decode()
    assert "finds objects; mine3, cuda, bfloat16" in page


@pytest.mark.usefixtures("valkey")
def test_a_worker_shows_what_it_answers_clicks_with(signed_in: SignedIn, charlie: User) -> None:
    now = timezone.now()
    Worker.objects.create(name="desk@here", capabilities=["interactive"], started_at=now, seen_at=now)
    worker_beat(store(), LiveWorker("desk@here#1", "interactive.desk", ("classical",), {"similar": ()}))
    page = signed_in(charlie).get("/workers/").content.decode()
    assert "classical" in page
    assert "answers clicks" in page
    assert "finds objects on a frame" in page


def test_without_a_worker_the_page_says_what_that_means(signed_in: SignedIn, charlie: User) -> None:
    assert "No worker is online" in signed_in(charlie).get("/workers/").content.decode()


def test_the_reference_shows_every_route_and_all_that_it_holds(signed_in: SignedIn, charlie: User) -> None:
    client = signed_in(charlie)
    whole = client.get("/api/docs/").content.decode()
    assert whole.count("data-words=") == sum(len(one.operations) for one in sections())
    for section in sections():
        page = client.get(f"/api/docs/{section.tag}/").content.decode()
        for operation in section.operations:
            assert f'id="{operation.key}"' in page
            assert f"/api/docs/{section.tag}/#{operation.key}" in whole
        # Whatever is named is told on the same page.
        assert set(re.findall(r'href="#record-([^"]+)"', page)) <= set(
            re.findall(r'id="record-([^"]+)"', page)
        )
    assert client.get("/api/docs/nothing/").status_code == 404


def test_the_reference_shows_who_may_and_examples_as_calls(signed_in: SignedIn, charlie: User) -> None:
    page = signed_in(charlie).get("/api/docs/batches/").content.decode()
    assert "Of the project: managers." in page
    assert "curl -X POST $SERVER/api/v1/projects/{project_id}/batches/" in page
    assert "&quot;budget_seconds&quot;: 7200" in page
