"""Receivers on loopback, which these tests allow; and turns that are taken without a queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from labeling import queue
from labeling.models import Delivery, Project, User, Webhook
from labeling.services.webhooks import NewSecret, webhook_create
from tests.webhooks.receiver import Receiver, receiving
from workers.relay import number_events
from workers.webhooks.fan_out import fan_out
from workers.webhooks.rounds import Round

Make = Callable[..., NewSecret]


@pytest.fixture(autouse=True)
def loopback_allowed(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", ["127.0.0.1", "localhost"])
    monkeypatch.setattr(settings, "WEBHOOK_TIMEOUT_SECONDS", 3.0)
    if "valkey" not in request.fixturenames:
        monkeypatch.setattr(queue, "ring", lambda capability, *, times=1: None)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def make(project: Project, alice: User, receiver: Receiver) -> Make:
    """Makes an endpoint of the project; it is told of everything unless a test says otherwise."""

    def made(**changes: object) -> NewSecret:
        given: dict[str, object] = {"name": "Ours", "url": receiver.url, "kinds": ["*"], "project": project}
        return webhook_create(user=alice, **{**given, **changes})  # type: ignore[arg-type]

    return made


def relay() -> None:
    """What the relay does of this after each commit."""
    number_events()
    fan_out()


def deliver() -> None:
    """Send until nothing is due."""
    relay()
    Round(holder="here").run()


def make_due(webhook: Webhook) -> None:
    """Have what waits for another try be due now, as when time has passed."""
    Delivery.objects.filter(webhook=webhook, state="waiting").update(
        due_at=timezone.now() - timedelta(seconds=1)
    )
    Webhook.objects.filter(pk=webhook.pk).update(resting_until=None)
