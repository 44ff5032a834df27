"""The pages of webhooks: made with a secret that is shown once, steered, and their log."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from labeling.models import Delivery, DeliveryAttempt, DeliveryState, Project, User, Webhook
from labeling.sealing import secret_open
from labeling.services.webhooks import webhook_create, webhook_give_up
from tests import factories
from tests.web.conftest import SignedIn, seen_on

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "Ours",
    "url": "https://example.org/hook",
    "format": "standard",
    "at_once": 8,
    "kinds": ["job.succeeded"],
}


@pytest.fixture
def webhook(project: Project, alice: User) -> Webhook:
    return webhook_create(user=alice, project=project, **FIELDS).webhook  # type: ignore[arg-type]


def test_a_manager_makes_one_and_sees_its_secret_once(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    client = signed_in(alice)
    address = reverse("project-webhooks", args=[project.pk])
    page = client.post(address, FIELDS).content.decode()
    shown = re.search(r'id="secret">([^<]+)<', page)
    made = Webhook.objects.get()
    assert shown is not None
    assert secret_open(made.secret) == shown[1]
    assert (made.kinds, made.at_once) == (["job.succeeded"], 8)
    again = client.get(address).content.decode()
    assert shown[1] not in again
    assert "https://example.org/hook" in again


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"url": "http://127.0.0.1/"}, "127.0.0.1 is a private address"),
        ({"kinds": []}, "Choose at least one."),
        ({"url": "nowhere"}, "This is no address that can be sent to."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    signed_in: SignedIn, alice: User, project: Project, change: dict[str, object], sentence: str
) -> None:
    answer = signed_in(alice).post(reverse("project-webhooks", args=[project.pk]), {**FIELDS, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Ours"' in page
    assert not Webhook.objects.exists()


def test_settings_are_saved(signed_in: SignedIn, alice: User, webhook: Webhook) -> None:
    answer = signed_in(alice).post(
        reverse("webhook", args=[webhook.pk]), {**FIELDS, "name": "Theirs", "kinds": ["*"]}
    )
    assert answer.status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.kinds) == ("Theirs", ["*"])


def test_settings_that_somebody_else_saved_meanwhile_are_not_overwritten_unseen(
    signed_in: SignedIn, alice: User, webhook: Webhook
) -> None:
    client, address = signed_in(alice), reverse("webhook", args=[webhook.pk])
    seen = seen_on(client.get(address).content.decode())
    theirs = {**FIELDS, "name": "Theirs", "at_once": 2}
    assert client.post(address, {**theirs, "seen": seen}).status_code == 302
    mine = {**FIELDS, "name": "Mine", "seen": seen}
    answer = client.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this webhook after you had opened the page. Nothing was saved" in page
    assert "Other than yours is now: name, at once." in page
    assert 'value="Mine"' in page
    webhook.refresh_from_db()
    assert webhook.name == "Theirs"
    assert client.post(address, {**mine, "seen": seen_on(page)}).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.at_once) == ("Mine", 8)


def test_what_people_do_to_it(signed_in: SignedIn, alice: User, webhook: Webhook) -> None:
    client = signed_in(alice)
    act = reverse("webhook-act", args=[webhook.pk])

    def said(verb: str, **more: str) -> str:
        return client.post(act, {"verb": verb, **more}, follow=True).content.decode()

    assert "A test is on its way" in said("test")
    assert "webhook.test" in client.get(reverse("webhook-log", args=[webhook.pk])).content.decode()
    assert "Paused: what happens now waits." in said("pause")
    assert "alice paused it." in said("test")
    assert "Resumed" in said("resume")
    Delivery.objects.update(state=DeliveryState.FAILED)
    assert "1 delivery is sent again." in said("redeliver", days="7")
    before = webhook.secret
    rotated = said("rotate")
    webhook.refresh_from_db()
    assert secret_open(webhook.secret) in rotated
    assert webhook.secret_before == before
    assert "There is no such thing to do." in said("dance")
    assert "was deleted" in said("delete")
    assert not Webhook.objects.exists()


def test_a_delivery_shows_what_was_sent_and_what_was_answered(
    signed_in: SignedIn, alice: User, webhook: Webhook
) -> None:
    delivery = Delivery.objects.create(
        webhook=webhook, kind="webhook.test", due_at=timezone.now(), state=DeliveryState.FAILED
    )
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=1,
        url=webhook.url,
        status=500,
        response_body="<b>no</b>",
        error_code="refused",
        outcome="Answered 500.",
        milliseconds=12,
        at=timezone.now(),
    )
    client = signed_in(alice)
    address = reverse("webhook-delivery", args=[webhook.pk, delivery.pk])
    page = client.get(address).content.decode()
    assert "Answered 500." in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "&quot;type&quot;: &quot;webhook.test&quot;" in page
    assert delivery.message_id in page
    client.post(address)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING


def test_the_reason_why_it_was_paused_is_shown_and_told(
    signed_in: SignedIn, alice: User, webhook: Webhook
) -> None:
    webhook_give_up(webhook_id=webhook.pk, state="paused", reason="Nobody listens.")  # type: ignore[arg-type]
    client = signed_in(alice)
    assert "Nobody listens." in client.get(reverse("webhook", args=[webhook.pk])).content.decode()
    told = client.get(reverse("notifications")).content.decode()
    assert "paused the webhook" in told
    assert reverse("webhook", args=[webhook.pk]) in told


def test_only_managers_see_webhooks_and_only_operators_those_of_the_installation(
    signed_in: SignedIn, alice: User, bob: User, charlie: User, webhook: Webhook
) -> None:
    of_project = reverse("project-webhooks", args=[webhook.project_id])
    assert signed_in(bob).get(of_project).status_code == 403
    assert signed_in(bob).get(reverse("webhook", args=[webhook.pk])).status_code == 403
    assert signed_in(charlie).get(reverse("webhook", args=[webhook.pk])).status_code == 404
    assert signed_in(alice).get(reverse("webhooks")).status_code == 403
    olga = factories.make_user(username="olga")
    User.objects.filter(pk=olga.pk).update(is_superuser=True)
    olga.refresh_from_db()
    page = signed_in(olga).post(reverse("webhooks"), FIELDS).content.decode()
    assert 'id="secret"' in page
    of_all = Webhook.objects.get(project__isnull=True)
    assert signed_in(olga).get(reverse("webhook", args=[of_all.pk])).status_code == 200
    assert signed_in(alice).get(reverse("webhook", args=[of_all.pk])).status_code == 404
