"""``webhooks/``: made, changed, steered; and the log of what was sent."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import Delivery, DeliveryState, Project, User, Webhook
from labeling.services.webhooks import webhook_give_up, webhook_pause
from labeling.webhooks.catalogue import KINDS
from tests import factories
from tests.api.conftest import As
from tests.api.things import error_of

pytestmark = pytest.mark.django_db

HOOK = {"name": "Ours", "url": "https://example.org/hook", "kinds": ["job.succeeded", "job.failed"]}


def make(client: APIClient, project: Project, **changes: object) -> dict[str, Any]:
    answer = client.post(f"/api/v1/projects/{project.pk}/webhooks/", {**HOOK, **changes}, format="json")
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_a_secret_is_shown_once(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    secret = str(made["secret"])
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    again = alice_client.get(f"/api/v1/webhooks/{made['id']}/").json()
    assert "secret" not in again
    assert (again["state"], again["waiting"], again["failed"]) == ("active", 0, 0)
    listed = alice_client.get(f"/api/v1/projects/{project.pk}/webhooks/").json()["results"]
    assert listed == [again]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": "ftp://example.org"}, "invalid_address"),
        ({"url": "http://10.0.0.1/"}, "private_address"),
        ({"kinds": []}, "no_kinds"),
        ({"kinds": ["job.dreamt"]}, "unknown_kind"),
    ],
)
def test_what_cannot_be_told_is_refused(
    alice_client: APIClient, project: Project, changes: dict[str, object], code: str
) -> None:
    address = f"/api/v1/projects/{project.pk}/webhooks/"
    answer = alice_client.post(address, {**HOOK, **changes}, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (422, code)
    made = make(alice_client, project)
    answer = alice_client.patch(f"/api/v1/webhooks/{made['id']}/", changes, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (422, code)


def test_it_is_changed_and_deleted(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    address = f"/api/v1/webhooks/{made['id']}/"
    changed = alice_client.patch(address, {"name": "Theirs", "kinds": ["*"]}, format="json").json()
    assert (changed["name"], changed["kinds"], changed["url"]) == ("Theirs", ["*"], HOOK["url"])
    assert alice_client.delete(address).status_code == 204
    assert alice_client.get(address).status_code == 404


def test_it_is_paused_and_resumed(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    address = f"/api/v1/webhooks/{made['id']}/"
    paused = alice_client.post(f"{address}pause/").json()
    assert (paused["state"], paused["state_reason"]) == ("paused", "alice paused it.")
    assert error_of(alice_client.post(f"{address}pause/"))["code"] == "webhook_state"
    assert error_of(alice_client.post(f"{address}test/"))["code"] == "webhook_state"
    assert alice_client.post(f"{address}resume/").json()["state"] == "active"


def test_a_new_secret_takes_over(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    answer = alice_client.post(
        f"/api/v1/webhooks/{made['id']}/secret/", {"overlap_hours": 2}, format="json"
    ).json()
    assert answer["secret"] != made["secret"]
    assert answer["secret_before_until"] is not None


def test_a_test_is_in_the_log_with_what_is_sent(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    sent = alice_client.post(f"/api/v1/webhooks/{made['id']}/test/")
    assert sent.status_code == 202
    log = f"/api/v1/webhooks/{made['id']}/deliveries/"
    (listed,) = alice_client.get(log, {"state": "waiting"}).json()["results"]
    assert listed == sent.json()
    shown = alice_client.get(f"{log}{listed['id']}/").json()
    assert '"type":"webhook.test"' in shown["body"]
    assert shown["log"] == []
    assert alice_client.get(log, {"state": "failed"}).json()["results"] == []
    other = make(alice_client, project)
    assert alice_client.get(f"/api/v1/webhooks/{other['id']}/deliveries/{listed['id']}/").status_code == 404


def test_what_failed_since_is_sent_again(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    webhook = Webhook.objects.get(pk=made["id"])
    rows = [
        Delivery.objects.create(
            webhook=webhook, kind="job.failed", due_at=timezone.now(), state=DeliveryState.FAILED
        )
        for _ in range(3)
    ]
    Delivery.objects.filter(pk=rows[0].pk).update(created_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).isoformat()
    address = f"/api/v1/webhooks/{webhook.pk}/"
    answer = alice_client.post(f"{address}redeliver/", {"since": since}, format="json")
    assert answer.json() == {"redelivered": 2}
    one = alice_client.post(f"{address}deliveries/{rows[0].pk}/redeliver/")
    assert (one.status_code, one.json()["state"]) == (202, "waiting")
    assert alice_client.get(address).json()["waiting"] == 3


def test_operators_make_endpoints_of_the_installation_that_managers_do_not_see(
    client_of: As, alice_client: APIClient, alice: User
) -> None:
    olga = factories.make_user(username="olga")
    User.objects.filter(pk=olga.pk).update(is_superuser=True)
    olga.refresh_from_db()
    answer = client_of(olga).post("/api/v1/webhooks/", HOOK, format="json")
    assert (answer.status_code, answer.json()["project"]) == (201, None)
    address = f"/api/v1/webhooks/{answer.json()['id']}/"
    assert client_of(olga).get(address).status_code == 200
    assert alice_client.get(address).status_code == 404
    assert alice_client.get("/api/v1/webhooks/").status_code == 403


def test_the_kinds_are_listed_with_what_they_hold(alice_client: APIClient) -> None:
    answer = alice_client.get("/api/v1/webhooks/kinds/").json()
    assert {kind["name"] for kind in answer["results"]} == set(KINDS)
    assert all(kind["when"] for kind in answer["results"])
    assert "project" in answer["common"]


def test_a_manager_reads_why_a_webhook_was_paused(alice_client: APIClient, project: Project) -> None:
    made = make(alice_client, project)
    webhook = Webhook.objects.get(pk=made["id"])
    webhook_give_up(webhook_id=webhook.pk, state="paused", reason="Nobody answered.")  # type: ignore[arg-type]
    webhook_give_up(webhook_id=webhook.pk, state="paused", reason="Nobody answered.")  # type: ignore[arg-type]
    answer = alice_client.get("/api/v1/me/notifications/").json()
    (told,) = answer["results"]
    assert (told["kind"], told["webhook"], told["task"]) == ("webhook", webhook.pk, None)
    assert told["project"]["name"] == project.name
    assert told["text"] == "Nobody answered."
    assert answer["unread"] == 1


def test_who_manages_no_more_reads_nothing_of_it(
    alice_client: APIClient, bob_client: APIClient, alice: User, project: Project
) -> None:
    made = make(alice_client, project)
    webhook = webhook_pause(webhook=Webhook.objects.get(pk=made["id"]), by=alice)
    assert bob_client.get(f"/api/v1/webhooks/{webhook.pk}/").status_code == 403
    assert bob_client.get("/api/v1/me/notifications/").json()["results"] == []
