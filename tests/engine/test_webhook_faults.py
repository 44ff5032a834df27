"""kill -9 of the webhook worker in mid-delivery: nothing is lost, order is kept, ids are the same again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest
from django.conf import settings

from labeling.models import Delivery, Job, Project, Task, User, Webhook
from labeling.services.events import job_event_write
from labeling.services.webhooks import webhook_create
from tests.servers import ValkeyServer
from tests.waiting import until
from tests.webhooks.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine, pytest.mark.timeout(300)]

JOBS, EVENTS, KILLS = 4, 60, 3
LOOPBACK = {"LABELYARD_WEBHOOK_PRIVATE_HOSTS": "127.0.0.1"}


@contextmanager
def running(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={
            **environment,
            "SECRET_KEY": settings.SECRET_KEY,
            "LABELYARD_WEBHOOK_PRIVATE_HOSTS": "127.0.0.1",
        },
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


WORKER = ("celery", "-A", "workers.app", "worker", "-Q", "webhooks", "-P", "threads", "-c", "2")


def test_a_killed_worker_loses_no_delivery_and_no_order(
    valkey: ValkeyServer,
    environment: dict[str, str],
    project: Project,
    task: Task,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "WEBHOOK_PRIVATE_HOSTS", ["127.0.0.1"])
    jobs = [
        Job.objects.create(project=project, task=task, kind="track", first_frame=0, last_frame=9)
        for _ in range(JOBS)
    ]
    with receiving() as receiver:
        webhook_create(user=maker(), project=project, name="Ours", url=receiver.url, kinds=["job.started"])
        for number in range(EVENTS):
            job_event_write(job=jobs[number % JOBS], kind="job.started", payload={"turn": number})
        with running(environment, "django", "tend"):
            for kill in range(1, KILLS + 1):
                with running(environment, *WORKER, "-n", f"webhooks-{kill}@%h"):
                    wanted = EVENTS * kill // (KILLS + 1)
                    until(heard_at_least(receiver, wanted), seconds=60, what="deliveries")
                # What the killed worker held is taken over when its lease runs out: now, for this test.
                Webhook.objects.update(lease_expires_at="2026-01-01T00:00Z")
            with running(environment, *WORKER, "-n", "webhooks-last@%h"):
                until(all_delivered, seconds=60, what="the last delivery")
    check(receiver)


def heard_at_least(receiver: Receiver, count: int) -> Callable[[], bool]:
    return lambda: len(receiver.heard) >= count


def maker() -> User:
    return User.objects.create_user(username="maker")


def all_delivered() -> bool:
    return Delivery.objects.filter(state="delivered").count() == EVENTS


def check(receiver: Receiver) -> None:
    turns: dict[int, list[int]] = defaultdict(list)
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for heard in receiver.heard:
        data = json.loads(heard.body)["data"]
        turns[data["job"]].append(data["turn"])
        bodies[heard.message_id].add(heard.body)
    assert len(bodies) == EVENTS
    assert all(len(same) == 1 for same in bodies.values())
    for told in turns.values():
        # One that was sent twice comes twice in a row: nothing overtakes it.
        once = [turn for turn, _ in groupby(told)]
        assert once == sorted(set(told))
