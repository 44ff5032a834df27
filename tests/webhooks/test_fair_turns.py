"""Endpoints have turns: a slow or dead one holds nobody up, and one worker at a time has each."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from labeling.models import Delivery, Project, Webhook
from labeling.services.events import event_write
from labeling.stack.ports import free_port
from tests.webhooks.conftest import Make, deliver, relay
from tests.webhooks.receiver import Handler, Receiver, answers, receiving
from workers.webhooks.delivering import deliver_next
from workers.webhooks.turns import turn_end, turn_take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

EVENTS = 30


def tell(project: Project, times: int = EVENTS) -> None:
    for number in range(times):
        event_write(kind="task.created", project_id=project.pk, payload={"by": str(number)})


def test_a_slow_receiver_and_a_dead_one_do_not_hold_up_the_others(
    project: Project, make: Make, receiver: Receiver
) -> None:
    with receiving() as slow:
        let_go = threading.Event()

        def wait(handler: Handler) -> None:
            let_go.wait(10)
            answers(200)(handler)

        slow.respond = wait
        make(name="slow", url=slow.url)
        make(name="dead", url=f"http://127.0.0.1:{free_port()}/")
        live = make(name="live").webhook
        tell(project)
        relay()
        worker = threading.Thread(target=one_turn)
        worker.start()
        try:
            deliver()
            done = Delivery.objects.filter(webhook=live, state="delivered").count()
            assert len(slow.heard) <= 1
        finally:
            let_go.set()
            worker.join()
    assert done == EVENTS
    assert len(receiver.heard) == EVENTS
    dead = Webhook.objects.get(name="dead")
    assert (dead.failures_in_row, dead.deliveries.filter(attempts__gt=0).count()) == (1, 1)


def one_turn() -> None:
    try:
        deliver_next()
    finally:
        connection.close()


def test_one_worker_at_a_time_has_an_endpoint(project: Project, make: Make) -> None:
    make()
    tell(project, 2)
    relay()
    turn = turn_take(holder="one")
    assert turn is not None
    assert turn_take(holder="another") is None
    turn_end(turn)
    assert turn_take(holder="another") is not None


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
    assert deliver_next()
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
        assert turn_take(holder="another") is not None
    finally:
        connection.close()
