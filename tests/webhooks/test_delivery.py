"""From an event to a receiver: who is told what, signed how, in which order, once more when it fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from labeling.models import (
    Delivery,
    DeliveryState,
    Event,
    Job,
    Media,
    Notification,
    Project,
    Task,
    User,
    Webhook,
)
from labeling.services.events import event_write, job_event_write
from labeling.services.webhooks import (
    delivery_redeliver,
    failed_redeliver,
    webhook_pause,
    webhook_resume,
    webhook_rotate,
    webhook_test,
)
from tests import factories
from tests.webhooks.conftest import Make, deliver, make_due, relay
from tests.webhooks.receiver import Handler, Receiver, Responder, answers
from workers.webhooks.retention import forget

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def tell(project: Project, *, name: str = "task.created") -> None:
    event_write(kind=name, project_id=project.pk, payload={"by": "alice"})


def make_job(task: Task) -> Job:
    return Job.objects.create(project=task.project, task=task, kind="track", first_frame=0, last_frame=9)


def types_of(receiver: Receiver) -> list[str]:
    return [json.loads(one.body)["type"] for one in receiver.heard]


def test_an_event_arrives_with_a_signature_that_the_standard_verifies(
    project: Project, task: Task, make: Make, receiver: Receiver
) -> None:
    secret = make().secret
    event_write(kind="task.assigned", project_id=project.pk, task_id=task.pk, payload={"assignee": "bob"})
    deliver()
    (heard,) = receiver.heard
    told = Verifier(secret).verify(heard.body, heard.headers)
    assert told["type"] == "task.assigned"
    assert told["data"]["assignee"] == "bob"
    assert (told["data"]["project"], told["data"]["task"], told["data"]["job"]) == (project.pk, task.pk, None)
    assert heard.path == "/hook"
    assert heard.headers["content-type"] == "application/json"


def test_a_changed_byte_or_another_secret_does_not_verify(
    project: Project, make: Make, receiver: Receiver
) -> None:
    secret = make().secret
    other = make(name="Other", kinds=["media.failed"]).secret
    tell(project)
    deliver()
    (heard,) = receiver.heard
    with pytest.raises(WebhookVerificationError):
        Verifier(other).verify(heard.body, heard.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(heard.body.replace(b"alice", b"alicf"), heard.headers)


def test_only_chosen_kinds_of_the_own_project_from_now_on_are_told(
    project: Project, make: Make, receiver: Receiver
) -> None:
    tell(project)
    relay()
    make(kinds=["task.created"])
    tell(project)
    tell(project, name="project.changed")
    tell(project, name="presence.changed")
    tell(factories.make_project(name="Another"))
    deliver()
    assert types_of(receiver) == ["task.created"]


def test_an_endpoint_of_the_installation_is_told_of_all_projects(make: Make, receiver: Receiver) -> None:
    make(project=None, kinds=["task.created"])
    projects = [factories.make_project(name=name) for name in ("A", "B")]
    for one in projects:
        tell(one)
    deliver()
    assert [json.loads(one.body)["data"]["project"] for one in receiver.heard] == [one.pk for one in projects]


def test_nothing_is_told_of_what_was_rolled_back(project: Project, make: Make, receiver: Receiver) -> None:
    make()
    with transaction.atomic():
        tell(project)
        transaction.set_rollback(True)
    deliver()
    assert receiver.heard == []
    assert not Delivery.objects.exists()


def test_what_was_given_out_is_decided_once(project: Project, make: Make, receiver: Receiver) -> None:
    webhook = make(kinds=["task.created"]).webhook
    tell(project)
    tell(project, name="project.changed")
    relay()
    Webhook.objects.filter(pk=webhook.pk).update(kinds=["*"])
    relay()
    deliver()
    assert types_of(receiver) == ["task.created"]


def test_a_failed_delivery_is_tried_again_with_the_same_id_and_bytes(
    project: Project, make: Make, receiver: Receiver
) -> None:
    new = make()
    receiver.respond = answers(500, b"not now")
    tell(project)
    deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == (DeliveryState.WAITING, 500, 1)
    assert timedelta(seconds=3) < delivery.due_at - timezone.now() <= timedelta(seconds=6)
    receiver.respond = answers(204)
    make_due(new.webhook)
    deliver()
    first, second = receiver.heard
    assert (first.message_id, first.body) == (second.message_id, second.body)
    assert Verifier(new.secret).verify(second.body, second.headers)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.attempts) == (DeliveryState.DELIVERED, 204, 2)
    log = list(delivery.log.order_by("number").values_list("status", "response_body", "outcome"))
    assert log == [(500, "not now", "Answered 500."), (204, "", "Answered 204.")]


def test_after_a_day_of_tries_a_delivery_has_failed(project: Project, make: Make, receiver: Receiver) -> None:
    webhook = make().webhook
    receiver.respond = answers(500)
    tell(project)
    waited = timedelta(0)
    for _ in range(20):
        deliver()
        delivery = Delivery.objects.get()
        if delivery.state == DeliveryState.FAILED:
            break
        waited += delivery.due_at - timezone.now()
        make_due(webhook)
    assert delivery.state == DeliveryState.FAILED
    assert delivery.attempts == len(receiver.heard) == 11
    assert timedelta(hours=23) < waited < timedelta(hours=30)


def test_the_order_of_a_job_is_kept_while_others_go_on(
    project: Project, task: Task, make: Make, receiver: Receiver
) -> None:
    webhook = make().webhook
    stuck, free = make_job(task), make_job(task)
    receiver.respond = fails_once_for(stuck)
    for kind in ("job.queued", "job.started", "job.succeeded"):
        for job in (stuck, free):
            job_event_write(job=job, kind=kind)
    deliver()
    assert jobs_told(receiver, stuck) == ["job.queued"]
    assert jobs_told(receiver, free) == ["job.queued", "job.started", "job.succeeded"]
    make_due(webhook)
    deliver()
    assert jobs_told(receiver, stuck) == ["job.queued", "job.queued", "job.started", "job.succeeded"]


def fails_once_for(job: Job) -> Responder:
    failed: list[bool] = []

    def respond(handler: Handler) -> None:
        own = json.loads(handler.receiver.heard[-1].body)["data"]["job"] == job.pk
        if own and not failed:
            failed.append(True)
            answers(500)(handler)
        else:
            answers(200)(handler)

    return respond


def jobs_told(receiver: Receiver, job: Job) -> list[str]:
    told = [json.loads(one.body) for one in receiver.heard]
    return [one["type"] for one in told if one["data"]["job"] == job.pk]


def test_retry_after_is_honoured(project: Project, make: Make, receiver: Receiver) -> None:
    webhook = make().webhook
    receiver.respond = answers(429, Retry_After="600")
    tell(project)
    tell(project)
    deliver()
    webhook.refresh_from_db()
    assert len(receiver.heard) == 1
    assert webhook.resting_until is not None
    assert webhook.resting_until - timezone.now() > timedelta(minutes=9)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_worker_whose_clock_is_wrong_delays_nothing_and_retries_in_time(
    project: Project, make: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    make()
    receiver.respond = answers(500)
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=hours))
    tell(project)
    deliver()
    assert len(receiver.heard) == 1
    wait = Delivery.objects.get().due_at - right()
    assert timedelta(0) < wait <= timedelta(seconds=6)


def test_what_happened_long_ago_verifies_since_the_timestamp_is_that_of_the_attempt(
    project: Project, make: Make, receiver: Receiver
) -> None:
    secret = make().secret
    tell(project)
    relay()
    Event.objects.update(at=timezone.now() - timedelta(days=1))
    deliver()
    told = Verifier(secret).verify(receiver.heard[0].body, receiver.heard[0].headers)
    assert told["timestamp"] < (timezone.now() - timedelta(hours=23)).isoformat()


def test_410_disables_the_endpoint_and_its_manager_is_told(
    project: Project, alice: User, bob: User, make: Make, receiver: Receiver
) -> None:
    webhook = make().webhook
    receiver.respond = answers(410)
    tell(project)
    deliver()
    tell(project)
    deliver()
    webhook.refresh_from_db()
    assert webhook.state == "disabled"
    assert "410" in webhook.state_reason
    assert len(receiver.heard) == 1
    assert list(Notification.objects.values_list("user", "webhook")) == [(alice.pk, webhook.pk)]


def test_an_endpoint_that_fails_for_a_day_is_paused_and_loses_nothing(
    project: Project, alice: User, make: Make, receiver: Receiver
) -> None:
    webhook = make().webhook
    receiver.respond = answers(503)
    tell(project)
    deliver()
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=timezone.now() - timedelta(hours=25))
    make_due(webhook)
    deliver()
    webhook.refresh_from_db()
    assert webhook.state == "paused"
    assert Notification.objects.get().user == alice
    tell(project, name="project.changed")
    deliver()
    assert len(receiver.heard) == 2
    receiver.respond = answers(200)
    webhook_resume(webhook=webhook)
    deliver()
    assert types_of(receiver)[2:] == ["task.created", "project.changed"]


def test_while_it_is_paused_by_hand_events_wait(
    project: Project, alice: User, make: Make, receiver: Receiver
) -> None:
    webhook = webhook_pause(webhook=make().webhook, by=alice)
    tell(project)
    deliver()
    assert receiver.heard == []
    webhook_resume(webhook=webhook)
    deliver()
    assert len(receiver.heard) == 1


def test_two_secrets_sign_while_one_takes_the_place_of_the_other(
    project: Project, make: Make, receiver: Receiver
) -> None:
    old = make()
    new = webhook_rotate(webhook=old.webhook, overlap_hours=1)
    tell(project)
    deliver()
    for secret in (old.secret, new.secret):
        Verifier(secret).verify(receiver.heard[0].body, receiver.heard[0].headers)
    Webhook.objects.filter(pk=old.webhook.pk).update(secret_before_until=timezone.now())
    tell(project)
    deliver()
    Verifier(new.secret).verify(receiver.heard[1].body, receiver.heard[1].headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(old.secret).verify(receiver.heard[1].body, receiver.heard[1].headers)


def test_the_secret_is_not_stored_as_it_is(make: Make) -> None:
    new = make()
    assert new.secret.startswith("whsec_")
    assert new.secret.removeprefix("whsec_") not in str(Webhook.objects.values().get())


def test_what_was_delivered_or_failed_is_sent_again_under_its_id(
    project: Project, make: Make, receiver: Receiver
) -> None:
    webhook = make().webhook
    tell(project)
    deliver()
    delivery_redeliver(delivery=Delivery.objects.get())
    deliver()
    assert receiver.ids[0] == receiver.ids[1]
    begun = timezone.now()
    Delivery.objects.update(state=DeliveryState.FAILED)
    tell(project)
    relay()
    Delivery.objects.filter(state=DeliveryState.WAITING).update(state=DeliveryState.FAILED)
    assert failed_redeliver(webhook=webhook, since=begun) == 1
    deliver()
    assert len(receiver.heard) == 3
    assert receiver.ids[2] != receiver.ids[0]


def test_a_test_is_sent_and_logged(make: Make, receiver: Receiver) -> None:
    new = make(kinds=["media.failed"])
    delivery = webhook_test(webhook=new.webhook)
    deliver()
    assert types_of(receiver) == ["webhook.test"]
    Verifier(new.secret).verify(receiver.heard[0].body, receiver.heard[0].headers)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.outcome) == (DeliveryState.DELIVERED, "Answered 200.")


def test_an_endpoint_of_a_media_event_names_it(
    project: Project, media: Media, make: Make, receiver: Receiver
) -> None:
    make(kinds=["media.failed"])
    event_write(kind="media.failed", project_id=project.pk, media_id=media.pk, payload={"code": "x"})
    deliver()
    assert json.loads(receiver.heard[0].body)["data"]["media"] == media.pk


def test_old_deliveries_are_forgotten_with_their_attempts(
    project: Project, make: Make, receiver: Receiver
) -> None:
    make()
    tell(project)
    tell(project)
    deliver()
    old, kept = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert forget() == 1
    assert list(Delivery.objects.all()) == [kept]
