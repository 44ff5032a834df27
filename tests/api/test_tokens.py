"""``tokens/`` and what tokens open."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import ApiToken, User
from labeling.services.tokens import token_create, token_find
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def bearer(secret: str) -> APIClient:
    return APIClient(headers={"authorization": f"Bearer {secret}"})


def test_a_token_is_shown_once_and_stored_as_a_digest(alice_client: APIClient) -> None:
    answer = alice_client.post("/api/v1/tokens/", {"name": "ci", "days": 7}, format="json")
    assert answer.status_code == 201
    secret = answer.json()["token"]
    assert secret.startswith("lyd_")
    assert answer.json()["prefix"] == secret[:12]
    stored = ApiToken.objects.get()
    assert secret not in (stored.digest, stored.prefix)
    shown = alice_client.get("/api/v1/tokens/").json()["results"]
    assert [("token" in row, row["name"]) for row in shown] == [(False, "ci")]


def test_a_token_acts_as_its_user(alice: User) -> None:
    answer = bearer(token_create(user=alice, name="ci").secret).get("/api/v1/me/")
    assert answer.json()["username"] == "alice"


def test_a_token_makes_no_tokens(alice: User) -> None:
    client = bearer(token_create(user=alice, name="ci").secret)
    answer = client.post("/api/v1/tokens/", {"name": "more"}, format="json")
    assert answer.status_code == 403
    assert error_of(answer)["code"] == "forbidden"
    assert ApiToken.objects.count() == 1


def test_a_read_token_reads_and_does_not_write(alice: User) -> None:
    client = bearer(token_create(user=alice, name="reader", scope="read").secret)
    assert client.get("/api/v1/projects/").status_code == 200
    answer = client.post("/api/v1/projects/", {"name": "x", "ontology": {"name": "y"}}, format="json")
    assert answer.status_code == 403
    assert error_of(answer)["code"] == "scope_too_narrow"


@pytest.mark.parametrize("end", ["expired", "revoked", "user gone", "unknown"])
def test_a_token_that_has_ended_opens_nothing(alice: User, end: str) -> None:
    new = token_create(user=alice, name="ci", days=1)
    if end == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "revoked":
        ApiToken.objects.update(revoked_at=timezone.now())
    elif end == "user gone":
        User.objects.update(is_active=False)
    else:
        ApiToken.objects.all().delete()
    answer = bearer(new.secret).get("/api/v1/me/")
    assert answer.status_code == 401
    assert error_of(answer)["code"] == "invalid_token"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_revoking_a_token_ends_it(alice: User, alice_client: APIClient) -> None:
    new = token_create(user=alice, name="ci")
    assert alice_client.delete(f"/api/v1/tokens/{new.token.pk}/").status_code == 204
    assert bearer(new.secret).get("/api/v1/me/").status_code == 401
    assert ApiToken.objects.get().revoked_at is not None


def test_somebody_elses_token_is_not_there(bob: User, alice_client: APIClient) -> None:
    new = token_create(user=bob, name="bob's")
    assert alice_client.delete(f"/api/v1/tokens/{new.token.pk}/").status_code == 404
    assert alice_client.get("/api/v1/tokens/").json()["results"] == []
    assert token_find(new.secret) is not None


def test_the_use_of_a_token_is_written_at_most_once_a_minute(alice: User) -> None:
    new = token_create(user=alice, name="ci")
    client = bearer(new.secret)
    client.get("/api/v1/me/")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/me/")
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    client.get("/api/v1/me/")
    again = ApiToken.objects.get().last_used_at
    assert again is not None
    assert again >= first


def test_the_command_prints_the_token_only(alice: User) -> None:
    out = io.StringIO()
    call_command("create_token", "alice", "--scope", "read", "--days", "3", "--name", "cron", stdout=out)
    secret = out.getvalue().strip()
    token = token_find(secret)
    assert token is not None
    assert (token.user, token.scope, token.name) == (alice, "read", "cron")
    assert token.expires_at is not None
    assert timedelta(days=2) < token.expires_at - timezone.now() < timedelta(days=4)


def test_the_command_knows_no_strangers(db: None) -> None:
    with pytest.raises(CommandError, match="no active user"):
        call_command("create_token", "mallory")


def test_a_browser_without_the_csrf_token_writes_nothing(alice: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/api/v1/tokens/", {"name": "forged"}, format="json")
    assert answer.status_code == 403
    assert error_of(answer)["code"] == "forbidden"
    assert not ApiToken.objects.exists()
