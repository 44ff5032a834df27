"""Endpoints have turns: a slow or dead one holds nobody up, and one worker at a time has each."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from labeling.models import Delivery, Project, Webhook
from labeling.services.events import event_write
from labeling.stack.ports import free_port
from tests.webhooks.conftest import Make, deliver, relay
from tests.webhooks.receiver import Handler, Receiver, answers, receiving
from workers.webhooks import rounds
from workers.webhooks.recording import Outcome, record
from workers.webhooks.sending import Answer
from workers.webhooks.turns import Turn, turns_end, turns_take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

EVENTS = 30


def tell(project: Project, times: int = EVENTS) -> None:
    for number in range(times):
        event_write(kind="task.created", project_id=project.pk, payload={"by": str(number)})


def test_endpoints_that_keep_a_worker_waiting_do_not_hold_up_the_others_however_many_they_are(
    project: Project, make: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than have a place: nothing comes back from any until the live one has heard everything."""
    monkeypatch.setattr(rounds, "SUSPECT_TURNS", 10)
    heard_all = threading.Event()

    def answer(handler: Handler) -> None:
        answers(200)(handler)
        if len(receiver.heard) > EVENTS:
            heard_all.set()

    receiver.respond = answer
    live = make(name="live").webhook
    tell(project, 1)
    deliver()
    with receiving() as slow:

        def wait(handler: Handler) -> None:
            heard_all.wait(60)
            answers(200)(handler)

        slow.respond = wait
        monkeypatch.setattr(settings, "WEBHOOK_TIMEOUT_SECONDS", 60.0)
        for number in range(25):
            make(name=f"slow {number}", url=f"{slow.url}/{number}")
        make(name="dead", url=f"http://127.0.0.1:{free_port()}/")
        tell(project)
        deliver()
        assert heard_all.is_set()
        # Each had its turn after all, one request ahead, and then the others.
        assert len({one.path for one in slow.heard}) == 25
    assert Delivery.objects.filter(webhook=live, state="delivered").count() == EVENTS + 1
    dead = Webhook.objects.get(name="dead")
    assert (dead.failures_in_row, dead.deliveries.filter(attempts__gt=0).count()) == (1, 1)


def test_one_worker_at_a_time_has_an_endpoint(project: Project, make: Make) -> None:
    make()
    tell(project, 2)
    relay()
    turns = take(holder="one")
    assert len(turns) == 1
    assert take(holder="another") == []
    turns_end(turns)
    assert len(take(holder="another")) == 1


def take(*, holder: str) -> list[Turn]:
    return turns_take(holder=holder, steady=9, suspects=9)


def test_a_worker_whose_turn_was_taken_over_writes_nothing_more(
    project: Project, make: Make, receiver: Receiver
) -> None:
    webhook = make().webhook
    tell(project, 3)
    relay()

    def taken_over(handler: Handler) -> None:
        overtaking = threading.Thread(target=overtake, args=(webhook.pk,))
        overtaking.start()
        overtaking.join()
        receiver.respond = answers(200)
        answers(200)(handler)

    receiver.respond = taken_over
    deliver()
    assert len(receiver.heard) == 1
    assert Delivery.objects.filter(state="delivered").count() == 0
    Webhook.objects.filter(pk=webhook.pk).update(lease_expires_at=timezone.now())
    deliver()
    assert receiver.ids[:1] + receiver.ids[1:2] == [receiver.ids[0]] * 2
    assert Delivery.objects.filter(state="delivered").count() == 3


def overtake(webhook_id: int) -> None:
    """What happens when its lease runs out: another worker takes the endpoint."""
    try:
        Webhook.objects.filter(pk=webhook_id).update(lease_expires_at=timezone.now())
        assert len(take(holder="another")) == 1
    finally:
        connection.close()


def test_what_came_of_a_lost_turn_is_not_written_down_beside_the_new_one(
    project: Project, make: Make
) -> None:
    webhook = make().webhook
    tell(project, 1)
    relay()
    (lost,) = take(holder="one")
    Webhook.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    (new,) = take(holder="one")
    delivery = Delivery.objects.select_related("webhook").get()
    told = Outcome(delivery, timezone.now(), webhook.url, {}, Answer(500, "refused", "Answered 500."))
    assert set(record({new: [], lost: [told]})) == {new}
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.log.count()) == (0, 0)
